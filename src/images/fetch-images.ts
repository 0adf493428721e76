/** From wanted images to files in their places: what is there is left alone, what is newer is fetched, what is somebody else's is not touched. */

import { mkdir, mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { faultText } from '../base/result.ts';
import type { BootImage, ImagePart } from './catalogue.ts';
import { type PlacedFile, readManifest, writeManifest } from './manifest.ts';
import { fileSha256, type PackageCache } from './package-cache.ts';
import type { PackageFacts } from './package-index.ts';
import { type Doing, isFor, type PackageSource } from './package-source.ts';
import { placeFiles } from './place-files.ts';
import { isOlder, newestFor, type PartState, packagesOf, partStateOf } from './placed-state.ts';
import { type UnpackedFile, unpackFiles } from './unpack.ts';

export interface FetchOrder {
  readonly images: readonly BootImage[];
  /** The folder that is served; it is made where it is not. */
  readonly root: string;
  /** Place everything anew, over what somebody else put there. */
  readonly isForced: boolean;
  readonly source: PackageSource;
  readonly cache: PackageCache;
  readonly now: () => Date;
}

/** What is told on the way. */
export interface FetchNews extends Doing {
  /** The packages that will be downloaded, before the first of them is. */
  readonly planned: (packages: readonly PackageFacts[]) => void;
  readonly began: (facts: PackageFacts) => void;
  readonly ended: (facts: PackageFacts) => void;
}

/** What became of one package's files. */
export type PartOutcome = { readonly part: ImagePart } & (
  | { readonly did: 'kept'; readonly version: string | undefined }
  | { readonly did: 'placed'; readonly facts: PackageFacts; readonly before: string | undefined; readonly files: readonly string[] }
  | { readonly did: 'failed'; readonly why: string }
);

/** Fetches; one part that cannot be had does not stop the others. Rejects when it is aborted, or when the root cannot be made. */
export async function fetchImages(order: FetchOrder, news: FetchNews): Promise<readonly PartOutcome[]> {
  const { images, root, source, cache, isForced } = order;
  await mkdir(root, { recursive: true });
  const { known, wasAsked } = await knownPackages(order, news);
  const manifest = new Map(await readManifest(root));
  const parts = [...new Set(images.flatMap((image) => image.parts))];
  const states = await Promise.all(parts.map((part) => partStateOf(root, part, manifest)));
  const jobs = states.map((state) => ({ state, facts: newestFor(state.part, known) }));
  const isDue = ({ state }: { readonly state: PartState }) => isForced || !state.isWhole || isOlder(state, known);
  news.planned(await missingFrom(cache, jobs.filter(isDue)));
  const outcomes: PartOutcome[] = [];
  for (const job of jobs) {
    const { part, version } = job.state;
    if (!isDue(job)) outcomes.push({ part, did: 'kept', version });
    else if (job.facts === undefined) outcomes.push({ part, did: 'failed', why: whyUnknown(part, source, wasAsked) });
    else outcomes.push(await placePart(order, news, job.state, job.facts, manifest));
  }
  return outcomes;
}

interface Knowledge {
  readonly known: readonly PackageFacts[];
  /** The source has answered. */
  readonly wasAsked: boolean;
}

/** What the source has; for what it does not know, or cannot be asked about, what is in the cache. */
async function knownPackages({ images, source, cache }: FetchOrder, news: FetchNews): Promise<Knowledge> {
  const wanted = packagesOf(images);
  try {
    const found = await source.find(wanted, news);
    const unknown = wanted.filter((one) => !found.some((facts) => isFor(facts, one)));
    return { known: [...found, ...(await cache.recall(unknown))], wasAsked: true };
  } catch (fault) {
    news.signal.throwIfAborted();
    news.note(`${faultText(fault)}; going on with what is here already`);
    return { known: await cache.recall(wanted), wasAsked: false };
  }
}

function whyUnknown({ packages }: ImagePart, source: PackageSource, wasAsked: boolean): string {
  const names = packages.join(' or ');
  return wasAsked ? `${source.name} has no package ${names}` : `the package ${names} is not here, and ${source.name} could not be asked`;
}

async function missingFrom(
  cache: PackageCache,
  jobs: readonly { readonly facts: PackageFacts | undefined }[],
): Promise<readonly PackageFacts[]> {
  const missing: PackageFacts[] = [];
  for (const { facts } of jobs) if (facts !== undefined && !(await cache.has(facts))) missing.push(facts);
  return missing;
}

async function placePart(
  { root, source, cache, isForced, now }: FetchOrder,
  news: FetchNews,
  state: PartState,
  facts: PackageFacts,
  manifest: Map<string, PlacedFile>,
): Promise<PartOutcome> {
  const { part, version: before } = state;
  const changed = isForced ? [] : changedSince(state, facts);
  if (changed.length > 0) return { part, did: 'failed', why: refusalFor(changed) };
  const work = await mkdtemp(join(tmpdir(), 'bootlace-images-'));
  try {
    news.began(facts);
    const deb = await cache.obtain(facts, source, news);
    news.ended(facts);
    const unpacked = await unpackFiles(deb, part.files, join(work, 'files'), news.signal).catch((fault: unknown) => {
      throw new Error(`the package ${facts.name} ${facts.version} cannot be used: ${faultText(fault)}`, { cause: fault });
    });
    const fresh = await withChecksums(unpacked, news.signal);
    const foreign = isForced ? [] : inTheWay(state, fresh);
    if (foreign.length > 0) return { part, did: 'failed', why: refusalFor(foreign) };
    await placeFiles(root, fresh, news.signal);
    for (const { place, sha256 } of fresh) manifest.set(place, recordOf(facts, sha256, now()));
    await writeManifest(root, manifest);
    return { part, did: 'placed', facts, before, files: fresh.map(({ place }) => place) };
  } catch (fault) {
    news.signal.throwIfAborted();
    return { part, did: 'failed', why: faultText(fault) };
  } finally {
    await rm(work, { recursive: true, force: true });
  }
}

/** Files of this very version that are not what they were: nothing has to be downloaded to know that. */
function changedSince({ files }: PartState, { version }: PackageFacts): readonly string[] {
  return files.flatMap(({ file, state, placed }) => (state === 'foreign' && placed?.version === version ? [file.place] : []));
}

function refusalFor(places: readonly string[]): string {
  return `${places.join(', ')}: put there or changed by somebody else; --force replaces ${places.length === 1 ? 'it' : 'them'}`;
}

type Checked = UnpackedFile & { readonly sha256: string };

async function withChecksums(files: readonly UnpackedFile[], signal: AbortSignal): Promise<readonly Checked[]> {
  return Promise.all(files.map(async (file) => ({ ...file, sha256: await fileSha256(file.file, signal) })));
}

/** Files of somebody else that would be lost. One with the very same content is only put on record. */
function inTheWay({ files }: PartState, fresh: readonly Checked[]): readonly string[] {
  return fresh.flatMap(({ place, sha256 }) => {
    const there = files.find(({ file }) => file.place === place);
    return there?.state === 'foreign' && there.sha256 !== sha256 ? [place] : [];
  });
}

function recordOf({ name, version, architecture }: PackageFacts, sha256: string, now: Date): PlacedFile {
  return { package: name, version, architecture, sha256, at: now.toISOString() };
}
