/** `bootlace backups`: the versions of what devices have sent; to look at, to compare, and to give back. */
import { Command, InvalidArgumentError } from 'commander';
import { showCount, showSize } from '../events/quantities.ts';
import { type Backup, sentNames, sizeOf, versionPath } from '../files/backups.ts';
import { partialsIn } from '../files/incoming.ts';
import { showName } from '../files/safe-path.ts';
import type { Version } from '../files/versions.ts';
import { allBackups, ofDevice, readable, shownName } from './backups-choice.ts';
import { type DiffFlags, diffBackups } from './backups-diff.ts';
import { type RestoreFlags, restoreBackup } from './backups-restore.ts';
import { type ShowFlags, showBackup } from './backups-show.ts';
import { configOf } from './config-option.ts';
import { type Output, processOutput, showTable } from './output.ts';

interface ListFlags {
  readonly config?: string;
  readonly all?: true;
  readonly json?: true;
}

/** A version as it is listed; the time in ISO 8601. */
interface Row {
  readonly device: string;
  readonly file: string;
  readonly version: number;
  readonly time: string;
  /** Octets. */
  readonly size: number;
  /** First eight hexadecimal digits of its SHA-256. */
  readonly hash: string;
  /** Versions of the file that are kept. */
  readonly kept: number;
  readonly path: string;
  /** What the device called it, where each of its names is another. */
  readonly sentAs: readonly string[];
}

const CONFIG: readonly [string, string] = ['-c, --config <file>', 'configuration file'];
const DEVICE: readonly [string, string] = ['<device>', 'its name, MAC address, address or folder, as in `bootlace backups list`'];
const FILE: readonly [string, string] = [
  '[file]',
  'the file; may be left out when the device has one only, or one that is its running configuration',
];

/** The command; it writes to `output`. */
export function backupsCommand(output: Output = processOutput()): Command {
  const backups = new Command('backups').description('list, show, compare and give back what devices have sent');
  backups
    .command('list', { isDefault: true })
    .description('list the newest version of each file')
    .argument('[device]', 'only those of this device')
    .option(...CONFIG)
    .option('--all', 'every version')
    .option('--json', 'print JSON')
    .action((device: string | undefined, flags: ListFlags) => list(device, flags, output));
  backups
    .command('show')
    .description('print a version, its passwords and keys masked')
    .argument(...DEVICE)
    .argument(...FILE)
    .option(...CONFIG)
    .option('--version <number>', 'an older one than the newest', readNumber)
    .option('--output <file>', 'write it to a new file instead')
    .option('--reveal', 'do not mask passwords and keys')
    .action((device: string, file: string | undefined, flags: ShowFlags) => showBackup(device, file, flags, output));
  backups
    .command('diff')
    .description('compare two versions: the newest with the one before')
    .argument(...DEVICE)
    .argument(...FILE)
    .option(...CONFIG)
    .option('--from <number>', 'the older version', readNumber)
    .option('--to <number>', 'the newer version', readNumber)
    .option('--ignore-noise', 'leave out times, sizes and the like that change by themselves')
    .option('--reveal', 'do not mask passwords and keys')
    .addHelpText('after', '\nExit codes: 0 the same, 1 different, 2 in trouble, as with diff.')
    .action((device: string, file: string | undefined, flags: DiffFlags) => diffBackups(device, file, flags, output));
  backups
    .command('restore')
    .description('make a version the newest again, for its device to read, and say what to type there')
    .argument(...DEVICE)
    .argument(...FILE)
    .argument('[version]', 'which one (default: the newest); stands in the place of the file where that is left out', readNumber)
    .option(...CONFIG)
    .option('--version <number>', 'the same', readNumber)
    .option('--as <name>', 'the name to read it by, instead of its own')
    .action((device: string, file: string | undefined, version: number | undefined, flags: RestoreFlags) =>
      restoreBackup(device, file, version === undefined ? flags : { ...flags, version }, output),
    );
  return backups;
}

async function list(device: string | undefined, flags: ListFlags, output: Output): Promise<void> {
  const config = await configOf(flags.config, output, 'errors');
  if (config === undefined) return;
  const { dir } = config.tftp.uploads;
  const everything = await allBackups(config);
  const backups = device === undefined ? everything : ofDevice(config, everything, device);
  const wanted = backups.flatMap((backup) =>
    (flags.all === true ? backup.versions : backup.versions.slice(-1)).map((version) => ({ backup, version })),
  );
  const rows = (await readable(Promise.all(wanted.map(({ backup, version }) => rowOf(dir, backup, version))))).flat();
  if (flags.json === true) output.line(JSON.stringify(rows, undefined, 2));
  else if (rows.length === 0) output.line(`no backups in ${dir}`);
  else output.line(showTable(tableOf(rows)));
  if (flags.json === true) return;
  const partials = await readable(partialsIn(dir));
  if (partials.length === 0) return;
  output.note(`\n${showCount(partials.length, 'upload')} came only in part, and can be looked at for a while:`);
  for (const { path, size } of partials) output.note(`  ${showSize(size)} in ${path}`);
}

/** No row for a version that has gone since it was found: the server that runs keeps so many only. */
async function rowOf(dir: string, backup: Backup, version: Version): Promise<Row[]> {
  const size = await sizeOf(dir, backup, version);
  if (size === undefined) return [];
  const row: Row = {
    device: shownName(backup.device),
    file: shownName(backup.file),
    version: version.number,
    time: new Date(version.at).toISOString().replace('.000', ''),
    size,
    hash: version.hash,
    kept: backup.versions.length,
    path: `${dir}/${showName(versionPath(backup, version))}`,
    sentAs: (await sentNames(dir, backup, version)).map(shownName),
  };
  return [row];
}

/** What devices called their files has a column only where it says more than the file does. */
function tableOf(rows: readonly Row[]): readonly (readonly string[])[] {
  const table = [HEADING, ...rows.map(cellsOf)];
  if (rows.every(({ sentAs }) => sentAs.length === 0)) return table;
  const sent = ['SENT AS', ...rows.map(({ sentAs }) => sentAs.at(-1) ?? '')];
  return table.map((cells, at) => [...cells, sent[at] ?? '']);
}

const HEADING = ['DEVICE', 'FILE', 'VERSION', 'KEPT', 'TIME', 'SIZE', 'HASH'];

function cellsOf({ device, file, version, kept, time, size, hash }: Row): readonly string[] {
  return [device, file, String(version), String(kept), time, showSize(size), hash];
}

function readNumber(text: string): number {
  if (!/^\d{1,9}$/.test(text)) throw new InvalidArgumentError('It has to be the number of a version.');
  return Number(text);
}
