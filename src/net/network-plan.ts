/** What a configured network should be served on at this moment. Pure: the watcher compares it with what is and acts. */
import { type Cidr, type Ipv4, ipv4, isInside, networksOverlap, showCidr, showIpv4 } from '../base/addresses.ts';
import { pickInterface, unfitForAuto, whyNotReady } from './picker.ts';
import type { InterfaceFacts } from './ports.ts';

/** A network as the configuration wants it. */
export interface WatchedNetwork {
  readonly name: string;
  /** An interface's name, or `auto`. */
  readonly interface: string;
  /** The server's own address there; absent: the one that the interface has. */
  readonly address?: Cidr | undefined;
  /** Put the address on where it is not, and take it off at the end. */
  readonly assign: boolean;
}

/** Where a network is served. */
export interface ServedOn {
  readonly facts: InterfaceFacts;
  readonly address: Cidr;
}

export type NetworkPlan =
  | (ServedOn & { readonly do: 'serve'; readonly why: string; readonly addressIsThere: boolean })
  /** `wake` are interfaces that are only down; set up, they may turn out to have a cable. */
  | { readonly do: 'wait'; readonly why: string; readonly wake: readonly InterfaceFacts[] };

/** What became of a network until now. */
export interface NetworkState {
  /** Where it is served, if it is: `auto` stays there as long as it can. */
  readonly served: ServedOn | undefined;
  /** The address that was put on for it, and where: no obstacle to putting it elsewhere, as it will be taken off there. */
  readonly assigned: ServedOn | undefined;
}

/** @param taken names of the interfaces that other networks have. */
export function planNetwork(
  network: WatchedNetwork,
  { served, assigned }: NetworkState,
  facts: readonly InterfaceFacts[],
  taken: ReadonlySet<string>,
): NetworkPlan {
  const kept = network.interface === 'auto' && served ? stillFit(served, facts, taken) : undefined;
  const picked = kept
    ? { choice: kept, why: 'served there already' }
    : pickInterface({ wanted: network.interface, subnet: network.address, taken }, facts);
  if ('waiting' in picked) return { do: 'wait', why: picked.waiting, wake: network.assign ? picked.down : [] };
  const { choice, why } = picked;
  const { address } = network;
  if (address === undefined) return planOwnAddress(network, choice, served, why);
  if (choice.addresses.some((there) => there.address === address.address))
    return { do: 'serve', facts: choice, address, why, addressIsThere: true };
  const obstacle = network.assign ? obstacleTo(address, choice, facts, assigned) : missingAddress(network, choice, address);
  return obstacle === undefined
    ? { do: 'serve', facts: choice, address, why, addressIsThere: false }
    : { do: 'wait', why: obstacle, wake: [] };
}

/** What is different for the sockets that were opened at `before`, as a sentence; undefined when they can stay. */
export function whatChanged(before: ServedOn, after: ServedOn): string | undefined {
  const { name } = before.facts;
  if (before.facts.index !== after.facts.index)
    return name === after.facts.name ? `${name} was made anew` : `served on ${after.facts.name} instead`;
  if (name !== after.facts.name) return `${name} is now called ${after.facts.name}`;
  if (before.facts.mac !== after.facts.mac) return `the hardware address of ${name} changed`;
  if (before.address.address !== after.address.address) return `the address of ${name} is now ${showIpv4(after.address.address)}`;
  return undefined;
}

function stillFit(
  { facts: { index } }: ServedOn,
  facts: readonly InterfaceFacts[],
  taken: ReadonlySet<string>,
): InterfaceFacts | undefined {
  const now = facts.find((candidate) => candidate.index === index);
  return now && unfitForAuto(now, facts, taken) === undefined && whyNotReady(now) === undefined ? now : undefined;
}

function planOwnAddress({ name }: WatchedNetwork, choice: InterfaceFacts, served: ServedOn | undefined, why: string): NetworkPlan {
  const usable = choice.addresses.filter(({ address }) => !isLinkLocal(address));
  const address = usable.find((there) => there.address === served?.address.address) ?? usable[0];
  if (address !== undefined) return { do: 'serve', facts: choice, address, why, addressIsThere: true };
  return { do: 'wait', why: `${choice.name} has no IPv4 address; give the network ${name} an 'address' and 'assign: true'`, wake: [] };
}

function missingAddress({ name }: WatchedNetwork, choice: InterfaceFacts, address: Cidr): string {
  return `${choice.name} does not have ${showCidr(address)}; put it on, or set 'assign: true' for the network ${name}`;
}

/** An address in two places is reachable in neither; one in the network of the default route takes the route to its gateway away. */
function obstacleTo(
  address: Cidr,
  choice: InterfaceFacts,
  facts: readonly InterfaceFacts[],
  assigned: ServedOn | undefined,
): string | undefined {
  for (const other of facts) {
    if (other.index === choice.index) continue;
    for (const there of other.addresses) {
      if (other.index === assigned?.facts.index && there.address === assigned.address.address) continue;
      if (there.address === address.address)
        return `${other.name} has the address ${showIpv4(address.address)} already; ${choice.name} cannot have it too`;
      if (other.hasDefaultRoute && networksOverlap(there, address)) {
        return `${showCidr(address)} on ${choice.name} would cut off ${other.name}, which carries the default route and has ${showCidr(there)}; choose another address`;
      }
    }
  }
  return undefined;
}

/** 169.254.0.0/16, which a host gives itself when nobody gives it any (RFC 3927). */
function isLinkLocal(address: Ipv4): boolean {
  return isInside({ address: ipv4(0xa9fe0000), prefix: 16 }, address);
}
