/** The networks that are served, the devices and classes of devices that are known, and which network a request belongs to. */
import { type AddressRange, type Cidr, type Ipv4, isInRange, isInside, type Mac, NO_ADDRESS } from '../base/addresses.ts';
import type { Options } from './packet.ts';
import type { DhcpRequest } from './request.ts';

/** Options as octets; `server` is our address on the way to the client. */
export type OptionsAt = (server: Ipv4) => Options;

/** How a device of the configuration is recognised; every part that is there has to fit. */
export interface HostKey {
  readonly mac?: Mac | undefined;
  /** Option 61, in hexadecimal. */
  readonly clientId?: string | undefined;
  /** Option 82.1 and 82.2 (RFC 3046), in hexadecimal: the port of the switch instead of the device. */
  readonly circuitId?: string | undefined;
  readonly remoteId?: string | undefined;
}

/** A device that the configuration knows. */
export interface Host {
  readonly key: HostKey;
  readonly name: string | undefined;
  /** Its address, and nobody else's. */
  readonly address: Ipv4 | undefined;
  readonly lease: LeaseTimes | undefined;
  /** Before those of its classes and of the network. */
  readonly options: OptionsAt;
}

/** Clients that have something in common. Where several classes fit, the first that sets a thing sets it. */
export interface ClientClass {
  readonly name: string;
  readonly fits: (request: DhcpRequest, subnet: Subnet) => boolean;
  /** Its clients get no answer. */
  readonly deny: boolean;
  /** Addresses for its clients alone; they get no others. */
  readonly pools: readonly AddressRange[] | undefined;
  readonly lease: LeaseTimes | undefined;
  /** Before those of the network. */
  readonly options: OptionsAt;
}

/** What makes a client the same one (RFC 2131 §4.2): its identifier, or its MAC whatever identifiers it boots with. */
export type Identity = 'client-id' | 'mac';

/** Who may have an address by BOOTP, which is for ever (RFC 1534 §2). */
export type BootpPolicy = 'off' | 'reserved' | 'pool';

/**
 * What is done on a network. `renewals`: another DHCP server is there, so nobody gets an offer or a refusal from us, which would be
 * a word into its business; clients that live by our leases keep them. `proxy`: likewise, and those that boot over the network are told
 * their boot file.
 */
export type DhcpService = 'full' | 'renewals' | 'proxy';

/** One network: its addresses and what is said there. */
export interface Subnet {
  readonly name: string;
  readonly service: DhcpService;
  readonly network: Cidr;
  /** The interface it is on; undefined for a network behind a relay agent. */
  readonly interface: string | undefined;
  /** Our own addresses, which nobody is given. */
  readonly own: readonly Ipv4[];
  readonly pools: readonly AddressRange[];
  readonly lease: LeaseTimes;
  /** We know all clients of this network: a wrong address is refused, not passed over in silence. */
  readonly authoritative: boolean;
  readonly identity: Identity;
  readonly bootp: BootpPolicy;
  /** A client that asks for it is bound by its DISCOVER alone (RFC 4039). */
  readonly rapidCommit: boolean;
  /** New addresses are looked for on the wire before they are offered. */
  readonly checksConflicts: boolean;
  /** How long a declined address, or one that a stranger uses, is given to nobody. */
  readonly quarantineSeconds: number;
  readonly options: OptionsAt;
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
  /** In the order in which they are tried. */
  readonly classes: readonly ClientClass[];
  /** Who may ask for other clients' leases (RFC 4388). */
  readonly leasequeryFrom: readonly Cidr[];
}

/** True when the address is in one of the pools. */
export function isInPools(pools: readonly AddressRange[], address: Ipv4): boolean {
  return pools.some((pool) => isInRange(pool, address));
}

/**
 * The subnet of a request: the one that the relay agent selects (RFC 3527), the client selects (RFC 3011) or the relay agent is in;
 * else that of the address a client already uses and asks about by unicast (it may be behind a relay and speak straight to us);
 * else the interface's. Undefined: nothing that we serve.
 */
export function subnetOf(
  request: Pick<DhcpRequest, 'packet' | 'via' | 'type' | 'relay' | 'selectedSubnet'>,
  subnets: readonly Subnet[],
): Subnet | undefined {
  const { packet, via } = request;
  const holding = (address: Ipv4) => subnets.find((subnet) => isInside(subnet.network, address));
  const selected = request.relay?.linkSelection ?? request.selectedSubnet;
  if (selected !== undefined) return holding(selected);
  if (packet.relayAddress !== NO_ADDRESS) return holding(packet.relayAddress);
  const onInterface = subnets.find((subnet) => subnet.interface === via.interface);
  if (packet.clientAddress === NO_ADDRESS) return onInterface;
  if (via.cast === 'unicast' || request.type === 'INFORM') return holding(packet.clientAddress) ?? onInterface;
  return onInterface;
}

/** Seconds of a lease: what is asked for within the bounds, the default when nothing is (RFC 2131 §4.3.1). */
export function leaseSecondsFor(times: LeaseTimes, requestedSeconds: number | undefined): number {
  const { defaultSeconds, minSeconds, maxSeconds } = times;
  return requestedSeconds === undefined ? defaultSeconds : Math.min(Math.max(requestedSeconds, minSeconds), maxSeconds);
}
