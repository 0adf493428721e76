/** The last events, for whoever looks at the log later. What they say is put into words when somebody asks: until then each costs a place in a list. */
import type { Clock, WallMs } from '../base/clock.ts';
import type { EventListener } from '../events/bus.ts';
import { levelOf } from '../events/catalog.ts';
import type { AppEvent, Level } from '../events/events.ts';

export interface RecentEvent {
  /** Grows with time. */
  readonly id: number;
  readonly at: WallMs;
  readonly level: Level;
  readonly event: AppEvent;
}

export interface RecentLimits {
  readonly loud: number;
  /** Of level `debug`: they have a place of their own, as a busy minute would push out everything else. */
  readonly quiet: number;
}

const DEFAULT_LIMITS: RecentLimits = { loud: 2_000, quiet: 1_000 };

/** Goes on the bus with `listener`. */
export class RecentEvents {
  readonly #clock: Pick<Clock, 'wall'>;
  readonly #loud: Ring;
  readonly #quiet: Ring;
  readonly #waiting = new Set<() => void>();
  #lastId = 0;

  constructor(clock: Pick<Clock, 'wall'>, { loud, quiet }: RecentLimits = DEFAULT_LIMITS) {
    this.#clock = clock;
    this.#loud = new Ring(loud);
    this.#quiet = new Ring(quiet);
  }

  readonly listener: EventListener = (event) => {
    // How far a file is stands in the list of transfers; a boot storm says nothing else.
    if (event.type === 'transfer.progressed') return;
    const level = levelOf(event);
    this.#lastId += 1;
    const ring = level === 'debug' ? this.#quiet : this.#loud;
    ring.add({ id: this.#lastId, at: this.#clock.wall(), level, event });
    for (const onNew of this.#waiting) onNew();
  };

  /** The id of the newest; 0 while there is none. */
  get lastId(): number {
    return this.#lastId;
  }

  /** Newest first. */
  *newestFirst(): Generator<RecentEvent, undefined> {
    const loud = this.#loud.newestFirst();
    const quiet = this.#quiet.newestFirst();
    let a = loud.next().value;
    let b = quiet.next().value;
    while (a !== undefined || b !== undefined) {
      if (b === undefined || (a !== undefined && a.id > b.id)) {
        if (a !== undefined) yield a;
        a = loud.next().value;
      } else {
        yield b;
        b = quiet.next().value;
      }
    }
    return undefined;
  }

  /** Calls at each event, which is why it has to be quick; call what is returned to end it. */
  onNew(act: () => void): () => void {
    this.#waiting.add(act);
    return () => this.#waiting.delete(act);
  }
}

class Ring {
  readonly #size: number;
  readonly #places: RecentEvent[] = [];
  /** Where the next one goes. */
  #next = 0;

  constructor(size: number) {
    this.#size = size;
  }

  add(one: RecentEvent): void {
    this.#places[this.#next] = one;
    this.#next = (this.#next + 1) % this.#size;
  }

  *newestFirst(): Generator<RecentEvent, undefined> {
    const { length } = this.#places;
    for (let back = 1; back <= length; back += 1) {
      const one = this.#places[(this.#next - back + length) % length];
      if (one !== undefined) yield one;
    }
    return undefined;
  }
}
