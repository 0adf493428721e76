/** Cables come late, are pulled and put back, and by then the server is an ordinary user. */
import { createHash, randomBytes } from 'node:crypto';
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, afterEach, beforeAll, expect, it } from 'vitest';
import { Appliance, bench, SERVER } from '../support/appliance.ts';
import { Udhcpc } from '../support/dhcp-clients.ts';
import type { Namespace } from '../support/netns.ts';
import { eventually } from '../support/program.ts';
import { scratch } from '../support/scratch.ts';
import { leaveNothing } from '../support/tidy.ts';
import { describeWith } from '../support/tools.ts';
import { LAN, plugLaptop, VirtualSwitch } from '../support/virtual-switch.ts';

/** `nobody`, as every Linux knows it. */
const NOBODY = 65_534;

describeWith(['busybox', 'curl'], 'the cable of the laptop', () => {
  let ethernet: VirtualSwitch;
  let laptop: Namespace;
  let appliance: Appliance;

  beforeAll(() => {
    ethernet = new VirtualSwitch();
    ({ laptop } = plugLaptop(ethernet));
    appliance = new Appliance(laptop, { server: { user: 'nobody' }, networks: [bench()] });
  });

  afterEach(() => appliance.stop());

  afterAll(() => leaveNothing(ethernet));

  it('may come after the start: the server waits, says what for, and serves as soon as it is in', async () => {
    const machine = ethernet.plug('late');
    ethernet.pull(laptop);
    await appliance.start('network.waiting');
    expect(appliance.events('network.waiting')[0]?.['why']).toContain(LAN);
    const from = appliance.mark();
    new Udhcpc(machine).start();
    ethernet.putBack(laptop);
    await appliance.event('network.up', {}, from);
    await appliance.event('lease.bound', { mac: machine.macOf(LAN) }, from);
    machine.close();
  });

  it('may be pulled and put back while the server runs without being root', async () => {
    const machine = ethernet.plug('patient');
    const content = randomBytes(3 * 1024 * 1024);
    appliance.offer('image', content);
    await appliance.start();
    expect(usersOf(appliance.pid)).toEqual(new Set([NOBODY]));
    const client = new Udhcpc(machine);
    client.start();
    const address = await eventually('a lease', () => client.addresses[0]);

    const from = appliance.mark();
    ethernet.pull(laptop);
    await appliance.event('network.down', { interface: LAN }, from);
    ethernet.putBack(laptop);
    await appliance.event('network.up', { interface: LAN }, from);

    client.renew();
    await appliance.event('lease.bound', { mac: machine.macOf(LAN), how: 'renewed', address: address.replace('/24', '') }, from);
    const local = join(scratch('image'), 'image');
    await machine.start(['curl', '-sS', '-o', local, `tftp://${SERVER}/image`]).succeeded();
    expect(sha256(readFileSync(local))).toBe(sha256(content));
    machine.close();
  });

  it('may be pulled in the middle of a transfer: the file arrives whole when it is put back in time', async () => {
    const machine = ethernet.plug('reader');
    machine.ip('address', 'add', '192.168.77.10/24', 'dev', LAN);
    const content = randomBytes(24 * 1024 * 1024);
    appliance.offer('long', content);
    await appliance.start();
    const from = appliance.mark();
    const local = join(scratch('long'), 'long');
    const reader = machine.start(['busybox', 'tftp', '-g', '-r', 'long', '-l', local, SERVER]);
    await appliance.event('transfer.started', { path: 'long' }, from);
    ethernet.pull(machine);
    // A second is longer than a client's and the server's first timers, and shorter than anybody's patience.
    await new Promise((resolve) => setTimeout(resolve, 1500));
    ethernet.putBack(machine);
    await reader.succeeded();
    expect(sha256(readFileSync(local))).toBe(sha256(content));
    const done = await appliance.event('transfer.done', { path: 'long' }, from);
    expect(done['resent']).toBeGreaterThan(0);
    machine.close();
  });
});

/** The user ids of all threads of a process: real, effective, saved and of the file system. */
function usersOf(pid: number | undefined): ReadonlySet<number> {
  const threads = readdirSync(`/proc/${pid}/task`);
  const ids = threads.flatMap(
    (thread) => /^Uid:\s+(.*)$/m.exec(readFileSync(`/proc/${pid}/task/${thread}/status`, 'utf8'))?.[1]?.split('\t') ?? [],
  );
  return new Set(ids.map(Number));
}

function sha256(content: Uint8Array): string {
  return createHash('sha256').update(content).digest('hex');
}
