import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { monoMs } from '../../src/base/clock.ts';
import { Backlog } from '../../src/server/backlog.ts';

const at = monoMs;

function backlogOf(...work: readonly (readonly [name: string, at: number, waitedMs?: number])[]): Backlog<string> {
  const backlog = new Backlog<string>(3, 2000);
  for (const [name, now, waitedMs = 0] of work) backlog.add(name, at(now), waitedMs);
  return backlog;
}

function takeAll<Work>(backlog: Backlog<Work>, now: number): Work[] {
  const taken: Work[] = [];
  for (let next = backlog.take(at(now)); next !== undefined; next = backlog.take(at(now))) taken.push(next);
  return taken;
}

describe('A backlog', () => {
  it('gives work in the order in which it came', () => {
    const backlog = backlogOf(['a', 0], ['b', 1], ['c', 2]);
    expect(backlog.length).toBe(3);
    expect(takeAll(backlog, 2)).toEqual(['a', 'b', 'c']);
    expect([backlog.length, backlog.takeShed()]).toEqual([0, 0]);
  });

  it('sheds the oldest, not the newest, when it is full', () => {
    const backlog = backlogOf(['a', 0], ['b', 1], ['c', 2], ['d', 3], ['e', 4]);
    expect(takeAll(backlog, 4)).toEqual(['c', 'd', 'e']);
    expect(backlog.takeShed()).toBe(2);
    expect(backlog.takeShed()).toBe(0);
  });

  it('sheds what waited longer than anybody waits for an answer', () => {
    const backlog = backlogOf(['a', 0], ['b', 500], ['c', 2000]);
    expect(takeAll(backlog, 2501)).toEqual(['c']);
    expect(backlog.takeShed()).toBe(2);
  });

  it('counts the time in the kernel as waiting', () => {
    const backlog = backlogOf(['stale', 5000, 2001], ['fresh', 5000, 2000]);
    expect(takeAll(backlog, 5000)).toEqual(['fresh']);
  });

  it('loses nothing unsaid: what came is what was taken, what was shed and what still waits, in order', () => {
    const step = fc.oneof(
      fc.record({ add: fc.integer({ min: 0, max: 3000 }) }),
      fc.record({ takeAfter: fc.integer({ min: 0, max: 1500 }) }),
    );
    fc.assert(
      fc.property(fc.array(step, { maxLength: 200 }), fc.integer({ min: 1, max: 8 }), (steps, capacity) => {
        const backlog = new Backlog<number>(capacity, 2000);
        const taken: number[] = [];
        let added = 0;
        let shed = 0;
        let now = 0;
        for (const one of steps) {
          if ('add' in one) backlog.add(added++, at(now), one.add);
          else {
            now += one.takeAfter;
            const work = backlog.take(at(now));
            if (work !== undefined) taken.push(work);
          }
          shed += backlog.takeShed();
          expect(backlog.length).toBeLessThanOrEqual(capacity);
          expect(taken.length + shed + backlog.length).toBe(added);
        }
        expect(taken).toEqual(taken.toSorted((a, b) => a - b));
      }),
    );
  });
});
