/**
 * Plays what a thread told in its rehearsal to listeners like those of the bus, so that what the first crowd's events meet is compiled. Nothing of
 * it is written or kept.
 */
import { setImmediate as nextTurn } from 'node:timers/promises';
import type { Clock } from '../base/clock.ts';
import { DeviceBook } from '../devices/device-book.ts';
import { EventBus, type Tell } from '../events/bus.ts';
import type { AppEvent, Level, Subject } from '../events/events.ts';
import { DeviceDirectory } from '../observe/directory.ts';
import { EventCounts } from '../observe/event-counts.ts';
import { PatientOutput } from '../observe/log-output.ts';
import { EventLog } from '../observe/logger.ts';
import { RecentEvents } from '../observe/recent-events.ts';
import { vendorLookup } from '../observe/vendors.ts';
import { TransferBoard } from './console/transfer-board.ts';
import { ProvisioningWatch } from './provisioning-watch.ts';

/** Events from one look at everything else to the next. */
const AT_ONCE = 50;

export class ListenerRehearsal {
  readonly #clock: Clock;
  readonly #level: Level;
  #waiting: AppEvent[] = [];
  /** Two, as code that is made for the listeners of one bus alone would be thrown away when those of the real one come. */
  #buses: readonly Rehearsed[] = [];
  #isPlaying = false;

  /** @param level as `log.level`. */
  constructor(level: Level, clock: Clock) {
    this.#level = level;
    this.#clock = clock;
  }

  /** Events that never happened; they wait for `begin`. */
  readonly hear = (events: readonly AppEvent[]): void => {
    this.#waiting.push(...events);
    if (this.#buses.length > 0) void this.#play();
  };

  begin(): void {
    this.#buses = [0, 1].map(() => openBus(this.#level, this.#clock));
    void this.#play();
  }

  /** What still waits is left. */
  end(): void {
    for (const { close } of this.#buses) close();
    this.#buses = [];
    this.#waiting = [];
  }

  async #play(): Promise<void> {
    if (this.#isPlaying) return;
    this.#isPlaying = true;
    for (let next = this.#waiting.splice(0, AT_ONCE); next.length > 0; next = this.#waiting.splice(0, AT_ONCE)) {
      for (const [at, event] of next.entries()) this.#buses[at % this.#buses.length]?.tell(event);
      await nextTurn();
    }
    this.#isPlaying = false;
  }
}

interface Rehearsed {
  readonly tell: Tell;
  readonly close: () => void;
}

/** With the listeners that hear of every transfer. */
function openBus(level: Level, clock: Clock): Rehearsed {
  const bus = new EventBus(() => {});
  const directory = new DeviceDirectory();
  const identify = (subject: Subject): Subject => directory.identify(subject);
  const log = new EventLog({
    settings: { level, format: 'json' },
    output: new PatientOutput({ write: ({ length }) => length, later: () => {}, sleep: () => {} }),
    terminal: { isTerminal: false, colour: false },
    clock,
    identify,
    // The registry itself is large: it is read when somebody has to be named.
    vendorOf: vendorLookup(() => ({})),
    later: () => {},
  });
  const counts = new EventCounts();
  const recent = new RecentEvents(clock);
  const board = new TransferBoard(clock, identify);
  const book = new DeviceBook({ identify, tell: bus.tell, now: () => clock.wall() });
  for (const listener of [directory.listener, log.listener, counts.listener, recent.listener, board.listener, book.take])
    bus.listen(listener);
  const watch = new ProvisioningWatch({
    bus,
    clock,
    catalog: () => {
      throw new Error('no file of the rehearsal names others');
    },
    serverFor: () => undefined,
  });
  return { tell: bus.tell, close: () => watch.close() };
}
