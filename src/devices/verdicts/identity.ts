/** Two devices that are taken for one. */
import { isAboutFile, type Moment } from '../moment.ts';
import type { VerdictRule } from '../verdict.ts';

/** Two that take turns within this time are there at once. */
const AT_ONCE_MS = 60_000;

/** A sign of which device it is, in a DISCOVER. */
type Sign = 'machine' | 'circuit' | 'network';

const SIGNS: readonly { readonly sign: Sign; readonly text: string }[] = [
  { sign: 'machine', text: 'two machine identifiers (option 97) take turns' },
  { sign: 'circuit', text: 'it asks from two switch ports (option 82) in turns' },
  { sign: 'network', text: 'it asks in two networks in turns' },
];

const TWO_DEVICES: VerdictRule = {
  name: 'two-devices-one-mac',
  state: 'stuck',
  looksFor:
    'DISCOVERs of one MAC with two machine identifiers, from two switch ports or in two networks, in turns within a minute and without a file in between.',
  remedy:
    'Give one of the two another MAC: copies of virtual machines and cloned boards have the same one. Or take the loop out of the cabling.',
  judge({ moments }) {
    const found = SIGNS.find(({ sign }) => takesTurns(moments, sign));
    if (found === undefined) return undefined;
    return `Two devices use this MAC at once, as ${found.text}: give one of them another MAC (copied virtual machines and cloned boards share one), or take the loop out of the cabling.`;
  },
};

function takesTurns(moments: readonly Moment[], sign: Sign): boolean {
  let earlier: { readonly value: unknown; readonly at: number }[] = [];
  for (const { event, at, lastAt } of moments) {
    // A ROM and what it has loaded may call the machine by different names.
    if (isAboutFile(event)) earlier = [];
    if (event.type !== 'dhcp.offered' && event.type !== 'boot.offered') continue;
    const value = event[sign];
    if (value === undefined) continue;
    const turn = earlier.findIndex((one) => one.value === value && at - one.at < AT_ONCE_MS);
    if (turn >= 0 && earlier.slice(turn + 1).some((one) => one.value !== value)) return true;
    earlier.push({ value, at: lastAt });
  }
  return false;
}

export const CONFLICT_RULES = [TWO_DEVICES] as const;
