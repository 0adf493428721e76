import { describe, expect, test } from 'vitest';
import { ipv4 } from '../../src/base/addresses.ts';
import { monoMs } from '../../src/base/clock.ts';
import { ClientMemory, type Reception } from '../../src/tftp/client-memory.ts';
import { ip, mac } from '../support/addresses.ts';

const DESK = mac('00:1b:54:aa:bb:cc');
const START = monoMs(0);
const DAY_MS = 24 * 3_600_000;

function reception(changes: Partial<Reception>): Reception {
  return { blockSize: 1468, window: 16, acknowledged: 1600, windowsLost: 0, isWhole: true, ...changes };
}

describe('a client that acknowledges no block', () => {
  test.each([
    ['fragments of a jumbo block', 8192, 1, { size: 'block', tooLarge: 8192, next: 1468 }],
    ['one octet more than a frame holds', 1469, 1, { size: 'block', tooLarge: 1469, next: 1468 }],
    ['a full frame, where the MTU on the way is smaller', 1468, 1, { size: 'block', tooLarge: 1468, next: 512 }],
    ['a full frame in a window: the blocks go first', 1468, 64, { size: 'block', tooLarge: 1468, next: 512 }],
    ['one octet more than every client takes (RFC 1350 §2)', 513, 1, { size: 'block', tooLarge: 513, next: 512 }],
    ['a window of plain blocks', 512, 64, { size: 'window', tooLarge: 64, next: 32 }],
    ['an odd window', 512, 3, { size: 'window', tooLarge: 3, next: 1 }],
    ['what every client takes', 512, 1, undefined],
    ['less than that', 8, 1, undefined],
  ])('%s', (_name, blockSize, window, lesson) => {
    const memory = new ClientMemory();
    expect(memory.stalled(DESK, { blockSize, window }, START)).toEqual(lesson);
    expect(memory.isEmpty).toBe(lesson === undefined);
    const { next, size } = lesson ?? {};
    if (next !== undefined) expect(memory.sizesOf(DESK, START)).toMatchObject(size === 'block' ? { blockSize: next } : { window: next });
  });

  test('gets less with each try, down to what cannot fail', () => {
    const memory = new ClientMemory();
    let [blockSize, window] = [8192, 8];
    const tries: string[] = [];
    while (memory.stalled(DESK, { blockSize, window }, START) !== undefined) {
      const sizes = memory.sizesOf(DESK, START);
      blockSize = Math.min(blockSize, sizes?.blockSize ?? 0);
      window = Math.min(window, sizes?.window ?? 0);
      tries.push(`${blockSize}×${window}`);
    }
    expect(tries).toEqual(['1468×8', '512×8', '512×4', '512×2', '512×1']);
  });

  test('in two transfers at one time is learned of once', () => {
    const memory = new ClientMemory();
    expect(memory.stalled(DESK, { blockSize: 1468, window: 1 }, START)).toBeDefined();
    expect(memory.stalled(DESK, { blockSize: 1468, window: 1 }, START)).toBeUndefined();
  });

  test('but was only slow, and takes it all, is believed', () => {
    const memory = new ClientMemory();
    memory.stalled(DESK, { blockSize: 1468, window: 1 }, START);
    memory.concluded(DESK, reception({ window: 1 }), START);
    expect(memory.sizesOf(DESK, START)).toBeUndefined();
  });
});

describe('a client that loses windows', () => {
  test.each([
    ['every other one', { acknowledged: 160, windowsLost: 10 }, 8],
    ['a quarter of them', { acknowledged: 192, windowsLost: 4 }, 8],
    ['and then is gone', { acknowledged: 160, windowsLost: 10, isWhole: false }, 8],
    ['fewer than a quarter: that is the line', { acknowledged: 1600, windowsLost: 10 }, undefined],
    ['three of a short file', { acknowledged: 10, windowsLost: 3 }, undefined],
    ['in lock-step', { acknowledged: 10, windowsLost: 10, window: 1 }, undefined],
  ])('%s', (_name, changes, next) => {
    const memory = new ClientMemory();
    const lesson = memory.concluded(DESK, reception(changes), START);
    expect(lesson).toEqual(next === undefined ? undefined : { size: 'window', tooLarge: 16, next });
  });
});

describe('what was learned', () => {
  test('stays when a transfer goes well with it', () => {
    const memory = new ClientMemory();
    memory.stalled(DESK, { blockSize: 1468, window: 4 }, START);
    memory.concluded(DESK, reception({ blockSize: 512, window: 4 }), START);
    expect(memory.sizesOf(DESK, START)?.blockSize).toBe(512);
  });

  test('of blocks goes when larger ones arrive, and what was learned of windows stays', () => {
    const memory = new ClientMemory();
    memory.stalled(DESK, { blockSize: 1468, window: 4 }, START);
    memory.stalled(DESK, { blockSize: 512, window: 4 }, START);
    memory.concluded(DESK, reception({ blockSize: 1468, window: 1 }), START);
    expect(memory.sizesOf(DESK, START)).toMatchObject({ blockSize: Number.POSITIVE_INFINITY, window: 2 });
  });

  test('is not disproved by a transfer that failed', () => {
    const memory = new ClientMemory();
    memory.stalled(DESK, { blockSize: 1468, window: 1 }, START);
    memory.concluded(DESK, reception({ acknowledged: 0, isWhole: false }), START);
    expect(memory.sizesOf(DESK, START)?.blockSize).toBe(512);
  });

  test('is forgotten after a day', () => {
    const memory = new ClientMemory();
    memory.stalled(DESK, { blockSize: 1468, window: 1 }, START);
    expect(memory.sizesOf(DESK, monoMs(DAY_MS - 1))).toBeDefined();
    expect(memory.sizesOf(DESK, monoMs(DAY_MS))).toBeUndefined();
    expect(memory.isEmpty).toBe(true);
  });

  test('holds for its client alone, and of very many clients the oldest is forgotten', () => {
    const memory = new ClientMemory();
    const first = ip('10.0.0.0');
    for (let n = 0; n < 4097; n++) memory.stalled(ipv4(first + n), { blockSize: 1468, window: 1 }, START);
    expect(memory.sizesOf(DESK, START)).toBeUndefined();
    expect(memory.sizesOf(first, START)).toBeUndefined();
    expect(memory.sizesOf(ipv4(first + 1), START)).toBeDefined();
  });
});
