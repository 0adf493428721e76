/**
 * The versions of one uploaded file: a folder named like the file, with one file for each version,
 * `0007-20261120T063000Z-1f3a9c2e` = number, time of arrival (UTC), first eight digits of its SHA-256.
 */
import { createHash } from 'node:crypto';
import { createReadStream } from 'node:fs';
import { readdir, stat, unlink } from 'node:fs/promises';
import { pipeline } from 'node:stream/promises';
import { type WallMs, wallMs } from '../base/clock.ts';
import type { IncomingFile } from './incoming.ts';
import { place } from './place-inside.ts';
import { errnoOf } from './refusal.ts';
import { diskPath, joinSafe, type SafePath } from './safe-path.ts';
import { noteSentName } from './sent-names.ts';
import { timeStamp } from './time-stamp.ts';

export interface Version {
  readonly number: number;
  /** Name of the file that holds it. */
  readonly name: SafePath;
  readonly at: WallMs;
  /** First eight hexadecimal digits of its SHA-256. */
  readonly hash: string;
}

const NAME = /^(\d{4,9})-(\d{4})(\d\d)(\d\d)T(\d\d)(\d\d)(\d\d)Z-([0-9a-f]{8})$/;

/** All versions in `folder`, oldest first; none when there is no such folder. Rejects when it cannot be read. */
export async function versionsIn(folder: Buffer): Promise<Version[]> {
  let names: string[];
  try {
    names = (await readdir(folder, { withFileTypes: true })).filter((entry) => entry.isFile()).map((entry) => entry.name);
  } catch (error) {
    if (errnoOf(error) === 'ENOENT' || errnoOf(error) === 'ENOTDIR') return [];
    throw error;
  }
  return names.flatMap(versionOf).sort((a, b) => a.number - b.number);
}

/** Where a file's versions are, and what its next one is. */
export interface NextVersion {
  /** Absolute path of the uploads. */
  readonly root: string;
  /** The folder of the versions, below `root`. */
  readonly path: SafePath;
  readonly file: IncomingFile;
  /** Of the sealed file, in hexadecimal. */
  readonly sha256: string;
  readonly at: WallMs;
  /** Versions that are kept, at least one. */
  readonly keep: number;
  /** What the device called it, where that says which version it is. */
  readonly sentAs?: SafePath | undefined;
}

export interface StoredVersion {
  readonly name: SafePath;
  readonly number: number;
  /** The newest has the same content: nothing was stored. */
  readonly unchanged: boolean;
  /** Octets that the removal of old versions has given back. */
  readonly freed: number;
}

/**
 * Puts a sealed file in its place as the newest version, and removes the oldest that are more than are kept.
 * For one caller at a time, see `IncomingFolder.lockFile`. Rejects as `place` does; the file is where it was then.
 */
export async function storeVersion(next: NextVersion): Promise<StoredVersion> {
  const stored = await storeContent(next);
  // The version is what counts. One that is not found by the name of a day is found by its number.
  if (next.sentAs !== undefined)
    await noteSentName(diskPath(next.root, next.path), stored.number, next.sentAs, next.keep).catch(() => undefined);
  return stored;
}

async function storeContent({ root, path, file, sha256, at, keep }: NextVersion): Promise<StoredVersion> {
  const folder = diskPath(root, path);
  const versions = await versionsIn(folder);
  const newest = versions.at(-1);
  if (newest !== undefined && (await hasContent(folder, newest, sha256))) {
    await file.discard();
    return { name: newest.name, number: newest.number, unchanged: true, freed: 0 };
  }
  const number = (newest?.number ?? 0) + 1;
  const name = joinSafe(`${String(number).padStart(4, '0')}-${timeStamp(at)}-${sha256.slice(0, 8)}`);
  await place(file.path, root, joinSafe(path, name), 'new');
  // The upload is safe now; an old version that cannot be removed is no reason to refuse it.
  const freed = await prune(folder, versions, Math.max(keep - 1, 0)).catch(() => 0);
  return { name, number, unchanged: false, freed };
}

/**
 * True when the version has the content of this hash; its name alone decides only that it has not. One that cannot be read, or
 * was damaged, has not: then the new one is stored.
 */
async function hasContent(folder: Buffer, version: Version, sha256: string): Promise<boolean> {
  if (version.hash !== sha256.slice(0, 8)) return false;
  const hash = createHash('sha256');
  return pipeline(createReadStream(diskPath(folder, version.name)), hash).then(
    () => hash.digest('hex') === sha256,
    () => false,
  );
}

/** Removes the oldest until `keep` are left. @returns the octets that they had. */
async function prune(folder: Buffer, versions: readonly Version[], keep: number): Promise<number> {
  let freed = 0;
  for (const version of versions.slice(0, Math.max(versions.length - keep, 0))) {
    const path = diskPath(folder, version.name);
    const { size } = await stat(path);
    await unlink(path);
    freed += size;
  }
  return freed;
}

/** The version that a file of this name holds; an empty list for any other name. */
export function versionOf(name: string): Version[] {
  const match = NAME.exec(name);
  if (match === null) return [];
  const [number, year, month, day, hour, minute, second] = match.slice(1, 8).map(Number);
  const at = wallMs(Date.UTC(year ?? 0, (month ?? 1) - 1, day, hour, minute, second));
  return [{ number: number ?? 0, name: joinSafe(name), at, hash: match[8] ?? '' }];
}
