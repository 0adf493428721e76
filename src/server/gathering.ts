/**
 * Gathers what is better done together. A sync of the disk costs as much for one lease as for many, and in a crowd the next
 * REQUEST is only microseconds away: so a group is closed when no more has come for a moment. Where the group before was a single one
 * there is no crowd, and nobody waits.
 */
import { type Clock, type MonoMs, monoMs } from '../base/clock.ts';

/**
 * Turns of the event loop for which a group stays open after its last one came. An idle turn with a look at the sockets takes 5 µs or so:
 * together that is what a client needs from its OFFER to its REQUEST on a quick wire, and too short for a timer.
 */
const IDLE_TURNS = 10;
/** As many as in the group before are most likely all of them: then only those join that are on their way in already. */
const IDLE_TURNS_WHEN_COMPLETE = 2;
/** A group that still grows is closed after this: its first one waits for its answer. */
const LONGEST_MS = 1;

export class Gathering<Item> {
  readonly #clock: Clock;
  readonly #release: (group: readonly Item[]) => void;
  #group: Item[] = [];
  #sizeBefore = 0;
  #beganAt: MonoMs = monoMs(0);
  #idleTurns = 0;

  /** @param release is called with each group, never within `add`. */
  constructor(clock: Clock, release: (group: readonly Item[]) => void) {
    this.#clock = clock;
    this.#release = release;
  }

  add(item: Item): void {
    this.#idleTurns = 0;
    if (this.#group.push(item) > 1) return;
    this.#beganAt = this.#clock.mono();
    setImmediate(() => this.#look());
  }

  /** Closes the group now. */
  flush(): void {
    if (this.#group.length === 0) return;
    const group = this.#group;
    this.#group = [];
    this.#sizeBefore = group.length;
    this.#release(group);
  }

  #look(): void {
    this.#idleTurns += 1;
    const isComplete = this.#group.length >= this.#sizeBefore;
    const hasPause = this.#idleTurns >= (isComplete ? IDLE_TURNS_WHEN_COMPLETE : IDLE_TURNS);
    const staysOpen = this.#sizeBefore > 1 && !hasPause && this.#clock.mono() - this.#beganAt < LONGEST_MS;
    if (staysOpen) setImmediate(() => this.#look());
    else this.flush();
  }
}
