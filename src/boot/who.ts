/** Whom a rule of the configuration is about: `192.168.77.0/24`, `00:1b:54:*`, `class:phones`, `lease`, `host`. */
import { type Cidr, isInside, type Mac, parseCidr, showCidr } from '../base/addresses.ts';
import type { Subject } from '../events/events.ts';
import { macGlobs } from './class-match.ts';

/** Plain data: it crosses threads. */
export type Who =
  | { readonly kind: 'network'; readonly network: Cidr }
  /** With `*` and `?`. */
  | { readonly kind: 'mac'; readonly pattern: string }
  | { readonly kind: 'class'; readonly name: string }
  /** Whoever holds an address that this server leased or offered. */
  | { readonly kind: 'lease' }
  /** Whoever is in `hosts`, by its MAC. */
  | { readonly kind: 'host' };

/** Reads one; undefined for anything else. `isMac` says whether a text is a pattern that some MAC fits. */
export function parseWho(text: string, isMac: (text: string) => boolean): Who | undefined {
  if (text === 'lease' || text === 'host') return { kind: text };
  const name = /^class:\s*(.+)$/.exec(text)?.[1];
  if (name !== undefined) return { kind: 'class', name };
  const network = parseCidr(text.includes('/') ? text : `${text}/32`);
  if (network !== undefined) return { kind: 'network', network };
  return isMac(text) ? { kind: 'mac', pattern: text } : undefined;
}

/** As it is written. */
export function showWho(who: Who): string {
  switch (who.kind) {
    case 'network':
      return showCidr(who.network).replace(/\/32$/, '');
    case 'mac':
      return who.pattern;
    case 'class':
      return `class:${who.name}`;
    case 'lease':
    case 'host':
      return who.kind;
  }
}

/** Says whether somebody is meant. Only a MAC that a lease of ours vouches for counts: anybody can claim one in an INFORM. */
export function whoFits(who: Who, isHost: (mac: Mac) => boolean): (from: Subject) => boolean {
  const leasedTo = ({ isLeased, mac }: Subject): Mac | undefined => (isLeased === true ? mac : undefined);
  switch (who.kind) {
    case 'network':
      return ({ address }) => address !== undefined && isInside(who.network, address);
    case 'mac': {
      const fits = macGlobs([who.pattern]);
      return (from) => {
        const mac = leasedTo(from);
        return mac !== undefined && fits(mac);
      };
    }
    case 'class':
      return ({ isLeased, classes }) => isLeased === true && classes?.includes(who.name) === true;
    case 'lease':
      return ({ isLeased }) => isLeased === true;
    case 'host':
      return (from) => {
        const mac = leasedTo(from);
        return mac !== undefined && isHost(mac);
      };
  }
}
