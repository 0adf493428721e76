/** Blocks that wait until they may go, where the bandwidth is bounded (`tftp.bandwidth`, `tftp.bandwidthPerClient`). */
import type { Clock } from '../base/clock.ts';
import type { BandwidthSettings } from '../tftp/bandwidth.ts';
import { FairTurns, type Waiting } from '../tftp/fair-turns.ts';
import { DeadlineTimer } from './deadline-timer.ts';

export class TftpPacing {
  readonly #clock: Clock;
  readonly #settings: () => BandwidthSettings;
  readonly #turns: FairTurns;
  readonly #timer: DeadlineTimer;

  /** @param settings as they are now; a reload may change them. */
  constructor(clock: Clock, settings: () => BandwidthSettings) {
    this.#clock = clock;
    this.#settings = settings;
    this.#turns = new FairTurns(settings());
    this.#timer = new DeadlineTimer(clock, (now) => {
      this.#turns.adopt(this.#settings());
      return this.#turns.run(now);
    });
  }

  /** The transfer has blocks to send: they go now or in its turn. */
  add(transfer: Waiting): void {
    this.#turns.adopt(this.#settings());
    this.#timer.notice(this.#turns.add(transfer, this.#clock.mono()));
  }

  stop(): void {
    this.#timer.stop();
  }
}
