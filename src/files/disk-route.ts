/** Files below one folder, as they lie there. */
import { readdir } from 'node:fs/promises';
import type { Result } from '../base/result.ts';
import type { FileQuery, FileRoute, OpenedFile } from './catalog.ts';
import { openInside } from './open-inside.ts';
import type { Refusal } from './refusal.ts';
import { diskPath, joinSafe, type SafePath, showName } from './safe-path.ts';

export class DiskRoute implements FileRoute {
  readonly name = 'disk';
  readonly #root: string;

  /** @param root absolute path of the folder; it may come and go. */
  constructor(root: string) {
    this.#root = root;
  }

  /** The exact name first, then one that differs in case only: Windows loaders and some phones do not care for case. */
  async open(query: FileQuery): Promise<Result<OpenedFile, Refusal> | 'not-mine'> {
    const exact = await openInside(this.#root, query.path);
    if (exact.ok || exact.error.refused !== 'not-found') return exact;
    const similar = await findIgnoringCase(this.#root, query.path);
    if (similar === undefined) return 'not-mine';
    const found = await openInside(this.#root, similar);
    return !found.ok && found.error.refused === 'not-found' ? 'not-mine' : found;
  }

  placeOf(query: FileQuery): string {
    return `${this.#root}/${showName(query.path)}`;
  }
}

/** The path as it is written on disk; undefined when nothing fits. Of several that fit the first in octet order is taken. */
async function findIgnoringCase(root: string, path: SafePath): Promise<SafePath | undefined> {
  let found: SafePath | undefined;
  for (const segment of path.split('/')) {
    const names = await namesIn(found === undefined ? root : diskPath(root, found));
    const name = names.includes(segment) ? segment : names.sort().find((candidate) => folded(candidate) === folded(segment));
    if (name === undefined) return undefined;
    found = found === undefined ? joinSafe(name) : joinSafe(found, name);
  }
  return found;
}

async function namesIn(folder: string | Buffer): Promise<string[]> {
  try {
    return (await readdir(folder, { encoding: 'buffer' })).map((name) => name.toString('latin1'));
  } catch {
    // Not there, not a folder, or not ours to read: no names.
    return [];
  }
}

/** ASCII only: in octets of an unknown character set nothing else has a case. */
function folded(name: string): string {
  return name.replace(/[A-Z]/g, (letter) => letter.toLowerCase());
}
