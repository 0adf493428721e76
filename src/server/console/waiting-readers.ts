/** A reader that is told once that there is news, and again when it has taken that. */
import type { Feed } from '../../web/api/feed.ts';

/** All readers of one thing. Nothing is done for nobody. */
export class WaitingReaders {
  readonly #wake = new Set<() => void>();

  get isEmpty(): boolean {
    return this.#wake.size === 0;
  }

  /** There is news. */
  readonly news = (): void => {
    for (const wake of this.#wake) wake();
  };

  /** @param take makes the message, for this reader. */
  add<Message>(onWaiting: () => void, take: () => Message | undefined | Promise<Message | undefined>): Feed<Message> {
    let isTold = false;
    const wake = (): void => {
      if (isTold) return;
      isTold = true;
      onWaiting();
    };
    this.#wake.add(wake);
    return {
      take: () => {
        isTold = false;
        return take();
      },
      close: () => void this.#wake.delete(wake),
    };
  }
}
