/** The kernel's table of this process's descriptors. */
import { isAvailable, libc } from './libc.ts';

const F_DUPFD = 0;
/** Any that is open will do. */
const STANDARD_ERROR = 2;

/**
 * Has the table made large enough for `count` descriptors, as far as the process may have so many. In a program with threads each doubling of it
 * waits for all processors (ten milliseconds and more, in the middle of a storm): once, at the start, it hurts nobody.
 */
export function makeRoomForDescriptors(count: number): void {
  if (!isAvailable()) return;
  const { fcntl, close } = libc();
  const highest = fcntl(STANDARD_ERROR, F_DUPFD, count - 1);
  if (highest >= 0) close(highest);
}
