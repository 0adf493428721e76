/** `bootlace images fetch`: boot programs from packages into the folder that is served. */
import path from 'node:path';
import { showCount, showSize } from '../events/quantities.ts';
import type { BootImage } from '../images/catalogue.ts';
import { type FetchNews, fetchImages, type PartOutcome } from '../images/fetch-images.ts';
import { PackageCache } from '../images/package-cache.ts';
import type { PackageFacts } from '../images/package-index.ts';
import type { ImagesPlace } from './images.ts';
import { imagesCalled, imagesFor, NO_SOURCE, type SourceFlags, sourceOf } from './images-choice.ts';
import type { Output } from './output.ts';
import { ProgressReport } from './progress.ts';

const SAME_INTERRUPT_MS = 500;

export interface FetchFlags extends SourceFlags {
  readonly config?: string;
  readonly root?: string;
  readonly cache?: string;
  readonly force?: true;
}

/** Fetches, says what became of each image, and fails when one could not be had. */
export async function fetchCommand(names: readonly string[], flags: FetchFlags, place: ImagesPlace, output: Output): Promise<void> {
  const images = names.length > 0 ? imagesCalled(names) : imagesFor(place.config);
  if (images.length === 0) {
    output.line('the configuration boots nothing that can be fetched; name what you want: `bootlace images list` shows what there is');
    return;
  }
  const source = await sourceOf(flags, place.cacheFolder);
  if (source === undefined) throw new Error(NO_SOURCE);
  const cache = new PackageCache(path.join(place.cacheFolder, 'packages'));
  const stop = new AbortController();
  const stopListening = onInterrupt(() => stop.abort(new Error('stopped; what was not complete is as it was before')));
  const progress = new ProgressReport(output, () => performance.now());
  try {
    const order = { images, root: place.root, isForced: flags.force === true, source, cache, now: () => new Date() };
    const outcomes = await fetchImages(order, newsTo(output, progress, stop.signal));
    progress.clear();
    report(images, outcomes, place.root, output);
  } finally {
    progress.clear();
    stopListening();
  }
}

function newsTo(output: Output, progress: ProgressReport, signal: AbortSignal): FetchNews {
  const due = new Set<PackageFacts>();
  return {
    signal,
    arrived: (octets) => progress.add(octets),
    note: (text) => {
      progress.clear();
      output.note(text);
    },
    planned: (packages) => {
      for (const facts of packages) due.add(facts);
      progress.plan(packages.reduce((sum, { octets }) => sum + octets, 0));
    },
    began: (facts) => {
      if (due.has(facts)) progress.begin(`${facts.name} ${facts.version}`, facts.octets);
    },
    ended: (facts) => {
      if (due.has(facts)) progress.end();
    },
  };
}

function report(images: readonly BootImage[], outcomes: readonly PartOutcome[], root: string, output: Output): void {
  for (const image of images) {
    const own = outcomes.filter(({ part }) => image.parts.includes(part));
    const failures = own.flatMap((outcome) => (outcome.did === 'failed' ? [outcome.why] : []));
    for (const why of failures) output.note(`${image.name}: ${why}`);
    if (failures.length > 0) continue;
    const placed = own.flatMap((outcome) => (outcome.did === 'placed' ? [outcome] : []));
    const kept = own.flatMap((outcome) => (outcome.did === 'kept' ? (outcome.version ?? []) : []));
    if (placed.length === 0) output.line(`${image.name}: there already (${kept.join(', ')})`);
    else
      output.line(
        `${image.name}: ${showCount(placed.flatMap(({ files }) => files).length, 'file')} from ${placed.map(packageOf).join(' and ')}`,
      );
  }
  if (outcomes.some(({ did }) => did === 'placed')) output.line(`put into ${root}`);
  if (outcomes.some(({ did }) => did === 'failed')) output.fail();
}

function packageOf({ facts, before }: Extract<PartOutcome, { readonly did: 'placed' }>): string {
  const after = before === undefined || before === facts.version ? '' : ` (was ${before})`;
  return `${facts.name} ${facts.version}${after}, ${showSize(facts.octets)}, sha256 ${facts.sha256.slice(0, 16)}…`;
}

/** The first Ctrl-C tidies up, the second does not wait for that. A starter passes on what the terminal has told us already: that is no second. */
function onInterrupt(act: () => void): () => void {
  let firstAt: number | undefined;
  const listener = (): void => {
    const now = performance.now();
    if (firstAt === undefined) act();
    else if (now - firstAt > SAME_INTERRUPT_MS) process.exit(130);
    firstAt ??= now;
  };
  const signals: readonly NodeJS.Signals[] = ['SIGINT', 'SIGTERM'];
  for (const signal of signals) process.on(signal, listener);
  return () => {
    for (const signal of signals) process.off(signal, listener);
  };
}
