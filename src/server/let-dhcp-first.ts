/** An address goes before a file and before a line in the log: where threads share a core, DHCP's goes first. */
import { getPriority, setPriority } from 'node:os';

const NICER_BY = 10;
const NICEST = 19;

/** Lowers the calling thread below the DHCP thread, for good. Threads that it starts afterwards are as low. On Linux alone a thread has a priority of its own. */
export function letDhcpFirst(): void {
  if (process.platform === 'linux') setPriority(Math.min(getPriority() + NICER_BY, NICEST));
}
