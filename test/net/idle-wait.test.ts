import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { IdleWait } from '../../src/net/linux/idle-wait.ts';

/** A look costs some time: after it the clock has moved. */
const LOOK = 0.01;

/** A thread that hears something after each of the gaps, and looks again and again where that is worth it. Milliseconds. */
function play(gaps: readonly number[], wait = new IdleWait(), from = 0): { waited: number; slept: number; now: number } {
  let [now, waited, slept] = [from, 0, 0];
  for (const gap of gaps) {
    const due = now + gap;
    while (now < due) {
      if (!wait.isWorthIt(now)) {
        slept += due - now;
        now = due;
      } else {
        const looked = Math.min(LOOK, due - now);
        waited += looked;
        now += looked;
      }
    }
    wait.heard(now);
  }
  return { waited, slept, now };
}

const many = (gap: number, count = 100): number[] => Array<number>(count).fill(gap);

describe('looking again instead of sleeping', () => {
  test('is not worth it before anything has come, nor after the first that comes', () => {
    const wait = new IdleWait();
    expect(wait.isWorthIt(0)).toBe(false);
    wait.heard(5);
    expect(wait.isWorthIt(5)).toBe(false);
  });

  test('is worth it when answers have been coming quickly', () => {
    const wait = new IdleWait();
    const { now } = play(many(0.1), wait);
    expect(wait.isWorthIt(now)).toBe(true);
  });

  test('is given up after a moment of silence, and comes back with the next quick answers', () => {
    const wait = new IdleWait();
    const { now } = play(many(0.1), wait);
    expect(wait.isWorthIt(now + 0.39)).toBe(true);
    expect(wait.isWorthIt(now + 0.41)).toBe(false);
    expect(wait.isWorthIt(now + 50)).toBe(false);
    wait.heard(now + 50);
    const next = play(many(0.1), wait, now + 50);
    expect(wait.isWorthIt(next.now)).toBe(true);
  });

  test.each([0.4, 1, 10])('is not done where answers come every %d ms', (gap) => {
    const wait = new IdleWait();
    const { now } = play(many(0.1), wait);
    // Until the average shows it.
    const turning = play(many(gap, 20), wait, now);
    expect(play(many(gap), wait, turning.now).waited).toBe(0);
  });

  test('a long rest counts as a slow answer and no more: quick ones are believed again after a dozen', () => {
    const wait = new IdleWait();
    const { now } = play(many(0.1), wait);
    wait.heard(now + 3_600_000);
    const next = play(many(0.05, 25), wait, now + 3_600_000);
    expect(wait.isWorthIt(next.now)).toBe(true);
  });

  test('takes no more than half of the time, be the gaps as they may, after the first second', () => {
    const gap = fc.oneof(fc.constantFrom(0.01, 0.2, 0.24, 0.29, 0.31, 0.35), fc.double({ min: 0.005, max: 3, noNaN: true }));
    fc.assert(
      fc.property(fc.array(gap, { minLength: 1, maxLength: 12 }), (pattern) => {
        const count = Math.ceil(6000 / pattern.reduce((sum, each) => sum + each, 0));
        const { waited, now } = play(Array.from({ length: count }, () => pattern).flat());
        expect(waited).toBeLessThanOrEqual(1000 + now / 2 + 1);
      }),
      { numRuns: 30 },
    );
  });

  test('a storm may have the whole time for a second or two, and half of it from then on', () => {
    const wait = new IdleWait();
    const first = play(many(0.2, 5000), wait);
    expect(first.waited).toBeGreaterThan(990);
    const later = play(many(0.2, 50_000), wait, first.now);
    expect(later.waited / (later.now - first.now)).toBeGreaterThan(0.4);
    expect(later.waited / (later.now - first.now)).toBeLessThan(0.6);
  });
});
