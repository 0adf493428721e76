/** The main thread's end of a thread that serves: orders go out, each is answered once, and news comes in between. */
import { Worker } from 'node:worker_threads';

/** From every thread, beside its own news. */
export type ThreadNews =
  | { readonly say: 'ready' }
  /** The answer to order `id`. `fault` is a text for people; `found`: there was something to do it to. */
  | { readonly say: 'done'; readonly id: number; readonly fault?: string; readonly found?: boolean };

/** The number of what needs no answer. */
export const UNANSWERED = 0;

/** An order with its number. */
export type Numbered<Order> = Order & { readonly id: number };

export interface ThreadListeners<News> {
  readonly onNews: (news: News) => void;
  /** It ended without being asked to. */
  readonly onDeath: (why: string) => void;
}

interface Waiting {
  readonly resolve: (found: boolean) => void;
  readonly reject: (fault: Error) => void;
}

export class ThreadLink<Order extends object, News extends { readonly say: string }> {
  readonly #worker: Worker;
  readonly #name: string;
  readonly #listeners: ThreadListeners<News>;
  readonly #waiting = new Map<number, Waiting>();
  #lastId = 0;
  #isClosing = false;

  /** Resolves when the thread says that it is ready. Rejects with the reason why it cannot start. */
  readonly ready: Promise<void>;

  /**
   * Starts `NAME-thread` beside this file. What it is told and ordered before it is ready waits for it.
   * @param name for people, and of the script.
   */
  constructor(name: string, start: unknown, listeners: ThreadListeners<News>) {
    const ending = import.meta.url.endsWith('.ts') ? 'ts' : 'js';
    const worker = new Worker(new URL(`./${name}-thread.${ending}`, import.meta.url), { workerData: start, name });
    this.#worker = worker;
    this.#name = name.toUpperCase();
    this.#listeners = listeners;
    const ready = Promise.withResolvers<void>();
    this.ready = ready.promise;
    // Whoever does not wait for it is told of its death.
    this.ready.catch(() => undefined);
    worker.on('message', (news: News | ThreadNews) => {
      if (isOf(news, 'ready')) ready.resolve();
      else if (isOf(news, 'done')) this.#settle(news);
      else listeners.onNews(news as News);
    });
    worker.once('error', (fault: Error) => {
      ready.reject(fault);
      this.#die(fault.message);
    });
    worker.once('exit', (code) => {
      const why = `it ended with code ${code}`;
      // Only counts where it had not yet said that it is ready.
      ready.reject(new Error(why));
      this.#die(why);
    });
  }

  /** Tells the thread something that needs no answer. */
  tell(message: Order): void {
    if (!this.#isClosing) this.#worker.postMessage({ ...message, id: UNANSWERED });
  }

  /** Resolves when it is done; false where there was nothing to do it to. Rejects with the reason why it was not. */
  order(order: Order): Promise<boolean> {
    if (this.#isClosing) return Promise.reject(new Error(`${this.#name} is closing`));
    this.#lastId += 1;
    const id = this.#lastId;
    return new Promise((resolve, reject) => {
      this.#waiting.set(id, { resolve, reject });
      this.#worker.postMessage({ ...order, id });
    });
  }

  /** The last order: the thread ends after it. */
  async close(order: Order): Promise<void> {
    if (this.#isClosing) return;
    const closed = this.order(order);
    this.#isClosing = true;
    await closed;
  }

  #settle({ id, fault, found }: Extract<ThreadNews, { say: 'done' }>): void {
    const waiting = this.#waiting.get(id);
    this.#waiting.delete(id);
    if (fault === undefined) waiting?.resolve(found ?? true);
    else waiting?.reject(new Error(fault));
  }

  #die(why: string): void {
    for (const waiting of this.#waiting.values()) waiting.reject(new Error(`${this.#name} has ended: ${why}`));
    this.#waiting.clear();
    if (!this.#isClosing) this.#listeners.onDeath(why);
    this.#isClosing = true;
  }
}

function isOf<Say extends ThreadNews['say']>(news: { readonly say: string }, say: Say): news is Extract<ThreadNews, { say: Say }> {
  return news.say === say;
}
