/** The file of entries chosen with `bootlace boot`: read and written by the server, and by the command where no server runs. */
import path from 'node:path';
import { parseMac } from '../base/addresses.ts';
import type { BootChoice } from '../boot/boot-choices.ts';
import { readState, writeState } from './state-file.ts';

/** Where the choices of a data directory are. */
export function bootChoicesFile(dataDir: string): string {
  return path.join(dataDir, 'boot-choices.json');
}

/**
 * All choices; none where there is no file.
 * @throws {Error} with a text for the operator when the file cannot be read, or is not what was written.
 */
export async function readBootChoices(file: string): Promise<readonly BootChoice[]> {
  const text = await readState(file);
  if (text === undefined) return [];
  const choices = choicesIn(text);
  if (choices === undefined) throw new Error(`${file} is damaged; delete it, and choose anew with \`bootlace boot\``);
  return choices;
}

/** Replaces the file as a whole. Rejects with the system's error. */
export function writeBootChoices(file: string, choices: readonly BootChoice[]): Promise<void> {
  return writeState(file, { choices });
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
