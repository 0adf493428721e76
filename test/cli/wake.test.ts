import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { wallMs } from '../../src/base/clock.ts';
import { wakeCommand } from '../../src/cli/wake.ts';
import { machineCalled } from '../../src/cli/wake-names.ts';
import { type ControlAnswer, type ControlOrder, ControlServer, controlPath } from '../../src/server/control.ts';
import { ip, mac } from '../support/addresses.ts';
import { configFrom } from '../support/config-text.ts';
import { leaseNumber } from '../support/leases.ts';
import { MemoryOutput } from '../support/memory-output.ts';
import { removeScratch, scratch } from '../support/scratch.ts';

const DESK = mac('00:1b:54:aa:bb:cc');
const YAML = `
server: { dataDir: ./data }
networks: [{ name: bench, interface: eth1, address: 192.168.77.1/24 }, { name: floor-2, subnet: 10.88.0.0/24 }]
hosts:
  - { mac: "${DESK}", name: desk-101, address: 192.168.77.21 }
  - { clientId: "kiosk", name: kiosk, address: 10.88.0.7 }
  - { clientId: "ghost", name: ghost }
`;
const CONFIG = configFrom(YAML);
const [KIOSK, OLD, NEW, TWIN] = [mac('02:00:00:00:00:07'), mac('02:00:00:00:00:01'), mac('02:00:00:00:00:02'), mac('02:00:00:00:00:03')];
const LEASES = [
  leaseNumber(1, { mac: KIOSK, address: ip('10.88.0.7'), hostName: undefined, network: 'floor-2' }),
  leaseNumber(2, {
    mac: OLD,
    address: ip('192.168.77.100'),
    hostName: 'Printer',
    network: 'bench',
    state: 'released',
    expiresAt: wallMs(0),
  }),
  leaseNumber(3, { mac: NEW, address: ip('192.168.77.101'), hostName: 'laptop', network: 'was-renamed' }),
  leaseNumber(4, { mac: TWIN, address: ip('192.168.77.102'), hostName: 'laptop', network: 'bench' }),
];

describe('Who is meant', () => {
  it.each([
    ['a name in hosts, in any case', 'DESK-101', { mac: DESK, name: 'desk-101', network: 'bench' }],
    ['its MAC', '001B.54AA.BBCC', { mac: DESK, name: 'desk-101', network: 'bench' }],
    ['a MAC that nobody knows', '02:00:00:00:00:99', { mac: mac('02:00:00:00:00:99'), name: undefined, network: undefined }],
    ['a host that only its lease knows', 'kiosk', { mac: KIOSK, name: '10.88.0.7', network: 'floor-2' }],
    ['the name of a lease that has ended', 'printer', { mac: OLD, name: 'Printer', network: 'bench' }],
    ['the address of a lease, its network gone', '192.168.77.101', { mac: NEW, name: 'laptop', network: undefined }],
  ])('by %s', (_what, text, machine) => {
    expect(machineCalled(text, CONFIG, LEASES)).toEqual(machine);
  });

  it.each([
    ['desk-10', 'nobody is known as "desk-10", neither in `hosts` nor by a lease; did you mean desk-101?'],
    ['prinetr', 'nobody is known as "prinetr", neither in `hosts` nor by a lease; did you mean Printer?'],
    ['something-else', 'nobody is known as "something-else", neither in `hosts` nor by a lease; a MAC address works always'],
    ['laptop', `2 devices call themselves laptop: ${NEW}, ${TWIN}; name one of these`],
    ['ghost', 'the host ghost has no `mac` in the configuration, and no lease that tells one'],
  ])('not by %s', (text, why) => {
    expect(() => machineCalled(text, CONFIG, LEASES)).toThrow(why);
  });
});

describe('bootlace wake', () => {
  let folder = '';
  let server: ControlServer | undefined;
  let orders: ControlOrder[] = [];
  beforeEach(() => {
    folder = scratch('wake');
    mkdirSync(join(folder, 'data'));
    writeFileSync(join(folder, 'config.yaml'), YAML);
    orders = [];
  });
  afterEach(async () => {
    await server?.close();
    server = undefined;
    removeScratch();
  });

  async function answers(answer: ControlAnswer): Promise<void> {
    server = await ControlServer.open(controlPath(join(folder, 'data')), (order) => {
      orders.push(order);
      return Promise.resolve(answer);
    });
  }

  async function wake(...words: readonly string[]): Promise<MemoryOutput> {
    const output = new MemoryOutput(folder);
    await wakeCommand(output).parseAsync([...words, '--config', join(folder, 'config.yaml')], { from: 'user' });
    return output;
  }

  const CALL = { interface: 'eth1', udp: ['192.168.77.255:9', '255.255.255.255:9'], frame: true, faults: [] };

  it('has the running server send it, and says what went where', async () => {
    await answers({ ok: true, pid: 1, calls: [CALL, { ...CALL, interface: 'eth2', frame: false, faults: ['Ethernet: EPERM'] }] });
    const { lines, notes } = await wake('desk-101', '--password', '1.2.3.4', '--interface', 'eth1');
    expect(orders).toEqual([{ do: 'wake', mac: DESK, network: 'bench', interface: 'eth1', password: '1.2.3.4' }]);
    expect(lines).toEqual([
      `called desk-101 (${DESK}) on eth1: UDP to 192.168.77.255:9 and 255.255.255.255:9, an Ethernet frame (0x0842)`,
      `called desk-101 (${DESK}) on eth2: UDP to 192.168.77.255:9 and 255.255.255.255:9`,
    ]);
    expect(notes).toEqual(['eth2: Ethernet: EPERM']);
  });

  it('prints JSON, without the password', async () => {
    await answers({ ok: true, pid: 1, calls: [CALL] });
    const { lines } = await wake('02:00:00:00:00:99', '--json', '--password', '1.2.3.4');
    expect(orders).toEqual([{ do: 'wake', mac: '02:00:00:00:00:99', password: '1.2.3.4' }]);
    expect(JSON.parse(lines.join('\n'))).toEqual({ mac: '02:00:00:00:00:99', by: 'server', calls: [CALL] });
  });

  it('fails as the server says', async () => {
    await answers({ ok: false, error: 'no interface is up' });
    await expect(wake('desk-101')).rejects.toThrow('no interface is up');
  });

  it('sends it itself where no server runs, and says what is in the way', async () => {
    await expect(wake('desk-101', '--interface', 'no-such-0')).rejects.toThrow(/^there is no interface no-such-0/);
  });
});
