/** The names in folders, read once for as long as nothing changes there, by what they are without regard to case. */
import { readdirSync, statSync } from 'node:fs';
import { grainMs } from './held-file.ts';

/** By folded name, all names that are this one without regard to case. One character an octet. */
export type NamesByFold = ReadonlyMap<string, readonly string[]>;

interface Listing {
  readonly key: string;
  /** When this state of the folder was seen first, in ms of a clock that never goes back. */
  readonly seenAt: number;
  readonly readAt: number;
  /** See `grainMs`. */
  readonly grainMs: number;
  readonly names: NamesByFold;
}

/** Names in all listings together; what is more is read anew each time. */
const MOST_NAMES = 200_000;

const NO_NAMES: NamesByFold = new Map();

export class FolderNames {
  readonly #listings = new Map<string, Listing>();
  readonly #now: () => number;
  #names = 0;

  /** @param now milliseconds that never go back. */
  constructor(now: () => number = () => performance.now()) {
    this.#now = now;
  }

  /** The names in a folder; none when it is not there, not a folder or not ours to read. */
  in(folder: string | Buffer): NamesByFold {
    const place = typeof folder === 'string' ? folder : folder.toString('latin1');
    try {
      const facts = statSync(folder, { bigint: true, throwIfNoEntry: false });
      if (facts === undefined) return NO_NAMES;
      const key = `${facts.dev}:${facts.ino}:${facts.mtimeNs}:${facts.ctimeNs}`;
      const known = this.#listings.get(place);
      if (known?.key === key && isSettled(known)) return known.names;
      const now = this.#now();
      const names = readNames(folder);
      this.#remember(place, { key, seenAt: known?.key === key ? known.seenAt : now, readAt: now, grainMs: grainMs(facts.mtimeNs), names });
      return names;
    } catch {
      return NO_NAMES;
    }
  }

  #remember(place: string, listing: Listing): void {
    this.#names += listing.names.size - (this.#listings.get(place)?.names.size ?? 0);
    this.#listings.delete(place);
    this.#listings.set(place, listing);
    for (const [oldest, { names }] of this.#listings) {
      if (this.#names <= MOST_NAMES) return;
      this.#listings.delete(oldest);
      this.#names -= names.size;
    }
  }
}

/** A change right after the look may have left the folder's time as it was; it cannot when the look came a tick after that time. */
function isSettled(listing: Listing): boolean {
  return listing.readAt - listing.seenAt >= listing.grainMs;
}

function readNames(folder: string | Buffer): NamesByFold {
  const names = new Map<string, string[]>();
  for (const octets of readdirSync(folder, { encoding: 'buffer' })) {
    const name = octets.toString('latin1');
    const same = names.get(folded(name));
    if (same === undefined) names.set(folded(name), [name]);
    else same.push(name);
  }
  return names;
}

/** ASCII only: in octets of an unknown character set nothing else has a case. */
export function folded(name: string): string {
  return name.replace(/[A-Z]+/g, (letters) => letters.toLowerCase());
}
