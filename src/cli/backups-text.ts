/** The content of a version: read, told from octets that are no text, and shown. */
import type { Config } from '../config/config.ts';
import { plainText } from '../events/plain-text.ts';
import { type Backup, readVersion } from '../files/backups.ts';
import { type Content, contentOf } from '../files/text-content.ts';
import type { Version } from '../files/versions.ts';
import { withAdvice } from './backups-choice.ts';

/**
 * Reads a version.
 * @throws {Error} when it cannot be read, with what to do about it.
 */
export async function readContent({ tftp }: Config, backup: Backup, version: Version): Promise<Content> {
  const content = await readVersion(tftp.uploads.dir, backup, version);
  if (content.ok) return contentOf(content.value);
  throw new Error(withAdvice(content.error.detail));
}

/** A line of somebody else's text, fit for a terminal: it keeps its tabs, and loses what steers a terminal. */
export function shownLine(line: string): string {
  return line
    .replace(/\r$/, '')
    .split('\t')
    .map((part) => plainText(part, Number.POSITIVE_INFINITY))
    .join('\t');
}
