/** Subnets and the pools in them that nobody wrote down. */
import { type AddressRange, broadcastOf, type Cidr, type Ipv4, ipv4, networkOf, showCidr } from '../base/addresses.ts';
import type { NetworkConfig } from './config.ts';

/** A subnet without its host bits: `192.168.77.0/24`. */
export function showSubnet(subnet: Cidr): string {
  return showCidr({ address: networkOf(subnet), prefix: subnet.prefix });
}

/** The host addresses of a subnet, first to last; a /31 and a /32 have neither network nor broadcast address (RFC 3021). */
export function hostRange(subnet: Cidr): AddressRange {
  const first = networkOf(subnet);
  const last = broadcastOf(subnet);
  return subnet.prefix >= 31 ? { first, last } : { first: ipv4(first + 1), last: ipv4(last - 1) };
}

/** Single addresses as ranges of one. */
export function rangesOf(addresses: Iterable<Ipv4>): readonly AddressRange[] {
  return Array.from(addresses, (address) => ({ first: address, last: address }));
}

/**
 * The upper half of the subnet's host addresses without those in `taken` (the server's own, routers, pools of classes).
 * Where nothing is left of that half, all host addresses without them; empty only when there are none at all.
 */
export function defaultPools(subnet: Cidr, taken: readonly AddressRange[]): readonly AddressRange[] {
  const hosts = hostRange(subnet);
  const middle = ipv4(hosts.first + Math.ceil((hosts.last - hosts.first + 1) / 2));
  const upper = middle > hosts.last ? [] : without({ first: middle, last: hosts.last }, taken);
  return upper.length > 0 ? upper : without(hosts, taken);
}

/** The pools of a network whose own address is `own`: those that were configured, else the default ones without `ofClasses`. */
export function poolsOf(
  network: Pick<NetworkConfig, 'pools'>,
  own: Cidr,
  ofClasses: readonly AddressRange[] = [],
): readonly AddressRange[] {
  return network.pools ?? defaultPools(own, [...rangesOf([own.address]), ...ofClasses]);
}

function without(range: AddressRange, taken: readonly AddressRange[]): readonly AddressRange[] {
  const pieces: AddressRange[] = [];
  let { first } = range;
  for (const hole of taken.toSorted((a, b) => a.first - b.first)) {
    if (hole.last < first || hole.first > range.last) continue;
    if (hole.first > first) pieces.push({ first, last: ipv4(hole.first - 1) });
    if (hole.last >= range.last) return pieces;
    first = ipv4(hole.last + 1);
  }
  return [...pieces, { first, last: range.last }];
}
