/**
 * The versions of one uploaded file: a folder named like the file, with one file for each version,
 * `0007-20261120T063000Z-1f3a9c2e` = number, time of arrival (UTC), first eight digits of its SHA-256.
 */
import { createHash } from 'node:crypto';
import { createReadStream } from 'node:fs';
import { readdir, unlink } from 'node:fs/promises';
import { pipeline } from 'node:stream/promises';
import { type WallMs, wallMs } from '../base/clock.ts';
import { errnoOf } from './refusal.ts';
import { diskPath, joinSafe, type SafePath } from './safe-path.ts';

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

/** The name of the version that follows `newest`. */
export function nextName(newest: Version | undefined, at: WallMs, sha256: string): SafePath {
  const time = new Date(at).toISOString().replace(/\.\d+/, '').replaceAll(/[-:]/g, '');
  return joinSafe(`${String((newest?.number ?? 0) + 1).padStart(4, '0')}-${time}-${sha256.slice(0, 8)}`);
}

/** True when the version has the content of this hash; its name alone decides only that it has not. */
export async function hasContent(folder: Buffer, version: Version, sha256: string): Promise<boolean> {
  if (version.hash !== sha256.slice(0, 8)) return false;
  const hash = createHash('sha256');
  await pipeline(createReadStream(diskPath(folder, version.name)), hash);
  return hash.digest('hex') === sha256;
}

/** Removes the oldest until `keep` are left. */
export async function prune(folder: Buffer, versions: readonly Version[], keep: number): Promise<void> {
  for (const version of versions.slice(0, Math.max(versions.length - keep, 0))) await unlink(diskPath(folder, version.name));
}

function versionOf(name: string): Version[] {
  const match = NAME.exec(name);
  if (match === null) return [];
  const [number, year, month, day, hour, minute, second] = match.slice(1, 8).map(Number);
  const at = wallMs(Date.UTC(year ?? 0, (month ?? 1) - 1, day, hour, minute, second));
  return [{ number: number ?? 0, name: joinSafe(name), at, hash: match[8] ?? '' }];
}
