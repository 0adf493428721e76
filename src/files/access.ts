/** Who may read and who may write, by the operator's lists. */
import { type Cidr, isInside, type Mac } from '../base/addresses.ts';
import { macsInName } from '../boot/mac-in-name.ts';
import { showWho, type Who, whoFits } from '../boot/who.ts';
import type { Subject } from '../events/events.ts';
import { type Refusal, refusal } from './refusal.ts';
import type { SafePath } from './safe-path.ts';

/** `deny` wins; an empty `allow` lets everybody in whom `deny` does not name. */
export interface AccessLists {
  readonly allow: readonly Who[];
  readonly deny: readonly Who[];
}

export interface AccessSettings {
  readonly read: AccessLists;
  readonly write: AccessLists;
  /** A file whose name holds a MAC is given only to the address that is leased to that MAC, and to these. */
  readonly boundToMac: { readonly except: readonly Cidr[] } | undefined;
  readonly isHost: (mac: Mac) => boolean;
  /** Why somebody may not have an image of firmware, completing "the file …"; undefined: he may, or it is none. */
  readonly ofImage: (path: SafePath, from: Subject) => string | undefined;
}

const EVERYBODY: AccessLists = { allow: [], deny: [] };
const OPEN: AccessSettings = { read: EVERYBODY, write: EVERYBODY, boundToMac: undefined, isHost: () => false, ofImage: () => undefined };

type Judge = (from: Subject) => Refusal | undefined;

export class AccessRules {
  /** Why somebody may read nothing; undefined: he may. */
  readonly ofReader: Judge;
  /** Why somebody may write nothing. */
  readonly ofWriter: Judge;
  readonly #boundToMac: AccessSettings['boundToMac'];
  readonly #ofImage: AccessSettings['ofImage'];

  /** @param settings those that are left out let everybody in. */
  constructor(settings: Partial<AccessSettings> = {}) {
    const { read, write, boundToMac, isHost, ofImage } = { ...OPEN, ...settings };
    this.ofReader = judgeOf(read, 'tftp', isHost);
    this.ofWriter = judgeOf(write, 'tftp.uploads', isHost);
    this.#boundToMac = boundToMac;
    this.#ofImage = ofImage;
  }

  /** Why somebody may not read this one file. */
  ofFile(path: SafePath, from: Subject): Refusal | undefined {
    const ofImage = this.#ofImage(path, from);
    return ofImage === undefined ? this.#ofBound(path, from) : refusal('forbidden', `the file ${ofImage}`);
  }

  #ofBound(path: SafePath, from: Subject): Refusal | undefined {
    if (this.#boundToMac === undefined) return undefined;
    const macs = macsInName(path);
    const own = from.isLeased === true ? from.mac : undefined;
    if (macs.length === 0 || (own !== undefined && macs.includes(own))) return undefined;
    const { address } = from;
    if (address !== undefined && this.#boundToMac.except.some((network) => isInside(network, address))) return undefined;
    const leased = own === undefined ? 'holds no lease of this server' : `is leased to ${own}`;
    return refusal('forbidden', `the file is for ${macs.join(', ')} alone, and the address that asks ${leased} (tftp.secure.boundToMac)`);
  }
}

function judgeOf({ allow, deny }: AccessLists, key: string, isHost: (mac: Mac) => boolean): Judge {
  const denied = deny.map((who) => ({ fits: whoFits(who, isHost), text: showWho(who) }));
  const allowed = allow.map((who) => whoFits(who, isHost));
  return (from) => {
    const denial = denied.find(({ fits }) => fits(from));
    if (denial !== undefined) return refusal('forbidden', `${key}.deny names it: ${denial.text}`);
    if (allowed.length === 0 || allowed.some((fits) => fits(from))) return undefined;
    return refusal('forbidden', `${key}.allow does not name it; it names ${allow.map(showWho).join(', ')}`);
  };
}
