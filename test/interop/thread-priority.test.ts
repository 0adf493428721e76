/** Where threads share a core, an address goes before a file and before a line in the log. */
import { readdirSync, readFileSync } from 'node:fs';
import { availableParallelism } from 'node:os';
import { afterAll, afterEach, beforeAll, expect, it } from 'vitest';
import { Appliance, bench } from '../support/appliance.ts';
import { leaveNothing } from '../support/tidy.ts';
import { describeWith } from '../support/tools.ts';
import { plugLaptop, VirtualSwitch } from '../support/virtual-switch.ts';

/** Of /proc/PID/task/TID/stat behind the name: state is the first, nice the seventeenth, the policy the 39th (proc(5)). */
const NICE = 16;
const POLICY = 38;
const SCHED_RR = 2;

/** A value of each thread of a process, by the thread's name; the first one is `main`. */
function ofThreads(pid: number, field: number): Record<string, number> {
  const threads = readdirSync(`/proc/${pid}/task`).map((thread): [string, number] => {
    const stat = readFileSync(`/proc/${pid}/task/${thread}/stat`, 'utf8');
    const name = stat.slice(stat.indexOf('(') + 1, stat.lastIndexOf(')'));
    return [thread === `${pid}` ? 'main' : name, Number(stat.slice(stat.lastIndexOf(')') + 2).split(' ')[field])];
  });
  return Object.fromEntries(threads);
}

describeWith([], 'threads of a running server', () => {
  let ethernet: VirtualSwitch;
  let appliance: Appliance;

  beforeAll(() => {
    ethernet = new VirtualSwitch();
    appliance = new Appliance(plugLaptop(ethernet).laptop, { networks: [bench()] });
  });

  afterEach(() => appliance.stop());

  afterAll(() => leaveNothing(ethernet));

  it('let the DHCP thread go first, and the TFTP thread before the log', async () => {
    await appliance.start('server.ready');
    const { dhcp, tftp, main } = ofThreads(appliance.pid ?? 0, NICE);
    expect(tftp).toBe((dhcp ?? 0) + 5);
    // On a single core further behind: the log can wait.
    expect(main).toBe((dhcp ?? 0) + (availableParallelism() > 1 ? 10 : 15));
    // As soon as it wakes up, and not when another one's slice is over.
    expect(ofThreads(appliance.pid ?? 0, POLICY)).toMatchObject({ dhcp: SCHED_RR, tftp: 0, main: 0 });
  });
});
