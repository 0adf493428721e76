import { describe, expect, test } from 'vitest';
import { NO_ADDRESS } from '../../src/base/addresses.ts';
import type { Config } from '../../src/config/config.ts';
import { defaultConfig } from '../../src/config/resolve.ts';
import type { Finding } from '../../src/doctor/finding.ts';
import { judgeIptables, judgeNftables } from '../../src/doctor/firewall.ts';
import { judgeClock, judgeHost, judgeRights, judgeRoom } from '../../src/doctor/machine.ts';
import { type NeededPort, neededPorts } from '../../src/doctor/needed-ports.ts';
import { judgeNetworks } from '../../src/doctor/networks.ts';
import { judgePorts, type SocketsSeen } from '../../src/doctor/ports.ts';
import { parseSocketTable } from '../../src/doctor/socket-table.ts';
import { cidr, ip } from '../support/addresses.ts';
import { card } from '../support/interfaces.ts';

const DHCP: NeededPort = { protocol: 'udp', port: 67, for: 'DHCP' };
const DNS: NeededPort = { protocol: 'udp', port: 53, for: 'names' };
const OWN = ip('192.168.77.1');

describe('the ports that are needed', () => {
  const shown = (changes: Partial<Config>) =>
    neededPorts({ ...defaultConfig('/srv'), ...changes }).map(({ protocol, port }) => `${protocol} ${port}`);

  test('follow from the configuration', () => {
    const [network] = defaultConfig('/srv').networks;
    if (network === undefined) throw new Error('there is one');
    expect(shown({})).toEqual(['udp 67', 'udp 4011', 'udp 69', 'tcp 8080']);
    expect(shown({ networks: [{ ...network, mode: 'proxy' }], http: { port: undefined } })).toEqual(['udp 4011', 'udp 69']);
    expect(shown({ networks: [{ ...network, mode: 'off' }], http: { port: 80 } })).toEqual(['udp 69', 'tcp 80']);
    const dns = { domains: ['lan'], names: [], forward: 'off' } as const;
    expect(shown({ services: { syslog: { files: 'off', maxSize: 1, keep: 1, perSender: 1 }, ntp: true, dns } }).slice(-4)).toEqual([
      'udp 514',
      'udp 123',
      'udp 53',
      'tcp 53',
    ]);
  });
});

describe('the list of sockets, proc(5)', () => {
  const UDP = `   sl  local_address rem_address   st tx_queue rx_queue tr tm->when retrnsmt   uid  timeout inode ref pointer drops
  451: 014DA8C0:0043 00000000:0000 07 00000000:00000000 00:00000000 00000000     0        0 33222 2 0000000000000000 0
  452: 00000000:0045 00000000:0000 07 00000000:00000000 00:00000000 00000000   102        0 33223 2 0000000000000000 0
`;
  const TCP6 = `  sl  local_address                         remote_address                        st tx_queue rx_queue tr tm->when retrnsmt   uid  timeout inode
   0: 00000000000000000000000000000000:0035 00000000000000000000000000000000:0000 0A 00000000:00000000 00:00000000 00000000     0        0 1700 1 0000000000000000 100 0 0 10 0
   1: 00000000000000000000000001000000:0035 00000000000000000000000000000000:0000 0A 00000000:00000000 00:00000000 00000000     0        0 1701 1 0000000000000000 100 0 0 10 0
   2: 00000000000000000000000000000000:0035 00000000000000000000000001000000:8000 01 00000000:00000000 00:00000000 00000000     0        0 1702 1 0000000000000000 100 0 0 10 0
`;

  test('of UDP', () => {
    expect(parseSocketTable(UDP, 'udp')).toEqual([
      { protocol: 'udp', address: OWN, port: 67, inode: '33222' },
      { protocol: 'udp', address: NO_ADDRESS, port: 69, inode: '33223' },
    ]);
  });

  test('of TCP over version 6: only what listens at all addresses', () => {
    expect(parseSocketTable(TCP6, 'tcp')).toEqual([{ protocol: 'tcp', address: NO_ADDRESS, port: 53, inode: '1700' }]);
  });
});

