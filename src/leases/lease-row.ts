/** A lease as a row of a table: eight columns, in this order. */
import { type Ipv4, ipv4, LIMITED_BROADCAST, type Mac } from '../base/addresses.ts';
import { wallMs } from '../base/clock.ts';
import type { Lease, LeaseState } from '../dhcp/lease.ts';
import type { ClientKey } from '../dhcp/request.ts';

export const LEASE_COLUMNS = ['address', 'network', 'client', 'mac', 'host_name', 'state', 'since', 'expires_at'] as const;

const STATES: Readonly<Record<string, LeaseState>> = { bound: 'bound', released: 'released', declined: 'declined' };
/** Keys of clients are printable text without spaces. */
const CLIENT_KEY = /^[\x21-\x7e]+$/;
const MAC = /^[0-9a-f]{2}(:[0-9a-f]{2}){5}$/;

/** The values of a lease in the order of the columns. */
export function rowOf(lease: Lease): [Ipv4, string, ClientKey, Mac | null, string | null, LeaseState, number, number] {
  const { address, network, client, mac, hostName, state, since, expiresAt } = lease;
  return [address, network, client, mac ?? null, hostName ?? null, state, since, expiresAt];
}

/**
 * Reads rows; undefined for one that is no lease, as it happens in a damaged file. Make one for all rows of a store:
 * it keeps one copy of each network's name for all of its leases.
 */
export function leaseReader(): (row: readonly unknown[]) => Lease | undefined {
  const names = new Map<string, string>();
  return ([address, network, client, mac, hostName, state, since, expiresAt]) => {
    if (!isMoment(address) || address > LIMITED_BROADCAST || !isMoment(since) || !isMoment(expiresAt)) return undefined;
    if (typeof network !== 'string' || typeof client !== 'string' || !CLIENT_KEY.test(client) || typeof state !== 'string')
      return undefined;
    const knownState = Object.hasOwn(STATES, state) ? STATES[state] : undefined;
    if (knownState === undefined || !isTextOrNull(mac) || !isTextOrNull(hostName)) return undefined;
    if (mac !== null && !MAC.test(mac)) return undefined;
    const name = names.get(network) ?? network;
    names.set(name, name);
    return {
      address: ipv4(address),
      network: name,
      client: client as ClientKey,
      mac: mac === null ? undefined : (mac as Mac),
      hostName: hostName ?? undefined,
      state: knownState,
      since: wallMs(since),
      expiresAt: wallMs(expiresAt),
    };
  };
}

function isMoment(value: unknown): value is number {
  return typeof value === 'number' && value >= 0 && Number.isSafeInteger(value);
}

function isTextOrNull(value: unknown): value is string | null {
  return value === null || typeof value === 'string';
}
