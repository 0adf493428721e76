/** The record of what was put below the root, `.images.json` in it: how a file of ours is told from one that somebody else put there. */
import { readFile, rename, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';

/** A file as it was placed. */
export interface PlacedFile {
  readonly package: string;
  readonly version: string;
  readonly architecture: string;
  /** Of the file, in lower-case hexadecimal. */
  readonly sha256: string;
  /** When, in ISO 8601. */
  readonly at: string;
}

/** By the path below the root. */
export type Manifest = ReadonlyMap<string, PlacedFile>;

export const MANIFEST_NAME = '.images.json';

/** What the record says; nothing where there is none, or none that can be read. */
export async function readManifest(root: string): Promise<Manifest> {
  let value: unknown;
  try {
    value = JSON.parse(await readFile(join(root, MANIFEST_NAME), 'utf8'));
  } catch {
    return new Map();
  }
  const files = typeof value === 'object' && value !== null && 'files' in value ? value.files : undefined;
  if (typeof files !== 'object' || files === null) return new Map();
  return new Map(Object.entries(files).filter((entry): entry is [string, PlacedFile] => isPlacedFile(entry[1])));
}

/** Writes the record anew, as a whole or not at all. */
export async function writeManifest(root: string, manifest: Manifest): Promise<void> {
  const files = Object.fromEntries([...manifest].toSorted(([a], [b]) => (a < b ? -1 : 1)));
  const file = join(root, MANIFEST_NAME);
  const fresh = `${file}.new-${process.pid}`;
  try {
    await writeFile(fresh, `${JSON.stringify({ files }, null, 2)}\n`);
    await rename(fresh, file);
  } catch (fault) {
    await rm(fresh, { force: true });
    throw fault;
  }
}

function isPlacedFile(value: unknown): value is PlacedFile {
  if (typeof value !== 'object' || value === null) return false;
  const texts = value as Partial<Record<keyof PlacedFile, unknown>>;
  return [texts.package, texts.version, texts.architecture, texts.sha256, texts.at].every((text) => typeof text === 'string');
}