describe('a port', () => {
  const socket = (address = NO_ADDRESS) => ({ protocol: 'udp', address, port: 53, inode: '7' }) as const;
  const holder = (name: string, pid = 99) => ({ pid, name, inodes: new Set(['7']) });

  test.each<[string, Partial<SocketsSeen>, Partial<Finding>]>([
    ['that nobody has', {}, { status: 'ok', text: 'free' }],
    ['of the stub of systemd-resolved is no obstacle', { sockets: [socket(ip('127.0.0.53'))] }, { status: 'ok', text: 'free' }],
    [
      'that another has at all addresses',
      { sockets: [socket()], holders: [holder('dnsmasq')] },
      {
        status: 'fail',
        text: 'dnsmasq (process 99) has it at all addresses',
        remedy: expect.stringContaining('virsh net-destroy') as string,
      },
    ],
    [
      'that another has at ours',
      { sockets: [socket(OWN)], holders: [holder('mydns')] },
      { status: 'fail', text: 'mydns (process 99) has it at 192.168.77.1', remedy: expect.stringContaining('ps -fp 99') as string },
    ],
    [
      'that somebody has whom only root sees',
      { sockets: [socket()] },
      { status: 'fail', remedy: 'run `sudo bootlace doctor`, which names the program' },
    ],
    [
      'that we have',
      { sockets: [socket(OWN)], holders: [holder('node')], ownPid: 99 },
      { status: 'ok', text: 'held by this server (process 99)' },
    ],
    [
      'that we have, and another',
      {
        sockets: [socket(OWN), { ...socket(), inode: '8' }],
        holders: [holder('node'), { ...holder('named', 5), inodes: new Set(['8']) }],
        ownPid: 99,
      },
      { status: 'fail', text: 'named (process 5) has it at all addresses' },
    ],
  ])('%s', (_name, seen, found) => {
    const [finding] = judgePorts([DNS], { sockets: [], holders: [], addresses: [OWN], ownPid: undefined, ...seen });
    expect(finding).toMatchObject({ check: 'UDP port 53, for names', ...found });
  });

  test('without which the rest is served is a warning', () => {
    const [finding] = judgePorts([{ ...DNS, isOptional: true }], { sockets: [socket()], holders: [], addresses: [], ownPid: undefined });
    expect(finding?.status).toBe('warn');
  });
});

describe('nftables', () => {
  const chain = (policy: string, hook = 'input') => ({ chain: { family: 'inet', table: 'filter', name: 'input', hook, policy } });
  const rule = (...expr: object[]) => ({ rule: { table: 'filter', chain: 'input', expr } });
  const accepts = (port: unknown) =>
    rule({ match: { op: '==', left: { payload: { protocol: 'udp', field: 'dport' } }, right: port } }, { accept: null });
  const judged = (...nftables: object[]) => judgeNftables(JSON.stringify({ nftables }), [DHCP, { ...DHCP, port: 69 }]);

  test.each<[string, Finding, Finding['status']]>([
    ['without any chain', judged(), 'ok'],
    ['that lets all in', judged(chain('accept')), 'ok'],
    ['that drops what goes through', judged(chain('drop', 'forward')), 'ok'],
    ['that drops what comes in', judged(chain('drop')), 'warn'],
    ['with a rule for one of two ports', judged(chain('drop'), accepts(67)), 'warn'],
    ['with a rule for each', judged(chain('drop'), accepts({ set: [67, 69] })), 'ok'],
    ['with a last rule that rejects all', judged(chain('accept'), rule({ counter: null }, { reject: { type: 'icmpx' } })), 'warn'],
    ['that prints something else', judgeNftables('?', [DHCP]), 'ok'],
  ])('%s', (_name, finding, status) => {
    expect(finding.status).toBe(status);
  });

  test('say how to let them in', () => {
    expect(judged(chain('drop'), accepts(67))).toMatchObject({
      text: 'the chain input of table inet filter drops what no rule takes, and none names UDP 69',
      remedy: "let them in, for example: sudo nft insert rule inet filter input udp dport '{ 69 }' accept",
    });
  });
});

