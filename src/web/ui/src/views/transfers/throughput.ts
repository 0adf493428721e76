/** How much goes through the server in all, second by second, for as long as the page is open. */
import { effect, signal } from '@preact/signals';
import type { TransferShape } from '../../../../api/transfer-shapes.ts';
import { clock } from '../../clock.ts';
import { transfers } from '../../live.ts';

/** Seconds that are kept. */
export const MOMENTS = 90;

/** Octets a second, oldest first; always `MOMENTS` of them. */
export const throughput = signal<readonly number[]>(new Array<number>(MOMENTS).fill(0));

/** What all that is on its way takes together, in octets a second. */
export function totalRate(all: Iterable<TransferShape>): number {
  let sum = 0;
  for (const { outcome, rate } of all) if (outcome === 'running') sum += rate;
  return sum;
}

effect(() => {
  // Only the clock makes a moment; transfers change more often than that.
  clock.value;
  throughput.value = [...throughput.peek().slice(1), totalRate(transfers.peek().values())];
});
