/** The folders that the server writes to: made at the start, and handed to the user that it becomes. */
import type { Dirent } from 'node:fs';
import { lchown, lstat, mkdir, readdir } from 'node:fs/promises';
import path from 'node:path';

/** Who owns what the server writes. */
export interface Owner {
  readonly uid: number;
  readonly gid: number;
}

/** Leases say who is where, backups hold passwords: nothing for everybody. */
const FOLDER_MODE = 0o750;

/**
 * Makes a folder and those above it. With an owner, the folder and all in it become the owner's: an earlier start as plain
 * root may have left files that the user could not write.
 * @throws {Error} with the system's reason.
 */
export async function prepareFolder(folder: string, owner: Owner | undefined): Promise<void> {
  const firstMade = await mkdir(folder, { recursive: true, mode: FOLDER_MODE });
  if (owner === undefined) return;
  if (firstMade !== undefined) await give(firstMade, owner);
  await give(folder, owner);
}

/** Symbolic links are given away themselves, never what they point to. */
async function give(place: string, owner: Owner): Promise<void> {
  const { uid, gid } = await lstat(place);
  if (uid !== owner.uid || gid !== owner.gid) await lchown(place, owner.uid, owner.gid);
  for (const entry of await entriesOf(place)) {
    const inside = path.join(place, entry.name);
    if (entry.isDirectory()) await give(inside, owner);
    else await lchown(inside, owner.uid, owner.gid);
  }
}

async function entriesOf(place: string): Promise<readonly Dirent[]> {
  return (await lstat(place)).isDirectory() ? readdir(place, { withFileTypes: true }) : [];
}
