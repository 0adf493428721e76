/** Spoilt packets over real sockets: the appliance lives, stays slim and serves. The same without sockets, and more: `test/property/`. */
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { Appliance, bench } from '../support/appliance.ts';
import { Udhcpc } from '../support/dhcp-clients.ts';
import { ip, type Namespace } from '../support/netns.ts';
import { eventually } from '../support/program.ts';
import { leaveNothing } from '../support/tidy.ts';
import { describeWith } from '../support/tools.ts';
import { LAN, plugLaptop, VirtualSwitch } from '../support/virtual-switch.ts';

const SEED = 7;
const COUNT = 20_000;
const KNOWN = '02:00:00:00:77:01';
/** Growth of the whole process, its log and its runtime included. */
const GROWTH_KIB = 80_000;

describeWith(['busybox'], 'Mutated packets', () => {
  let ethernet: VirtualSwitch;
  let laptop: Namespace;
  let appliance: Appliance;

  beforeAll(async () => {
    ethernet = new VirtualSwitch();
    ({ laptop } = plugLaptop(ethernet));
    appliance = new Appliance(laptop, { networks: [bench()], hosts: [{ mac: KNOWN, address: '192.168.77.7' }] });
    await appliance.start();
  });

  afterAll(async () => {
    await appliance.stop();
    leaveNothing(ethernet);
  });

  it(`${COUNT} of them over sockets leave the appliance alive, slim and serving (seed ${SEED})`, async () => {
    const noisy = ethernet.plug('noisy');
    noisy.ip('address', 'add', '192.168.77.250/24', 'dev', LAN);
    const program = join(import.meta.dirname, 'lease-programs', 'send-mutated.ts');
    const send = (seed: number, count: number) =>
      noisy.start([process.execPath, program, '192.168.77.250', String(seed), String(count)]).succeeded();
    await send(SEED + 1, 4000);
    const before = residentKib();
    await send(SEED, COUNT);
    const client = new Udhcpc(ethernet.plug('known', { mac: KNOWN }));
    client.start();
    await eventually('an address', () => client.addresses.length === 1);
    expect(client.addresses).toEqual(['192.168.77.7/24']);
    expect(residentKib() - before).toBeLessThan(GROWTH_KIB);
    // They did arrive, and were looked at.
    expect(appliance.events('dhcp.offered').length).toBeGreaterThan(10);
    expect(appliance.events('server.fault')).toEqual([]);
  });

  function residentKib(): number {
    const [pid] = ip('netns', 'pids', laptop.name).split('\n');
    return Number(/VmRSS:\s+(\d+)/.exec(readFileSync(`/proc/${pid}/status`, 'utf8'))?.[1]);
  }
});
