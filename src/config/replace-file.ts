/** Writes a file anew as a whole: whoever reads it, or finds it after a power failure, has the text before or the one after. */
import { open, realpath, rename, stat, unlink } from 'node:fs/promises';
import { dirname } from 'node:path';

/** Who owns what is new here is the server, and a group may read it: there may be passwords in it. */
const NEW_MODE = 0o640;

/**
 * Puts `text` in the place of what `file` holds, or makes it. Permissions and owner stay; a new file belongs to whom its folder does, as root
 * may write beside a server that is not root.
 * @throws {Error} with the system's reason; then the file is as it was.
 */
export async function replaceFile(file: string, text: string): Promise<void> {
  // A link goes on leading to the file.
  const target = await realpath(file).catch(() => file);
  const before = await stat(target).catch(() => undefined);
  const owner = before ?? (await stat(dirname(target)));
  const fresh = `${target}.${process.pid}.new`;
  const handle = await open(fresh, 'w', NEW_MODE);
  try {
    await handle.writeFile(text);
    if (before !== undefined) await handle.chmod(before.mode & 0o7777);
    if (process.getuid?.() === 0) await handle.chown(owner.uid, owner.gid);
    await handle.sync();
  } finally {
    await handle.close();
  }
  await rename(fresh, target).catch(async (fault: unknown) => {
    await unlink(fresh).catch(() => undefined);
    throw fault;
  });
}