describe('iptables', () => {
  test.each<[string, string, Finding['status']]>([
    ['that lets all in', ':INPUT ACCEPT [0:0]', 'ok'],
    ['that drops', ':INPUT DROP [0:0]', 'warn'],
    [
      'that rejects in the end',
      ':INPUT ACCEPT [0:0]\n-A INPUT -p tcp -m tcp --dport 22 -j ACCEPT\n-A INPUT -j REJECT --reject-with icmp-host-prohibited',
      'warn',
    ],
    ['with a rule for the port', ':INPUT DROP [0:0]\n-A INPUT -p udp -m udp --dport 67 -j ACCEPT', 'ok'],
    ['with a rule for several', ':INPUT DROP [0:0]\n-A INPUT -p udp -m multiport --dports 53,67,69 -j ACCEPT', 'ok'],
    ['with a rule for a port that begins alike', ':INPUT DROP [0:0]\n-A INPUT -p tcp -m tcp --dport 6789 -j ACCEPT', 'warn'],
  ])('%s', (_name, rules, status) => {
    expect(judgeIptables(rules, [DHCP]).status).toBe(status);
  });
});

describe('the machine', () => {
  const NOW = Date.UTC(2026, 10, 28, 1, 2);
  test.each<[string, Finding | undefined, Finding['status'], string]>([
    ['a clock that is kept right', judgeClock({ isSynchronised: true, maxErrorSeconds: 0.012, leap: 0 }, NOW, true), 'ok', 'to 0.01 s'],
    ['a clock that is not', judgeClock({ isSynchronised: false, maxErrorSeconds: 16, leap: 0 }, NOW, true), 'warn', 'stratum 10'],
    ['a clock that was never set', judgeClock(undefined, 0, false), 'fail', '1970-01-01T00:00'],
    ['a clock of which nothing is known', judgeClock(undefined, NOW, false), 'ok', '2026-11-28T01:02'],
    ['a disk with room', judgeRoom('disk', 5e9), 'ok', '4.7 GiB'],
    ['a disk with little', judgeRoom('disk', 1e8), 'warn', '95.4 MiB'],
    ['a disk that is full', judgeRoom('disk', 0), 'fail', '0 B'],
    ['root', judgeRights([], true), 'ok', 'root'],
    ['nobody', judgeRights(['CAP_NET_RAW'], false), 'warn', 'CAP_NET_RAW'],
    ['Linux', judgeHost({ kind: 'linux', missing: ['x'] })[0], 'ok', 'all there'],
    ['another system', judgeHost({ kind: 'portable', missing: ['one interface only can be served'] })[0], 'warn', 'one interface'],
  ])('%s', (_name, finding, status, text) => {
    expect(finding).toMatchObject({ status, text: expect.stringContaining(text) as string });
  });
});

test('a network has its interface, or waits', () => {
  const [network] = defaultConfig('/srv').networks;
  if (network === undefined) throw new Error('there is one');
  const relayed = { ...network, name: 'floor-2', attachment: { kind: 'relay', subnet: cidr('10.88.0.0/24') } } as const;
  expect(judgeNetworks([network, relayed], [card('eth1', 4)])).toMatchObject([
    { status: 'ok', text: expect.stringMatching(/^on eth1 .*, which gets 192\.168\.77\.1\/24$/) as string },
    { status: 'ok', text: '10.88.0.0/24, behind a relay' },
  ]);
  expect(judgeNetworks([network], [card('eth1', 4, { hasCarrier: false })])).toMatchObject([
    { status: 'warn', text: 'waits: eth1 has no cable' },
  ]);
});
