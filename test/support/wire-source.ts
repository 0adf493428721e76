/** Files in memory and the packets that are made of them, for tests of what goes over the wire. */
import { expect } from 'vitest';
import { invariant, ok } from '../../src/base/result.ts';
import type { WireImage, WireSource } from '../../src/files/wire-image.ts';
import { wireBlock } from '../../src/tftp/block-window.ts';
import { encodePacket } from '../../src/tftp/packet.ts';

/** A file in memory that counts how often it is read. */
export class Source implements WireSource {
  readonly content: Uint8Array;
  readonly length: number;
  reads = 0;

  constructor(content: Uint8Array, length = content.length) {
    this.content = content;
    this.length = length;
  }

  read(into: Uint8Array, offset: number) {
    this.reads += 1;
    const octets = this.content.subarray(offset, offset + into.length);
    into.set(octets);
    return ok(octets.length);
  }
}

/** Blocks of a file, the last one shorter than the others. */
export const blocksIn = (length: number, blockSize: number): number => Math.floor(length / blockSize) + 1;

/** The packets as the plain encoder makes them. */
export function packetsOf(content: Uint8Array, first: number, count: number, blockSize: number): Buffer {
  return Buffer.concat(
    Array.from({ length: count }, (_, n) => {
      const from = (first + n - 1) * blockSize;
      return encodePacket({ type: 'data', block: wireBlock(first + n), octets: content.subarray(from, from + blockSize) });
    }),
  );
}

/** The octets of `count` packets from block `first` on, and how many runs they came in. */
export function take(image: WireImage, first: number, count: number, source: WireSource): { octets: Buffer; runs: number } {
  const parts: Buffer[] = [];
  let taken = 0;
  while (taken < count) {
    const run = image.run(first + taken, count - taken, source);
    invariant(run.ok, 'a file that can be read');
    expect(run.value.count).toBeGreaterThan(0);
    const { piece, at, octets } = run.value;
    expect(at + octets).toBeLessThanOrEqual(piece.octets.length);
    parts.push(Buffer.from(piece.octets.subarray(at, at + octets)));
    taken += run.value.count;
  }
  expect(taken).toBe(count);
  return { octets: Buffer.concat(parts), runs: parts.length };
}

/** Equal or not, without printing megabytes. */
export function expectSame(octets: Buffer, expected: Buffer): void {
  expect(octets.length).toBe(expected.length);
  expect(Buffer.compare(octets, expected)).toBe(0);
}
