/** Puts a complete file at its place below a folder: no link may lead it out, and it is durable when it is there. */
import { closeSync, fsync, linkSync, lstatSync, mkdirSync, openSync, realpathSync, renameSync, statSync } from 'node:fs';
import { open, rename, unlink } from 'node:fs/promises';
import { promisify } from 'node:util';
import { ignoreExisting } from './incoming.ts';
import { isBelow } from './open-inside.ts';
import { errnoOf, type Refusal, refusal, refusalOf } from './refusal.ts';
import { diskPath, type SafePath, showName } from './safe-path.ts';

const sync = promisify(fsync);

/** Thrown inside this folder of code for what is refused on purpose; `refusalFrom` turns it back. */
class RefusedError extends Error {
  readonly refusal: Refusal;

  constructor(why: Refusal) {
    super(why.detail);
    this.refusal = why;
  }
}

/** What was thrown while a file was placed, as a refusal. */
export function refusalFrom(error: unknown): Refusal {
  return error instanceof RefusedError ? error.refusal : refusalOf(error);
}

/**
 * The octets of the file at `path` below `root`; undefined when the place is free.
 * @throws {Error} when a link on the way leads out, or something other than a file is there.
 */
export function lookAt(root: string, path: SafePath): number | undefined {
  const [folders, name] = split(path);
  const folder = walkTo(root, folders);
  if (folder === undefined) return undefined;
  const facts = lstatSync(diskPath(folder, name), { throwIfNoEntry: false });
  if (facts === undefined) return undefined;
  if (!facts.isFile()) throw new RefusedError(refusal('forbidden', `${showName(path)} is there and is not a plain file`));
  return facts.size;
}

/**
 * Moves the sealed file `from` to `path` below `root`, makes folders on the way, and makes all of it durable.
 * @param how `new` rejects with EEXIST when there is such a file, whoever was first; `replace` puts it in the place of an old one.
 */
export async function place(from: string, root: string, path: SafePath, how: 'new' | 'replace'): Promise<void> {
  const [folders, name] = split(path);
  const folder = await makeWay(root, folders);
  if (folder === undefined) throw new RefusedError(refusal('fault', `${root} vanished`));
  const target = diskPath(folder, name);
  if (how === 'replace') renameSync(from, target);
  else await moveToNew(from, target);
  await syncFolder(folder);
}

/**
 * Deletes the plain file at `path` below `root`, and makes that durable. Rejects as `place` does, and where there is none.
 * @returns the octets that it had.
 */
export async function removeInside(root: string, path: SafePath): Promise<number> {
  const [folders, name] = split(path);
  const size = lookAt(root, path);
  const folder = walkTo(root, folders);
  if (size === undefined || folder === undefined) throw new RefusedError(refusal('not-found', `there is no ${showName(path)}`));
  await unlink(diskPath(folder, name));
  await syncFolder(folder);
  return size;
}

/** The folder that a file of this path would be in, after all links; of those that are not there yet the one that they would be made in. */
export function folderInside(root: string, path: SafePath): Buffer | undefined {
  const [folders] = split(path);
  for (let depth = folders.length; depth >= 0; depth -= 1) {
    const there = walkTo(root, folders.slice(0, depth));
    if (there !== undefined) return there;
  }
  return undefined;
}

/** Makes the entries of a folder durable, where the system can. */
async function syncFolder(folder: string | Buffer): Promise<void> {
  try {
    const descriptor = openSync(folder, 'r');
    await sync(descriptor).finally(() => closeSync(descriptor));
  } catch {
    // Windows opens no folders, and some network file systems sync none; there the file's own sync has to do.
  }
}

/** Follows folders from `root` down, each checked after its links. Undefined: one is missing. */
function walkTo(root: string, folders: readonly SafePath[]): Buffer | undefined {
  const top = realPathOf(root);
  let here = top;
  for (const name of folders) {
    if (top === undefined || here === undefined) return undefined;
    here = stepInto(diskPath(here, name), top, root);
  }
  return here;
}

/** The same, with folders made that are missing; what is made is durable. */
async function makeWay(root: string, folders: readonly SafePath[]): Promise<Buffer | undefined> {
  const top = realPathOf(root);
  let here = top;
  for (const name of folders) {
    if (top === undefined || here === undefined) return undefined;
    const next = diskPath(here, name);
    if (makeFolder(next)) await syncFolder(here);
    here = stepInto(next, top, root);
  }
  return here;
}

/** Where a folder really is; undefined when it is missing. */
function stepInto(folder: Buffer, top: Buffer, root: string): Buffer | undefined {
  const real = realPathOf(folder);
  if (real === undefined) return undefined;
  if (!isBelow(top, real)) throw new RefusedError(refusal('forbidden', `${folder.toString()} leads out of ${root}`));
  if (!statSync(real).isDirectory()) throw new RefusedError(refusal('forbidden', `${folder.toString()} is not a folder`));
  return real;
}

function realPathOf(path: string | Buffer): Buffer | undefined {
  try {
    return realpathSync.native(path, { encoding: 'buffer' });
  } catch (error) {
    if (errnoOf(error) !== 'ENOENT') throw error;
    return undefined;
  }
}

/** @returns true when it was not there before. */
function makeFolder(folder: Buffer): boolean {
  try {
    mkdirSync(folder);
    return true;
  } catch (error) {
    ignoreExisting(error);
    return false;
  }
}

/** What `link` says on a file system that has no hard links (FAT), or allows none. */
const NO_LINKS: readonly string[] = ['EPERM', 'ENOTSUP', 'EOPNOTSUPP', 'ENOSYS'];

/** A hard link refuses to replace, which a rename cannot. Where there are none, an empty file holds the place for a moment. */
async function moveToNew(from: string, target: Buffer): Promise<void> {
  try {
    linkSync(from, target);
  } catch (error) {
    if (!NO_LINKS.includes(errnoOf(error))) throw error;
    await moveToHeldPlace(from, target);
    return;
  }
  // The file is in its place. A second name that stays behind is swept at the next start.
  await unlink(from).catch(() => undefined);
}

async function moveToHeldPlace(from: string, target: Buffer): Promise<void> {
  await (await open(target, 'wx')).close();
  try {
    await rename(from, target);
  } catch (error) {
    await unlink(target).catch(() => undefined);
    throw error;
  }
}

function split(path: SafePath): [SafePath[], SafePath] {
  const segments = path.split('/') as SafePath[];
  const name = segments.pop();
  return [segments, name ?? path];
}
