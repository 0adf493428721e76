// biome-ignore-all lint/suspicious/noTemplateCurlyInString: this is how a configuration names its variables
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { wallMs } from '../../src/base/clock.ts';
import { BootPlanner } from '../../src/boot/boot-plan.ts';
import { checkCommand } from '../../src/cli/check.ts';
import { loadConfig } from '../../src/config/load.ts';
import { DhcpEngine } from '../../src/dhcp/engine.ts';
import { optionShape } from '../../src/dhcp/option-table.ts';
import { explain } from '../../src/server/explanation.ts';
import { type ClientDescription, networksAsIfUp, rehearsedRequest } from '../../src/server/rehearsed-request.ts';
import { siteConfigOf, siteOf } from '../../src/server/site.ts';
import { sent } from '../support/dhcp-client.ts';
import { MemoryOutput } from '../support/memory-output.ts';

const YAML = `networks:
  - name: bench
    interface: eth1
    address: 192.168.77.1/24
    pools: [192.168.77.100-192.168.77.199]
    options:
      router: 192.168.77.254
      classlessRoute: [10.17.0.0/16 via 192.168.77.2]
      dns: 192.168.77.53
      vendor: { hex: "01 02" }
  - { name: floor-2, subnet: 10.88.0.0/24, leaseTime: 10m }
  - { name: own, interface: eth2 }
  - { name: quiet, interface: eth3, address: 10.0.0.1/24, mode: off }
hosts:
  - mac: 00:1b:54:aa:bb:cc
    name: desk-101
    address: 192.168.77.21
    options: { dns: 192.168.77.54 }
  - { circuitId: "00:04", remoteId: access-1, address: 10.88.0.7, leaseTime: 5m }
classes:
  - { name: bad, match: { mac: "66:*", network: bench }, deny: true }
  - name: lab
    match: { arch: uefi-x64 }
    pools: [192.168.77.50-192.168.77.59]
    leaseTime: 20m
    options: { domainName: lab.bench }
    boot: { file: "http://\${server}/lab.efi" }
  - { name: all, match: { network: "*" }, options: { domainName: bench, ntpServer: 192.168.77.9 } }
boot: { files: { bios: pxelinux.0 }, ipxe: boot.ipxe }
tftp: { root: . }
`;

let folder = '';
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'bootlace-explain-'));
  await writeFile(join(folder, 'config.yaml'), YAML);
});
afterAll(() => rm(folder, { recursive: true }));

async function explained(...flags: string[]): Promise<MemoryOutput> {
  const output = new MemoryOutput(`${folder}/`);
  await checkCommand(output).parseAsync(['--config', join(folder, 'config.yaml'), ...flags], { from: 'user' });
  return output;
}

/** Code, value and origin of every option, and the lines before them. */
async function table(...flags: string[]): Promise<{ readonly head: readonly string[]; readonly options: readonly string[] }> {
  const { lines } = await explained('--explain', ...flags);
  const at = lines.indexOf('');
  const rows = at < 0 ? [] : lines.slice(at + 2).map((line) => line.split(/ {2,}/));
  return {
    head: (at < 0 ? lines : lines.slice(0, at)).map((line) => line.replace(/ {2,}/g, '  ')),
    options: rows.map(([code, , value, origin]) => `${code}: ${value} (${origin})`),
  };
}

