/** Times in file names: `20261120T063000Z`, which sorts as it reads. */
import type { WallMs } from '../base/clock.ts';

/** UTC, to the second. */
export function timeStamp(at: WallMs): string {
  return new Date(at).toISOString().replace(/\.\d+/, '').replaceAll(/[-:]/g, '');
}
