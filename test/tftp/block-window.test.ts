import { describe, expect, test } from 'vitest';
import { placeOf, SendWindow, wireBlock } from '../../src/tftp/block-window.ts';

/** A window of which everything up to `acknowledged` is acknowledged, and `inFlight` blocks are under way. */
function windowAt(acknowledged: number, inFlight: number, size = 4): SendWindow {
  const window = new SendWindow(size, acknowledged + inFlight);
  while (window.acknowledged < acknowledged) {
    window.advance();
    window.acknowledge(wireBlock(Math.min(window.sent, acknowledged)));
  }
  window.advance();
  return window;
}

describe('block numbers roll over from 65535 to 0 (RFC 2348 §1, practice)', () => {
  test.each([
    [0, 0],
    [1, 1],
    [65535, 65535],
    [65536, 0],
    [65537, 1],
    [200000, 3392],
  ])('block %i is %i on the wire', (block, wire) => {
    expect(wireBlock(block)).toBe(wire);
  });
});

describe('an ACK to the sender (RFC 7440 §4)', () => {
  test.each([
    ['of the whole window', 4, 4, 8, 'all', 8],
    ['of a part: goes on behind it', 4, 4, 6, 'part', 6],
    ['of the last acknowledged block', 4, 4, 4, 'repeated', 4],
    ['of an older block', 4, 4, 3, 'stray', 4],
    ['of a block never sent', 4, 4, 9, 'stray', 4],
    ['across the roll-over', 65534, 4, 2, 'all', 65538],
    ['a part across the roll-over', 65534, 4, 0, 'part', 65536],
    ['an old one across the roll-over', 65536, 4, 65535, 'stray', 65536],
  ] as const)('%s', (_name, acknowledged, inFlight, wire, meaning, after) => {
    const window = windowAt(acknowledged, inFlight);
    expect(window.acknowledge(wire)).toBe(meaning);
    expect(window.acknowledged).toBe(after);
    expect(window.sent).toBe(meaning === 'part' ? after : Math.max(acknowledged + inFlight, after));
  });

  test('of what went out before it counted as not sent is worth as much', () => {
    const window = windowAt(4, 4);
    window.rewind();
    expect([window.due, window.inFlight, window.furthest]).toEqual([4, 0, 8]);
    expect(window.acknowledge(9)).toBe('stray');
    expect(window.acknowledge(6)).toBe('part');
    expect(window.acknowledge(8)).toBe('all');
    expect([window.sent, window.acknowledged]).toEqual([8, 8]);
  });

  test('no more blocks at one time than may go', () => {
    const window = new SendWindow(4, 6);
    expect([window.advance(3), window.due, window.advance(3), window.due]).toEqual([3, 1, 1, 0]);
  });

  test('no block beyond the window, and none beyond the last', () => {
    const window = new SendWindow(4, 6);
    expect([window.advance(), window.advance()]).toEqual([4, 0]);
    window.acknowledge(4);
    expect([window.advance(), window.advance()]).toEqual([2, 0]);
  });
});

describe('a DATA block to the receiver', () => {
  test.each([
    ['the awaited one', 5, 5, 4, 'next'],
    ['one lost before it', 6, 5, 4, 'ahead'],
    ['the last of the window', 8, 5, 4, 'ahead'],
    ['beyond the window', 9, 5, 4, 'behind'],
    ['had already', 4, 5, 4, 'behind'],
    ['lock-step: only the awaited one counts', 6, 5, 1, 'behind'],
    ['across the roll-over', 1, 65535, 4, 'ahead'],
    ['awaited at the roll-over', 0, 65536, 1, 'next'],
    ['had already across the roll-over', 65535, 65536, 4, 'behind'],
  ] as const)('%s', (_name, wire, next, window, place) => {
    expect(placeOf(wire, next, window)).toBe(place);
  });
});
