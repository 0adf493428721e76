/** The file of entries chosen with `bootlace boot`: read and written by the server, and by the command where no server runs. */
import { open, readFile, rename, stat, unlink } from 'node:fs/promises';
import path from 'node:path';
import { parseMac } from '../base/addresses.ts';
import type { BootChoice } from '../boot/boot-choices.ts';
import { prepareFolder } from './data-dir.ts';

/** Where the choices of a data directory are. */
export function bootChoicesFile(dataDir: string): string {
  return path.join(dataDir, 'boot-choices.json');
}

/**
 * All choices; none where there is no file.
 * @throws {Error} with a text for the operator when the file cannot be read, or is not what was written.
 */
export async function readBootChoices(file: string): Promise<readonly BootChoice[]> {
  const text = await readFile(file, 'utf8').catch((fault: unknown) => {
    if (isMissing(fault)) return undefined;
    throw fault;
  });
  if (text === undefined) return [];
  const choices = choicesIn(text);
  if (choices === undefined) throw new Error(`${file} is damaged; delete it, and choose anew with \`bootlace boot\``);
  return choices;
}

/** Replaces the file as a whole: whoever reads it, or finds it after a power failure, has the choices before or those after. */
export async function writeBootChoices(file: string, choices: readonly BootChoice[]): Promise<void> {
  await prepareFolder(path.dirname(file), undefined);
  const owner = await stat(path.dirname(file));
  const fresh = `${file}.${process.pid}.new`;
  const handle = await open(fresh, 'w', 0o640);
  try {
    await handle.writeFile(`${JSON.stringify({ choices }, undefined, 2)}\n`);
    // Written by root beside a server that is not root: the server has to be able to read it.
    if (process.getuid?.() === 0) await handle.chown(owner.uid, owner.gid);
    await handle.sync();
  } finally {
    await handle.close();
  }
  await rename(fresh, file).catch(async (fault: unknown) => {
    await unlink(fresh).catch(() => undefined);
    throw fault;
  });
}

function choicesIn(text: string): readonly BootChoice[] | undefined {
  try {
    const { choices } = JSON.parse(text) as { readonly choices: readonly Partial<Record<keyof BootChoice, unknown>>[] };
    const read = choices.map(({ mac, entry, once }) => {
      const known = typeof mac === 'string' ? parseMac(mac) : undefined;
      return known === undefined || typeof entry !== 'string' ? undefined : { mac: known, entry, once: once === true };
    });
    return read.every((one) => one !== undefined) ? read : undefined;
  } catch {
    return undefined;
  }
}

function isMissing(fault: unknown): boolean {
  return fault instanceof Error && 'code' in fault && fault.code === 'ENOENT';
}
