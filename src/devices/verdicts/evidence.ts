/** What several rules ask of a story. */
import { type Ipv4, showIpv4 } from '../../base/addresses.ts';
import { showMillis } from '../../events/quantities.ts';
import { isAboutFile, type Moment } from '../moment.ts';
import type { Leg, Story } from '../story.ts';

/** A device that goes on does so within this time: ROMs repeat themselves after 4, 8, 16 s, and loaders do not wait at all. */
export const QUIET_MS = 15_000;

/** How a PC or a board boots; everything else is a phone, gear, or a system that runs. */
const BOOT_LOADERS: ReadonlySet<string> = new Set(['pxe', 'http', 'ipxe', 'raspberry-pi', 'uboot']);

export function show(address: Ipv4 | undefined): string {
  return address === undefined ? 'an address' : showIpv4(address);
}

/** What the DISCOVER of this leg said, or else the lease. */
export function loaderOf(leg: Leg): string | undefined {
  return leg.last('dhcp.offered', 'boot.offered', 'lease.bound')?.event.loader;
}

export function isBooting(leg: Leg): boolean {
  const loader = loaderOf(leg);
  return loader !== undefined && BOOT_LOADERS.has(loader);
}

/** The boot file that it was told in this leg. */
export function bootFileOf(leg: Leg): string | undefined {
  return leg.last('boot.answered', 'lease.bound', 'dhcp.offered', 'boot.offered')?.event.bootFile;
}

/** True when a file that was asked for by this name is the boot file: without a URL's beginning, and slashes of either kind. */
export function isBootFile(leg: Leg, path: string): boolean {
  const file = bootFileOf(leg);
  return file !== undefined && bare(file) === bare(path);
}

function bare(name: string): string {
  return decode(name.replace(/^[a-z][a-z0-9+.-]*:\/\/[^/]*/i, ''))
    .replaceAll('\\', '/')
    .replace(/^\/+/, '')
    .toLowerCase();
}

function decode(name: string): string {
  try {
    return decodeURIComponent(name);
  } catch {
    return name;
  }
}

export function hasFile(moments: readonly Moment[]): boolean {
  return moments.some(({ event }) => isAboutFile(event));
}

/** A file came whole. */
export function hasServed(moments: readonly Moment[]): boolean {
  return moments.some(({ event }) => event.type === 'transfer.done' && event.direction === 'read');
}

export function isBound(leg: Leg): boolean {
  return leg.last('lease.bound') !== undefined;
}

export function isQuiet({ quietMs }: Story, forMs = QUIET_MS): boolean {
  return quietMs >= forMs;
}

/** `for 40 s`; by whole seconds, so that a sentence does not change with each look. */
export function silence({ quietMs }: Story): string {
  const steps = [15, 30, 60, 120, 300, 600].filter((seconds) => seconds * 1000 <= quietMs);
  const seconds = steps.at(-1);
  return seconds === undefined ? 'since then' : `for more than ${showMillis(seconds * 1000)}`;
}

/** `3 times`, `once`. */
export function times(count: number): string {
  return count === 1 ? 'once' : count === 2 ? 'twice' : `${count} times`;
}
