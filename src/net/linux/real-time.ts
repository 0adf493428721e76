/**
 * A thread that runs as soon as it has something to do, sched(7). The ordinary scheduler lets whoever runs keep the core for up to 3 ms when
 * another thread of the same core comes back from a sync of the disk, whatever their priorities are (EEVDF): seen as answers that come late
 * once in a hundred.
 */
import { callIfThere, isAvailable } from './libc.ts';

const SCHED_RR = 2;
/** What this thread starts is ordinary again. */
const SCHED_RESET_ON_FORK = 0x40000000;
/** The lowest: every other thread of that kind on the machine goes first. */
const PRIORITY = 1;
const THIS_ONE = 0;

/**
 * Has the calling thread go before all ordinary ones, to which the kernel leaves 5 % of the time. Needs CAP_SYS_NICE; a thread without it stays as
 * ordinary as it was.
 */
export function runAtOnce(): void {
  if (!isAvailable()) return;
  const parameters = new Uint8Array(Int32Array.of(PRIORITY).buffer);
  callIfThere('int sched_setscheduler(int, int, const void *)', THIS_ONE, SCHED_RR | SCHED_RESET_ON_FORK, parameters);
}
