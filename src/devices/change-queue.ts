/** Changes that wait for one subscriber. One that is slow loses the oldest, and is told how many. */
import type { DeviceChange, Subscription } from './api.ts';

/** What is shown meanwhile is out of date anyway. */
const MOST_WAITING = 1_000;

/** What is kept of a change until it is taken: its text is made then. */
export interface WaitingChange {
  readonly device: string;
  readonly moment: number | undefined;
}

export class ChangeQueue implements Subscription {
  readonly #show: (change: WaitingChange) => DeviceChange | undefined;
  readonly #onWaiting: () => void;
  readonly #onClose: () => void;
  #waiting: WaitingChange[] = [];
  #missed = 0;

  constructor(show: (change: WaitingChange) => DeviceChange | undefined, onWaiting: () => void, onClose: () => void) {
    this.#show = show;
    this.#onWaiting = onWaiting;
    this.#onClose = onClose;
  }

  add(change: WaitingChange): void {
    const last = this.#waiting.at(-1);
    // Ten steps of one file are one when nobody has looked in between.
    if (last?.device === change.device && last.moment === change.moment) return;
    if (this.#waiting.length >= MOST_WAITING) {
      this.#missed += this.#waiting.length;
      this.#waiting = [];
    }
    if (this.#waiting.push(change) === 1) this.#onWaiting();
  }

  take(): { readonly changes: readonly DeviceChange[]; readonly missed: number } {
    const waiting = this.#waiting;
    const missed = this.#missed;
    this.#waiting = [];
    this.#missed = 0;
    return { changes: waiting.flatMap((change) => this.#show(change) ?? []), missed };
  }

  close(): void {
    this.#onClose();
    this.#waiting = [];
  }
}
