/**
 * A bound on how fast something goes, on average and in bursts: a bucket that fills steadily and is drawn from. Who draws more than
 * there is waits until it would have been there, and whoever comes next waits longer.
 */
import { after, type MonoMs } from '../base/clock.ts';

export class TokenBucket {
  readonly perSecond: number;
  readonly #burst: number;
  /** What is in it at `#at`; below zero, what was promised beforehand. */
  #level: number;
  #at: MonoMs | undefined;

  /**
   * @param perSecond octets (or whatever is counted) that may go in a second; more than 0.
   * @param burst what may go at once after a silence; without it, what a tenth of a second allows.
   */
  constructor(perSecond: number, burst: number = perSecond / 10) {
    this.perSecond = perSecond;
    this.#burst = burst;
    this.#level = burst;
  }

  /**
   * Takes `octets` out, and says when they may go: `now`, or a later moment. More than a burst goes in its turn, too, so that a
   * window that is larger than the bucket does not wait for ever.
   */
  take(octets: number, now: MonoMs): MonoMs {
    this.#fill(now);
    this.#level -= octets;
    return this.#level >= 0 ? now : after(now, (-this.#level / this.perSecond) * 1000);
  }

  /** Takes `count` out if all of it is there, and nothing otherwise. */
  tryTake(count: number, now: MonoMs): boolean {
    this.#fill(now);
    if (this.#level < count) return false;
    this.#level -= count;
    return true;
  }

  #fill(now: MonoMs): void {
    const elapsed = this.#at === undefined ? 0 : Math.max(now - this.#at, 0);
    this.#at = now;
    this.#level = Math.min(this.#level + (elapsed / 1000) * this.perSecond, this.#burst);
  }
}
