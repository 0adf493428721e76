/** The networks that are served, and which of them a request belongs to (RFC 2131 §4.3.1). */
import { type AddressRange, type Cidr, type Ipv4, isInRange, isInside, type Mac, NO_ADDRESS } from '../base/addresses.ts';
import type { Options } from './packet.ts';
import type { DhcpRequest } from './request.ts';

/** A device that the configuration knows. */
export interface Host {
  readonly mac: Mac;
  readonly name: string | undefined;
  /** Its address, and nobody else's. */
  readonly address: Ipv4 | undefined;
  /** What it boots, before what its architecture would. */
  readonly bootFile: string | undefined;
  /** Options of its own, before those of the network. `server` is our address on the way to the client. */
  readonly options: (server: Ipv4) => Options;
}

/** One network: its addresses and what is said there. */
export interface Subnet {
  readonly name: string;
  readonly network: Cidr;
  /** The interface it is on; undefined for a network behind a relay agent. */
  readonly interface: string | undefined;
  /** Our own addresses, which nobody is given. */
  readonly own: readonly Ipv4[];
  readonly pools: readonly AddressRange[];
  readonly lease: LeaseTimes;
  /** We know all clients of this network: a wrong address is refused, not passed over in silence. */
  readonly authoritative: boolean;
  /** How long a declined address is given to nobody. */
  readonly quarantineSeconds: number;
  readonly options: (server: Ipv4) => Options;
}

/** Seconds; `default` for those who ask for none, the others bound what is asked. */
export interface LeaseTimes {
  readonly defaultSeconds: number;
  readonly minSeconds: number;
  readonly maxSeconds: number;
}

/** All that the engine serves. */
export interface Site {
  readonly subnets: readonly Subnet[];
  readonly hosts: readonly Host[];
}

/** True when the address is in one of the subnet's pools. */
export function isInPool(subnet: Subnet, address: Ipv4): boolean {
  return subnet.pools.some((pool) => isInRange(pool, address));
}

/**
 * The subnet of a request: that of the relay agent; else that of the address a client already uses and asks about by unicast
 * (it may be behind a relay and speak straight to us); else the interface's. Undefined: nothing that we serve.
 */
export function subnetOf(request: DhcpRequest, subnets: readonly Subnet[]): Subnet | undefined {
  const { packet, via } = request;
  const holding = (address: Ipv4) => subnets.find((subnet) => isInside(subnet.network, address));
  if (packet.relayAddress !== NO_ADDRESS) return holding(packet.relayAddress);
  const onInterface = subnets.find((subnet) => subnet.interface === via.interface);
  if (packet.clientAddress === NO_ADDRESS) return onInterface;
  if (via.cast === 'unicast' || request.type === 'INFORM') return holding(packet.clientAddress) ?? onInterface;
  return onInterface;
}

/** Seconds of a lease in this subnet: what is asked for within the bounds, the default when nothing is (RFC 2131 §4.3.1). */
export function leaseSecondsFor(subnet: Subnet, requestedSeconds: number | undefined): number {
  const { defaultSeconds, minSeconds, maxSeconds } = subnet.lease;
  return requestedSeconds === undefined ? defaultSeconds : Math.min(Math.max(requestedSeconds, minSeconds), maxSeconds);
}
