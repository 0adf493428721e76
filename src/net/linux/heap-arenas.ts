/**
 * How many heaps the C library keeps. glibc gives each thread one of its own, up to eight for each core, and returns little of them: with
 * 100,000 leases that held 20 MB more than two heaps do, mallopt(3). JavaScript's own heap is not among them.
 */
import { callIfThere, isAvailable } from './libc.ts';

const M_ARENA_MAX = -8;
/** One for who is busy, and one for the others: none of our threads asks the C library for memory while it answers a packet. */
const ARENAS = 2;

/** Has threads that start from now on share their heaps. Does nothing where the C library knows nothing of it, such as musl. */
export function shareHeapArenas(): void {
  if (isAvailable()) callIfThere('int mallopt(int, int)', M_ARENA_MAX, ARENAS);
}
