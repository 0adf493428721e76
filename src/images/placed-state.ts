/** What is below the root of an image's files, against the record of what was put there. */
import { lstat } from 'node:fs/promises';
import { join } from 'node:path';
import type { BootImage, ImageFile, ImagePart } from './catalogue.ts';
import { compareVersions } from './debian-version.ts';
import type { Manifest, PlacedFile } from './manifest.ts';
import { fileSha256 } from './package-cache.ts';
import type { PackageFacts } from './package-index.ts';
import type { Wanted } from './package-source.ts';

/** A file of an image as it is now. */
export interface FileState {
  readonly file: ImageFile;
  /** `ours`: as it was placed; `foreign`: put there by somebody else, or changed since. */
  readonly state: 'missing' | 'ours' | 'foreign';
  readonly octets: number;
  /** Undefined for what is no plain file. */
  readonly sha256: string | undefined;
  readonly placed: PlacedFile | undefined;
}

/** A part of an image as it is now. */
export interface PartState {
  readonly part: ImagePart;
  readonly files: readonly FileState[];
  /** Nothing is missing and nothing is changed. */
  readonly isWhole: boolean;
  /** The oldest version that its files are of; undefined when none was placed. */
  readonly version: string | undefined;
}

/** `old`: a newer version of a package is known. */
export type ImageState = 'there' | 'missing' | 'partly' | 'changed' | 'old';

/** Looks at the files of a part. */
export async function partStateOf(root: string, part: ImagePart, manifest: Manifest): Promise<PartState> {
  const files = await Promise.all(part.files.map((file) => fileStateOf(root, file, manifest.get(file.place))));
  const needed = files.filter(({ file, state }) => file.isOptional !== true || state !== 'missing');
  const versions = files.flatMap(({ state, placed }) => (state === 'ours' && placed !== undefined ? [placed.version] : []));
  return { part, files, isWhole: needed.every(({ state }) => state === 'ours'), version: versions.toSorted(compareVersions)[0] };
}

async function fileStateOf(root: string, file: ImageFile, placed: PlacedFile | undefined): Promise<FileState> {
  const path = join(root, file.place);
  const facts = await lstat(path).catch(() => undefined);
  if (facts === undefined) return { file, state: 'missing', octets: 0, sha256: undefined, placed: undefined };
  // A link leads to something of somebody else's, whatever that is.
  if (!facts.isFile()) return { file, state: 'foreign', octets: 0, sha256: undefined, placed };
  const sha256 = await fileSha256(path);
  return { file, state: sha256 === placed?.sha256 ? 'ours' : 'foreign', octets: facts.size, sha256, placed };
}

/** What an image is in one word. `known` are the newest packages that are known of. */
export function imageStateOf(parts: readonly PartState[], known: readonly PackageFacts[]): ImageState {
  const files = parts.flatMap((part) => part.files.filter(({ file, state }) => file.isOptional !== true || state !== 'missing'));
  if (files.every(({ state }) => state === 'missing')) return 'missing';
  if (files.some(({ state }) => state === 'foreign')) return 'changed';
  if (files.some(({ state }) => state === 'missing')) return 'partly';
  return parts.some((part) => isOlder(part, known)) ? 'old' : 'there';
}

/** Whether there is something newer than what was placed. */
export function isOlder({ part, version }: PartState, known: readonly PackageFacts[]): boolean {
  const facts = newestFor(part, known);
  return facts !== undefined && version !== undefined && compareVersions(version, facts.version) < 0;
}

/** The package that a part is to be taken from: the first of its packages that is known, in its newest version. */
export function newestFor({ packages, architecture }: ImagePart, known: readonly PackageFacts[]): PackageFacts | undefined {
  const fitting = known.filter((facts) => facts.architecture === architecture || facts.architecture === 'all');
  for (const name of packages) {
    const [newest] = fitting.filter((facts) => facts.name === name).toSorted((a, b) => compareVersions(b.version, a.version));
    if (newest !== undefined) return newest;
  }
  return undefined;
}

/** Every package that images may be taken from. */
export function packagesOf(images: readonly BootImage[]): readonly Wanted[] {
  const all = images.flatMap(({ parts }) =>
    parts.flatMap(({ packages, architecture }) => packages.map((name) => ({ name, architecture }))),
  );
  return [...new Map(all.map((wanted) => [`${wanted.name} ${wanted.architecture}`, wanted])).values()];
}
