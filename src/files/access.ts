/** Who may read and who may write, by the operator's lists. */
import { type Cidr, type Ipv4, isInside, type Mac } from '../base/addresses.ts';
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
  /** Who gets a file that was made for another device. */
  readonly openTo: readonly Cidr[];
  readonly isHost: (mac: Mac) => boolean;
  /** Why somebody may not have an image of firmware, completing "the file …"; undefined: he may, or it is none. */
  readonly ofImage: (path: SafePath, from: Subject) => string | undefined;
}

/** Whose a file is that is made for one device. */
export interface FileOwner {
  /** Undefined for one that is known by its serial number alone. */
  readonly mac: Mac | undefined;
  /** The address that is reserved for it. */
  readonly address: Ipv4 | undefined;
}

const EVERYBODY: AccessLists = { allow: [], deny: [] };
const OPEN: AccessSettings = {
  read: EVERYBODY,
  write: EVERYBODY,
  boundToMac: undefined,
  openTo: [],
  isHost: () => false,
  ofImage: () => undefined,
};

type Judge = (from: Subject) => Refusal | undefined;

export class AccessRules {
  /** Why somebody may read nothing; undefined: he may. */
  readonly ofReader: Judge;
  /** Why somebody may write nothing. */
  readonly ofWriter: Judge;
  readonly #boundToMac: AccessSettings['boundToMac'];
  readonly #ofImage: AccessSettings['ofImage'];
  readonly #openTo: readonly Cidr[];

  /** @param settings those that are left out let everybody in. */
  constructor(settings: Partial<AccessSettings> = {}) {
    const { read, write, boundToMac, openTo, isHost, ofImage } = { ...OPEN, ...settings };
    this.ofReader = judgeOf(read, 'tftp', isHost);
    this.ofWriter = judgeOf(write, 'tftp.uploads', isHost);
    this.#boundToMac = boundToMac;
    this.#openTo = openTo;
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
    return refusal(
      'forbidden',
      `the file is for ${macs.join(', ')} alone, and the address that asks ${leaseOf(own)} (tftp.secure.boundToMac)`,
    );
  }

  /** Why somebody may not read a file that is made for one device, which `called` names. */
  ofOwner({ mac, address }: FileOwner, called: string, from: Subject): Refusal | undefined {
    const own = from.isLeased === true ? from.mac : undefined;
    if (own !== undefined && own === mac) return undefined;
    if (from.address !== undefined) {
      const asks = from.address;
      // A reserved address is nobody else's, and a device may have been given it by hand.
      if (own === undefined && asks === address) return undefined;
      if (this.#openTo.some((network) => isInside(network, asks))) return undefined;
    }
    const unknown = mac === undefined && address === undefined ? ', of which neither MAC address nor address are known' : '';
    return refusal(
      'forbidden',
      `the file is for ${called} alone${unknown}, and the address that asks ${leaseOf(own)} (tftp.secure.except opens such files to networks)`,
    );
  }
}

function leaseOf(own: Mac | undefined): string {
  return own === undefined ? 'holds no lease of this server' : `is leased to ${own}`;
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
