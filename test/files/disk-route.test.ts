import { execFileSync } from 'node:child_process';
import { chmodSync, mkdirSync, symlinkSync, truncateSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { beforeAll, describe, expect, test } from 'vitest';
import { invariant } from '../../src/base/result.ts';
import { FileCatalog } from '../../src/files/catalog.ts';
import { DiskRoute } from '../../src/files/disk-route.ts';
import { contentOf } from '../support/found-file.ts';
import { scratch } from '../support/scratch.ts';

const base = scratch('disk');
const root = join(base, 'root');
const catalog = new FileCatalog([new DiskRoute(root)]);

beforeAll(() => {
  mkdirSync(join(root, 'sub', 'Deep'), { recursive: true });
  writeFileSync(join(base, 'secret.txt'), 'secret');
  mkdirSync(join(base, 'root-beside'));
  writeFileSync(join(base, 'root-beside', 'f'), 'secret');
  writeFileSync(join(root, 'plain'), 'plain');
  writeFileSync(join(root, 'sub', 'Deep', 'File.BIN'), 'deep');
  writeFileSync(join(root, 'sub', 'twin'), 'small');
  writeFileSync(join(root, 'sub', 'TWIN'), 'large');
  writeFileSync(Buffer.concat([Buffer.from(`${root}/`), Buffer.from([0x63, 0xe9, 0xff])]), 'octets');
  writeFileSync(join(root, 'café'), 'utf-8');
  symlinkSync('../secret.txt', join(root, 'link-out'));
  symlinkSync('../root-beside/f', join(root, 'link-beside'));
  symlinkSync('..', join(root, 'link-up'));
  symlinkSync('sub/twin', join(root, 'link-in'));
  symlinkSync('link-loop', join(root, 'link-loop'));
  symlinkSync('nowhere', join(root, 'link-dead'));
  symlinkSync('/dev/zero', join(root, 'link-device'));
  execFileSync('mkfifo', [join(root, 'fifo')]);
  truncateSync(join(root, 'plain'), 5);
});

const read = (name: string): Promise<string> => contentOf(catalog.open(name, {}));

describe('what is served', () => {
  test.each([
    ['plain', 'plain'],
    ['/sub\\Deep\\File.BIN', 'deep'],
    ['link-in', 'small'],
    ['c\xe9\xff', 'octets'],
    ['caf\xc3\xa9', 'utf-8'],
    ['sub/Deep/File.BIN', 'deep'],
  ])('%j', async (name, content) => expect(await read(name)).toBe(content));
});

describe('a name in the wrong case', () => {
  test.each([
    ['PLAIN', 'plain'],
    ['SUB/deep/file.bin', 'deep'],
    ['sub/twin', 'small'],
    ['sub/TWIN', 'large'],
    ['SUB/twin', 'small'],
  ])('%j: the exact one first, then the only one that differs in case', async (name, content) => expect(await read(name)).toBe(content));

  test('of several that differ in case only none is guessed, and all are named', async () => {
    const answer = await catalog.open('sub/Twin', {});
    invariant(!answer.ok, 'nothing is guessed');
    expect(answer.error.refused).toBe('not-found');
    expect(answer.error.detail).toContain('could be sub/TWIN or sub/twin');
  });

  test('is said, with the right one', async () => {
    const found = await catalog.open('SUB/deep/file.bin', {});
    invariant(found.ok, 'a file');
    expect(found.value).toMatchObject({ path: 'sub/Deep/File.BIN', tolerated: 'wrong case' });
    found.value.file.close();
  });

  test('leads out no more than the right one', async () => expect(await read('LINK-OUT')).toBe('forbidden'));
});

describe('what is not', () => {
  test.each([
    ['no-such-file', 'not-found'],
    ['plain/x', 'not-found'],
    ['no-such-folder/../../secret.txt', 'forbidden'],
    ['a'.repeat(300), 'not-found'],
    ['sub', 'forbidden'],
    ['sub/', 'not-found'],
    ['link-out', 'forbidden'],
    ['link-beside', 'forbidden'],
    ['link-up/secret.txt', 'forbidden'],
    ['link-up/root-beside/f', 'forbidden'],
    ['link-loop', 'forbidden'],
    ['link-dead', 'not-found'],
    ['link-device', 'forbidden'],
    ['fifo', 'forbidden'],
  ])('%j: %s', async (name, refused) => expect(await read(name)).toBe(refused));

  test('a file that its owner does not show', async () => {
    writeFileSync(join(root, 'private'), 'x');
    chmodSync(join(root, 'private'), 0);
    // Root reads everything; for everybody else it is forbidden.
    expect(await read('private')).toBe(process.getuid?.() === 0 ? 'x' : 'forbidden');
  });

  test('a root that is not there, with the place that was looked at', async () => {
    const opened = await new FileCatalog([new DiskRoute('/nowhere/at/all')]).open('f', {});
    expect(opened).toEqual({ ok: false, error: { refused: 'not-found', detail: '/nowhere/at/all/f' } });
  });
});

describe('an open file', () => {
  test('is read in any pieces, and less at its end', async () => {
    const opened = await catalog.open('plain', {});
    invariant(opened.ok, 'a file');
    const { file, path, tolerated } = opened.value;
    expect([file.size, path, tolerated]).toEqual([5, 'plain', undefined]);
    const into = Buffer.alloc(4, '.');
    expect([file.read(into.subarray(0, 3), 1), into.toString()]).toEqual([{ ok: true, value: 3 }, 'lai.']);
    expect([file.read(into, 4), into.toString()]).toEqual([{ ok: true, value: 1 }, 'nai.']);
    expect(file.read(into, 9)).toEqual({ ok: true, value: 0 });
    file.close();
    file.close();
    expect(file.read(into, 0)).toMatchObject({ ok: false });
  });

  test('the routes are asked in order', async () => {
    const other = scratch('disk-other');
    writeFileSync(join(other, 'plain'), 'other');
    writeFileSync(join(other, 'only-here'), 'here');
    const both = new FileCatalog([new DiskRoute(root), new DiskRoute(other)]);
    expect(await contentOf(both.open('plain', {}))).toBe('plain');
    expect(await contentOf(both.open('only-here', {}))).toBe('here');
    expect(await both.create('x', {})).toMatchObject({ ok: false, error: { refused: 'forbidden' } });
  });
});
