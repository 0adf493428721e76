import { afterEach, beforeEach, expect, it, vi } from 'vitest';
import { monoMs, wallMs } from '../../src/base/clock.ts';
import type { AppEvent } from '../../src/events/events.ts';
import { EventBundle } from '../../src/server/event-bundle.ts';

beforeEach(() => void vi.useFakeTimers());
afterEach(() => void vi.useRealTimers());

const ready = (networks: number): AppEvent => ({ type: 'server.ready', networks });

function bundling(): { bundle: EventBundle; posts: AppEvent[][] } {
  const posts: AppEvent[][] = [];
  const clock = { wall: () => wallMs(0), mono: () => monoMs(performance.now()) };
  return { posts, bundle: new EventBundle(clock, 5, (events) => posts.push([...events])) };
}

it('posts an event after a silence at the end of the turn, with all others of that turn', () => {
  const { bundle, posts } = bundling();
  bundle.add(ready(1));
  bundle.add(ready(2));
  expect(posts).toEqual([]);
  vi.advanceTimersByTime(0);
  expect(posts).toEqual([[ready(1), ready(2)]]);
});

it('makes one message every few milliseconds of a burst, in order', () => {
  const { bundle, posts } = bundling();
  for (let n = 0; n < 100; n += 1) {
    bundle.add(ready(n));
    vi.advanceTimersByTime(1);
  }
  vi.advanceTimersByTime(5);
  expect(posts.flat()).toEqual(Array.from({ length: 100 }, (_, n) => ready(n)));
  expect(posts.length).toBeGreaterThanOrEqual(17);
  expect(posts.length).toBeLessThanOrEqual(21);
});

it('posts what waits when it is flushed, and nothing twice', () => {
  const { bundle, posts } = bundling();
  bundle.add(ready(1));
  bundle.flush();
  bundle.flush();
  vi.advanceTimersByTime(10);
  expect(posts).toEqual([[ready(1)]]);
});
