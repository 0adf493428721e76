import { existsSync, linkSync, mkdirSync, readdirSync, readFileSync, utimesSync, writeFileSync } from 'node:fs';
import { basename, join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { parseMac } from '../../src/base/addresses.ts';
import { type Clock, monoMs, wallMs } from '../../src/base/clock.ts';
import { invariant } from '../../src/base/result.ts';
import type { Subject } from '../../src/events/events.ts';
import { FileCatalog, type FileSink } from '../../src/files/catalog.ts';
import { partialsIn } from '../../src/files/incoming.ts';
import { INCOMING_FOLDER } from '../../src/files/safe-path.ts';
import { Uploads } from '../../src/files/uploads.ts';
import { scratch } from '../support/scratch.ts';

const SWITCH: Subject = { mac: parseMac('00:1b:54:00:00:09') };
const HOUR = 3600;

function bench(keepPartialSeconds: number, dir = join(scratch('partial'), 'in')) {
  const time = { hours: 0 };
  // Files get their time from the system, so that this clock begins there.
  const begin = Date.now();
  const clock: Clock = { wall: () => wallMs(begin + time.hours * HOUR * 1000), mono: () => monoMs(time.hours * HOUR * 1000) };
  const limits = { keep: 3, maxSize: 1000, quota: undefined, quotaPerDevice: undefined, keepPartialSeconds };
  const uploads = new Uploads({ policy: 'version', dir, ...limits }, clock, () => 'switch1');
  const catalog = new FileCatalog([uploads]);
  const begun = async (name: string, content: string): Promise<FileSink> => {
    const sink = await catalog.create(name, SWITCH);
    invariant(sink.ok, 'an upload');
    if (content !== '') await sink.value.write(Buffer.from(content));
    return sink.value;
  };
  return { dir, time, uploads, begun, folder: join(dir, INCOMING_FOLDER), left: () => readdirSync(join(dir, INCOMING_FOLDER)) };
}

/** A file in the folder of unfinished uploads, last written so many hours ago. */
function leave(folder: string, name: string, hoursAgo: number, content = 'half'): void {
  mkdirSync(folder, { recursive: true });
  writeFileSync(join(folder, name), content);
  const at = Date.now() / 1000 - hoursAgo * HOUR;
  utimesSync(join(folder, name), at, at);
}

describe('what came of an upload that was given up', () => {
  test('is kept whole, with the device and the file in its name', async () => {
    const { dir, begun } = bench(24 * HOUR);
    const keptAs = await (await begun('backup/running config', 'hostname sw')).abort();
    expect(basename(keptAs ?? '')).toMatch(/^\d{8}T\d{6}Z-switch1-backup_running_config-[0-9a-f]{16}\.partial$/);
    expect(readFileSync(keptAs ?? '', 'utf8')).toBe('hostname sw');
    expect(await partialsIn(dir)).toEqual([{ path: keptAs, size: 11 }]);
  });

  test('is told once: giving up again changes nothing', async () => {
    const { begun, left } = bench(24 * HOUR);
    const sink = await begun('cfg', 'x');
    await sink.abort();
    expect(await sink.abort()).toBeUndefined();
    expect(left()).toHaveLength(1);
  });

  test('after a commit there is nothing to keep', async () => {
    const { begun, left } = bench(24 * HOUR);
    const sink = await begun('cfg', 'x');
    expect(await sink.commit()).toMatchObject({ ok: true });
    expect(await sink.abort()).toBeUndefined();
    expect(left()).toEqual([]);
  });

  test('is kept too when it was complete, but could not be put in its place', async () => {
    const { dir, begun } = bench(24 * HOUR);
    const sink = await begun('cfg', 'all of it');
    writeFileSync(join(dir, 'switch1'), 'a file where the folder of the device belongs');
    expect(await sink.commit()).toMatchObject({ ok: false, error: { refused: 'forbidden' } });
    expect(readFileSync((await sink.abort()) ?? '', 'utf8')).toBe('all of it');
  });

  test.each([
    ['nothing came', 24 * HOUR, ''],
    ['nothing is to be kept', 0, 'half'],
  ])('is removed when %s', async (_when, keep, content) => {
    const { begun, left } = bench(keep);
    expect(await (await begun('cfg', content)).abort()).toBeUndefined();
    expect(left()).toEqual([]);
  });

  test('is removed when there was no room for the rest', async () => {
    const { begun, left } = bench(24 * HOUR);
    const sink = await begun('cfg', 'x'.repeat(600));
    expect(await sink.write(Buffer.alloc(600))).toMatchObject({ ok: false, error: { refused: 'full' } });
    expect(await sink.abort()).toBeUndefined();
    expect(left()).toEqual([]);
  });

  test('goes when its time is over, while the server runs', async () => {
    const { time, begun, left } = bench(24 * HOUR);
    await (await begun('old', 'half')).abort();
    time.hours = 23;
    await (await begun('young', 'half')).commit();
    expect(left()).toHaveLength(1);
    time.hours = 25;
    await (await begun('young', 'half of another')).commit();
    expect(left()).toEqual([]);
  });

  test('of many only the newest hundred are kept', async () => {
    const { folder, begun, left } = bench(24 * HOUR);
    for (let n = 100; n < 220; n += 1) leave(folder, `${n}.partial`, 0);
    await (await begun('cfg', 'x')).commit();
    expect(left()).toHaveLength(100);
    expect(left().sort()[0]).toBe('120.partial');
  });
});

describe('a start', () => {
  test('keeps what is young and what was on its way at the crash, and removes what is old or empty', async () => {
    const { dir, folder, uploads, left } = bench(24 * HOUR);
    leave(folder, 'young.partial', 23);
    leave(folder, 'old.partial', 25);
    leave(folder, 'crashed.part', 1);
    leave(folder, 'crashed-long-ago.part', 25);
    leave(folder, 'begun.part', 0, '');
    // The crash came after the file had got its place, and before it lost its first name.
    leave(folder, 'stored.part', 0);
    linkSync(join(folder, 'stored.part'), join(dir, 'stored'));
    await uploads.sweep();
    expect(left().sort()).toEqual(['crashed.partial', 'young.partial']);
  });

  test('keeps nothing where nothing is to be kept, not even the folder', async () => {
    const { dir, folder, uploads } = bench(0);
    leave(folder, 'young.partial', 0);
    leave(folder, 'crashed.part', 0);
    await uploads.sweep();
    expect(readdirSync(dir)).toEqual([]);
  });

  test('without any uploads makes no folder', async () => {
    const { dir, uploads } = bench(HOUR);
    await uploads.sweep();
    expect(existsSync(dir)).toBe(false);
    expect(await partialsIn(dir)).toEqual([]);
  });
});