describe('bootlace check --explain', () => {
  it('names the line that set each thing a known client is told', async () => {
    const { head, options } = await table('00:1b:54:aa:bb:cc');
    expect(head).toEqual([
      '00:1b:54:aa:bb:cc would be told:',
      '  network  bench, 192.168.77.0/24 on eth1  config.yaml:2',
      '  class  all  config.yaml:28',
      '  host  desk-101  config.yaml:15',
      '  address  192.168.77.21, reserved for it  config.yaml:17',
      '  lease time  1 h (3600 s; one that asks for another time gets 60 to 7200 s)  the default of networks[0].leaseTime',
      '  boot file  none: it does not boot over the network',
    ]);
    expect(options).toEqual([
      '1: 255.255.255.0 (built in: the network’s own)',
      '3: 192.168.77.254 (config.yaml:7)',
      '6: 192.168.77.54 (config.yaml:18)',
      '12: desk-101 (config.yaml:16)',
      '15: bench (config.yaml:28)',
      '28: 192.168.77.255 (built in: the network’s own)',
      '42: 192.168.77.9 (config.yaml:28)',
      '43: 01 02 (config.yaml:10)',
      '51: 3600 (the default of networks[0].leaseTime)',
      '53: 2 (built in: the kind of the message)',
      '54: 192.168.77.1 (built in: the server’s address)',
      '58: 1800 (the default of networks[0].leaseTime)',
      '59: 3150 (the default of networks[0].leaseTime)',
      '66: 192.168.77.1 (built in: the server’s address)',
      '121: 10.17.0.0/16 via 192.168.77.2, 0.0.0.0/0 via 192.168.77.254 (config.yaml:8)',
      '150: 192.168.77.1 (built in: the server’s address)',
      '249: 10.17.0.0/16 via 192.168.77.2, 0.0.0.0/0 via 192.168.77.254 (config.yaml:8)',
    ]);
  });

  it('shows classes in the order in which they are asked, and what firmware needs before what was written', async () => {
    const { head, options } = await table('02:00:00:00:00:01', '--arch', 'uefi-x64');
    expect(head.slice(2)).toEqual([
      '  class  lab  config.yaml:22',
      '  class  all  config.yaml:28',
      '  host  none fits',
      '  address  one of 192.168.77.50-192.168.77.59  config.yaml:24',
      '  lease time  20 min (1200 s; one that asks for another time gets 60 to 2400 s)  config.yaml:25',
      '  boot file  http://192.168.77.1/lab.efi (boot file of class lab)  config.yaml:27',
    ]);
    expect(options).toContain('15: lab.bench (config.yaml:26)');
    expect(options).toContain('43: 06 01 08 ff (built in: its firmware needs it, before config.yaml:10)');
    expect(options).toContain('51: 1200 (config.yaml:25)');
    expect(options).toContain('67: http://192.168.77.1/lab.efi (config.yaml:27)');
  });

  it('asks as if through a relay, whose identifiers make a host', async () => {
    const { head } = await table('02:00:00:00:00:01', '--network', 'floor-2', '--circuit-id', '00:04', '--remote-id', 'access-1');
    expect(head.slice(1)).toEqual([
      '  network  floor-2, 10.88.0.0/24 behind a relay  config.yaml:11',
      '  class  all  config.yaml:28',
      '  host  0004  config.yaml:19',
      '  address  10.88.0.7, reserved for it  config.yaml:19',
      '  lease time  5 min (300 s; one that asks for another time gets 60 to 600 s)  config.yaml:19',
      '  boot file  none: it does not boot over the network',
    ]);
  });

  it.each([
    [['--arch', 'bios'], 'pxelinux.0 (bios)  config.yaml:29'],
    [['--arch', 'bios', '--user-class', 'iPXE'], 'boot.ipxe (it runs iPXE)  config.yaml:29'],
    [['--vendor-class', 'PXEClient:Arch:00006:UNDI:003016'], 'none: no boot file for uefi-ia32  built in: no file fits'],
  ])('says which boot file a client with %j gets', async (flags, said) => {
    expect((await table('02:00:00:00:00:01', ...flags)).head.at(-1)).toBe(`  boot file  ${said}`);
  });

  it('names the line that tells a phone its server, in the dialect of its vendor', async () => {
    const file = join(folder, 'phones.yaml');
    const lines = [
      'provision: "${server}"',
      'networks:',
      '  - { interface: eth1, address: 192.168.77.1/24, options: { 160: { text: own } } }',
      'hosts:',
      '  - mac: 00:04:f2:aa:bb:cc',
      '    profile: polycom',
      '    provision: { server: 10.0.0.9, vlan: 7 }',
      'tftp: { root: . }',
    ];
    await writeFile(file, lines.join('\n'));
    const told = async (...flags: string[]): Promise<readonly string[]> => {
      const output = new MemoryOutput(`${folder}/`);
      await checkCommand(output).parseAsync(['--config', file, '--explain', ...flags], { from: 'user' });
      return output.lines
        .filter((line) => /^(?: {2}device|(?:66|128|150|160) )/.test(line))
        .map((line) => line.trim().split(/ {2,}/).join('|'));
    };
    expect(await told('00:1b:54:aa:bb:cc', '--vendor-class', 'Cisco Systems, Inc. IP Phone CP-7962G')).toEqual([
      'device|Cisco IP phone (SIP) CP-7962G (cisco-sip)|built in: recognised',
      '66|TFTP Server Name|192.168.77.1|phones.yaml:1',
      '150|TFTP Server Addresses|192.168.77.1|phones.yaml:1',
      '160|option 160|"own"|phones.yaml:3',
    ]);
    expect(await told('00:04:f2:aa:bb:cc')).toEqual([
      'device|Poly phone (polycom)|phones.yaml:6',
      '66|TFTP Server Name|tftp://10.0.0.9|phones.yaml:7',
      '128|PXE vendor option 128|"VLAN-A=7;"|phones.yaml:7',
      '160|option 160|"own"|phones.yaml:3',
    ]);
    const unknown = await told('00:1b:54:aa:bb:cc');
    expect(unknown[0]).toBe('66|TFTP Server Name|192.168.77.1|built in: the server’s address');
  });

  it('says who gets no answer, and why', async () => {
    const { head, options } = await table('66:00:00:00:00:01');
    expect([head.at(-1), options]).toEqual(['  no answer  class bad gets no answer  config.yaml:21', []]);
  });

  it.each([
    ['nowhere', 'no network is called nowhere; they are bench, floor-2, own, quiet'],
    ['quiet', 'network quiet answers no DHCP (mode: off)'],
    ['own', 'network own takes the address of its interface, so that nothing is known of it before it is up; give it an `address`'],
  ])('fails for network %s', async (network, note) => {
    const output = await explained('--explain', '02:00:00:00:00:01', '--network', network);
    expect([output.notes, output.hasFailed]).toEqual([[note], true]);
  });

  it('gives all of it to programs with --json', async () => {
    const output = await explained('--explain', '00:1b:54:aa:bb:cc', '--json');
    expect(JSON.parse(output.lines.join('\n'))).toMatchObject({
      mac: '00:1b:54:aa:bb:cc',
      classes: [{ value: 'all', origin: { key: 'classes[2]', file: 'config.yaml', line: 28 } }],
      address: { origin: { key: 'hosts[0].address', line: 17 } },
      leaseTime: { seconds: 3600, origin: { key: 'networks[0].leaseTime', default: true } },
    });
  });

  it('says what is wrong with the file instead when it cannot be used', async () => {
    const output = new MemoryOutput();
    const file = join(folder, 'wrong.yaml');
    await writeFile(file, 'nonsense: 1\n');
    await checkCommand(output).parseAsync(['--config', file, '--explain', '02:00:00:00:00:01'], { from: 'user' });
    expect([output.hasFailed, output.notes.join()]).toEqual([true, expect.stringContaining('unknown key `nonsense`')]);
  });
});

