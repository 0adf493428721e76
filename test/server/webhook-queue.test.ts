/** In virtual time. */
import { describe, expect, it } from 'vitest';
import { monoMs } from '../../src/base/clock.ts';
import { type Delivery, MOST_TRIES, MOST_WAITING, SAID_AGAIN_MS, WebhookQueue } from '../../src/server/webhook-queue.ts';

const TAKEN: Delivery = { is: 'taken' };
const FAILED: Delivery = { is: 'failed', why: 'it answered 503' };
const REFUSED: Delivery = { is: 'refused', why: 'it answered 404' };
const at = monoMs;

function queueOf(...messages: string[]): WebhookQueue<string> {
  const queue = new WebhookQueue<string>();
  for (const message of messages) queue.push(message, at(0));
  return queue;
}

describe('what waits for a webhook', () => {
  it('goes one at a time and in order', () => {
    const queue = queueOf('a', 'b');
    expect([queue.take(at(0)), queue.take(at(0)), queue.waitMs(at(0))]).toEqual(['a', undefined, undefined]);
    expect(queue.settle(TAKEN, at(5))).toBeUndefined();
    expect([queue.take(at(5)), queue.settle(TAKEN, at(6)), queue.isEmpty]).toEqual(['b', undefined, true]);
    expect(queue.waitMs(at(6))).toBeUndefined();
  });

  it('is tried again after ever longer pauses, up to five minutes', () => {
    const queue = queueOf('a');
    let now = 0;
    const pauses = Array.from({ length: 9 }, () => {
      expect(queue.take(at(now))).toBe('a');
      queue.settle(FAILED, at(now));
      const pause = queue.waitMs(at(now)) ?? 0;
      expect(queue.take(at(now + pause - 1))).toBeUndefined();
      now += pause;
      return pause / 1000;
    });
    expect(pauses).toEqual([1, 2, 4, 8, 16, 32, 64, 128, 256]);
  });

  it('is given up after so many tries, so that the next one has its turn', () => {
    const queue = queueOf('a', 'b');
    let now = 0;
    for (let tries = 0; tries < MOST_TRIES; tries += 1) {
      expect(queue.take(at(now))).toBe('a');
      queue.settle(FAILED, at(now));
      now += queue.waitMs(at(now)) ?? 0;
    }
    expect(queue.take(at(now))).toBe('b');
    expect(queue.settle(TAKEN, at(now))).toEqual({ news: 'recovered', failedForMs: now, lost: 1 });
  });

  it('is not tried again where it was refused, and the next one waits a little', () => {
    const queue = queueOf('a', 'b');
    queue.take(at(0));
    expect(queue.settle(REFUSED, at(0))).toEqual({ news: 'failed', reason: 'it answered 404', waiting: 1, lost: 1 });
    expect([queue.take(at(0)), queue.take(at(1_000))]).toEqual([undefined, 'b']);
  });

  it('is told to fail at once and then seldom, and to work again', () => {
    const queue = queueOf('a');
    const said: [number, unknown][] = [];
    let now = 0;
    while (now < SAID_AGAIN_MS + 300_000) {
      if (queue.isEmpty) queue.push('more', at(now));
      queue.take(at(now));
      const news = queue.settle(FAILED, at(now));
      if (news !== undefined) said.push([now, news.news]);
      now += queue.waitMs(at(now)) ?? 300_000;
    }
    expect(said).toHaveLength(2);
    expect(said[1]?.[0]).toBeGreaterThanOrEqual(SAID_AGAIN_MS);
    if (queue.isEmpty) queue.push('more', at(now));
    queue.take(at(now));
    expect(queue.settle(TAKEN, at(now))).toMatchObject({ news: 'recovered', failedForMs: now });
  });

  it('is lost from its oldest end where it is too much, which is said once; what is under way stays', () => {
    const queue = queueOf('first', 'second');
    queue.take(at(0));
    const news = Array.from({ length: MOST_WAITING }, (_, number) => queue.push(String(number), at(1))).filter((one) => one !== undefined);
    expect(news).toEqual([{ news: 'failed', reason: 'it takes them more slowly than they come', waiting: MOST_WAITING, lost: 1 }]);
    expect(queue.settle(TAKEN, at(2))).toEqual({ news: 'recovered', failedForMs: 1, lost: 2 });
    // Of `second` and `0` there is nothing left.
    expect(queue.take(at(2))).toBe('1');
  });
});
