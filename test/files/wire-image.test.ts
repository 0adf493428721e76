import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { err, invariant } from '../../src/base/result.ts';
import { refusal } from '../../src/files/refusal.ts';
import { type WireImage, WireImages, type WireSource } from '../../src/files/wire-image.ts';
import { pattern } from '../support/tftp-script.ts';
import { blocksIn, expectSame, packetsOf, Source, take } from '../support/wire-source.ts';

const PIECE = 256 * 1024;
const PLENTY = 2 ** 30;

describe('the packets of a file (RFC 1350 §5, RFC 2348)', () => {
  const sizes = (blockSize: number): number[] => [
    ...new Set([0, 1, blockSize - 1, blockSize, blockSize + 1, 3 * blockSize, PIECE - 1, PIECE, PIECE + 1, 2 * PIECE + blockSize + 7]),
  ];
  test.each([8, 512, 1024, 1428, 1468, 8192, 32768, 65464])('blocks of %i octets', (blockSize) => {
    for (const size of sizes(blockSize)) {
      const source = new Source(pattern(size));
      const image = new WireImages(PLENTY).take('f', size, blockSize);
      const blocks = blocksIn(size, blockSize);
      expectSame(take(image, 1, blocks, source).octets, packetsOf(source.content, 1, blocks, blockSize));
      expectSame(take(image, blocks, 1, source).octets, packetsOf(source.content, blocks, 1, blockSize));
    }
  });

  test('the last packet of a file that fills its blocks carries nothing (RFC 1350 §6)', () => {
    const image = new WireImages(PLENTY).take('f', 1024, 512);
    expect([...take(image, 3, 1, new Source(pattern(1024))).octets]).toEqual([0, 3, 0, 3]);
  });

  test('numbers roll over from 65535 to 0, also within a run', () => {
    const source = new Source(pattern(8 * 66_000));
    const image = new WireImages(PLENTY).take('f', source.length, 8);
    for (const first of [65_530, 65_535, 65_536, 65_537])
      expectSame(take(image, first, 16, source).octets, packetsOf(source.content, first, 16, 8));
    expect([...take(image, 65_536, 1, source).octets.subarray(0, 4)]).toEqual([0, 3, 0, 0]);
    expectSame(take(image, 1, 66_001, source).octets, packetsOf(source.content, 1, 66_001, 8));
  });

  test('a run ends where a piece does, and the next one goes on behind it', () => {
    const source = new Source(pattern(PIECE * 2));
    const image = new WireImages(PLENTY).take('f', source.length, 1468);
    const inPiece = Math.floor(PIECE / 1472);
    const before = image.run(inPiece - 2, 16, source);
    expect(before).toMatchObject({ ok: true, value: { count: 3 } });
    const both = take(image, inPiece - 2, 16, source);
    expect(both.runs).toBe(2);
    expectSame(both.octets, packetsOf(source.content, inPiece - 2, 16, 1468));
  });

  test('blocks that the file does not have are a bug of ours', () => {
    const image = new WireImages(PLENTY).take('f', 1000, 512);
    expect(() => image.run(3, 1, new Source(pattern(1000)))).toThrow('blocks that the file does not have');
  });

  test('any window of any file is what the plain encoder makes', () => {
    const cases = fc.record({
      blockSize: fc.oneof(fc.integer({ min: 8, max: 64 }), fc.integer({ min: 8, max: 65464 })),
      size: fc.oneof(fc.nat(5000), fc.nat(3 * PIECE)),
      windows: fc.array(fc.record({ at: fc.nat(), count: fc.integer({ min: 1, max: 200 }) }), { minLength: 1, maxLength: 6 }),
      budget: fc.constantFrom(0, PIECE, PLENTY),
    });
    const content = pattern(3 * PIECE);
    fc.assert(
      fc.property(cases, ({ blockSize, size, windows, budget }) => {
        const source = new Source(content.subarray(0, size));
        const images = new WireImages(budget);
        const image = images.take('f', size, blockSize);
        const blocks = blocksIn(size, blockSize);
        for (const { at, count } of windows) {
          const first = 1 + (at % blocks);
          const wanted = Math.min(count, blocks - first + 1);
          expectSame(take(image, first, wanted, source).octets, packetsOf(source.content, first, wanted, blockSize));
        }
        images.release(image);
      }),
      { numRuns: 150 },
    );
  });
});

