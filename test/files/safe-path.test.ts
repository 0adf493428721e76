import { describe, expect, test } from 'vitest';
import { INCOMING_FOLDER, safePath, showName } from '../../src/files/safe-path.ts';

describe('names that devices send', () => {
  test.each([
    ['pxelinux.0', 'pxelinux.0'],
    ['a/b/c', 'a/b/c'],
    ['/a/b', 'a/b'],
    ['//a//b', 'a/b'],
    ['./a/./b', 'a/b'],
    ['\\Boot\\x64\\boot.wim', 'Boot/x64/boot.wim'],
    ['Boot/x64\\Fonts\\a.ttf', 'Boot/x64/Fonts/a.ttf'],
    ['a/../b', 'b'],
    ['....//secret', '..../secret'],
    ['%2e%2e/secret', '%2e%2e/secret'],
    ['with space', 'with space'],
    ['caf\xe9-\xff', 'caf\xe9-\xff'],
    ['-rf', '-rf'],
    ['C:\\..\\secret', 'secret'],
  ])('%j is %j', (name, path) => expect(safePath(name)).toEqual({ ok: true, value: path }));

  test.each([
    ['../secret', 'forbidden'],
    ['..\\secret', 'forbidden'],
    ['/../secret', 'forbidden'],
    ['a/../../secret', 'forbidden'],
    ['/./.././secret', 'forbidden'],
    ['', 'not-found'],
    ['.', 'not-found'],
    ['..', 'not-found'],
    ['/', 'not-found'],
    ['folder/', 'not-found'],
    ['a\0b', 'not-found'],
    ['a\nb', 'not-found'],
    ['\x1b[2J', 'not-found'],
    ['\x7f', 'not-found'],
    ['a'.repeat(1025), 'not-found'],
    [`${INCOMING_FOLDER}/x.part`, 'not-found'],
    [`a/${INCOMING_FOLDER}/x.part`, 'not-found'],
  ])('%j is refused: %s', (name, refused) => expect(safePath(name)).toMatchObject({ ok: false, error: { refused } }));
});

test('a name is shown as UTF-8 where it is that, otherwise octet by octet, and not at any length', () => {
  expect(showName('caf\xc3\xa9')).toBe('café');
  expect(showName('caf\xe9')).toBe('café');
  expect(showName('a'.repeat(60_000)).length).toBe(301);
});
