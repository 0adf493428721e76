/**
 * Whether to look again at once when nothing has come, or to sleep. A sleep costs tens of microseconds, which a client at the other end of a
 * short cable pays for each block; looking again costs a processor. So it is done while answers have been coming quickly, for a moment, and
 * within a share of the time.
 */

/** Nothing is waited for longer than this without a sleep. Milliseconds, as everything here. */
const LONGEST = 0.4;
/** Where answers come later than this on the average, waiting for them is not worth it. */
const QUICK = 0.32;
/** What a new gap counts for in the average; longer ones count as this. */
const SHARE_OF_NEW = 1 / 8;
const LONGEST_GAP = 2;
/** Time that may be waited away: half of all time, and so much at once after a rest. */
const CREDIT_SHARE = 0.5;
const MOST_CREDIT = 1000;

/** Times are those of one monotonic clock, in milliseconds. */
export class IdleWait {
  #heardAt = 0;
  #waitingSince: number | undefined;
  #gap = LONGEST_GAP;
  #credit = MOST_CREDIT;
  /** Until when time was counted. */
  #countedAt = 0;

  /** Something came at `now`. */
  heard(now: number): void {
    this.#gap += (Math.min(now - this.#heardAt, LONGEST_GAP) - this.#gap) * SHARE_OF_NEW;
    this.#count(now);
    this.#heardAt = now;
  }

  /** Nothing came. True: look again. */
  isWorthIt(now: number): boolean {
    this.#waitingSince ??= now;
    if (now - this.#heardAt < LONGEST && this.#gap < QUICK && this.#credit > 0) return true;
    this.#count(now);
    return false;
  }

  #count(now: number): void {
    const waited = this.#waitingSince === undefined ? 0 : now - this.#waitingSince;
    this.#waitingSince = undefined;
    this.#credit = Math.min(this.#credit + (now - this.#countedAt) * CREDIT_SHARE - waited, MOST_CREDIT);
    this.#countedAt = now;
  }
}
