import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { err, invariant, ok } from '../../src/base/result.ts';
import { netasciiSource } from '../../src/files/netascii-source.ts';
import type { OpenedFile } from '../../src/files/opened-file.ts';
import { refusal } from '../../src/files/refusal.ts';
import type { WireSource } from '../../src/files/wire-image.ts';
import { encodeNetascii } from '../../src/tftp/netascii.ts';

const PART = 64 * 1024;
const [LF, CR, A] = [10, 13, 65];
const CHANGED = err(refusal('fault', 'the file changed while it was read'));

/** A file whose content may be swapped while it is open. */
class MemoryFile implements OpenedFile {
  readonly size: number;
  readonly contentKey = undefined;
  content: Uint8Array;
  reads = 0;

  constructor(content: Uint8Array) {
    this.content = content;
    this.size = content.length;
  }

  read(into: Uint8Array, offset: number) {
    this.reads += 1;
    const octets = this.content.subarray(offset, offset + into.length);
    into.set(octets);
    return ok(octets.length);
  }

  close(): void {}
}

async function sourceOf(file: OpenedFile): Promise<WireSource> {
  const source = await netasciiSource(file);
  invariant(source.ok, 'a file that can be looked through');
  return source.value;
}

function read(source: WireSource, offset: number, octets: number): Buffer {
  const into = Buffer.alloc(octets);
  const filled = source.read(into, offset);
  invariant(filled.ok, 'a file that can be read');
  return into.subarray(0, filled.value);
}

function expectSame(octets: Buffer, expected: Uint8Array): void {
  expect(octets.length).toBe(expected.length);
  expect(Buffer.compare(octets, expected)).toBe(0);
}

describe('a text on the wire (RFC 1350 §1)', () => {
  test.each([
    ['nothing', ''],
    ['one octet', 'x'],
    ['one line end', '\n'],
    ['one CR', '\r'],
    ['lines of both kinds', 'a\nb\r\nc\rd\n'],
  ])('%s', async (_name, text) => {
    const content = Buffer.from(text, 'latin1');
    const source = await sourceOf(new MemoryFile(content));
    expectSame(read(source, 0, source.length + 10), encodeNetascii(content));
  });

  const edges = [LF, CR, A];
  test.each(edges.flatMap((before) => edges.map((after) => [before, after] as const)))(
    'octets %i and %i on both sides of where a part of it ends',
    async (before, after) => {
      const content = new Uint8Array(3 * PART).fill(A);
      for (const edge of [PART, 2 * PART]) content.set([before, after], edge - 1);
      const [wire, source] = [encodeNetascii(content), await sourceOf(new MemoryFile(content))];
      expect(source.length).toBe(wire.length);
      expectSame(read(source, 0, wire.length), wire);
      for (const edge of [PART, 2 * PART])
        for (let at = edge - 4; at < edge + 6; at += 1) expectSame(read(source, at, 3), wire.subarray(at, at + 3));
    },
  );

  test('any octets, read anywhere and in any order, are those of the whole text', async () => {
    const octets = fc.array(fc.constantFrom(LF, CR, A, 0, 255), { minLength: 1, maxLength: 50 });
    const reads = fc.array(fc.record({ at: fc.nat(), octets: fc.nat(100_000) }), { minLength: 1, maxLength: 12 });
    await fc.assert(
      fc.asyncProperty(octets, fc.nat(4 * PART), reads, async (seed, size, asked) => {
        const content = Uint8Array.from({ length: size }, (_, at) => seed[(at + (at >>> 5)) % seed.length] ?? A);
        const [wire, source] = [encodeNetascii(content), await sourceOf(new MemoryFile(content))];
        expect(source.length).toBe(wire.length);
        for (const { at, octets: count } of asked) {
          const from = at % (wire.length + 1);
          expectSame(read(source, from, count), wire.subarray(from, from + count));
        }
      }),
      { numRuns: 60 },
    );
  });
});

describe('a text that goes wrong', () => {
  const text = (end: number): Uint8Array => new Uint8Array(2 * PART).fill(A).fill(end, PART - 1, PART);

  test('has other line ends than when it was looked through: refused, as what follows would be out of place', async () => {
    const file = new MemoryFile(text(A));
    const source = await sourceOf(file);
    file.content = text(LF);
    expect(source.read(new Uint8Array(100), 0)).toEqual(CHANGED);
  });

  test('became shorter: refused', async () => {
    const file = new MemoryFile(text(A));
    const source = await sourceOf(file);
    file.content = file.content.subarray(0, 100);
    expect(source.read(new Uint8Array(100), 0)).toEqual(CHANGED);
  });

  test.each([
    ['short', PART],
    ['long', 20 * PART],
  ])('a %s one that becomes shorter, or cannot be read, while it is looked through', async (_name, size) => {
    const cut = new MemoryFile(new Uint8Array(size));
    cut.content = cut.content.subarray(0, size - 1);
    expect(await netasciiSource(cut)).toEqual(CHANGED);
    const broken = Object.assign(new MemoryFile(new Uint8Array(size)), { read: () => err(refusal('fault', 'EIO')) });
    expect(await netasciiSource(broken)).toEqual(err(refusal('fault', 'EIO')));
  });
});

describe('the look through the whole', () => {
  test('of a short text is over at once', () => {
    expect(netasciiSource(new MemoryFile(new Uint8Array(8 * PART)))).not.toBeInstanceOf(Promise);
  });

  test('of a long text leaves others their turn: no more than eight parts at once', async () => {
    const file = new MemoryFile(new Uint8Array(100 * PART).fill(LF));
    const looking = netasciiSource(file);
    expect(looking).toBeInstanceOf(Promise);
    let longest = file.reads;
    let seen = file.reads;
    let turns = 0;
    let isOver = false;
    const watch = (): void => {
      longest = Math.max(longest, file.reads - seen);
      seen = file.reads;
      turns += 1;
      if (!isOver) setImmediate(watch);
    };
    setImmediate(watch);
    const source = await looking;
    isOver = true;
    expect(source).toMatchObject({ ok: true, value: { length: 200 * PART } });
    expect(longest).toBeLessThanOrEqual(8);
    expect(turns).toBeGreaterThanOrEqual(10);
  });

  test('two long texts at once do not mix', async () => {
    const contents = [LF, A].map((octet) => new Uint8Array(20 * PART + 3).fill(octet));
    const sources = await Promise.all(contents.map((content) => sourceOf(new MemoryFile(content))));
    contents.forEach((content, n) => {
      const [source, wire] = [sources[n], encodeNetascii(content)];
      invariant(source !== undefined, 'a source of each');
      expectSame(read(source, 0, wire.length), wire);
    });
  });
});
