import { describe, expect, it } from 'vitest';
import { monoMs } from '../../src/base/clock.ts';
import { Sessions } from '../../src/web/sessions.ts';

const HOUR = 3_600_000;

describe('sessions', () => {
  it('have ids that nobody guesses, and end after twelve hours', () => {
    const sessions = new Sessions();
    const ids = new Set(Array.from({ length: 50 }, () => sessions.begin(monoMs(0))));
    expect(ids.size).toBe(50);
    for (const id of ids) expect(id).toMatch(/^[\w-]{32}$/);
    const [id = ''] = ids;
    expect(sessions.isOpen(id, monoMs(12 * HOUR - 1))).toBe(true);
    expect(sessions.isOpen(id, monoMs(12 * HOUR))).toBe(false);
    expect(sessions.isOpen('', monoMs(0))).toBe(false);
  });

  it('end one by one', () => {
    const sessions = new Sessions();
    const [one, other] = [sessions.begin(monoMs(0)), sessions.begin(monoMs(0))];
    sessions.end(one);
    expect([sessions.isOpen(one, monoMs(1)), sessions.isOpen(other, monoMs(1))]).toEqual([false, true]);
  });

  it('are no more than sixty-four: the oldest goes first', () => {
    const sessions = new Sessions();
    const ids = Array.from({ length: 65 }, (_, at) => sessions.begin(monoMs(at)));
    expect(ids.map((id) => sessions.isOpen(id, monoMs(100))).indexOf(true)).toBe(1);
  });
});
