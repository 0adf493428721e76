import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { OctetShelf } from '../../src/base/octet-shelf.ts';

describe('room from a shelf', () => {
  test('is zero, as long as asked for, and nobody else’s, however much was taken before', () => {
    const lengths = fc.array(fc.oneof(fc.nat(400), fc.nat(70_000)), { maxLength: 300 });
    fc.assert(
      fc.property(lengths, (all) => {
        const shelf = new OctetShelf();
        const rooms = all.map((length, n) => {
          const room = shelf.take(length);
          expect(room.length).toBe(length);
          expect(room.every((octet) => octet === 0)).toBe(true);
          return room.fill((n % 255) + 1);
        });
        expect(rooms.every((room, n) => room.every((octet) => octet === (n % 255) + 1))).toBe(true);
      }),
      { numRuns: 50 },
    );
  });

  test('small ones share a block, a long one has a buffer of its own', () => {
    const shelf = new OctetShelf();
    const [first, second, long] = [shelf.take(300), shelf.take(300), shelf.take(20_000)];
    expect(second.buffer).toBe(first.buffer);
    expect(long.buffer.byteLength).toBe(20_000);
  });
});
