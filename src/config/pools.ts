/** Subnets and the pools in them that nobody wrote down. */
import { type AddressRange, broadcastOf, type Cidr, type Ipv4, ipv4, isInRange, networkOf, showCidr } from '../base/addresses.ts';
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

/**
 * The upper half of the subnet's host addresses without those in `taken` (the server's own, routers).
 * Where nothing is left of that half, all host addresses without them; empty only when there are none at all.
 */
export function defaultPools(subnet: Cidr, taken: Iterable<Ipv4>): readonly AddressRange[] {
  const hosts = hostRange(subnet);
  const middle = ipv4(hosts.first + Math.ceil((hosts.last - hosts.first + 1) / 2));
  const upper = middle > hosts.last ? [] : without({ first: middle, last: hosts.last }, taken);
  return upper.length > 0 ? upper : without(hosts, taken);
}

/** The pools of a network whose own address is `own`: those that were configured, else the default ones. */
export function poolsOf(network: Pick<NetworkConfig, 'pools'>, own: Cidr): readonly AddressRange[] {
  return network.pools ?? defaultPools(own, [own.address]);
}

function without(range: AddressRange, taken: Iterable<Ipv4>): readonly AddressRange[] {
  const pieces: AddressRange[] = [];
  let { first } = range;
  for (const address of Array.from(new Set(taken)).sort((a, b) => a - b)) {
    if (!isInRange({ first, last: range.last }, address)) continue;
    if (address > first) pieces.push({ first, last: ipv4(address - 1) });
    if (address === range.last) return pieces;
    first = ipv4(address + 1);
  }
  return [...pieces, { first, last: range.last }];
}
