/**
 * Opens a file for reading, and only if it lies inside a folder after all symbolic links. The check is made on the open file,
 * so nobody can swap a link between check and use. Devices and FIFOs are never opened for more than a look, and never block.
 */
import { closeSync, constants, fstatSync, openSync, readlinkSync, realpathSync, type Stats, statSync } from 'node:fs';
import { err, ok, type Result } from '../base/result.ts';
import { HeldFile } from './held-file.ts';
import type { OpenedFile } from './opened-file.ts';
import { type Refusal, refusal, refusalOf } from './refusal.ts';
import { placeOnDisk, type SafePath } from './safe-path.ts';

// Windows has neither flag and needs none: it has no FIFOs or terminals in the file system.
const FLAGS = constants.O_RDONLY | (constants.O_NONBLOCK ?? 0) | (constants.O_NOCTTY ?? 0);

/** @returns `not-found`, or `forbidden` for links that lead out, folders and everything else that is not a plain file. */
export function openInside(folder: string, path: SafePath): Result<OpenedFile, Refusal> {
  const opened = holdInside(folder, path);
  if (!opened.ok) return opened;
  const { held } = opened.value;
  const file = held.share();
  held.letGo();
  return ok(file);
}

/** A file inside the folder. `isDirect`: there is no link on the way to it. */
export interface HeldInside {
  readonly held: HeldFile;
  readonly isDirect: boolean;
}

/** As `openInside`, for a caller that holds the file for others. */
export function holdInside(folder: string, path: SafePath): Result<HeldInside, Refusal> {
  const asked = placeOnDisk(folder, path);
  let fd: number | undefined;
  try {
    // Opening a device can do something (rewind a tape), so look first; the look that counts comes after.
    const before = statSync(asked, { throwIfNoEntry: false });
    if (before === undefined) return err(refusal('not-found', `${asked.toString()} is not there`));
    if (!before.isFile()) return err(refusal('forbidden', `${asked.toString()} is ${kindOf(before)}, not a plain file`));
    fd = openSync(asked, FLAGS);
    const facts = fstatSync(fd);
    const real = realPathOf(fd, asked, facts);
    const top = realFolder(folder);
    const isDirect = real === (top === '/' ? `/${path}` : `${top}/${path}`);
    if (facts.isFile() && (isDirect || isBelow(octetsOf(top), octetsOf(real)))) {
      const held = new HeldFile(fd, facts);
      fd = undefined;
      return ok({ held, isDirect });
    }
    return err(refusal('forbidden', `${asked.toString()} leads to ${octetsOf(real).toString()}, outside ${folder}`));
  } catch (error) {
    return err(refusalOf(error));
  } finally {
    if (fd !== undefined) closeSync(fd);
  }
}

/** A storm opens hundreds of files in the moment for which the real path of their folder is taken for granted. A change shows after it. */
const FOLDER_LASTS_MS = 20;
let lastFolder = { folder: '', real: '', until: 0 };

/** One character an octet, as a safe path. A stale answer gives nobody more than before: the open file is compared with it. */
function realFolder(folder: string): string {
  const now = performance.now();
  if (lastFolder.folder !== folder || now > lastFolder.until)
    lastFolder = { folder, real: realpathSync.native(folder, 'latin1'), until: now + FOLDER_LASTS_MS };
  return lastFolder.real;
}

function octetsOf(path: string): Buffer {
  return Buffer.from(path, 'latin1');
}

const SLASH = 0x2f;

/** What there is at a path, and only if it lies inside a folder after all symbolic links, or is that folder; undefined: nothing. */
export function lookInside(folder: string, path: SafePath | undefined): Stats | undefined {
  try {
    const place = path === undefined ? folder : placeOnDisk(folder, path);
    const real = realpathSync.native(place, { encoding: 'buffer' });
    const top = octetsOf(realFolder(folder));
    return real.equals(top) || isBelow(top, real) ? statSync(real) : undefined;
  } catch {
    // Not there, or not ours to look at: for a list both are the same.
    return undefined;
  }
}

/** True when `path` lies below `folder`; both real, both octets. */
export function isBelow(folder: Buffer, path: Buffer): boolean {
  const prefix = folder.at(-1) === SLASH ? folder : Buffer.concat([folder, Buffer.from('/')]);
  return path.length > prefix.length && path.subarray(0, prefix.length).equals(prefix);
}

/** The path of an open file after all links, one character an octet: from the kernel where it says so, otherwise looked up and compared. */
function realPathOf(fd: number, asked: string | Buffer, opened: Stats): string {
  if (process.platform === 'linux') return readlinkSync(`/proc/self/fd/${fd}`, 'latin1');
  const real = realpathSync.native(asked, 'latin1');
  const found = statSync(octetsOf(real));
  if (found.ino !== opened.ino || found.dev !== opened.dev) throw new Error('the file changed while it was opened');
  return real;
}

function kindOf(facts: Stats): string {
  if (facts.isDirectory()) return 'a folder';
  if (facts.isFIFO()) return 'a FIFO';
  return facts.isSocket() ? 'a socket' : 'a device';
}
