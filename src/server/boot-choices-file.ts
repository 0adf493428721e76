/** The file of entries chosen with `bootlace boot`: read and written by the server, and by the command where no server runs. */
import { readFile } from 'node:fs/promises';
import path from 'node:path';
import { parseMac } from '../base/addresses.ts';
import type { BootChoice } from '../boot/boot-choices.ts';
import { replaceFile } from '../config/replace-file.ts';
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
  await replaceFile(file, `${JSON.stringify({ choices }, undefined, 2)}\n`);
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
