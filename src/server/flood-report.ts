/** Counts what was thrown away of each sender, and tells it: a second after it began, then at most once in ten seconds. */
import type { Ipv4 } from '../base/addresses.ts';

const FIRST_MS = 1_000;
const NEXT_MS = 10_000;
/** Senders that are counted one by one; more than that are no devices. */
const MOST_SENDERS = 200;

export class FloodReport {
  readonly #tell: (sender: Ipv4 | undefined, count: number) => void;
  readonly #counts = new Map<Ipv4 | undefined, number>();
  #timer: NodeJS.Timeout | undefined;

  /** @param tell the sender is undefined where there are too many to name. */
  constructor(tell: (sender: Ipv4 | undefined, count: number) => void) {
    this.#tell = tell;
  }

  add(sender: Ipv4): void {
    const key = this.#counts.has(sender) || this.#counts.size < MOST_SENDERS ? sender : undefined;
    this.#counts.set(key, (this.#counts.get(key) ?? 0) + 1);
    if (this.#timer === undefined) this.#wait(FIRST_MS);
  }

  /** Tells what is not told yet. */
  close(): void {
    clearTimeout(this.#timer);
    this.#timer = undefined;
    this.#report();
  }

  #wait(millis: number): void {
    this.#timer = setTimeout(() => {
      this.#timer = undefined;
      if (this.#counts.size === 0) return;
      this.#report();
      this.#wait(NEXT_MS);
    }, millis);
    this.#timer.unref();
  }

  #report(): void {
    for (const [sender, count] of this.#counts) this.#tell(sender, count);
    this.#counts.clear();
  }
}
