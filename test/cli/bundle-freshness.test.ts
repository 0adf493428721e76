import { execFile } from 'node:child_process';
import { copyFileSync, mkdirSync, rmSync, utimesSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { promisify } from 'node:util';
import { afterAll, describe, expect, test } from 'vitest';
import { removeScratch, scratch } from '../support/scratch.ts';

const LAUNCHER = join(import.meta.dirname, '../../bin/bootlace.js');
const run = promisify(execFile);

afterAll(removeScratch);

const SOURCES = ['src/cli/main.ts', 'src/dhcp/engine.ts', 'src/web/ui/src/main.tsx'] as const;
const BUILT_AT = new Date('2026-11-28T12:00:00Z');
const BEFORE = new Date('2026-11-28T11:00:00Z');
const AFTER = new Date('2026-11-28T13:00:00Z');

/** A checkout whose programs say which they are, all of it older than its bundle. */
function checkout(): string {
  const root = scratch('checkout');
  const write = (path: string, text: string, at: Date): void => {
    mkdirSync(dirname(join(root, path)), { recursive: true });
    writeFileSync(join(root, path), text);
    utimesSync(join(root, path), at, at);
  };
  write('package.json', '{ "type": "module" }', BEFORE);
  for (const path of SOURCES) write(path, "console.log('sources')", BEFORE);
  write('node_modules/.package-lock.json', '{}', BEFORE);
  write('dist/program/main.js', "console.log('bundle')", BUILT_AT);
  mkdirSync(join(root, 'bin'));
  copyFileSync(LAUNCHER, join(root, 'bin/bootlace.js'));
  for (const folder of ['src', 'src/cli', 'src/dhcp', 'src/web', 'src/web/ui']) utimesSync(join(root, folder), BEFORE, BEFORE);
  return root;
}

async function whatRuns(root: string): Promise<string> {
  const { stdout } = await run(process.execPath, [join(root, 'bin/bootlace.js')]);
  return stdout.trim();
}

/** Sets when a file or folder was changed. */
function touch(root: string, path: string): void {
  utimesSync(join(root, path), AFTER, AFTER);
}

describe('what bin/bootlace.js runs', () => {
  test.each<readonly [string, (root: string) => void, string]>([
    ['the bundle, where it is newer than all sources', () => {}, 'bundle'],
    ['the sources, where one was changed since', (root) => touch(root, 'src/dhcp/engine.ts'), 'sources'],
    ['the sources, where one was removed since', (root) => touch(root, 'src/dhcp'), 'sources'],
    ['the sources, where packages were installed since', (root) => touch(root, 'node_modules/.package-lock.json'), 'sources'],
    ['the sources, where there is no bundle', (root) => rmSync(join(root, 'dist'), { recursive: true }), 'sources'],
    ['the bundle, where only the page was changed', (root) => touch(root, 'src/web/ui/src/main.tsx'), 'bundle'],
    [
      'the bundle, where there are no sources, as in the published package',
      (root) => rmSync(join(root, 'src'), { recursive: true }),
      'bundle',
    ],
  ])('%s', async (_, change, expected) => {
    const root = checkout();
    change(root);
    expect(await whatRuns(root)).toBe(expected);
  });
});