describe('transfers of the same content', () => {
  test('send from the same memory, which is read once', () => {
    const images = new WireImages(PLENTY);
    const source = new Source(pattern(5000));
    const [one, other] = [images.take('f', 5000, 512), images.take('f', 5000, 512)];
    const [first, second] = [one.run(1, 4, source), other.run(3, 1, source)];
    invariant(first.ok && second.ok, 'readable');
    expect(second.value.piece).toBe(first.value.piece);
    expect(source.reads).toBe(1);
  });

  test('a later one finds what an earlier one has left', () => {
    const images = new WireImages(PLENTY);
    const source = new Source(pattern(5000));
    const one = images.take('f', 5000, 512);
    take(one, 1, 10, source);
    images.release(one);
    take(images.take('f', 5000, 512), 1, 10, source);
    expect(source.reads).toBe(1);
  });

  test.each([
    ['another content', 'g', 512],
    ['another block size', 'f', 1024],
  ])('%s has memory of its own', (_name, key, blockSize) => {
    const images = new WireImages(PLENTY);
    const [one, other] = [new Source(pattern(5000)), new Source(pattern(5000, 2))];
    take(images.take('f', 5000, 512), 1, 10, one);
    expectSame(take(images.take(key, 5000, blockSize), 1, 4, other).octets, packetsOf(other.content, 1, 4, blockSize));
  });

  test('a content that goes by no key is for one transfer alone, and goes with it', () => {
    const images = new WireImages(PLENTY);
    const [one, other] = [images.take(undefined, 5000, 512), images.take(undefined, 5000, 512)];
    expect(other).not.toBe(one);
    const changed = new Source(pattern(5000, 2));
    take(one, 1, 10, new Source(pattern(5000)));
    expectSame(take(other, 1, 10, changed).octets, packetsOf(changed.content, 1, 10, 512));
    images.release(one);
    images.release(other);
    expect(images.octets).toBe(0);
  });
});

