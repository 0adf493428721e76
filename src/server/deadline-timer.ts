/** One timer for any number of deadlines. It is set for the earliest it has heard of; deadlines that moved on cost one idle look. */
import type { Clock, MonoMs } from '../base/clock.ts';

export class DeadlineTimer {
  readonly #clock: Clock;
  readonly #run: (now: MonoMs) => MonoMs | undefined;
  #timer: NodeJS.Timeout | undefined;
  #setFor: MonoMs | undefined;

  /** @param run does everything that is due at `now`, and gives the next deadline. */
  constructor(clock: Clock, run: (now: MonoMs) => MonoMs | undefined) {
    this.#clock = clock;
    this.#run = run;
  }

  /** Sees to it that `run` is called at `deadline` or before. */
  notice(deadline: MonoMs | undefined): void {
    if (deadline === undefined || (this.#setFor !== undefined && this.#setFor <= deadline)) return;
    clearTimeout(this.#timer);
    this.#setFor = deadline;
    this.#timer = setTimeout(() => this.#fire(), Math.max(Math.ceil(deadline - this.#clock.mono()), 1));
  }

  stop(): void {
    clearTimeout(this.#timer);
    this.#setFor = undefined;
  }

  #fire(): void {
    this.#setFor = undefined;
    this.notice(this.#run(this.#clock.mono()));
  }
}
