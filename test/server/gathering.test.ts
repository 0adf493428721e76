import { afterEach, beforeEach, expect, it, vi } from 'vitest';
import { monoMs, wallMs } from '../../src/base/clock.ts';
import { Gathering } from '../../src/server/gathering.ts';

let now = 0;
const clock = { wall: () => wallMs(0), mono: () => monoMs(now) };

beforeEach(() => {
  now = 0;
  vi.useFakeTimers({ toFake: ['setImmediate'] });
});
afterEach(() => void vi.useRealTimers());

/** Turns of the event loop that take a time each, and what was released in them. */
function gathering(): { group: Gathering<string>; released: string[]; turns: (count: number, micros: number) => void } {
  const released: string[] = [];
  return {
    released,
    group: new Gathering(clock, (items) => released.push(items.join(' '))),
    turns(count, micros) {
      for (let turn = 0; turn < count; turn += 1) {
        now += micros / 1000;
        vi.advanceTimersToNextTimer();
      }
    },
  };
}

it('keeps a single one no longer than its turn', () => {
  const { group, released, turns } = gathering();
  group.add('a');
  expect(released).toEqual([]);
  turns(1, 1);
  group.add('b');
  turns(1, 1);
  expect(released).toEqual(['a', 'b']);
});

it('waits in a crowd until nothing more comes for ten turns', () => {
  const { group, released, turns } = gathering();
  for (const one of ['a', 'b', 'c']) group.add(one);
  turns(1, 5);
  group.add('d');
  turns(9, 5);
  group.add('e');
  turns(9, 5);
  expect(released).toEqual(['a b c']);
  turns(1, 5);
  expect(released).toEqual(['a b c', 'd e']);
});

it('waits no longer than two turns when as many have come as in the group before', () => {
  const { group, released, turns } = gathering();
  for (const one of ['a', 'b']) group.add(one);
  turns(1, 5);
  for (const one of ['c', 'd']) group.add(one);
  turns(1, 5);
  expect(released).toEqual(['a b']);
  turns(1, 5);
  expect(released).toEqual(['a b', 'c d']);
});

it('does not wait any more when the crowd is gone', () => {
  const { group, released, turns } = gathering();
  group.add('a');
  group.add('b');
  turns(1, 5);
  group.add('c');
  turns(10, 5);
  group.add('d');
  turns(1, 5);
  expect(released).toEqual(['a b', 'c', 'd']);
});

it('closes a group that grows and grows after a millisecond', () => {
  const { group, released, turns } = gathering();
  group.add('a');
  group.add('b');
  turns(1, 5);
  for (let micros = 0; micros < 1000; micros += 50) {
    group.add('c');
    turns(1, 50);
  }
  expect(released).toEqual(['a b', Array(20).fill('c').join(' ')]);
});

it('gives a group at once when it is flushed, and none that is empty', () => {
  const { group, released, turns } = gathering();
  group.flush();
  group.add('a');
  group.flush();
  turns(1, 5);
  expect(released).toEqual(['a']);
});