describe('the budget', () => {
  const LARGE = 40 * PIECE;
  const BUDGET = 4 * PIECE;
  /** A piece that stands over the budget is the one that is sent from. */
  const MOST = BUDGET + PIECE;

  test('holds for a file that is larger than all of it, and for many files', () => {
    const images = new WireImages(BUDGET);
    const large = new Source(pattern(LARGE));
    const image = images.take('large', LARGE, 1024);
    for (let first = 1; first <= blocksIn(LARGE, 1024); first += 64) {
      image.run(first, 1, large);
      expect(images.octets).toBeLessThanOrEqual(MOST);
    }
    for (let n = 0; n < 3000; n += 1) {
      const small = images.take(`f${n}`, 1000, 512);
      take(small, 1, 2, new Source(pattern(1000)));
      images.release(small);
      expect(images.octets).toBeLessThanOrEqual(MOST);
    }
  });

  test('counts what many tiny files cost beside their octets', () => {
    const images = new WireImages(100 * 1024);
    let made = 0;
    for (let n = 0; n < 1000; n += 1) take(images.take(`f${n}`, 1, 512), 1, 1, new Source(pattern(1)));
    for (let n = 0; n < 1000; n += 1) {
      const source = new Source(pattern(1));
      take(images.take(`f${n}`, 1, 512), 1, 1, source);
      made += source.reads;
    }
    // Fewer than 200 of them fit, each of which costs half a kibibyte at least.
    expect(made).toBeGreaterThan(800);
  });

  test('what is asked for again and again stays while others stream through, once it got through the first look at all', () => {
    const images = new WireImages(BUDGET);
    const popular = new Source(pattern(1000));
    const image = images.take('popular', 1000, 512);
    const large = new Source(pattern(LARGE));
    const streaming = images.take('large', LARGE, 1024);
    for (let first = 1; first <= blocksIn(LARGE, 1024); first += 16) {
      take(image, 1, 2, popular);
      streaming.run(first, 1, large);
    }
    expect(popular.reads).toBeLessThanOrEqual(2);
  });

  test('what nobody asks for goes first', () => {
    const images = new WireImages(BUDGET);
    const forgotten = new Source(pattern(1000));
    take(images.take('forgotten', 1000, 512), 1, 2, forgotten);
    const large = new Source(pattern(LARGE));
    take(images.take('large', LARGE, 1024), 1, blocksIn(LARGE, 1024), large);
    take(images.take('forgotten', 1000, 512), 1, 2, forgotten);
    expect(forgotten.reads).toBe(2);
  });

  test('one piece that is larger than all of it is sent nevertheless, and is the only one', () => {
    const images = new WireImages(1000);
    const source = new Source(pattern(3 * PIECE));
    const image = images.take('f', source.length, 1024);
    const blocks = blocksIn(source.length, 1024);
    expectSame(take(image, 1, blocks, source).octets, packetsOf(source.content, 1, blocks, 1024));
    expect(images.octets).toBeLessThanOrEqual(PIECE + 1024);
  });

  test('octets that a socket still has are not written over when their piece is forgotten', () => {
    const images = new WireImages(0);
    const source = new Source(pattern(3 * PIECE));
    const image = images.take('f', source.length, 1024);
    const first = image.run(1, 4, source);
    invariant(first.ok, 'readable');
    const { piece, at, octets } = first.value;
    take(image, 5, blocksIn(source.length, 1024) - 4, source);
    expectSame(Buffer.from(piece.octets.subarray(at, at + octets)), packetsOf(source.content, 1, 4, 1024));
  });

  test('any order of asking, taking and releasing: right octets, within the budget, and nothing private is left', () => {
    const step = fc.record({
      file: fc.nat(5),
      blockSize: fc.constantFrom(512, 1468),
      at: fc.nat(),
      count: fc.integer({ min: 1, max: 64 }),
    });
    const contents = [0, 700, 5000, PIECE, PIECE + 1, 3 * PIECE].map((size, n) => pattern(size, n + 1));
    fc.assert(
      fc.property(fc.array(step, { maxLength: 40 }), fc.constantFrom(0, 2 * PIECE, 5 * PIECE), (steps, budget) => {
        const images = new WireImages(budget);
        const running: WireImage[] = [];
        for (const { file, blockSize, at, count } of steps) {
          const content = contents[file] ?? new Uint8Array(0);
          // The last of the files is one that goes by no key.
          const image = images.take(file === 5 ? undefined : `f${file}`, content.length, blockSize);
          running.push(image);
          const blocks = blocksIn(content.length, blockSize);
          const first = 1 + (at % blocks);
          const wanted = Math.min(count, blocks - first + 1);
          expectSame(take(image, first, wanted, new Source(content)).octets, packetsOf(content, first, wanted, blockSize));
          expect(images.octets).toBeLessThanOrEqual(budget + PIECE + 1024);
          const [oldest] = running;
          if (at % 3 === 0 && oldest !== undefined) {
            running.shift();
            images.release(oldest);
          }
        }
        for (const image of running) images.release(image);
        expect(running.filter(({ key, isEmpty }) => key === undefined && !isEmpty)).toEqual([]);
      }),
      { numRuns: 60 },
    );
  });
});

describe('a file that goes wrong', () => {
  test.each([
    ['became shorter', new Source(pattern(4000), 5000), 'the file changed while it was read'],
    ['cannot be read', { length: 5000, read: () => err(refusal('fault', 'EIO: i/o error')) } satisfies WireSource, 'EIO: i/o error'],
  ])('%s: no packet, a reason, and nothing is kept', (_name, source, detail) => {
    const images = new WireImages(PLENTY);
    const image = images.take('f', 5000, 512);
    expect(image.run(1, 4, source)).toEqual(err(refusal('fault', detail)));
    expect(images.octets).toBe(0);
    // The next transfer looks for itself.
    const mended = new Source(pattern(5000));
    expectSame(take(image, 1, 10, mended).octets, packetsOf(mended.content, 1, 10, 512));
  });

  test('became longer: the client gets what it was promised', () => {
    const source = new Source(pattern(6000), 5000);
    const image = new WireImages(PLENTY).take('f', 5000, 512);
    expectSame(take(image, 1, 10, source).octets, packetsOf(source.content.subarray(0, 5000), 1, 10, 512));
  });
});
