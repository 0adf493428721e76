/** `bootlace backups diff`: what is different between two versions, as a unified diff. */
import type { Config } from '../config/config.ts';
import type { Backup } from '../files/backups.ts';
import { compareConfigs, type DiffLine, type Hunk } from '../files/config-diff.ts';
import type { Version } from '../files/versions.ts';
import { allBackups, chooseBackup, chooseVersion, shownName } from './backups-choice.ts';
import { readContent, shownLine } from './backups-text.ts';
import { configOf } from './config-option.ts';
import { type Output, paint } from './output.ts';

export interface DiffFlags {
  readonly config?: string;
  /** Undefined: the one before `to`. */
  readonly from?: number;
  /** Undefined for the newest. */
  readonly to?: number;
  readonly ignoreNoise?: true;
  readonly reveal?: true;
}

/** Exit code 0 when both are the same, 1 when they differ, 2 when that cannot be said. */
export async function diffBackups(device: string, file: string | undefined, flags: DiffFlags, output: Output): Promise<void> {
  try {
    const config = await configOf(flags.config, output, 'errors');
    if (config === undefined) output.fail(2);
    else await compare(config, chooseBackup(config, await allBackups(config), device, file), flags, output);
  } catch (fault) {
    output.note(`bootlace: ${fault instanceof Error ? fault.message : String(fault)}`);
    output.fail(2);
  }
}

async function compare(config: Config, backup: Backup, flags: DiffFlags, output: Output): Promise<void> {
  const to = chooseVersion(backup, flags.to);
  const from = flags.from === undefined ? versionBefore(backup, to) : chooseVersion(backup, flags.from);
  const [before, after] = await Promise.all([readContent(config, backup, from), readContent(config, backup, to)]);
  const name = `${shownName(backup.device)}/${shownName(backup.file)}`;
  if (before.text === undefined || after.text === undefined) {
    if (Buffer.compare(before.octets, after.octets) === 0) return;
    output.line(`versions ${from.number} and ${to.number} of ${name} are no text, and differ`);
    output.fail();
    return;
  }
  const options = { ignoreNoise: flags.ignoreNoise === true, reveal: flags.reveal === true };
  const hunks = compareConfigs(before.text, after.text, options);
  if (hunks === undefined) throw new Error(`versions ${from.number} and ${to.number} of ${name} are too different to be compared in time`);
  if (hunks.length === 0) {
    output.note(`versions ${from.number} and ${to.number} of ${name} are the same${options.ignoreNoise ? ', but for noise' : ''}`);
    return;
  }
  const colours = output.colour.line;
  output.line(paint('bold', `--- ${title(name, from)}\n+++ ${title(name, to)}`, colours));
  for (const hunk of hunks) output.line(showHunk(hunk, colours));
  output.fail();
}

function versionBefore({ device, file, versions }: Backup, to: Version): Version {
  const before = versions[versions.indexOf(to) - 1];
  if (before !== undefined) return before;
  throw new Error(`${shownName(device)}/${shownName(file)} has nothing before version ${to.number} to compare it with`);
}

function title(name: string, { number, at }: Version): string {
  return `${name}\tversion ${number}, ${new Date(at).toISOString().replace('.000', '')}`;
}

const SIGNS: Readonly<Record<DiffLine['kind'], readonly [sign: string, style: 'red' | 'green' | undefined]>> = {
  same: [' ', undefined],
  removed: ['-', 'red'],
  added: ['+', 'green'],
};

function showHunk({ removedFrom, removedCount, addedFrom, addedCount, lines }: Hunk, colours: boolean): string {
  const place = paint('cyan', `@@ -${removedFrom},${removedCount} +${addedFrom},${addedCount} @@`, colours);
  const shown = lines.map(({ kind, text }) => {
    const [sign, style] = SIGNS[kind];
    const line = text.startsWith('\\ No newline') ? text : `${sign}${shownLine(text)}`;
    return style === undefined ? line : paint(style, line, colours);
  });
  return [place, ...shown].join('\n');
}