it.each<ClientDescription>([
  { mac: '00:1b:54:aa:bb:cc' as never },
  { mac: '02:00:00:00:00:01' as never, arch: 'uefi-x64' },
  { mac: '02:00:00:00:00:01' as never, arch: 'bios', userClass: 'iPXE' },
  { mac: '02:00:00:00:00:01' as never, network: 'floor-2', circuitId: '0004', remoteId: '6163636573732d31' },
])('the server sends to %j what was explained', async (client) => {
  const { config } = await loadConfig(join(folder, 'config.yaml'), {});
  if (config === undefined) throw new Error('a configuration that is wrong');
  const request = rehearsedRequest(config, client);
  const said = explain(config, client);
  if (!request.ok || !said.ok) throw new Error('no request');
  const engine = new DhcpEngine(new BootPlanner(config));
  const site = siteOf(siteConfigOf(config), networksAsIfUp(config));
  engine.configure({ ...site, subnets: site.subnets.map((subnet) => ({ ...subnet, checksConflicts: false })) });
  const wanted = new Map(request.value.packet.options).set(57, Uint8Array.of(5, 220));
  const [offer] = sent(engine.receive({ ...request.value.packet, options: wanted }, request.value.via, wallMs(1_000_000_000_000)));
  const echoed = [61, 82];
  const options = Array.from(offer?.packet.options ?? [])
    .filter(([code]) => !echoed.includes(code))
    .map(([code, octets]) => [code, optionShape(code).show(octets)]);
  expect(options.toSorted(([a], [b]) => Number(a) - Number(b))).toEqual(said.value.options.map(({ code, text }) => [code, text]));
});
