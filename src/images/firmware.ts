/** Images of firmware as they lie below the root: what their digests are, and whether these are as they should be. */
import { createHash } from 'node:crypto';
import { createReadStream } from 'node:fs';
import { stat } from 'node:fs/promises';
import path from 'node:path';
import type { FirmwareImage } from '../boot/image-rules.ts';

/** In lower-case hexadecimal. */
export interface Digests {
  readonly sha256: string;
  readonly md5: string;
}

/** A file that was read once; while size and time are these, its digests are, too. */
export interface KnownDigests extends Digests {
  /** Octets. */
  readonly size: number;
  /** Of its last change, in milliseconds. */
  readonly changedAt: number;
}

/** By absolute path. */
export type DigestMemory = Map<string, KnownDigests>;

export interface WrongDigest {
  readonly algorithm: 'SHA-256' | 'MD5';
  readonly expected: string;
  readonly found: string;
}

/** How a file of `images` is. */
export type FirmwareState =
  | { readonly is: 'missing'; readonly why: string }
  /** Its digests are not known yet, or no longer. */
  | { readonly is: 'unread'; readonly size: number; readonly changedAt: number }
  | { readonly is: 'read'; readonly known: KnownDigests; readonly wrong: WrongDigest | undefined };

/** Where an image lies. */
export function placeOfImage(root: string, { file }: Pick<FirmwareImage, 'file'>): string {
  return path.join(root, Buffer.from(file, 'latin1').toString());
}

/** How an image is, as far as that is known without reading it. */
export async function firmwareState(root: string, image: FirmwareImage, memory: DigestMemory): Promise<FirmwareState> {
  const place = placeOfImage(root, image);
  try {
    const facts = await stat(place);
    if (!facts.isFile()) return { is: 'missing', why: `${place} is not a file` };
    const known = memory.get(place);
    if (known === undefined || known.size !== facts.size || known.changedAt !== facts.mtimeMs)
      return { is: 'unread', size: facts.size, changedAt: facts.mtimeMs };
    return { is: 'read', known, wrong: wrongDigest(image, known) };
  } catch (fault) {
    const isMissing = fault instanceof Error && 'code' in fault && (fault.code === 'ENOENT' || fault.code === 'ENOTDIR');
    return { is: 'missing', why: isMissing ? `there is no ${place}` : fault instanceof Error ? fault.message : String(fault) };
  }
}

/** As `firmwareState`, and reads the file where that is needed; what it finds out goes into `memory`. */
export async function readFirmware(root: string, image: FirmwareImage, memory: DigestMemory): Promise<FirmwareState> {
  const before = await firmwareState(root, image, memory);
  if (before.is !== 'unread') return before;
  const place = placeOfImage(root, image);
  try {
    memory.set(place, { ...(await digestsOf(place)), size: before.size, changedAt: before.changedAt });
  } catch (fault) {
    return { is: 'missing', why: fault instanceof Error ? fault.message : String(fault) };
  }
  // What changed while it was read is unread still.
  return firmwareState(root, image, memory);
}

/** Octets that are read and counted in one go: well below what anybody would notice who waits for this thread. */
const PIECE = 256 * 1024;

/** Rejects with the system's error. */
async function digestsOf(place: string): Promise<Digests> {
  const [sha256, md5] = [createHash('sha256'), createHash('md5')];
  for await (const piece of createReadStream(place, { highWaterMark: PIECE })) {
    sha256.update(piece as Buffer);
    md5.update(piece as Buffer);
  }
  return { sha256: sha256.digest('hex'), md5: md5.digest('hex') };
}

function wrongDigest({ sha256, md5 }: FirmwareImage, found: Digests): WrongDigest | undefined {
  if (sha256 !== undefined && sha256 !== found.sha256) return { algorithm: 'SHA-256', expected: sha256, found: found.sha256 };
  if (md5 !== undefined && md5 !== found.md5) return { algorithm: 'MD5', expected: md5, found: found.md5 };
  return undefined;
}
