/**
 * An address goes before a file, and a file by TFTP before one by HTTP and a line in the log: where threads share a core, DHCP's goes first and the
 * main thread last. Who boots by HTTP has an operating system's patience, and the log can wait for a moment.
 */
import { availableParallelism, getPriority, setPriority } from 'node:os';

/**
 * By how much the thread of each of these is nicer than the DHCP thread, setpriority(2). On a single core the log gets a tenth of what TFTP wants whole,
 * and makes up for it after the storm; on several it has a core to itself, and being nicer than other programs would only make it late.
 */
const NICER_BY = { files: 5, log: availableParallelism() > 1 ? 10 : 15 };
const NICEST = 19;

/** Lowers the calling thread, for good. Threads that it starts afterwards are as low. On Linux alone a thread has a priority of its own. */
export function giveWay(work: keyof typeof NICER_BY): void {
  if (process.platform === 'linux') setPriority(Math.min(getPriority() + NICER_BY[work], NICEST));
}
