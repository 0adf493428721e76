import { setImmediate as nextTurn } from 'node:timers/promises';
import { getHeapStatistics } from 'node:v8';
import { expect, test } from 'vitest';
import { PieceMemory } from '../../src/files/piece-memory.ts';

const SIZE = 4096;

test('what is given back serves the next piece, in the next turn and not before', async () => {
  const memory = new PieceMemory(SIZE);
  const first = memory.take(SIZE);
  first.address = 77;
  memory.giveBack(first);
  // A socket may have to send what is in it until this turn is over.
  expect(memory.take(SIZE)).not.toBe(first);
  await nextTurn();
  expect(memory.take(SIZE - 1)).toBe(first);
  expect(first).toMatchObject({ address: 77 });
  expect(memory.take(SIZE)).not.toBe(first);
});

test('several of one turn are all used again', async () => {
  const memory = new PieceMemory(SIZE);
  const pieces = [memory.take(SIZE), memory.take(SIZE), memory.take(SIZE)];
  for (const piece of pieces) memory.giveBack(piece);
  await nextTurn();
  expect(new Set([memory.take(SIZE), memory.take(SIZE), memory.take(SIZE)])).toEqual(new Set(pieces));
});

test.each([1, SIZE / 2 - 1, SIZE + 1])('%i octets get just what they need, and are left to the collector', async (length) => {
  const memory = new PieceMemory(SIZE);
  const piece = memory.take(length);
  expect(piece.octets.length).toBe(length);
  memory.giveBack(piece);
  await nextTurn();
  expect(memory.take(length)).not.toBe(piece);
  expect(memory.take(SIZE).octets.length).toBe(SIZE);
});

test('V8 does not count it, so that large files do not make it look for garbage', () => {
  const before = getHeapStatistics().external_memory;
  const memory = new PieceMemory(1024 * 1024);
  const pieces = Array.from({ length: 16 }, () => memory.take(1024 * 1024));
  expect(getHeapStatistics().external_memory - before).toBeLessThan(1024 * 1024);
  expect(pieces).toHaveLength(16);
});
