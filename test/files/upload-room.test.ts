import { mkdirSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import { statfs } from 'node:fs/promises';
import { join } from 'node:path';
import { afterEach, describe, expect, test } from 'vitest';
import { parseMac } from '../../src/base/addresses.ts';
import { type Clock, monoMs, wallMs } from '../../src/base/clock.ts';
import { invariant } from '../../src/base/result.ts';
import { FileCatalog, type FileSink } from '../../src/files/catalog.ts';
import { INCOMING_FOLDER } from '../../src/files/safe-path.ts';
import { DISK_RESERVE } from '../../src/files/upload-room.ts';
import { type UploadSettings, Uploads } from '../../src/files/uploads.ts';
import { scratch } from '../support/scratch.ts';

const SWITCH = { mac: parseMac('00:1b:54:00:00:09') };
const OTHER = { mac: parseMac('00:1b:54:00:00:0a') };
const TIB = 1024 ** 4;

/** Uploads that a test has begun. */
const begun: FileSink[] = [];

afterEach(async () => {
  for (const sink of begun.splice(0)) await sink.abort();
});

function bench(changes: Partial<UploadSettings>) {
  const dir = join(scratch('room'), 'in');
  const time = { seconds: 0 };
  const clock: Clock = { wall: () => wallMs(Date.UTC(2026, 10, 20)), mono: () => monoMs(time.seconds * 1000) };
  const settings = {
    policy: 'version',
    dir,
    keep: 2,
    maxSize: TIB,
    quota: undefined,
    quotaPerDevice: undefined,
    keepPartialSeconds: 60,
  } as const;
  const uploads = new Uploads({ ...settings, ...changes }, clock, (mac) => (mac === SWITCH.mac ? 'switch1' : 'switch2'));
  const catalog = new FileCatalog([uploads]);
  const begin = async (name: string, size?: number, from = SWITCH): Promise<FileSink | string> => {
    const sink = await catalog.create(name, from, size);
    if (!sink.ok) return sink.error.detail;
    begun.push(sink.value);
    return sink.value;
  };
  /** Sends so many octets, announced or not; `stored`, or why not. */
  const put = async (name: string, size: number, { from = SWITCH, announced = true } = {}): Promise<string> => {
    const sink = await begin(name, announced ? size : undefined, from);
    if (typeof sink === 'string') return sink;
    const written = await sink.write(Buffer.from(`${name}${time.seconds}`.padEnd(size, '.')));
    const stored = written.ok ? await sink.commit() : written;
    if (stored.ok) return 'stored';
    await sink.abort();
    return stored.error.detail;
  };
  return { dir, time, begin, put };
}

describe('before the first block', () => {
  test.each([
    ['the size limit', { maxSize: 100 }, '101 B is more than the 100 B of tftp.uploads.maxSize'],
    ['the quota', { quota: 100 }, 'the uploads have 0 B of the 100 B of tftp.uploads.quota, which leaves no room for it'],
    [
      'the quota of a device',
      { quotaPerDevice: 100 },
      'switch1 has 0 B of the 100 B of tftp.uploads.quotaPerDevice, which leaves no room for it',
    ],
  ])('an announced size is held against %s', async (_what, limits, why) => {
    const { dir, begin, put } = bench(limits);
    expect(await begin('cfg', 101)).toBe(why);
    expect(() => readdirSync(dir), 'nothing was made').toThrow('ENOENT');
    expect(await put('cfg', 100)).toBe('stored');
  });

  test('and against the free space of the disk, of which some is left for the leases', async () => {
    const { dir, begin } = bench({});
    const { bavail, bsize } = await statfs(scratch('disk'));
    const free = bavail * bsize;
    const refused = await begin('cfg', free - DISK_RESERVE / 2);
    expect(refused).toBe(`the disk of ${dir} has ${String(refused).replace(/.* has (.*) left$/, '$1')} left`);
    const half = await begin('cfg', Math.floor(free * 0.6));
    expect(half, 'as much as there is').toBeTypeOf('object');
    expect(await begin('other', Math.floor(free * 0.6)), 'but once').toBeTypeOf('string');
    invariant(typeof half === 'object', 'an upload');
    await half.abort();
    expect(await begin('other', Math.floor(free * 0.6)), 'and again when it is given back').toBeTypeOf('object');
  });
});

describe('on the way', () => {
  test.each([
    ['the size limit', { maxSize: 100 }],
    ['the quota', { quota: 100 }],
    ['the quota of a device', { quotaPerDevice: 100 }],
  ])('a size that was not announced, or not rightly, meets %s, and leaves nothing', async (_what, limits) => {
    const { dir, begin, put } = bench(limits);
    expect(await put('cfg', 101, { announced: false })).toMatch(/tftp\.uploads\./);
    const liar = await begin('cfg', 1);
    invariant(typeof liar === 'object', 'an upload');
    expect(await liar.write(Buffer.alloc(101))).toMatchObject({ ok: false, error: { refused: 'full' } });
    await liar.abort();
    expect(readdirSync(join(dir, INCOMING_FOLDER))).toEqual([]);
    expect(await put('cfg', 100), 'all the room is there again').toBe('stored');
  });

  test('of two that come at once the first gets the room', async () => {
    const { begin } = bench({ quota: 100 });
    const [first, second] = await Promise.all([begin('a', 60), begin('b', 60)]);
    expect(first).toBeTypeOf('object');
    expect(second).toMatch('quota');
  });

  test('two that run share a quota', async () => {
    const { begin } = bench({ quota: 100 });
    const first = await begin('a', 60);
    expect(await begin('b', 60)).toMatch('quota');
    invariant(typeof first === 'object', 'an upload');
    await first.abort();
    expect(await begin('b', 60)).toBeTypeOf('object');
  });
});

describe('a quota', () => {
  test('counts what was there before, and what is stored and pruned since', async () => {
    const { dir, put } = bench({ quota: 100 });
    mkdirSync(join(dir, 'switch1/old'), { recursive: true });
    writeFileSync(join(dir, 'switch1/old/0001-20260101T000000Z-00000000'), 'x'.repeat(30));
    expect(await put('cfg', 50)).toBe('stored');
    expect(await put('more', 21)).toMatch('the uploads have 80 B of the 100 B');
    expect(await put('more', 20)).toBe('stored');
  });

  test('gets back what a removed version had', async () => {
    const { time, put } = bench({ quotaPerDevice: 90 });
    for (time.seconds = 0; time.seconds < 4; time.seconds += 1) expect(await put('cfg', 30)).toBe('stored');
    expect(await put('cfg', 31)).toMatch('switch1 has 60 B of the 90 B');
  });

  test('of one device is not another’s', async () => {
    const { put } = bench({ quotaPerDevice: 100 });
    expect(await put('cfg', 100)).toBe('stored');
    expect(await put('cfg2', 1)).toMatch('switch1 has 100 B');
    expect(await put('cfg', 100, { from: OTHER })).toBe('stored');
  });

  test('of one device binds nobody where devices have no folders', async () => {
    const { put } = bench({ policy: 'overwrite', quotaPerDevice: 1 });
    expect(await put('cfg', 100)).toBe('stored');
  });

  test('an unchanged upload and one that replaces another take no more room', async () => {
    const same = bench({ quota: 210 });
    expect([await same.put('cfg', 100), await same.put('cfg', 100), await same.put('b', 110)]).toEqual(['stored', 'stored', 'stored']);
    const replaced = bench({ quota: 210, policy: 'overwrite' });
    expect([await replaced.put('cfg', 100), await replaced.put('cfg', 100), await replaced.put('b', 110)]).toEqual([
      'stored',
      'stored',
      'stored',
    ]);
  });

  test('sees at once what somebody removed, and after a while what somebody added', async () => {
    const { dir, time, put } = bench({ quota: 100 });
    await put('cfg', 100);
    rmSync(join(dir, 'switch1/cfg'), { recursive: true });
    time.seconds += 6;
    expect(await put('b', 50)).toBe('stored');
    writeFileSync(join(dir, 'by-hand'), 'x'.repeat(40));
    time.seconds += 3601;
    expect(await put('c', 11)).toMatch('the uploads have 90 B');
  });

  test('counts what is on its way once, by its claim', async () => {
    const { time, begin } = bench({ quota: 100 });
    const sink = await begin('cfg', 60);
    invariant(typeof sink === 'object', 'an upload');
    await sink.write(Buffer.alloc(60));
    time.seconds += 3601;
    expect(await begin('other', 40)).toBeTypeOf('object');
  });

  test('counts what is kept of failed uploads', async () => {
    const { begin } = bench({ quota: 100 });
    const sink = await begin('cfg', 60);
    invariant(typeof sink === 'object', 'an upload');
    await sink.write(Buffer.alloc(60));
    expect(await sink.abort()).toMatch(/\.partial$/);
    expect(await begin('cfg', 60)).toMatch('the uploads have 60 B');
  });
});
