/** Small files of the data directory that are replaced as a whole: whoever reads one, or finds it after a power failure, has what was before or what is after. */
import { open, readFile, rename, stat, unlink } from 'node:fs/promises';
import path from 'node:path';
import { prepareFolder } from './data-dir.ts';

/** Undefined where there is no file. Rejects with the system's error. */
export async function readState(file: string): Promise<string | undefined> {
  return readFile(file, 'utf8').catch((fault: unknown) => {
    if (fault instanceof Error && 'code' in fault && fault.code === 'ENOENT') return undefined;
    throw fault;
  });
}

/** Rejects with the system's error. */
export async function writeState(file: string, value: object): Promise<void> {
  await prepareFolder(path.dirname(file), undefined);
  const owner = await stat(path.dirname(file));
  const fresh = `${file}.${process.pid}.new`;
  const handle = await open(fresh, 'w', 0o640);
  try {
    await handle.writeFile(`${JSON.stringify(value, undefined, 2)}\n`);
    // Written by root beside a server that is not root: the server has to be able to read it.
    if (process.getuid?.() === 0) await handle.chown(owner.uid, owner.gid);
    await handle.sync();
  } finally {
    await handle.close();
  }
  await rename(fresh, file).catch(async (fault: unknown) => {
    await unlink(fresh).catch(() => undefined);
    throw fault;
  });
}
