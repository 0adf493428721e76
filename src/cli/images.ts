/** `bootlace images`: the boot programs that are served, and fetching them. */
import { existsSync } from 'node:fs';
import path from 'node:path';
import { Command } from 'commander';
import type { Config } from '../config/config.ts';
import { showCount, showSize } from '../events/quantities.ts';
import { BOOT_IMAGES, type BootImage } from '../images/catalogue.ts';
import { readManifest } from '../images/manifest.ts';
import { PackageCache } from '../images/package-cache.ts';
import type { PackageFacts } from '../images/package-index.ts';
import { type ImageState, imageStateOf, newestFor, type PartState, packagesOf, partStateOf } from '../images/placed-state.ts';
import { configOf, DEFAULT_CONFIG } from './config-option.ts';
import { defaultCacheFolder, readFolder, type SourceFlags, sourceOf } from './images-choice.ts';
import { type FetchFlags, fetchCommand } from './images-fetch.ts';
import { type FirmwareFlags, listFirmware } from './images-firmware.ts';
import { type Output, processOutput, showTable } from './output.ts';

interface ListFlags extends SourceFlags {
  readonly config?: string;
  readonly root?: string;
  readonly cache?: string;
  readonly json?: true;
}

export function imagesCommand(output: Output = processOutput()): Command {
  const images = new Command('images').description('the boot programs and the firmware to be served: which there are, and fetching them');
  withPlaces(images.command('list', { isDefault: true }))
    .description('list what can be fetched, and what of it is there')
    .option('--json', 'print JSON')
    .action((flags: ListFlags) => list(flags, output));
  withPlaces(images.command('fetch'))
    .description('fetch boot programs from the packages of Debian; without names, what the configuration boots')
    .argument('[names...]', 'which of the list')
    .option('--force', 'place everything anew, over files that somebody else put there or changed')
    .action(async (names: readonly string[], flags: FetchFlags) => {
      const place = await placeOf(flags, output);
      if (place !== undefined) await fetchCommand(names, flags, place, output);
    });
  images
    .command('firmware')
    .description(
      'list the images of firmware under `images` of the configuration: are they there and as they should be, and for whom are they',
    )
    .option('-c, --config <file>', `configuration file (default: ./${DEFAULT_CONFIG})`)
    .option('--json', 'print JSON')
    .addHelpText('after', '\nExit code 1 when a file is missing or has a wrong digest.')
    .action((flags: FirmwareFlags) => listFirmware(flags, output));
  return images;
}

function withPlaces(command: Command): Command {
  return command
    .option('-c, --config <file>', `configuration file, for tftp.root (default: ./${DEFAULT_CONFIG})`)
    .option('--root <folder>', 'the folder that is served, instead of tftp.root', readFolder)
    .option('--mirror <url>', 'a Debian mirror to fetch from, instead of by apt (or BOOTLACE_MIRROR)')
    .option('--suite <name>', "the mirror's release of Debian (or BOOTLACE_SUITE; default: stable)")
    .option('--keyring <file>', 'the keys that must have signed what the mirror says it has; needs gpgv')
    .option('--cache <folder>', 'where packages are kept', readFolder);
}

/** Where images are, and what they are for. */
export interface ImagesPlace {
  readonly root: string;
  readonly cacheFolder: string;
  /** Undefined where there is no file, or where the folder was named instead of it. */
  readonly config: Config | undefined;
}

async function placeOf(flags: ListFlags, output: Output): Promise<ImagesPlace | undefined> {
  const cacheFolder = flags.cache ?? defaultCacheFolder();
  if (flags.root !== undefined && flags.config === undefined) return { root: flags.root, cacheFolder, config: undefined };
  const config = await configOf(flags.config, output, 'errors');
  if (config === undefined) return undefined;
  return { root: flags.root ?? config.tftp.root, cacheFolder, config: config.file === undefined ? undefined : config };
}

/** An image as it is shown. */
interface Row {
  readonly name: string;
  readonly what: string;
  readonly state: ImageState;
  /** Of the packages it was taken from. */
  readonly versions: readonly string[];
  /** The newer ones that are known of. */
  readonly newer: readonly string[];
  /** What it takes, or will take about. */
  readonly octets: number;
  /** About what is downloaded for it. */
  readonly downloadOctets: number;
  readonly files: readonly object[];
}

async function list(flags: ListFlags, output: Output): Promise<void> {
  const place = await placeOf(flags, output);
  if (place === undefined) return;
  const { root, cacheFolder } = place;
  const manifest = await readManifest(root);
  const parts = new Map<BootImage['parts'][number], PartState>();
  for (const part of BOOT_IMAGES.flatMap((image) => image.parts))
    if (!parts.has(part)) parts.set(part, await partStateOf(root, part, manifest));
  const known = await knownPackages(flags, cacheFolder);
  const rows = BOOT_IMAGES.map((image) =>
    rowOf(
      image,
      image.parts.flatMap((part) => parts.get(part) ?? []),
      known,
    ),
  );
  if (flags.json === true) {
    output.line(JSON.stringify({ root, images: rows }, undefined, 2));
    return;
  }
  output.line(showTable([['NAME', 'STATE', 'SIZE', 'DOWNLOAD', 'VERSION', 'WHAT'], ...rows.map(cellsOf)]));
  output.line('');
  output.line(`in ${root}${existsSync(root) ? '' : ', which does not exist yet'}; \`bootlace images fetch NAME\` brings one`);
  const changed = rows.filter(({ state }) => state === 'changed');
  if (changed.length > 0)
    output.line(
      `${showCount(changed.length, 'image')} with files that somebody else put there or changed: ${changed.map(({ name }) => name).join(', ')}`,
    );
}

/** What is known without asking anybody. A list has to work without a network, and without apt. */
async function knownPackages(flags: SourceFlags, cacheFolder: string): Promise<readonly PackageFacts[]> {
  const wanted = packagesOf(BOOT_IMAGES);
  const source = await sourceOf(flags, cacheFolder);
  const recalled = (await source?.recall(wanted)) ?? [];
  return [...recalled, ...(await new PackageCache(path.join(cacheFolder, 'packages')).recall(wanted))];
}

function rowOf(image: BootImage, parts: readonly PartState[], known: readonly PackageFacts[]): Row {
  const state = imageStateOf(parts, known);
  const files = parts.flatMap((part) => part.files.filter(({ file, state: is }) => file.isOptional !== true || is !== 'missing'));
  const octets = files.reduce((sum, file) => sum + file.octets, 0);
  return {
    name: image.name,
    what: image.what,
    state,
    versions: parts.flatMap(({ version }) => version ?? []),
    newer: state === 'old' ? parts.flatMap(({ part }) => newestFor(part, known)?.version ?? []) : [],
    octets: octets === 0 ? image.octets : octets,
    downloadOctets: image.downloadOctets,
    files: files.map(({ file, state: is, sha256, placed }) => ({ place: file.place, state: is, sha256, placed })),
  };
}

function cellsOf({ name, what, state, versions, newer, octets, downloadOctets }: Row): readonly string[] {
  const size = state === 'missing' ? `~${showSize(octets)}` : showSize(octets);
  const [version = '-'] = versions;
  const download = state === 'there' ? '-' : `~${showSize(downloadOctets)}`;
  return [name, state, size, download, newer[0] === undefined ? version : `${version} → ${newer[0]}`, what];
}
