/** Leases of a test, and a folder for their store. */
import { join } from 'node:path';
import { type Ipv4, ipv4, type Mac } from '../../src/base/addresses.ts';
import { wallMs } from '../../src/base/clock.ts';
import type { Lease } from '../../src/dhcp/lease.ts';
import type { ClientKey } from '../../src/dhcp/request.ts';
import { scratch } from './scratch.ts';

const FIRST = 0x0a000000;

/** The lease of 10.0.0.0 plus `number`, with a client of its own. */
export function leaseNumber(number: number, more: Partial<Lease> = {}): Lease {
  const digits = number.toString(16).padStart(8, '0');
  return {
    address: ipv4(FIRST + number) as Ipv4,
    network: number % 2 === 0 ? 'lan' : 'floor-2',
    client: `id:01${digits}` as ClientKey,
    mac: `02:00:${(digits.match(/../g) ?? []).join(':')}` as Mac,
    hostName: number % 3 === 0 ? undefined : `desk-${number}`,
    state: 'bound',
    since: wallMs(1_700_000_000_000 + number),
    expiresAt: wallMs(1_700_003_600_000 + number),
    ...more,
  };
}

export function leaseNumbers(count: number, from = 0): Lease[] {
  return Array.from({ length: count }, (_, at) => leaseNumber(from + at));
}

/** `leases.db` in a new folder. */
export function storeFile(): string {
  return join(scratch('store'), 'leases.db');
}
