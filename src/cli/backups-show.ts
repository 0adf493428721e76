/** `bootlace backups show`: one version, with its secrets masked. */
import { writeFile } from 'node:fs/promises';
import { showSize } from '../events/quantities.ts';
import { maskSecrets } from '../files/secrets.ts';
import { allBackups, chooseBackup, chooseVersion, shownName } from './backups-choice.ts';
import { readContent, shownLine } from './backups-text.ts';
import { configOf } from './config-option.ts';
import type { Output } from './output.ts';

export interface ShowFlags {
  readonly config?: string;
  /** Undefined for the newest. */
  readonly version?: number;
  readonly reveal?: true;
  /** The file to write to. */
  readonly output?: string;
}

/** Only for who asked for it: it may hold passwords. */
const FILE_MODE = 0o600;

/** Prints a version, or writes it to a file. */
export async function showBackup(device: string, file: string | undefined, flags: ShowFlags, output: Output): Promise<void> {
  const config = await configOf(flags.config, output, 'errors');
  if (config === undefined) return;
  const backup = chooseBackup(config, await allBackups(config), device, file);
  const version = chooseVersion(backup, flags.version);
  const { octets, text, encode } = await readContent(config, backup, version);
  const what = `version ${version.number} of ${shownName(backup.device)}/${shownName(backup.file)}`;
  if (text === undefined && flags.output === undefined && output.isTerminal)
    throw new Error(`${what} is no text (${showSize(octets.length)}); write it to a file with --output FILE`);
  const isMasked = text !== undefined && flags.reveal !== true;
  const shown = isMasked ? maskSecrets(text.split('\n')).join('\n') : text;
  const content = isMasked && shown !== undefined ? encode(shown) : octets;
  if (flags.output !== undefined) {
    await writeNew(flags.output, content);
    output.note(`${what} is in ${flags.output}${shown === text ? '' : ', its secrets masked; --reveal writes them too'}`);
  } else if (shown !== undefined && output.isTerminal) {
    output.line(shown.replace(/\n$/, '').split('\n').map(shownLine).join('\n'));
  } else output.octets(content);
}

/** A file that is there already may be somebody's only copy. */
async function writeNew(file: string, content: Uint8Array): Promise<void> {
  try {
    await writeFile(file, content, { flag: 'wx', mode: FILE_MODE });
  } catch (error) {
    const isThere = error instanceof Error && 'code' in error && error.code === 'EEXIST';
    throw isThere ? new Error(`${file} is there already; name another file, or remove it first`) : error;
  }
}
