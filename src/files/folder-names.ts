/** The names in folders, read once for as long as nothing changes there, by what they are without regard to case. */
import { readdirSync, type Stats, statSync } from 'node:fs';
import { grainMs } from './held-file.ts';

/** By folded name, all names that are this one without regard to case. One character an octet. */
export type NamesByFold = ReadonlyMap<string, readonly string[]>;

interface Listing {
  /** The folder as it was when it was read. */
  readonly facts: Stats;
  /** When this state of the folder was seen first, in ms of a clock that never goes back. */
  readonly seenAt: number;
  readonly readAt: number;
  /** The same by the machine's clock, which folders have their times from. */
  readonly readAtWall: number;
  /** See `grainMs`. */
  readonly grainMs: number;
  readonly names: NamesByFold;
  /** When it was last seen to be so, by the clock of `seenAt`. */
  lookedAt: number;
}

/** More than the clocks of this machine and of a file server differ, where they are kept at all. */
const AT_REST_MS = 5_000;

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

  /**
   * The names in a folder; none when it is not there, not a folder or not ours to read.
   * @param ageMs those of so long ago will do: a storm of misses has not to look at the folder for each of them.
   */
  in(folder: string | Buffer, ageMs = 0): NamesByFold {
    const place = typeof folder === 'string' ? folder : folder.toString('latin1');
    const before = ageMs === 0 ? undefined : this.#listings.get(place);
    if (before !== undefined && this.#now() - before.lookedAt < ageMs && isSettled(before)) return before.names;
    try {
      const facts = statSync(folder, { throwIfNoEntry: false });
      if (facts === undefined) return NO_NAMES;
      const known = this.#listings.get(place);
      const isSame = known !== undefined && isUnchanged(known.facts, facts);
      const now = this.#now();
      if (isSame && isSettled(known)) {
        known.lookedAt = now;
        return known.names;
      }
      const names = readNames(folder);
      this.#remember(place, {
        facts,
        seenAt: isSame ? known.seenAt : now,
        readAt: now,
        readAtWall: Date.now(),
        grainMs: grainMs(facts.mtimeMs),
        names,
        lookedAt: now,
      });
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

function isUnchanged(a: Stats, b: Stats): boolean {
  return a.mtimeMs === b.mtimeMs && a.ctimeMs === b.ctimeMs && a.ino === b.ino && a.dev === b.dev;
}

/**
 * A change right after the look may have left the folder's time as it was; it cannot when the look came a tick after that time: because the folder
 * was long at rest by then, or was seen in this state a tick before.
 */
function isSettled({ facts, readAtWall, readAt, seenAt, grainMs: tick }: Listing): boolean {
  return readAtWall - Math.max(facts.mtimeMs, facts.ctimeMs) > AT_REST_MS || readAt - seenAt >= tick;
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
