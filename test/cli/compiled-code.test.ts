import { execFile } from 'node:child_process';
import { chmodSync, existsSync, mkdirSync, readdirSync, symlinkSync } from 'node:fs';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { afterAll, expect, test } from 'vitest';
import { removeScratch, scratch } from '../support/scratch.ts';

const MAIN = join(import.meta.dirname, '../../bin/bootlace.js');
const run = promisify(execFile);

afterAll(removeScratch);

/** Runs the program with this folder for temporary files; the name of its folder in it. */
async function startIn(folder: string): Promise<string> {
  const { stdout } = await run(process.execPath, [MAIN, '--version'], { env: { ...process.env, TMPDIR: folder, NODE_COMPILE_CACHE: '' } });
  expect(stdout).toMatch(/^\d+\.\d+\.\d+/);
  return join(folder, `bootlace-compiled-${process.getuid?.()}`);
}

test('compiled code is kept in a folder of the user’s own', async () => {
  const own = await startIn(scratch('compiled'));
  expect(readdirSync(own).length).toBeGreaterThan(0);
});

test('a folder that others can write to is not used: what is in it would be run', async () => {
  const folder = scratch('compiled');
  const own = join(folder, `bootlace-compiled-${process.getuid?.()}`);
  mkdirSync(own);
  chmodSync(own, 0o777);
  await startIn(folder);
  expect(readdirSync(own)).toEqual([]);
});

test('a link in its place is not followed', async () => {
  const [folder, elsewhere] = [scratch('compiled'), scratch('compiled')];
  symlinkSync(elsewhere, join(folder, `bootlace-compiled-${process.getuid?.()}`));
  await startIn(folder);
  expect(readdirSync(elsewhere)).toEqual([]);
});

test('where nothing can be kept the program starts all the same', async () => {
  expect(existsSync(await startIn('/nowhere-at-all'))).toBe(false);
});
