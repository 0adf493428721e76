/**
 * Devices that walk through a list of names tell of it once: a person needs to know that none is there and which to put there, not each name. A
 * search is over when the device asks for nothing more for a while, and in vain unless it got a file.
 */
import type { Ipv4 } from '../base/addresses.ts';
import { after, type Clock, type MonoMs } from '../base/clock.ts';
import type { DeviceProfile } from '../boot/profiles/device-profile.ts';
import { DEVICES } from '../boot/profiles/devices.ts';
import type { Tell } from '../events/bus.ts';
import type { Subject } from '../events/events.ts';
import type { Protocol } from '../events/transfer-events.ts';
import { showName } from '../files/safe-path.ts';

/** AutoInstall waits so long between two names, ONIE twice as long before it begins again. */
const QUIET_MS = 10_000;
/** ONIE begins again every 20 s, for ever. */
const AGAIN_MS = 600_000;
/** What one room of switches does at once, and what somebody invents, is bounded by this. */
const MOST_SEARCHES = 256;
const MOST_NAMES = 64;
const LONGEST_NAME = 128;

type Searching = DeviceProfile & { readonly search: NonNullable<DeviceProfile['search']> };

const SEARCHING: readonly Searching[] = DEVICES.filter((profile): profile is Searching => profile.search !== undefined);

interface Search {
  readonly profile: Searching;
  from: Subject;
  readonly names: Set<string>;
  lastAt: MonoMs;
}

/** What it is made of. */
export interface NameSearchParts {
  readonly clock: Clock;
  readonly tell: Tell;
  readonly protocol: Protocol;
  /** Calls back after a while; the program's end does not wait for it. */
  readonly later?: (millis: number, then: () => void) => void;
}

export class NameSearches {
  readonly #parts: NameSearchParts;
  readonly #later: (millis: number, then: () => void) => void;
  /** By address: a device asks as one thing at a time. */
  readonly #searches = new Map<Ipv4, Search>();
  /** When a device was told of last; the one told of first is the first. */
  readonly #told = new Map<string, MonoMs>();
  #isReminded = false;

  constructor(parts: NameSearchParts) {
    this.#parts = parts;
    this.#later = parts.later ?? laterWithoutHolding;
  }

  /** A file was not there. What is no name of a list is passed over. */
  missed(fileName: string, from: Subject): void {
    const { address } = from;
    if (address === undefined) return;
    const name = fileName.replaceAll('\\', '/').replace(/^\/+/, '');
    const fits = ({ files }: Searching): boolean => files.some((file) => file.name.test(name));
    const profile = SEARCHING.find((one) => (from.profile ?? one.name) === one.name && fits(one));
    if (profile === undefined) return;
    const search = this.#searchOf(address, profile, from);
    search.from = from;
    search.lastAt = this.#parts.clock.mono();
    if (search.names.size < MOST_NAMES) search.names.add(name.slice(-LONGEST_NAME));
    this.#remind();
  }

  /** A device got a file: what it missed before is of no interest. */
  found({ address }: Subject): void {
    if (address !== undefined) this.#searches.delete(address);
  }

  /** Tells of what is over, or of all at the end. */
  close(): void {
    for (const [address, search] of this.#searches) this.#end(address, search);
  }

  #searchOf(address: Ipv4, profile: Searching, from: Subject): Search {
    const before = this.#searches.get(address);
    if (before?.profile === profile) return before;
    const [oldest] = this.#searches;
    if (before === undefined && oldest !== undefined && this.#searches.size >= MOST_SEARCHES) this.#end(...oldest);
    const search: Search = { profile, from, names: new Set(), lastAt: this.#parts.clock.mono() };
    this.#searches.set(address, search);
    return search;
  }

  #remind(): void {
    if (this.#isReminded || this.#searches.size === 0) return;
    this.#isReminded = true;
    this.#later(QUIET_MS, () => {
      this.#isReminded = false;
      const now = this.#parts.clock.mono();
      for (const [address, search] of this.#searches) if (now - search.lastAt >= QUIET_MS) this.#end(address, search);
      this.#remind();
    });
  }

  #end(address: Ipv4, { profile, from, names }: Search): void {
    this.#searches.delete(address);
    const { clock, tell, protocol } = this.#parts;
    const key = `${address} ${profile.name}`;
    const now = clock.mono();
    const before = this.#told.get(key);
    if (before !== undefined && now < after(before, AGAIN_MS)) return;
    this.#told.delete(key);
    this.#told.set(key, now);
    const [first] = this.#told.keys();
    if (this.#told.size > MOST_SEARCHES && first !== undefined) this.#told.delete(first);
    const advice = showName(profile.search.advise([...names]));
    tell({ ...from, type: 'transfer.searched', protocol, family: profile.title, names: names.size, advice });
  }
}

function laterWithoutHolding(millis: number, then: () => void): void {
  setTimeout(then, millis).unref();
}
