/** A request together with everything that the site says of who sent it: looked up once, used by every rule. */
import type { AddressRange, Ipv4 } from '../base/addresses.ts';
import { isInside } from '../base/addresses.ts';
import { invariant } from '../base/result.ts';
import type { Subject } from '../events/events.ts';
import type { HostTable } from './host-table.ts';
import type { ClientKey, DhcpRequest } from './request.ts';
import type { ClientClass, Host, LeaseTimes, Subnet } from './subnet.ts';

/** What is known of a device beside who it is. */
export interface InquiryDevice {
  /** What it says that it is. */
  readonly told?: Pick<Subject, 'profile' | 'model' | 'serial'> | undefined;
  /** Judges what options name: true for a file that it is not to be told of now. */
  readonly withholds?: ((name: string) => boolean) | undefined;
  /** For the log: what is left out for a while, and why. */
  readonly note?: string | undefined;
}

export interface Inquiry extends InquiryDevice {
  readonly request: DhcpRequest;
  readonly subnet: Subnet;
  /** Who the client is in this subnet. */
  readonly client: ClientKey;
  readonly host: Host | undefined;
  /** The classes that fit, in the order of the configuration. */
  readonly classes: readonly ClientClass[];
  /** Where its address may come from. */
  readonly pools: readonly AddressRange[];
  readonly lease: LeaseTimes;
  /** The address that is its own, in this subnet. */
  readonly reservation: Ipv4 | undefined;
}

export function inquiryOf(request: DhcpRequest, subnet: Subnet, hosts: HostTable, allClasses: readonly ClientClass[]): Inquiry {
  const host = hosts.find(request);
  const classes = allClasses.length === 0 ? allClasses : allClasses.filter((one) => one.fits(request, subnet));
  const ownPools = classes.map(({ pools }) => poolsInside(pools, subnet)).find((pools) => pools !== undefined);
  const address = host?.address;
  return {
    request,
    subnet,
    client: clientIn(request, subnet),
    host,
    classes,
    pools: ownPools ?? subnet.pools,
    lease: host?.lease ?? classes.find(({ lease }) => lease !== undefined)?.lease ?? subnet.lease,
    reservation: address !== undefined && isInside(subnet.network, address) ? address : undefined,
  };
}

/** A class may have pools in several networks: those of this one, each time as the same list, which the allocator knows it by. */
const poolsByNetwork = new WeakMap<readonly AddressRange[], Map<Ipv4, readonly AddressRange[] | undefined>>();

function poolsInside(pools: readonly AddressRange[] | undefined, { network }: Subnet): readonly AddressRange[] | undefined {
  if (pools === undefined) return undefined;
  let known = poolsByNetwork.get(pools);
  if (known === undefined) {
    known = new Map();
    poolsByNetwork.set(pools, known);
  }
  if (!known.has(network.address)) {
    const inside = pools.filter((pool) => isInside(network, pool.first));
    known.set(network.address, inside.length === 0 ? undefined : inside);
  }
  return known.get(network.address);
}

/**
 * RFC 2131 §4.2 has the identifier go before the hardware address. A machine that boots over the network uses several, one in its ROM,
 * one in iPXE, one in its system, and would take an address for each: `identity: mac` keeps it to one.
 */
function clientIn({ identifier, hardware, mac }: DhcpRequest, subnet: Subnet): ClientKey {
  const client = subnet.identity === 'mac' && mac !== undefined ? hardware : (identifier ?? hardware);
  invariant(client !== undefined, 'a request without any identity');
  return client;
}
