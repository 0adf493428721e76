/**
 * When to send again, and when to give up. The interval is the client's `timeout` option where it was agreed (RFC 2349 §3).
 * Otherwise it is what the line and the client have shown to need (RFC 6298), one second at least, and doubles with each repetition: short for
 * a lost datagram on a switch, long for a device that is busy writing flash.
 */
import { after, type MonoMs } from '../base/clock.ts';

/** Until a round trip was measured, and at least: a device pauses to write what it got, however quick its answers were before. */
const SHORTEST_MS = 1000;
const LONGEST_MS = 8000;
/** Retransmissions without an answer before a transfer is given up: about half a minute with the shortest intervals. */
const MOST_TRIES = 5;
/** RFC 6298 §2.3: shares of the old and the new in the smoothed round trip and its variation. */
const SMOOTHING = { trip: 1 / 8, variation: 1 / 4, margin: 4 };

export class Retransmission {
  readonly #agreedMs: number | undefined;
  #count = 0;
  #deadline: MonoMs | undefined;
  /** Since when an answer to something that was sent once is awaited; undefined after a repetition (Karn's algorithm). */
  #askedAt: MonoMs | undefined;
  /** Smoothed round trip and its variation, ms. */
  #tripMs: number | undefined;
  #variationMs = 0;

  /** @param agreedMs the interval that the client set, which then never changes. */
  constructor(agreedMs: number | undefined) {
    this.#agreedMs = agreedMs;
  }

  /** When to send again; undefined while nothing is awaited. */
  get deadline(): MonoMs | undefined {
    return this.#deadline;
  }

  /** Retransmissions since the last progress. */
  get count(): number {
    return this.#count;
  }

  /** The other side answered: the next interval is the first again, from `now`. */
  progress(now: MonoMs): void {
    if (this.#askedAt !== undefined) this.#measure(now - this.#askedAt);
    this.#count = 0;
    this.await(now);
  }

  /** Something was sent: an answer is awaited from `now` on. */
  await(now: MonoMs): void {
    this.#askedAt = this.#count === 0 ? now : undefined;
    this.#deadline = after(now, this.#intervalMs());
  }

  /** Nothing is awaited from the other side: it waits for us. */
  rest(): void {
    this.#deadline = undefined;
    this.#askedAt = undefined;
  }

  /** True when the interval is over. */
  isDue(now: MonoMs): boolean {
    return this.#deadline !== undefined && now >= this.#deadline;
  }

  /** Counts a retransmission and awaits its answer; `give-up` when there were enough. */
  again(now: MonoMs): 'send' | 'give-up' {
    if (this.#count >= MOST_TRIES) return 'give-up';
    this.#count += 1;
    this.await(now);
    return 'send';
  }

  #intervalMs(): number {
    if (this.#agreedMs !== undefined) return this.#agreedMs;
    const needed = this.#tripMs === undefined ? SHORTEST_MS : this.#tripMs + SMOOTHING.margin * this.#variationMs;
    return Math.min(Math.max(needed, SHORTEST_MS) * 2 ** this.#count, LONGEST_MS);
  }

  #measure(tripMs: number): void {
    if (this.#tripMs === undefined) {
      this.#tripMs = tripMs;
      this.#variationMs = tripMs / 2;
      return;
    }
    this.#variationMs += SMOOTHING.variation * (Math.abs(tripMs - this.#tripMs) - this.#variationMs);
    this.#tripMs += SMOOTHING.trip * (tripMs - this.#tripMs);
  }
}
