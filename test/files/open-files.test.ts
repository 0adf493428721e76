import { chmodSync, mkdirSync, readdirSync, renameSync, rmSync, symlinkSync, truncateSync, utimesSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as pass } from 'node:timers/promises';
import { beforeEach, describe, expect, test } from 'vitest';
import { invariant } from '../../src/base/result.ts';
import { OpenFiles } from '../../src/files/open-files.ts';
import type { OpenedFile } from '../../src/files/opened-file.ts';
import type { SafePath } from '../../src/files/safe-path.ts';
import { scratch } from '../support/scratch.ts';

let base: string;
let root: string;
let files: OpenFiles;

beforeEach(() => {
  base = scratch('open-files');
  root = join(base, 'root');
  mkdirSync(join(root, 'a', 'b'), { recursive: true });
  writeFileSync(join(root, 'f'), 'first');
  writeFileSync(join(root, 'a', 'b', 'g'), 'below');
  files = new OpenFiles(root);
});

function opened(path: string): OpenedFile {
  const file = files.open(path as SafePath);
  invariant(file.ok, `${path} opens`);
  return file.value;
}

function textOf(file: OpenedFile): string {
  const octets = Buffer.alloc(file.size);
  invariant(file.read(octets, 0).ok, 'readable');
  return octets.toString();
}

/** What a fresh look gives, after one that may be remembered. */
function again(path: string): string {
  const file = files.open(path as SafePath);
  if (!file.ok) return file.error.refused;
  const text = textOf(file.value);
  file.value.close();
  return text;
}

describe('a file that was opened before', () => {
  test('is the same one for all who read it, and each closes it for itself', () => {
    const one = opened('f');
    const two = opened('f');
    one.close();
    one.close();
    expect(textOf(two)).toBe('first');
    two.close();
    expect(again('f')).toBe('first');
  });

  const changes: readonly (readonly [string, path: string, change: () => void, then: string])[] = [
    ['written over, as long as before', 'f', () => writeFileSync(join(root, 'f'), 'other'), 'other'],
    ['grown', 'f', () => writeFileSync(join(root, 'f'), 'first and more'), 'first and more'],
    ['cut', 'f', () => truncateSync(join(root, 'f'), 2), 'fi'],
    [
      'replaced by a rename, as long and as old',
      'f',
      () => {
        writeFileSync(join(root, 'new'), 'newer');
        utimesSync(join(root, 'new'), 1, 1);
        utimesSync(join(root, 'f'), 1, 1);
        renameSync(join(root, 'new'), join(root, 'f'));
      },
      'newer',
    ],
    ['removed', 'f', () => rmSync(join(root, 'f')), 'not-found'],
    [
      'made a folder',
      'f',
      () => {
        rmSync(join(root, 'f'));
        mkdirSync(join(root, 'f'));
      },
      'forbidden',
    ],
    [
      'moved out, with a link in its place',
      'f',
      () => {
        renameSync(join(root, 'f'), join(base, 'f'));
        symlinkSync('../f', join(root, 'f'));
      },
      'forbidden',
    ],
    [
      'in a folder that was moved out, with a link in its place',
      'a/b/g',
      () => {
        renameSync(join(root, 'a'), join(base, 'a'));
        symlinkSync('../a', join(root, 'a'));
      },
      'forbidden',
    ],
    [
      'in a folder whose place another took',
      'a/b/g',
      () => {
        renameSync(join(root, 'a', 'b'), join(root, 'a', 'old'));
        mkdirSync(join(root, 'a', 'b'));
        writeFileSync(join(root, 'a', 'b', 'g'), 'other');
      },
      'other',
    ],
  ];
  test.each(changes)('%s', async (_name, path, change, then) => {
    const before = again(path);
    expect(again(path)).toBe(before);
    change();
    // That a folder is one is taken for granted for a moment.
    await pass(15);
    expect(again(path)).toBe(then);
    expect(again(path)).toBe(then);
  });

  test('and may no longer be read', () => {
    again('f');
    chmodSync(join(root, 'f'), 0);
    // Root reads everything.
    expect(again('f')).toBe(process.getuid?.() === 0 ? 'first' : 'forbidden');
  });

  test('stays as large as it was for who has it open', () => {
    const file = opened('f');
    writeFileSync(join(root, 'f'), 'first and more');
    expect(file.size).toBe(5);
    expect(opened('f').size).toBe(14);
  });

  test('by a link is looked at anew: one that is swapped leads to the other file, or nowhere', () => {
    symlinkSync('f', join(root, 'link'));
    expect([again('link'), again('link')]).toEqual(['first', 'first']);
    rmSync(join(root, 'link'));
    symlinkSync('a/b/g', join(root, 'link'));
    expect(again('link')).toBe('below');
    rmSync(join(root, 'link'));
    writeFileSync(join(base, 'secret'), 'secret');
    symlinkSync('../secret', join(root, 'link'));
    expect(again('link')).toBe('forbidden');
  });
});

describe('the key of a content', () => {
  const keyOf = (path: string): string | undefined => {
    const file = opened(path);
    file.close();
    return file.contentKey;
  };
  const settled = () => new Promise((resolve) => setTimeout(resolve, 40));

  test('is there when a change would show, the same for the same content, and another after a change', async () => {
    writeFileSync(join(root, 'f'), 'again');
    expect(keyOf('f')).toBeUndefined();
    await settled();
    const key = keyOf('f');
    expect(key).toMatch(/^\d+:\d+:5:[\d.]+:[\d.]+$/);
    expect(keyOf('f')).toBe(key);
    symlinkSync('f', join(root, 'link'));
    expect(keyOf('link')).toBe(key);
    writeFileSync(join(root, 'f'), 'other');
    await settled();
    expect(keyOf('f')).not.toBe(key);
  });
});

test('no more descriptors are kept than are of use, and none for long', async () => {
  files = new OpenFiles(root, 100);
  const descriptors = () => readdirSync('/proc/self/fd').length;
  for (let n = 0; n < 1500; n++) writeFileSync(join(root, `n${n}`), `${n}`);
  const before = descriptors();
  for (let n = 0; n < 1500; n++) expect(again(`n${n}`)).toBe(`${n}`);
  expect(descriptors() - before).toBeLessThanOrEqual(1024);
  await expect.poll(descriptors, { timeout: 3_000, interval: 20 }).toBeLessThanOrEqual(before + 2);
});
