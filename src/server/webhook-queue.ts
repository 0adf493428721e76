/**
 * What waits to be sent to one webhook, and when the next try is due. Knows no network and no clock. One message is on its way at a time, so that
 * they arrive in order; a server that fails is asked again after ever longer pauses, and what is too much is lost from its oldest end.
 */
import { after, type MonoMs } from '../base/clock.ts';

/** What came of a try: `refused` is an answer that no other try would change. */
export type Delivery =
  | { readonly is: 'taken' }
  | { readonly is: 'refused'; readonly why: string }
  | { readonly is: 'failed'; readonly why: string };

/** Something that the log is to say. */
export type QueueNews =
  | { readonly news: 'failed'; readonly reason: string; readonly waiting: number; readonly lost: number }
  | { readonly news: 'recovered'; readonly failedForMs: number; readonly lost: number };

export const MOST_WAITING = 1_000;
/** Of one message, before it is given up: it may be that one which the other side stumbles over. */
export const MOST_TRIES = 10;
const FIRST_PAUSE_MS = 1_000;
const LONGEST_PAUSE_MS = 300_000;
/** A server that is down for a night is told of in a few lines. */
export const SAID_AGAIN_MS = 600_000;

interface Failing {
  readonly since: MonoMs;
  /** In a row. */
  readonly tries: number;
  readonly why: string;
  readonly saidAt: MonoMs;
  readonly isLossSaid: boolean;
}

export class WebhookQueue<Message> {
  readonly #waiting: Message[] = [];
  /** The first of those that wait is on its way. */
  #isUnderWay = false;
  /** Of the first of those that wait. */
  #tries = 0;
  #dueAt: MonoMs | undefined;
  #failing: Failing | undefined;
  /** Since it failed. */
  #lost = 0;

  get isEmpty(): boolean {
    return this.#waiting.length === 0;
  }

  /** Takes one more; the oldest that is not on its way makes room where there is none. */
  push(message: Message, now: MonoMs): QueueNews | undefined {
    this.#waiting.push(message);
    if (this.#waiting.length <= MOST_WAITING) return undefined;
    this.#waiting.splice(this.#isUnderWay ? 1 : 0, 1);
    this.#lost += 1;
    if (!this.#isUnderWay) this.#tries = 0;
    const failing = this.#failing;
    if (failing?.isLossSaid === true) return undefined;
    const why = failing?.why ?? 'it takes them more slowly than they come';
    this.#failing = { since: now, tries: 0, ...failing, why, saidAt: now, isLossSaid: true };
    return this.#failed(why);
  }

  /** The next one to be sent now; `settle` has to follow. Undefined: none, or not yet. */
  take(now: MonoMs): Message | undefined {
    const [message] = this.#waiting;
    if (message === undefined || this.#isUnderWay || this.waitMs(now) !== 0) return undefined;
    this.#isUnderWay = true;
    return message;
  }

  /** Until the next one may be sent; undefined: none waits, or one is under way. */
  waitMs(now: MonoMs): number | undefined {
    if (this.#waiting.length === 0 || this.#isUnderWay) return undefined;
    return this.#dueAt === undefined ? 0 : Math.max(0, this.#dueAt - now);
  }

  settle(outcome: Delivery, now: MonoMs): QueueNews | undefined {
    this.#isUnderWay = false;
    if (outcome.is === 'taken') {
      this.#shift();
      this.#dueAt = undefined;
      const failing = this.#failing;
      const lost = this.#lost;
      [this.#failing, this.#lost] = [undefined, 0];
      return failing === undefined ? undefined : { news: 'recovered', failedForMs: now - failing.since, lost };
    }
    this.#tries += 1;
    if (outcome.is === 'refused' || this.#tries >= MOST_TRIES) {
      this.#shift();
      this.#lost += 1;
    }
    const before = this.#failing;
    const tries = (before?.tries ?? 0) + 1;
    this.#dueAt = after(now, Math.min(FIRST_PAUSE_MS * 2 ** (tries - 1), LONGEST_PAUSE_MS));
    const isDue = before === undefined || now - before.saidAt >= SAID_AGAIN_MS;
    this.#failing = {
      since: before?.since ?? now,
      tries,
      why: outcome.why,
      saidAt: isDue ? now : before.saidAt,
      isLossSaid: before?.isLossSaid ?? false,
    };
    return isDue ? this.#failed(outcome.why) : undefined;
  }

  #shift(): void {
    this.#waiting.shift();
    this.#tries = 0;
  }

  #failed(reason: string): QueueNews {
    return { news: 'failed', reason, waiting: this.#waiting.length, lost: this.#lost };
  }
}
