/** The content of a version: read, told from octets that are no text, and shown. */
import type { Config } from '../config/config.ts';
import { plainText } from '../events/plain-text.ts';
import { type Backup, readVersion } from '../files/backups.ts';
import type { Version } from '../files/versions.ts';
import { withAdvice } from './backups-choice.ts';

/** A version that was read. */
export interface Content {
  readonly octets: Uint8Array;
  /** Undefined for what is no text. */
  readonly text: string | undefined;
  /** The text's octets again, as the file has them. */
  encode(text: string): Uint8Array;
}

/**
 * Reads a version.
 * @throws {Error} when it cannot be read, with what to do about it.
 */
export async function readContent({ tftp }: Config, backup: Backup, version: Version): Promise<Content> {
  const content = await readVersion(tftp.uploads.dir, backup, version);
  if (content.ok) return contentOf(content.value);
  throw new Error(withAdvice(content.error.detail));
}

/** As much as is looked at for a NUL, which no text has. */
const LOOKED_AT = 8192;

export function contentOf(octets: Uint8Array): Content {
  if (octets.subarray(0, LOOKED_AT).includes(0)) return { octets, text: undefined, encode: (text) => Buffer.from(text, 'latin1') };
  try {
    const text = new TextDecoder('utf-8', { fatal: true, ignoreBOM: true }).decode(octets);
    return { octets, text, encode: (changed) => Buffer.from(changed, 'utf8') };
  } catch {
    // An older device writes ISO 8859-1; there every octet is a letter.
    return { octets, text: Buffer.from(octets).toString('latin1'), encode: (changed) => Buffer.from(changed, 'latin1') };
  }
}

/** A line of somebody else's text, fit for a terminal: it keeps its tabs, and loses what steers a terminal. */
export function shownLine(line: string): string {
  return line
    .replace(/\r$/, '')
    .split('\t')
    .map((part) => plainText(part, Number.POSITIVE_INFINITY))
    .join('\t');
}
