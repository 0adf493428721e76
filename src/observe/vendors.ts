/**
 * Who made a device, by the first 24, 28 or 36 bits of its hardware address (IEEE MA-L, MA-M, MA-S).
 * The registry comes from the package `oui-data`: 5.6 MB of JSON, read when the first vendor is asked for.
 */
import { createRequire } from 'node:module';
import type { Mac } from '../base/addresses.ts';
import { shortVendorName } from './vendor-name.ts';

/** Upper-case hexadecimal prefix of 6, 7 or 9 digits → entry, its first line the name, the rest a postal address. */
export type OuiRegistry = Readonly<Record<string, string>>;

/** The short name of a device's maker; `private MAC` for an address that was made up on the spot; undefined when unknown. */
export type VendorOf = (mac: Mac) => string | undefined;

/** Prefix lengths in hexadecimal digits, the most particular first: a large block's entry names only the registry where it was split. */
const PREFIX_DIGITS = [9, 7, 6] as const;

/** Makers that chose a locally administered prefix, so that the registry cannot know them. */
const LOCAL_MAKERS: ReadonlyMap<string, string> = new Map([
  ['525400', 'QEMU'],
  ['024200', 'Docker'],
  ['0A0027', 'VirtualBox'],
]);

/** Who hid its name, and who only holds the block for others. */
const NAMELESS: ReadonlySet<string> = new Set(['Private', 'IEEE Registration Authority']);

/** A lookup in the registry that `load` gives; a registry that cannot be read means that no vendor is known. */
export function vendorLookup(load: () => OuiRegistry = loadOuiData): VendorOf {
  let registry: OuiRegistry | undefined;
  return (mac) => {
    registry ??= loadOrNothing(load);
    const digits = mac.replaceAll(':', '').toUpperCase();
    return isOneDevice(digits) ? findVendor(registry, digits) : undefined;
  };
}

function findVendor(registry: OuiRegistry, digits: string): string | undefined {
  for (const length of PREFIX_DIGITS) {
    const entry = Object.hasOwn(registry, digits.slice(0, length)) ? registry[digits.slice(0, length)] : undefined;
    const name = entry?.split('\n', 1)[0]?.trim();
    if (name !== undefined && name !== '' && !NAMELESS.has(name)) return shortVendorName(name);
  }
  const local = LOCAL_MAKERS.get(digits.slice(0, 6));
  return local ?? (isMadeUp(digits) ? 'private MAC' : undefined);
}

/** Neither "no address" nor the address of a group (IEEE 802 §8.2). */
function isOneDevice(digits: string): boolean {
  return !/^0+$/.test(digits) && (Number.parseInt(digits.slice(0, 2), 16) & 0b01) === 0;
}

/** Locally administered (IEEE 802 §8.2): telephones and laptops invent such addresses for each network. */
function isMadeUp(digits: string): boolean {
  return (Number.parseInt(digits.slice(0, 2), 16) & 0b10) !== 0;
}

function loadOrNothing(load: () => OuiRegistry): OuiRegistry {
  try {
    return load();
  } catch {
    // A log without vendors is better than no log.
    return {};
  }
}

function loadOuiData(): OuiRegistry {
  const require = createRequire(import.meta.url);
  return require('oui-data') as OuiRegistry;
}
