/**
 * The time that leases live by. It runs like a stopwatch while the server runs, so that nobody who sets the machine's clock makes
 * leases end or last: a jump is told, and not followed. From one start to the next it goes on by as much as the machine's clock
 * says has passed; where that clock was set meanwhile there are two readings, and the shorter span is taken.
 */
import { after, type Clock, type MonoMs, type WallMs, wallMs } from '../base/clock.ts';
import type { Tell } from '../events/bus.ts';

/** One moment by both clocks. It is stored, so that the next start knows how far they were apart. */
export interface TimeMark {
  /** By the time of the leases. */
  readonly leaseAt: WallMs;
  /** By the machine's clock. */
  readonly wallAt: WallMs;
}

/** A change of the clock that nobody needs to hear of: NTP at work. */
const QUIET_MS = 60_000;
/** A pause after which it is worth a word how long it was: the clock may be the reason, and most leases have ended. */
const LONG_PAUSE_MS = 30 * 86_400_000;

export class LeaseClock implements Clock {
  readonly #clock: Clock;
  readonly #tell: Tell;
  readonly #startedAt: WallMs;
  readonly #startedMono: MonoMs;
  /** How far the machine's clock was ahead when it was last looked at in earnest. */
  #aheadMs: number;
  /** Called after a jump, when `mark` has changed. */
  onJump: () => void = () => undefined;

  /** @param last what `mark` said last before this start; undefined in a new store. */
  constructor(clock: Clock, last: TimeMark | undefined, tell: Tell) {
    this.#clock = clock;
    this.#tell = tell;
    this.#startedMono = clock.mono();
    const wall = clock.wall();
    this.#startedAt = last === undefined ? wall : after(last.leaseAt, pauseBetween(last, wall));
    this.#aheadMs = wall - this.#startedAt;
    if (last !== undefined) this.#sayPause(last, wall);
  }

  /** The time of the leases, whole milliseconds; it never goes back, over restarts too. */
  wall(): WallMs {
    const now = wallMs(this.#startedAt + Math.floor(this.#clock.mono() - this.#startedMono));
    const aheadMs = this.#clock.wall() - now;
    const jumpMs = aheadMs - this.#aheadMs;
    if (Math.abs(jumpMs) > QUIET_MS) {
      this.#aheadMs = aheadMs;
      this.#tell({ type: 'clock.jumped', byMs: jumpMs, when: 'running' });
      this.onJump();
    }
    return now;
  }

  mono(): MonoMs {
    return this.#clock.mono();
  }

  /** Now, by both clocks. */
  mark(): TimeMark {
    return { leaseAt: this.wall(), wallAt: this.#clock.wall() };
  }

  #sayPause(last: TimeMark, wall: WallMs): void {
    const latest = Math.max(last.wallAt, last.leaseAt);
    const pauseMs = pauseBetween(last, wall);
    if (wall < Math.min(last.wallAt, last.leaseAt) - QUIET_MS) this.#tell({ type: 'clock.jumped', byMs: wall - latest, when: 'stopped' });
    else if (pauseMs > LONG_PAUSE_MS) this.#tell({ type: 'clock.jumped', byMs: pauseMs, when: 'stopped' });
  }
}

/**
 * How long the server did not run. If the clock was set while it ran, the two parts of the mark differ, and it is not known which of
 * them tells the truth: the shorter pause does less harm, as it ends no lease early. No pause at all when the clock is behind both.
 */
function pauseBetween(last: TimeMark, wall: WallMs): number {
  const pauses = [wall - last.leaseAt, wall - last.wallAt].filter((pauseMs) => pauseMs >= 0);
  return pauses.length === 0 ? 0 : Math.min(...pauses);
}
