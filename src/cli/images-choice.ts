/** Which boot programs are meant, where they go, and where they come from. */
import { existsSync } from 'node:fs';
import { homedir } from 'node:os';
import path from 'node:path';
import { InvalidArgumentError } from 'commander';
import { nearestName } from '../base/near-name.ts';
import { usualFiles } from '../boot/boot-chain.ts';
import type { BootSettings } from '../boot/boot-settings.ts';
import type { Config } from '../config/config.ts';
import { aptSource, hasApt } from '../images/apt-source.ts';
import { BOOT_IMAGES, type BootImage, imageOf, imageWith, USUAL_IMAGES } from '../images/catalogue.ts';
import { mirrorSource } from '../images/mirror-source.ts';
import type { PackageSource } from '../images/package-source.ts';

/** Where packages come from, as the command line says it. */
export interface SourceFlags {
  readonly mirror?: string;
  readonly suite?: string;
  readonly keyring?: string;
}

/** The images of these names. @throws {Error} for a name that is none, with the one that may have been meant. */
export function imagesCalled(names: readonly string[]): readonly BootImage[] {
  return [...new Set(names)].map((name) => {
    const image = imageOf(name);
    if (image !== undefined) return image;
    const all = BOOT_IMAGES.map((one) => one.name);
    const near = nearestName(name, all);
    throw new Error(
      `there is no image ${JSON.stringify(name)}${near === undefined ? '' : `; did you mean ${near}?`} (there are ${all.join(', ')})`,
    );
  });
}

/** What a configuration's boot files are taken from; the usual ones for a configuration without boot files, or without any. */
export function imagesFor(config: Config | undefined): readonly BootImage[] {
  const levels = config === undefined ? [] : [config, ...config.networks, ...config.classes, ...config.hosts].map(({ boot }) => boot);
  const files = levels.flatMap(filesOf);
  const images = files.flatMap((file) => imageWith(placeOf(file)) ?? []);
  // A menu of iPXE is for those who run it, from a boot file or an entry of another menu.
  const hasScript = levels.some(({ ipxe, menu }) => ipxe !== undefined || menu !== undefined);
  if (files.length === 0 && !hasScript) return imagesCalled(USUAL_IMAGES);
  return [...new Set(hasScript ? [...images, ...imagesCalled(['ipxe'])] : images)];
}

/** The boot files of one level, those of its menu included. */
function filesOf({ chain, file, files, menu }: BootSettings): readonly string[] {
  const started = (menu?.entries ?? []).flatMap(({ action }) =>
    action.start === 'linux' ? [action.kernel, ...action.initrd] : action.start === 'program' ? [action.file] : [],
  );
  const ofMenu = started.flatMap((one) => (typeof one === 'string' ? [one] : Object.values(one)));
  const ofChain = chain === undefined ? [] : usualFiles(chain);
  return [...ofChain, file, ...Object.values(files), ...ofMenu].filter((one) => one !== undefined);
}

/** The path below the root that a boot file names, also where it does so by a URL of this server. */
function placeOf(file: string): string {
  return file.replace(/^[a-z]+:\/\/\$\{server\}(:[^/]*)?/i, '').replace(/^\/+/, '');
}

/**
 * Where packages are to be taken from: the mirror that is named, else the machine's apt; undefined where there is neither.
 * @throws {Error} when what is named cannot be one.
 */
export async function sourceOf(flags: SourceFlags, cacheFolder: string): Promise<PackageSource | undefined> {
  const { BOOTLACE_MIRROR, BOOTLACE_SUITE } = process.env;
  const mirror = flags.mirror ?? (BOOTLACE_MIRROR || undefined);
  const suite = flags.suite ?? (BOOTLACE_SUITE || 'stable');
  if (mirror !== undefined) {
    if (!URL.canParse(mirror)) throw new Error(`${mirror} is no address of a mirror, such as https://mirror.example/debian`);
    if (flags.keyring !== undefined && !existsSync(flags.keyring)) throw new Error(`there is no keyring ${flags.keyring}`);
    const keyring = flags.keyring === undefined ? undefined : path.resolve(flags.keyring);
    return mirrorSource({ url: new URL(mirror), suite, keyring, folder: path.join(cacheFolder, 'mirrors') });
  }
  return (await hasApt()) ? aptSource(cacheFolder) : undefined;
}

/** What a person can do where there is no source. */
export const NO_SOURCE = 'this system has no apt; name a Debian mirror with --mirror URL, or in BOOTLACE_MIRROR';

/** Where the system keeps what can be downloaded again. */
export function defaultCacheFolder(platform: string = process.platform): string {
  const { XDG_CACHE_HOME, LOCALAPPDATA } = process.env;
  if (XDG_CACHE_HOME !== undefined && path.isAbsolute(XDG_CACHE_HOME)) return path.join(XDG_CACHE_HOME, 'bootlace');
  if (platform === 'darwin') return path.join(homedir(), 'Library/Caches/bootlace');
  return path.join(platform === 'win32' && LOCALAPPDATA ? LOCALAPPDATA : path.join(homedir(), '.cache'), 'bootlace');
}

/** A folder on the command line. */
export function readFolder(text: string): string {
  if (text === '') throw new InvalidArgumentError('It has to be a folder.');
  return path.resolve(text);
}
