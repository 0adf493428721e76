/** A lease: which client has, or had, which address. One record an address; a record outlives its lease, so that a client that comes back gets its old address. */
import type { Ipv4, Mac } from '../base/addresses.ts';
import type { WallMs } from '../base/clock.ts';
import type { ClientKey } from './request.ts';

/**
 * `bound`: the client has the address until `expiresAt`. `released`: it gave it back. `declined`: it found somebody else there,
 * and nobody gets it until `expiresAt` (RFC 2131 §4.3.3).
 */
export type LeaseState = 'bound' | 'released' | 'declined';

export interface Lease {
  readonly address: Ipv4;
  /** Name of the network in the configuration. */
  readonly network: string;
  readonly client: ClientKey;
  readonly mac: Mac | undefined;
  /** What the client calls itself. */
  readonly hostName: string | undefined;
  readonly state: LeaseState;
  /** When this client got this address. */
  readonly since: WallMs;
  readonly expiresAt: WallMs;
}

/** A lease without an end, 0xFFFFFFFF seconds on the wire (RFC 2131 §3.3). */
export const INFINITE_SECONDS = 0xffffffff;

/** `expiresAt` of a lease without an end. */
export const NEVER = Number.MAX_SAFE_INTEGER as WallMs;

/** True while nobody else may have the address. */
export function isInForce(lease: Lease, now: WallMs): boolean {
  return lease.state !== 'released' && lease.expiresAt > now;
}
