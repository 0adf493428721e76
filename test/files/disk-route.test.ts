import { execFileSync } from 'node:child_process';
import { chmodSync, mkdirSync, symlinkSync, truncateSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { beforeAll, describe, expect, test } from 'vitest';
import { invariant } from '../../src/base/result.ts';
import { FileCatalog, type OpenedFile } from '../../src/files/catalog.ts';
import { DiskRoute } from '../../src/files/disk-route.ts';
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

async function read(name: string): Promise<string> {
  const opened = await catalog.open(name, {});
  if (!opened.ok) return opened.error.refused;
  const text = await contentOf(opened.value);
  await opened.value.close();
  return text;
}

async function contentOf(file: OpenedFile): Promise<string> {
  const octets = await file.read(0, file.size);
  invariant(octets.ok, 'a readable file');
  return Buffer.from(octets.value).toString();
}

describe('what is served', () => {
  test.each([
    ['plain', 'plain'],
    ['/sub\\Deep\\File.BIN', 'deep'],
    ['link-in', 'small'],
    ['c\xe9\xff', 'octets'],
    ['caf\xc3\xa9', 'utf-8'],
  ])('%j', async (name, content) => expect(await read(name)).toBe(content));
});

describe('a name in the wrong case', () => {
  test.each([
    ['PLAIN', 'plain'],
    ['SUB/deep/file.bin', 'deep'],
    ['sub/twin', 'small'],
    ['sub/TWIN', 'large'],
    ['sub/Twin', 'large'],
  ])('%j: the exact one first, then the first that differs in case only', async (name, content) => expect(await read(name)).toBe(content));

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
    expect(opened.value.size).toBe(5);
    expect(await opened.value.read(1, 3)).toEqual({ ok: true, value: Uint8Array.from(Buffer.from('lai')) });
    expect(await opened.value.read(4, 10)).toEqual({ ok: true, value: Uint8Array.from(Buffer.from('n')) });
    expect(await opened.value.read(9, 1)).toEqual({ ok: true, value: new Uint8Array(0) });
    await opened.value.close();
    expect(await opened.value.read(0, 1)).toMatchObject({ ok: false });
  });

  test('the routes are asked in order', async () => {
    const other = scratch('disk-other');
    writeFileSync(join(other, 'plain'), 'other');
    writeFileSync(join(other, 'only-here'), 'here');
    const both = new FileCatalog([new DiskRoute(root), new DiskRoute(other)]);
    for (const [name, content] of [
      ['plain', 'plain'],
      ['only-here', 'here'],
    ] as const) {
      const opened = await both.open(name, {});
      invariant(opened.ok, 'a file');
      expect(await contentOf(opened.value)).toBe(content);
      await opened.value.close();
    }
    expect(await both.create('x', {})).toMatchObject({ ok: false, error: { refused: 'forbidden' } });
  });
});
