/** From the configuration as written to what the DHCP engine serves, once it is known which interfaces are up and which address is ours there. */
import { type Cidr, type Ipv4, networkOf } from '../base/addresses.ts';
import type { Config, ConfiguredOption, NetworkConfig } from '../config/config.ts';
import { encodeOptions } from '../config/option-values.ts';
import { poolsOf } from '../config/pools.ts';
import type { Options } from '../dhcp/packet.ts';
import type { Host, Site, Subnet } from '../dhcp/subnet.ts';
import type { InterfaceFacts } from '../net/ports.ts';

/** A network whose interface is up. Plain data: it crosses to the DHCP thread. */
export interface ServedNetwork {
  /** Its name in the configuration. */
  readonly network: string;
  readonly facts: InterfaceFacts;
  /** Our own address there. */
  readonly address: Cidr;
}

/** The parts of the configuration that the DHCP thread needs. */
export type SiteConfig = Pick<Config, 'networks' | 'hosts' | 'leases'>;

/** The site as it is while these networks are up. Networks behind relays are served as soon as any interface is. */
export function siteOf(config: SiteConfig, served: readonly ServedNetwork[]): Site {
  const own = served.flatMap(({ address, facts }) => [address.address, ...facts.addresses.map((cidr) => cidr.address)]);
  const subnets = config.networks.flatMap((network) => {
    if (network.mode === 'off') return [];
    const place = placeOf(network, served);
    return place === undefined ? [] : [subnetOf(network, place, own, config.leases.quarantineSeconds)];
  });
  const hosts = config.hosts.map((host): Host => ({ ...host, options: encoder(host.options) }));
  return { subnets, hosts };
}

interface Place {
  readonly interface: string | undefined;
  readonly cidr: Cidr;
}

function placeOf(network: NetworkConfig, served: readonly ServedNetwork[]): Place | undefined {
  if (network.attachment.kind === 'relay')
    return served.length === 0 ? undefined : { interface: undefined, cidr: network.attachment.subnet };
  const up = served.find((one) => one.network === network.name);
  return up === undefined ? undefined : { interface: up.facts.name, cidr: up.address };
}

function subnetOf(network: NetworkConfig, place: Place, own: readonly Ipv4[], quarantineSeconds: number): Subnet {
  return {
    name: network.name,
    network: { address: networkOf(place.cidr), prefix: place.cidr.prefix },
    interface: place.interface,
    own,
    pools: poolsOf(network, place.cidr),
    lease: { defaultSeconds: network.leaseTime.default, minSeconds: network.leaseTime.min, maxSeconds: network.leaseTime.max },
    authoritative: network.authoritative,
    quarantineSeconds,
    options: encoder(network.options),
  };
}

/** Options as octets, made once for each of our addresses: `${server}` in them differs by interface. */
function encoder(options: readonly ConfiguredOption[]): (server: Ipv4) => Options {
  const made = new Map<Ipv4, Options>();
  return (server) => {
    let encoded = made.get(server);
    if (encoded === undefined) {
      encoded = encodeOptions(options, { server });
      made.set(server, encoded);
    }
    return encoded;
  };
}
