/** Rules that make other names of names: `tftp.remap`. */
import { type Mac, showIpv4 } from '../base/addresses.ts';
import { ok, type Result } from '../base/result.ts';
import type { Subject } from '../events/events.ts';
import { type Meaning, readName } from './asked-name.ts';
import type { Refusal } from './refusal.ts';
import { deviceFolder } from './uploads.ts';

/** A pattern that looks through a name in a time that grows with its length and no faster. */
export interface NamePattern {
  /** Where it fits first; `groups` from number 1. */
  find(name: string): { readonly start: number; readonly end: number; readonly groups: readonly string[] } | undefined;
}

/** One rule: the part of a name that the pattern fits becomes `to`, with `$1`, `$2`, … and `${mac}`, `${ip}`, `${name}` in it. */
export interface RemapRule {
  readonly match: NamePattern;
  readonly to: string;
}

/** The name that the configuration gives a device. */
export type NameOf = (mac: Mac) => string | undefined;

/** What a client is called where a path holds something of it; undefined when that is not known. */
export function clientText(kind: 'mac' | 'ip' | 'name', from: Subject, nameOf: NameOf): string | undefined {
  switch (kind) {
    case 'mac':
      return from.mac?.replaceAll(':', '-');
    case 'ip':
      return from.address === undefined ? undefined : showIpv4(from.address);
    case 'name': {
      const name = from.mac === undefined ? undefined : nameOf(from.mac);
      return name === undefined ? undefined : deviceFolder(from, name);
    }
  }
}

/**
 * What the first rule that fits makes of a name, or the name as it is. A rule that needs to know more of the client than is known
 * does not fit.
 * @returns a refusal when a rule leads out of the root.
 */
export function remapped(asked: Meaning, rules: readonly RemapRule[], from: Subject, nameOf: NameOf): Result<Meaning, Refusal> {
  for (const [at, { match, to }] of rules.entries()) {
    const found = match.find(asked.path);
    if (found === undefined) continue;
    const text = filled(Buffer.from(to).toString('latin1'), found.groups, (kind) => clientText(kind, from, nameOf));
    if (text === undefined) continue;
    const read = readName(asked.path.slice(0, found.start) + text + asked.path.slice(found.end));
    return read.ok ? ok({ path: read.value.path, tolerated: [...asked.tolerated, `rule ${at + 1} of tftp.remap`] }) : read;
  }
  return ok(asked);
}

/** What may stand for something in `to`; all else that begins with `$` is no variable. */
const VARIABLE = /\$(?:(\$)|(\d{1,2})|\{(mac|ip|name)\})/g;

function filled(to: string, groups: readonly string[], ofClient: (kind: 'mac' | 'ip' | 'name') => string | undefined): string | undefined {
  let isKnown = true;
  const text = to.replace(VARIABLE, (_, dollar?: string, group?: string, kind?: 'mac' | 'ip' | 'name') => {
    if (dollar !== undefined) return '$';
    if (group !== undefined) return groups[Number(group) - 1] ?? '';
    const value = kind === undefined ? undefined : ofClient(kind);
    isKnown &&= value !== undefined;
    return value ?? '';
  });
  return isKnown ? text : undefined;
}
