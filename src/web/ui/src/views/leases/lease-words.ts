/** What leases are called and how they stand in order. */
import type { LeaseShape } from '../../../../api/lease-shapes.ts';
import type { Tone } from '../../parts/badge.tsx';

const WORDS: Readonly<Record<string, readonly [word: string, tone: Tone, meaning: string]>> = {
  bound: ['Leased', 'good', 'A device has it.'],
  offered: ['Offered', 'busy', 'Held for a moment, until the device asks for it.'],
  quarantined: ['Quarantined', 'warn', 'Somebody uses it without a lease; it is not handed out for a while.'],
  released: ['Released', 'plain', 'Given back; the device gets it again if it comes back.'],
  ended: ['Ended', 'plain', 'Ran out; the device gets it again if it comes back.'],
};

export function leaseWord(state: string): string {
  return WORDS[state]?.[0] ?? state;
}

export function leaseTone(state: string): Tone {
  return WORDS[state]?.[1] ?? 'plain';
}

export function leaseMeaning(state: string): string | undefined {
  return WORDS[state]?.[2];
}

/** In force: nobody else gets the address. */
export function isHeld({ state }: LeaseShape): boolean {
  return state !== 'released' && state !== 'ended';
}

/** The address as a number, for the order of a list. */
export function addressNumber(address: string): number {
  return address.split('.').reduce((sum, part) => sum * 256 + Number(part), 0);
}
