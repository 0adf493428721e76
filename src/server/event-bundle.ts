/**
 * Events on their way to another thread. Waking that thread costs more than the message, so a burst of clients makes a message every
 * few milliseconds; an event after a silence goes at once.
 */
import type { Clock } from '../base/clock.ts';
import type { Tell } from '../events/bus.ts';
import type { AppEvent } from '../events/events.ts';

export class EventBundle {
  readonly #clock: Clock;
  readonly #intervalMs: number;
  readonly #post: (events: readonly AppEvent[]) => void;
  #events: AppEvent[] = [];
  #postedAt = -Infinity;
  /** `add`, for whoever tells. */
  readonly tell: Tell = (event) => this.add(event);

  /** @param intervalMs least time between two messages. */
  constructor(clock: Clock, intervalMs: number, post: (events: readonly AppEvent[]) => void) {
    this.#clock = clock;
    this.#intervalMs = intervalMs;
    this.#post = post;
  }

  add(event: AppEvent): void {
    if (this.#events.push(event) > 1) return;
    const waitMs = this.#postedAt + this.#intervalMs - this.#clock.mono();
    // Even then at the end of the turn: what one message causes goes together.
    if (waitMs <= 0) setImmediate(() => this.flush());
    else setTimeout(() => this.flush(), waitMs);
  }

  /** Posts what waits, now. */
  flush(): void {
    if (this.#events.length === 0) return;
    const events = this.#events;
    this.#events = [];
    this.#postedAt = this.#clock.mono();
    this.#post(events);
  }
}
