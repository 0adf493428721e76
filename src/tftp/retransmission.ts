/**
 * When to send again, and when to give up. The interval is the client's `timeout` option where it was agreed (RFC 2349 §3),
 * otherwise it starts short, for a lost datagram on a switch, and doubles, for a device that is busy writing flash.
 */
import { after, type MonoMs } from '../base/clock.ts';

const FIRST_MS = 1000;
const LONGEST_MS = 8000;
/** Retransmissions without an answer before a transfer is given up: about half a minute with the default intervals. */
const MOST = 5;

export class Retransmission {
  readonly #agreedMs: number | undefined;
  #count = 0;
  #deadline: MonoMs | undefined;

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
    this.#count = 0;
    this.await(now);
  }

  /** Something was sent: an answer is awaited from `now` on. */
  await(now: MonoMs): void {
    this.#deadline = after(now, this.#agreedMs ?? Math.min(FIRST_MS * 2 ** this.#count, LONGEST_MS));
  }

  /** Nothing is awaited from the other side: it waits for us. */
  rest(): void {
    this.#deadline = undefined;
  }

  /** True when the interval is over. */
  isDue(now: MonoMs): boolean {
    return this.#deadline !== undefined && now >= this.#deadline;
  }

  /** Counts a retransmission and awaits its answer; `give-up` when there were enough. */
  again(now: MonoMs): 'send' | 'give-up' {
    if (this.#count >= MOST) return 'give-up';
    this.#count += 1;
    this.await(now);
    return 'send';
  }
}
