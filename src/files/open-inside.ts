/**
 * Opens a file for reading, and only if it lies inside a folder after all symbolic links. The check is made on the open file,
 * so nobody can swap a link between check and use. Devices and FIFOs are never opened for more than a look, and never block.
 */
import { constants, type Stats } from 'node:fs';
import { type FileHandle, open, readlink, realpath, stat } from 'node:fs/promises';
import { err, ok, type Result } from '../base/result.ts';
import type { OpenedFile } from './catalog.ts';
import { type Refusal, refusal, refusalOf } from './refusal.ts';
import { diskPath, type SafePath } from './safe-path.ts';

// Windows has neither flag and needs none: it has no FIFOs or terminals in the file system.
const FLAGS = constants.O_RDONLY | (constants.O_NONBLOCK ?? 0) | (constants.O_NOCTTY ?? 0);

/** @returns `not-found`, or `forbidden` for links that lead out, folders and everything else that is not a plain file. */
export async function openInside(folder: string, path: SafePath): Promise<Result<OpenedFile, Refusal>> {
  const asked = diskPath(folder, path);
  let handle: FileHandle | undefined;
  try {
    // Opening a device can do something (rewind a tape), so look first; the look that counts comes after.
    const before = await stat(asked);
    if (!before.isFile()) return err(refusal('forbidden', `${asked.toString()} is ${kindOf(before)}, not a plain file`));
    handle = await open(asked, FLAGS);
    const facts = await handle.stat();
    const real = await realPathOf(handle, asked);
    const isInside = facts.isFile() && isBelow(await realpath(folder, { encoding: 'buffer' }), real);
    if (!isInside) {
      await close(handle);
      return err(refusal('forbidden', `${asked.toString()} leads to ${real.toString()}, outside ${folder}`));
    }
    return ok(new DiskFile(handle, facts.size));
  } catch (error) {
    if (handle !== undefined) await close(handle);
    return err(refusalOf(error));
  }
}

/** True when `path` lies below `folder`; both real, both octets. */
export function isBelow(folder: Buffer, path: Buffer): boolean {
  const prefix = folder.at(-1) === 0x2f ? folder : Buffer.concat([folder, Buffer.from('/')]);
  return path.length > prefix.length && path.subarray(0, prefix.length).equals(prefix);
}

class DiskFile implements OpenedFile {
  readonly size: number;
  readonly #handle: FileHandle;

  constructor(handle: FileHandle, size: number) {
    this.#handle = handle;
    this.size = size;
  }

  async read(offset: number, length: number): Promise<Result<Uint8Array, Refusal>> {
    try {
      const octets = new Uint8Array(length);
      let filled = 0;
      while (filled < length) {
        const { bytesRead } = await this.#handle.read(octets, filled, length - filled, offset + filled);
        if (bytesRead === 0) break;
        filled += bytesRead;
      }
      return ok(octets.subarray(0, filled));
    } catch (error) {
      return err(refusalOf(error));
    }
  }

  async close(): Promise<void> {
    await close(this.#handle);
  }
}

/** The path of an open file after all links: from the kernel where it says so, otherwise looked up and compared. */
async function realPathOf(handle: FileHandle, asked: Buffer): Promise<Buffer> {
  if (process.platform === 'linux') return readlink(`/proc/self/fd/${handle.fd}`, { encoding: 'buffer' });
  const real = await realpath(asked, { encoding: 'buffer' });
  const [found, opened] = await Promise.all([stat(real, { bigint: true }), handle.stat({ bigint: true })]);
  if (found.ino !== opened.ino || found.dev !== opened.dev) throw new Error('the file changed while it was opened');
  return real;
}

async function close(handle: FileHandle): Promise<void> {
  await handle.close().catch(() => {
    // Read-only: there is nothing that a failed close could lose.
  });
}

function kindOf(facts: Stats): string {
  if (facts.isDirectory()) return 'a folder';
  if (facts.isFIFO()) return 'a FIFO';
  return facts.isSocket() ? 'a socket' : 'a device';
}
