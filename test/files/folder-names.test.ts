import { mkdirSync, renameSync, rmSync, utimesSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { beforeEach, describe, expect, test } from 'vitest';
import { FolderNames } from '../../src/files/folder-names.ts';
import { scratch } from '../support/scratch.ts';

let folder: string;
let now: number;
let names: FolderNames;

beforeEach(() => {
  folder = scratch('names');
  now = 0;
  names = new FolderNames(() => now);
  writeFileSync(join(folder, 'One'), '');
});

const seen = () => [...names.in(folder).values()].flat().toSorted();

describe('the names in a folder', () => {
  test('are found without regard to the case of ASCII letters, and of no others', () => {
    writeFileSync(Buffer.concat([Buffer.from(`${folder}/`), Buffer.from([0x41, 0xc9])]), '');
    expect(names.in(folder).get('one')).toEqual(['One']);
    expect(names.in(folder).get('a\xc9')).toEqual(['A\xc9']);
  });

  test('are those of now, when the folder changes twice within a tick of the clock for files', () => {
    utimesSync(folder, 5.5, 5.5);
    expect(seen()).toEqual(['One']);
    writeFileSync(join(folder, 'two'), '');
    utimesSync(folder, 5.5, 5.5);
    expect(seen()).toEqual(['One', 'two']);
  });

  test('are believed once they were read a tick after they were seen first', () => {
    expect(seen()).toEqual(['One']);
    const first = names.in(folder);
    now = 25;
    const second = names.in(folder);
    expect(second).not.toBe(first);
    expect(names.in(folder)).toBe(second);
    writeFileSync(join(folder, 'two'), '');
    expect(seen()).toEqual(['One', 'two']);
    rmSync(join(folder, 'One'));
    expect(seen()).toEqual(['two']);
  });

  test('are those of the folder that has this place now', () => {
    seen();
    now = 25;
    seen();
    renameSync(folder, `${folder}-old`);
    mkdirSync(folder);
    writeFileSync(join(folder, 'other'), '');
    expect(seen()).toEqual(['other']);
    rmSync(`${folder}-old`, { recursive: true });
  });

  test('of a moment ago do where that is enough', () => {
    seen();
    now = 25;
    const before = names.in(folder, 10);
    writeFileSync(join(folder, 'two'), '');
    now = 34;
    expect(names.in(folder, 10)).toBe(before);
    now = 36;
    expect(names.in(folder, 10).has('two')).toBe(true);
  });

  test.each(['/nowhere/at/all', '/dev/null'])('are none in %s', (place) => expect(names.in(place).size).toBe(0));
});
