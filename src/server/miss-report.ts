/**
 * Tells of files that nobody has. The client has its answer by then: it tries the next name at once, and what people are told takes a while to
 * find. In a storm of misses not every line can say which file may have been meant.
 */
import type { Clock, MonoMs } from '../base/clock.ts';
import { expectedMiss } from '../boot/expected-misses.ts';
import type { Tell } from '../events/bus.ts';
import type { Subject } from '../events/events.ts';
import type { FileCatalog } from '../files/catalog.ts';
import { showName } from '../files/safe-path.ts';

/** Lines in one interval that say which file may have been meant: more than a person reads, less than a storm asks. */
const NEAREST_AT_ONCE = 20;
const INTERVAL_MS = 1000;

export interface Miss {
  readonly fileName: string;
  readonly from: Subject;
  /** Where it would have been. */
  readonly lookedFor: string;
}

export class MissReport {
  readonly #clock: Clock;
  readonly #tell: Tell;
  readonly #catalog: () => FileCatalog;
  #waiting: Miss[] = [];
  #since: MonoMs | undefined;
  #sought = 0;

  constructor(clock: Clock, tell: Tell, catalog: () => FileCatalog) {
    this.#clock = clock;
    this.#tell = tell;
    this.#catalog = catalog;
  }

  add(miss: Miss): void {
    if (this.#waiting.push(miss) === 1) setImmediate(() => this.flush());
  }

  /** Tells what waits, now. */
  flush(): void {
    const misses = this.#waiting;
    this.#waiting = [];
    for (const { fileName, from, lookedFor } of misses) {
      const expected = expectedMiss(fileName);
      const nearest = expected === undefined && this.#maySeek() ? this.#catalog().near(fileName, from) : undefined;
      this.#tell({ ...from, type: 'transfer.missed', protocol: 'tftp', path: showName(fileName), lookedFor, nearest, expected });
    }
  }

  #maySeek(): boolean {
    const now = this.#clock.mono();
    if (this.#since === undefined || now - this.#since >= INTERVAL_MS) {
      this.#since = now;
      this.#sought = 0;
    }
    this.#sought += 1;
    return this.#sought <= NEAREST_AT_ONCE;
  }
}
