/** Several uploads of one name at one time, their blocks mixed in every way. */
import { mkdirSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { parseMac } from '../../src/base/addresses.ts';
import { type Clock, monoMs, wallMs } from '../../src/base/clock.ts';
import { invariant } from '../../src/base/result.ts';
import type { Subject } from '../../src/events/events.ts';
import { FileCatalog, type FileSink } from '../../src/files/catalog.ts';
import { IncomingFolder } from '../../src/files/incoming.ts';
import { withLock } from '../../src/files/lock-file.ts';
import { INCOMING_FOLDER, joinSafe } from '../../src/files/safe-path.ts';
import { type UploadSettings, Uploads } from '../../src/files/uploads.ts';
import { storeVersion } from '../../src/files/versions.ts';
import { scratch } from '../support/scratch.ts';

const SWITCH: Subject = { mac: parseMac('00:1b:54:00:00:09') };
const clock: Clock = { wall: () => wallMs(Date.UTC(2026, 10, 20, 6, 30)), mono: () => monoMs(0) };
const BLOCKS = 6;

function bench(policy: UploadSettings['policy'], dir = join(scratch('writers'), 'in')) {
  const limits = { keep: 50, maxSize: 10_000, quota: undefined, quotaPerDevice: undefined, keepPartialSeconds: 0 };
  const uploads = new Uploads({ policy, dir, ...limits }, clock, () => 'switch1');
  const catalog = new FileCatalog([uploads]);
  const begin = async (): Promise<FileSink> => {
    const sink = await catalog.create('cfg', SWITCH);
    invariant(sink.ok, 'an upload');
    return sink.value;
  };
  return { dir, begin };
}

/** What writer `n` sends, block by block. */
const blockOf = (n: number): Buffer => Buffer.from(`${n}`.repeat(7));
const fileOf = (n: number): string => blockOf(n).toString().repeat(BLOCKS);

/** Writes all files with their blocks in the order of `turns`; gives what became of each commit, and who committed in which order. */
async function interleave(begin: () => Promise<FileSink>, writers: number, turns: readonly number[]) {
  const sinks: FileSink[] = [];
  for (let n = 0; n < writers; n += 1) sinks.push(await begin());
  const left = sinks.map(() => BLOCKS);
  const ended: { writer: number; outcome: string }[] = [];
  for (const turn of [...turns, ...Array.from({ length: writers * (BLOCKS + 1) }, (_, at) => at)]) {
    const writer = turn % writers;
    const blocks = left[writer] ?? 0;
    left[writer] = blocks - 1;
    if (blocks > 0) await sinks[writer]?.write(blockOf(writer));
    if (blocks !== 0) continue;
    const stored = await sinks[writer]?.commit();
    ended.push({ writer, outcome: stored?.ok === true ? 'stored' : (stored?.error.refused ?? '') });
  }
  return ended;
}

const orders = fc.tuple(fc.integer({ min: 2, max: 4 }), fc.array(fc.nat(11), { maxLength: 30 }));

describe('uploads of one name at one time are each whole', () => {
  test('version: all are kept, in the order in which they were complete', async () => {
    await fc.assert(
      fc.asyncProperty(orders, async ([writers, turns]) => {
        const { dir, begin } = bench('version');
        const ended = await interleave(begin, writers, turns);
        const folder = join(dir, 'switch1/cfg');
        const contents = readdirSync(folder).map((name) => readFileSync(join(folder, name), 'utf8'));
        expect(contents).toEqual(ended.map(({ writer }) => fileOf(writer)));
      }),
      { numRuns: 25 },
    );
  });

  test('overwrite: the last to be complete is there', async () => {
    await fc.assert(
      fc.asyncProperty(orders, async ([writers, turns]) => {
        const { dir, begin } = bench('overwrite');
        const ended = await interleave(begin, writers, turns);
        expect(readFileSync(join(dir, 'cfg'), 'utf8')).toBe(fileOf(ended.at(-1)?.writer ?? -1));
      }),
      { numRuns: 25 },
    );
  });

  test('create: the first to be complete is there, the others are told that it exists', async () => {
    await fc.assert(
      fc.asyncProperty(orders, async ([writers, turns]) => {
        const { dir, begin } = bench('create');
        const ended = await interleave(begin, writers, turns);
        expect(ended.map(({ outcome }) => outcome)).toEqual(['stored', ...Array<string>(writers - 1).fill('exists')]);
        expect(readFileSync(join(dir, 'cfg'), 'utf8')).toBe(fileOf(ended[0]?.writer ?? -1));
        expect(readdirSync(join(dir, INCOMING_FOLDER))).toEqual([]);
      }),
      { numRuns: 25 },
    );
  });
});

describe('two processes in one folder', () => {
  test('never give one number twice', async () => {
    const root = join(scratch('processes'), 'in');
    const one = async (n: number): Promise<number> => {
      // A folder object of its own for each, as two processes have.
      const incoming = new IncomingFolder({ uploads: root, mode: 0o640, keepPartialSeconds: 0 }, clock);
      const opened = await incoming.open('cfg');
      invariant(opened.ok, 'a new file');
      const file = opened.value;
      await file.write(Buffer.from(`version ${n}`));
      const sha256 = await file.seal();
      const path = joinSafe('switch1', 'cfg');
      const stored = await withLock(incoming.lockFile, () => storeVersion({ root, path, file, sha256, at: clock.wall(), keep: 50 }));
      return stored.number;
    };
    const numbers = await Promise.all(Array.from({ length: 12 }, (_, n) => one(n)));
    expect(numbers.toSorted((a, b) => a - b)).toEqual(Array.from({ length: 12 }, (_, n) => n + 1));
  });

  test('keep each other’s uploads apart, from the first octet to the number', async () => {
    const { dir, begin } = bench('version');
    const other = bench('version', dir);
    const sinks = await Promise.all([begin(), other.begin(), begin(), other.begin(), begin(), other.begin()]);
    await Promise.all(sinks.map((sink, n) => sink.write(blockOf(n))));
    await Promise.all(sinks.map((sink) => sink.commit()));
    const names = readdirSync(join(dir, 'switch1/cfg'));
    expect(names.map((name) => Number(name.slice(0, 4)))).toEqual([1, 2, 3, 4, 5, 6]);
    const contents = names.map((name) => readFileSync(join(dir, 'switch1/cfg', name), 'utf8'));
    expect(contents.sort()).toEqual(sinks.map((_, n) => blockOf(n).toString()));
  });

  test('a lock whose holder has died is taken over', async () => {
    const folder = scratch('lock');
    mkdirSync(folder, { recursive: true });
    const file = join(folder, 'lock');
    // No system gives out process numbers this high.
    writeFileSync(file, '999999999\n');
    expect(await withLock(file, async () => readFileSync(file, 'utf8'))).toBe(`${process.pid}\n`);
    expect(readdirSync(folder)).toEqual([]);
  });

  test('a lock is given back when what was done under it fails', async () => {
    const file = join(scratch('lock'), 'lock');
    await expect(withLock(file, () => Promise.reject(new Error('failed')))).rejects.toThrow('failed');
    expect(await withLock(file, async () => 'next')).toBe('next');
  });
});
