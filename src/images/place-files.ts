/** Files into the root, so that a reader sees the old one or the new one and never half of one, and a full disk costs nothing that was there. */
import { chmod, copyFile, lstat, mkdir, open, realpath, rename, rm } from 'node:fs/promises';
import { basename, dirname, join, sep } from 'node:path';
import type { UnpackedFile } from './unpack.ts';

/** What everybody may read: it is served to anybody who asks. */
const MODE = 0o644;

/**
 * Puts all of them in their places below `root`, which has to exist. First all are written beside their places; only when every one
 * is whole do they get their names.
 * @throws {Error} when one cannot be written; then none has its place.
 */
export async function placeFiles(root: string, files: readonly UnpackedFile[], signal: AbortSignal): Promise<void> {
  const written: { readonly fresh: string; readonly target: string }[] = [];
  try {
    for (const { place, file } of files) {
      signal.throwIfAborted();
      const target = join(root, place);
      await makeFolder(root, dirname(target));
      if ((await lstat(target).catch(() => undefined))?.isDirectory() === true) throw new Error(`${target} is a folder, and is left alone`);
      const fresh = join(dirname(target), `.${basename(target)}.new-${process.pid}`);
      written.push({ fresh, target });
      await copyFile(file, fresh);
      await chmod(fresh, MODE);
      await sync(fresh);
    }
    signal.throwIfAborted();
    for (const { fresh, target } of written) await rename(fresh, target);
  } catch (fault) {
    for (const { fresh } of written) await rm(fresh, { force: true });
    throw explained(fault, root);
  }
}

/** A folder that is a link to somewhere else would take the file out of the root. */
async function makeFolder(root: string, folder: string): Promise<void> {
  await mkdir(folder, { recursive: true });
  const [top, real] = await Promise.all([realpath(root), realpath(folder)]);
  if (real !== top && !real.startsWith(top.endsWith(sep) ? top : top + sep)) throw new Error(`${folder} leads out of ${root}`);
}

async function sync(file: string): Promise<void> {
  const handle = await open(file, 'r+');
  try {
    await handle.sync();
  } finally {
    await handle.close();
  }
}

function explained(fault: unknown, root: string): unknown {
  const code = fault instanceof Error && 'code' in fault ? fault.code : undefined;
  if (code === 'ENOSPC' || code === 'EDQUOT')
    return new Error(`there is no room for it in ${root}; nothing there was changed`, { cause: fault });
  if (code === 'EACCES' || code === 'EPERM' || code === 'EROFS')
    return new Error(`${root} cannot be written to by this user (${String(code)}); run it as the owner of that folder`, { cause: fault });
  return fault;
}
