/**
 * Tells of files that nobody has. The client has its answer by then: it tries the next name at once, and what people are told takes a while to
 * find. In a storm of misses not every line can say which file may have been meant.
 */
import type { Clock, MonoMs } from '../base/clock.ts';
import { expectedMiss, missAdvice } from '../boot/expected-misses.ts';
import type { Tell } from '../events/bus.ts';
import type { Subject } from '../events/events.ts';
import type { Protocol } from '../events/transfer-events.ts';
import type { FileCatalog } from '../files/catalog.ts';
import { showName } from '../files/safe-path.ts';
import { NameSearches } from './name-searches.ts';

/** So many in one turn are a storm: its transfers do not wait while files that may have been meant are looked for. */
const STORM = 8;
/** Misses in one interval that are said with the file that may have been meant: more than a person reads, less than a storm asks. */
const NEAREST_AT_ONCE = 20;
/** Misses in one interval that are said at all; a room of phones that tries all its names stays below. */
const SAID_AT_ONCE = 1000;
const INTERVAL_MS = 1000;

export interface Miss {
  readonly fileName: string;
  readonly from: Subject;
  /** Where it would have been. */
  readonly lookedFor: string;
  /** The last transfer that had begun by then. */
  readonly lastTransfer?: number;
}

export class MissReport {
  readonly #clock: Clock;
  readonly #tell: Tell;
  readonly #catalog: () => FileCatalog;
  readonly #protocol: Protocol;
  readonly #searches: NameSearches;
  #waiting: Miss[] = [];
  #since: MonoMs;
  #sought = 0;
  #said = 0;
  #counted = 0;

  constructor(clock: Clock, tell: Tell, catalog: () => FileCatalog, protocol: Protocol) {
    this.#clock = clock;
    this.#since = clock.mono();
    this.#tell = tell;
    this.#catalog = catalog;
    this.#protocol = protocol;
    this.#searches = new NameSearches({ clock, tell, protocol });
  }

  add(miss: Miss): void {
    this.#searches.missed(miss.fileName, miss.from);
    if (this.#waiting.push(miss) === 1) setImmediate(() => this.flush());
  }

  /** A device got a file: it is not searching in vain. */
  found(from: Subject): void {
    this.#searches.found(from);
  }

  /** Tells what waits, and what was only counted, now. */
  close(): void {
    this.flush();
    this.#searches.close();
    this.#sayCount();
  }

  /** Tells what waits, now. */
  flush(): void {
    const misses = this.#waiting;
    this.#waiting = [];
    this.#beginInterval();
    const isStorm = misses.length > STORM;
    for (const { fileName, from, lookedFor, lastTransfer } of misses) {
      if (this.#said === SAID_AT_ONCE) {
        this.#counted += 1;
        continue;
      }
      this.#said += 1;
      const expected = expectedMiss(fileName, from.profile);
      const advice = missAdvice(fileName, from.profile);
      const nearest = expected === undefined && !isStorm && this.#maySeek() ? this.#catalog().near(fileName, from) : undefined;
      this.#tell({
        ...from,
        type: 'transfer.missed',
        protocol: this.#protocol,
        path: showName(fileName),
        lookedFor,
        lastTransfer,
        nearest,
        expected,
        advice,
      });
    }
  }

  /** What was only counted in the interval before is said when the next one begins, or at the end. */
  #beginInterval(): void {
    const now = this.#clock.mono();
    if (now - this.#since < INTERVAL_MS) return;
    this.#sayCount();
    this.#since = now;
    this.#sought = 0;
    this.#said = 0;
  }

  #sayCount(): void {
    if (this.#counted === 0) return;
    this.#tell({ type: 'log.suppressed', of: 'transfer.missed', count: this.#counted, seconds: INTERVAL_MS / 1000 });
    this.#counted = 0;
  }

  #maySeek(): boolean {
    this.#sought += 1;
    return this.#sought <= NEAREST_AT_ONCE;
  }
}
