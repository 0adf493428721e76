/** The devices of the running server: their book is fed from the bus, looked through every second, and stored. All of it in the main thread. */
import path from 'node:path';
import { DeviceBook } from '../devices/device-book.ts';
import type { EventBus } from '../events/bus.ts';
import type { DeviceDirectory } from '../observe/directory.ts';
import type { Retention } from '../observe/timeline-store.ts';
import { TimelineStore } from '../observe/timeline-store.ts';
import { systemClock } from './system-clock.ts';

/** How often silence is looked for, and what is new is stored. */
const TICK_MS = 1_000;
/** Moments in one write: a few milliseconds. */
const STORED_AT_ONCE = 500;
/** What is restored at a start: days of a bench, an hour of a large site. */
export const MOST_RESTORED = 20_000;
const PRUNE_EVERY_MS = 600_000;

/** Where the timelines of a data directory are. */
export function timelineFile(dataDir: string): string {
  return path.join(dataDir, 'timelines.db');
}

export interface DeskParts {
  readonly bus: EventBus;
  readonly directory: DeviceDirectory;
  readonly dataDir: string;
  readonly retention: Retention;
}

export class DeviceDesk {
  readonly book: DeviceBook;
  readonly #parts: DeskParts;
  #retention: Retention;
  #store: TimelineStore | undefined;
  readonly #stopListening: () => void;
  readonly #timers: readonly NodeJS.Timeout[];

  private constructor(parts: DeskParts) {
    const { bus, directory } = parts;
    this.#parts = parts;
    this.#retention = parts.retention;
    this.book = new DeviceBook({
      identify: (subject) => directory.identify(subject),
      tell: bus.tell,
      now: () => systemClock.wall(),
    });
    this.#guarded(() => {
      const file = timelineFile(parts.dataDir);
      this.#store = TimelineStore.open(file, (aside, why) =>
        bus.tell({
          type: 'server.limited',
          detail: `the timelines of devices are begun anew, as ${file} cannot be read (${why}); it is ${aside} now`,
        }),
      );
      this.book.restore(this.#store.load(MOST_RESTORED));
      this.#store.prune(this.#retention, systemClock.wall());
    });
    this.#stopListening = bus.listen(this.book.take);
    this.#timers = [
      setInterval(() => this.#tick(), TICK_MS).unref(),
      setInterval(() => this.#guarded(() => this.#store?.prune(this.#retention, systemClock.wall())), PRUNE_EVERY_MS).unref(),
    ];
  }

  /** Opens the store, takes up what is in it, and listens from now on. Without a store it does with memory alone. */
  static open(parts: DeskParts): DeviceDesk {
    return new DeviceDesk(parts);
  }

  /** Another configuration is in force. */
  configure(retention: Retention): void {
    this.#retention = retention;
  }

  /** Stores what is not stored yet. */
  close(): void {
    this.#stopListening();
    for (const timer of this.#timers) clearInterval(timer);
    this.#guarded(() => {
      for (let rest = this.book.takeChanged(STORED_AT_ONCE); rest.length > 0; rest = this.book.takeChanged(STORED_AT_ONCE))
        this.#store?.write(rest);
    });
    this.#guarded(() => this.#store?.close());
    this.#store = undefined;
  }

  #tick(): void {
    this.book.tick();
    this.#guarded(() => {
      const changed = this.book.takeChanged(STORED_AT_ONCE);
      this.#store?.write(changed);
    });
  }

  /** Devices are served whether their timelines can be stored or not. */
  #guarded(act: () => void): void {
    try {
      act();
    } catch (fault) {
      this.#store = undefined;
      const detail = `timelines of devices are not stored: ${fault instanceof Error ? fault.message : String(fault)}; bootlace devices shows them until the end`;
      this.#parts.bus.tell({ type: 'server.limited', detail });
    }
  }
}
