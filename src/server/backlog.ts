/**
 * Work that waits its turn. When more comes in than can be done, the oldest is shed: who waited longest has most likely given up
 * or asked again, and an answer to it would only keep those waiting who have not.
 */
import { type MonoMs, monoMs } from '../base/clock.ts';

interface Waiting<Work> {
  readonly work: Work;
  readonly since: MonoMs;
}

export class Backlog<Work> {
  readonly #capacity: number;
  readonly #patienceMs: number;
  /** A ring: `#length` entries from `#first` on. */
  readonly #ring: (Waiting<Work> | undefined)[];
  #first = 0;
  #length = 0;
  #shed = 0;

  /**
   * @param capacity most that waits at one time.
   * @param patienceMs what waited longer is not worth doing any more.
   */
  constructor(capacity: number, patienceMs: number) {
    this.#capacity = capacity;
    this.#patienceMs = patienceMs;
    this.#ring = new Array<Waiting<Work> | undefined>(capacity).fill(undefined);
  }

  get length(): number {
    return this.#length;
  }

  /** Adds work that came at `now` or `waitedMs` before; in a full backlog the oldest goes. */
  add(work: Work, now: MonoMs, waitedMs: number): void {
    if (this.#length === this.#capacity) {
      this.#removeFirst();
      this.#shed += 1;
    }
    this.#ring[(this.#first + this.#length) % this.#capacity] = { work, since: monoMs(now - waitedMs) };
    this.#length += 1;
  }

  /** The oldest work that is still worth doing. */
  take(now: MonoMs): Work | undefined {
    for (;;) {
      const next = this.#removeFirst();
      if (next === undefined || now - next.since <= this.#patienceMs) return next?.work;
      this.#shed += 1;
    }
  }

  /** How much was shed since the last call. */
  takeShed(): number {
    const shed = this.#shed;
    this.#shed = 0;
    return shed;
  }

  #removeFirst(): Waiting<Work> | undefined {
    if (this.#length === 0) return undefined;
    const first = this.#ring[this.#first];
    this.#ring[this.#first] = undefined;
    this.#first = (this.#first + 1) % this.#capacity;
    this.#length -= 1;
    return first;
  }
}
