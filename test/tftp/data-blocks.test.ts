import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { wireBlock } from '../../src/tftp/block-window.ts';
import { laidOutOctets, layOutBlocks, rawPartOf, strideOf } from '../../src/tftp/data-blocks.ts';
import { encodePacket } from '../../src/tftp/packet.ts';
import { pattern } from '../support/tftp-script.ts';

function laidOut(file: Uint8Array, first: number, count: number, blockSize: number): Buffer {
  const memory = new Uint8Array(laidOutOctets(file.length, count)).fill(0xee);
  rawPartOf(memory, count).set(file);
  layOutBlocks(memory, first, count, blockSize);
  return Buffer.from(memory);
}

function encoded(file: Uint8Array, first: number, count: number, blockSize: number): Buffer {
  return Buffer.concat(
    Array.from({ length: count }, (_, n) => {
      const octets = file.subarray(n * blockSize, (n + 1) * blockSize);
      return encodePacket({ type: 'data', block: wireBlock(first + n), octets });
    }),
  );
}

describe('blocks laid out as packets (RFC 1350 §5)', () => {
  test.each([
    ['one full block', 512, 1, 1, 512],
    ['one short block', 100, 1, 1, 512],
    ['one empty block', 0, 7, 1, 512],
    ['blocks of which the last is short', 3 * 512 + 1, 1, 4, 512],
    ['blocks of which the last is empty', 3 * 512, 1, 4, 512],
    ['blocks shorter than two headers', 50 * 8 + 3, 1, 51, 8],
    ['the largest blocks (RFC 2348)', 3 * 65464 + 9, 1, 4, 65464],
    ['numbers that roll over', 4 * 8, 65_534, 4, 8],
    ['numbers that rolled over twice', 2 * 8, 2 * 65_536 + 5, 2, 8],
  ])('%s', (_name, octets, first, count, blockSize) => {
    const file = pattern(octets);
    expect(laidOut(file, first, count, blockSize).equals(encoded(file, first, count, blockSize))).toBe(true);
  });

  test('no blocks take nothing', () => {
    expect(laidOut(new Uint8Array(0), 1, 0, 512)).toHaveLength(0);
  });

  test('a packet begins every stride', () => {
    const octets = laidOut(pattern(1500), 9, 3, 512);
    expect([0, 1, 2].map((n) => octets.readUInt32BE(n * strideOf(512)))).toEqual([0x0003_0009, 0x0003_000a, 0x0003_000b]);
  });

  test('any file is what the plain encoder makes of it', () => {
    const cases = fc.record({
      blockSize: fc.integer({ min: 8, max: 2000 }),
      full: fc.nat(40),
      rest: fc.double({ min: 0, max: 1, noNaN: true }),
      first: fc.integer({ min: 1, max: 200_000 }),
    });
    fc.assert(
      fc.property(cases, ({ blockSize, full, rest, first }) => {
        const file = pattern(full * blockSize + Math.floor(rest * (blockSize - 1)));
        expect(laidOut(file, first, full + 1, blockSize).equals(encoded(file, first, full + 1, blockSize))).toBe(true);
      }),
    );
  });
});
