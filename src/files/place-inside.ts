/** Puts a complete file at its place below a folder: no link may lead it out, and it is durable when it is there. */
import { link, lstat, mkdir, open, realpath, rename, stat, unlink } from 'node:fs/promises';
import { ignoreExisting } from './incoming.ts';
import { isBelow } from './open-inside.ts';
import { errnoOf, type Refusal, refusal, refusalOf } from './refusal.ts';
import { diskPath, type SafePath, showName } from './safe-path.ts';

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
 * Rejects when a link on the way leads out, or something other than a file is there.
 */
export async function lookAt(root: string, path: SafePath): Promise<number | undefined> {
  const [folders, name] = split(path);
  const folder = await walk(root, folders, false);
  if (folder === undefined) return undefined;
  const facts = await lstat(diskPath(folder, name)).catch(ignoreMissing);
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
  const folder = await walk(root, folders, true);
  if (folder === undefined) throw new RefusedError(refusal('fault', `${root} vanished`));
  const target = diskPath(folder, name);
  if (how === 'replace') await rename(from, target);
  else await moveToNew(from, target);
  await syncFolder(folder);
}

/** Makes the entries of a folder durable, where the system can. */
async function syncFolder(folder: string | Buffer): Promise<void> {
  const handle = await open(folder, 'r').catch(() => undefined);
  // Windows opens no folders, and some network file systems sync none; there the file's own sync has to do.
  await handle?.sync().catch(() => undefined);
  await handle?.close();
}

/** Follows folders from `root` down, each checked after its links. Undefined: one is missing and none was to be made. */
async function walk(root: string, folders: readonly SafePath[], make: boolean): Promise<Buffer | undefined> {
  const top = await realpath(root, { encoding: 'buffer' }).catch(ignoreMissing);
  let here = top;
  for (const name of folders) {
    if (top === undefined || here === undefined) break;
    const next = diskPath(here, name);
    if (make && (await makeFolder(next))) await syncFolder(here);
    const real = await realpath(next, { encoding: 'buffer' }).catch(ignoreMissing);
    if (real === undefined) return undefined;
    if (!isBelow(top, real)) throw new RefusedError(refusal('forbidden', `${next.toString()} leads out of ${root}`));
    if (!(await stat(real)).isDirectory()) throw new RefusedError(refusal('forbidden', `${next.toString()} is not a folder`));
    here = real;
  }
  return here;
}

/** @returns true when it was not there before. */
async function makeFolder(folder: Buffer): Promise<boolean> {
  try {
    await mkdir(folder);
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
    await link(from, target);
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

function ignoreMissing(error: unknown): undefined {
  if (errnoOf(error) !== 'ENOENT') throw error;
  return undefined;
}
