/** What the policy `version` has kept: devices, their files, and the versions of each. Read from the folder, whoever writes there. */
import { lstat, readdir, readFile, stat } from 'node:fs/promises';
import type { Clock } from '../base/clock.ts';
import { ok, type Result } from '../base/result.ts';
import type { ChangeSummary } from './change-summary.ts';
import { IncomingFolder } from './incoming.ts';
import { withLock } from './lock-file.ts';
import { openInside } from './open-inside.ts';
import { errnoOf, type Refusal } from './refusal.ts';
import { diskPath, INCOMING_FOLDER, joinSafe, type SafePath } from './safe-path.ts';
import { sentNamesIn } from './sent-names.ts';
import { contentOf } from './text-content.ts';
import { type UploadSettings, VERSION_MODE } from './uploads.ts';
import { type StoredVersion, storeVersion, type Version, versionOf, versionsIn } from './versions.ts';

/** A file of a device. */
export interface Backup {
  /** The folder of the device. */
  readonly device: SafePath;
  readonly file: SafePath;
  /** Oldest first, at least one. */
  readonly versions: readonly Version[];
}

/** All that is kept below the uploads, by device and file; nothing when there is no such folder. Rejects when a folder cannot be read. */
export async function backupsIn(uploads: string): Promise<Backup[]> {
  const { folders } = await contentsOf(Buffer.from(uploads));
  const devices = folders.filter((name) => name !== INCOMING_FOLDER).sort();
  const backups: Backup[] = [];
  for (const device of devices) backups.push(...(await backupsOf(uploads, device, undefined)));
  return backups;
}

async function backupsOf(uploads: string, device: SafePath, file: SafePath | undefined): Promise<Backup[]> {
  const { folders, files } = await contentsOf(diskPath(uploads, file === undefined ? device : joinSafe(device, file)));
  const versions = files.flatMap(versionOf).sort((a, b) => a.number - b.number);
  const own: Backup[] = file === undefined || versions.length === 0 ? [] : [{ device, file, versions }];
  const below: Backup[] = [];
  for (const name of folders.sort()) below.push(...(await backupsOf(uploads, device, file === undefined ? name : joinSafe(file, name))));
  return [...own, ...below];
}

/** Links are neither: they may lead anywhere. */
async function contentsOf(folder: Buffer): Promise<{ folders: SafePath[]; files: string[] }> {
  try {
    const entries = await readdir(folder, { withFileTypes: true, encoding: 'buffer' });
    const names = (kept: typeof entries): string[] => kept.map(({ name }) => name.toString('latin1'));
    return {
      folders: names(entries.filter((entry) => entry.isDirectory())).map((name) => joinSafe(name)),
      files: names(entries.filter((entry) => entry.isFile())),
    };
  } catch (error) {
    // Not there, or removed in the meantime.
    if (errnoOf(error) === 'ENOENT' || errnoOf(error) === 'ENOTDIR') return { folders: [], files: [] };
    throw error;
  }
}

/** Where a version lies, below the uploads. */
export function versionPath({ device, file }: Backup, { name }: Version): SafePath {
  return joinSafe(device, file, name);
}

/** What the device called a version, as far as its name says more than the file does. Rejects when that cannot be known. */
export async function sentNames(uploads: string, { device, file }: Backup, { number }: Version): Promise<readonly string[]> {
  const noted = await sentNamesIn(diskPath(uploads, joinSafe(device, file)));
  return noted.filter((one) => one.number === number).map(({ name }) => name);
}

/** The whole content of a version. */
export async function readVersion(uploads: string, backup: Backup, version: Version): Promise<Result<Uint8Array, Refusal>> {
  const opened = openInside(uploads, versionPath(backup, version));
  if (!opened.ok) return opened;
  const content = new Uint8Array(opened.value.size);
  const read = opened.value.read(content, 0);
  opened.value.close();
  return read.ok ? ok(content.subarray(0, read.value)) : read;
}

/** Octets of a version; undefined when it was removed in the meantime. Rejects when that cannot be known. */
export async function sizeOf(uploads: string, backup: Backup, version: Version): Promise<number | undefined> {
  try {
    return (await lstat(diskPath(uploads, versionPath(backup, version)))).size;
  } catch (error) {
    if (errnoOf(error) === 'ENOENT') return undefined;
    throw error;
  }
}

/**
 * Stores a content as the newest version of a file, as if the device had sent it now; also while a server runs.
 * Rejects with the system's error, or with what `place` says.
 */
export async function addVersion(
  { dir, keep, keepPartialSeconds }: Pick<UploadSettings, 'dir' | 'keep' | 'keepPartialSeconds'>,
  { device, file }: Pick<Backup, 'device' | 'file'>,
  content: Uint8Array,
  clock: Clock,
): Promise<Result<StoredVersion, Refusal>> {
  const incoming = new IncomingFolder({ uploads: dir, mode: VERSION_MODE, keepPartialSeconds }, clock);
  const opened = await incoming.open(`${device}-${file}`);
  if (!opened.ok) return opened;
  try {
    const written = await opened.value.write(content);
    if (!written.ok) return written;
    const sha256 = await opened.value.seal();
    const next = { root: dir, path: joinSafe(device, file), file: opened.value, sha256, at: clock.wall(), keep };
    return { ok: true, value: await withLock(incoming.lockFile, () => storeVersion(next)) };
  } finally {
    await opened.value.discard();
  }
}

/** What a version is beside the one before it. */
export type BackupChange = { readonly change: 'first' } | ({ readonly change: 'changed' } & Partial<ChangeSummary>);

/** Larger ones are no configurations, or take longer to compare than anybody wants to wait. */
const LARGEST_COMPARED = 4 * 1024 * 1024;

/**
 * What a version of a backup changes; only that it does where nobody can count it. Never rejects.
 * @param folder of its versions, below the uploads.
 */
export async function changeOf(uploads: string, folder: string, number: number): Promise<BackupChange> {
  try {
    const place = diskPath(uploads, joinSafe(folder));
    const versions = await versionsIn(place);
    const at = versions.findIndex((version) => version.number === number);
    const [before, after] = [versions[at - 1], versions[at]];
    if (after === undefined) return { change: 'changed' };
    if (before === undefined) return number === 1 ? { change: 'first' } : { change: 'changed' };
    const texts: string[] = [];
    for (const { name } of [before, after]) {
      const file = diskPath(place, name);
      const text = (await stat(file)).size > LARGEST_COMPARED ? undefined : contentOf(await readFile(file)).text;
      if (text === undefined) return { change: 'changed' };
      texts.push(text);
    }
    const [old = '', young = ''] = texts;
    // With the library of differences, which no start has to wait for.
    const { summariseChange } = await import('./change-summary.ts');
    return { change: 'changed', ...summariseChange(old, young) };
  } catch {
    // Removed in the meantime, or not ours to read: it is a backup all the same.
    return { change: 'changed' };
  }
}
