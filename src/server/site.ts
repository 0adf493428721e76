/** From the configuration as written to what the DHCP engine serves, once it is known which interfaces are up and which address is ours there. */
import { type Cidr, type Ipv4, networkOf } from '../base/addresses.ts';
import { classFits } from '../boot/class-match.ts';
import type { ClassConfig, Config, ConfiguredOption, HostConfig, LeaseTime, NetworkConfig } from '../config/config.ts';
import { encodeOptions } from '../config/option-values.ts';
import { poolsOf } from '../config/pools.ts';
import { serviceOptions } from '../config/services-config.ts';
import type { ClientClass, DhcpService, Host, LeaseTimes, OptionsAt, Site, Subnet } from '../dhcp/subnet.ts';
import type { InterfaceFacts } from '../net/ports.ts';

/** A network whose interface is up. Plain data: it crosses to the DHCP thread. */
export interface ServedNetwork {
  /** Its name in the configuration. */
  readonly network: string;
  readonly facts: InterfaceFacts;
  /** Our own address there. */
  readonly address: Cidr;
  /** What DHCP may do there; absent: everything. */
  readonly service?: DhcpService;
}

/** The parts of the configuration that the DHCP thread needs. Plain data: it crosses to that thread. */
export type SiteConfig = Pick<
  Config,
  'networks' | 'hosts' | 'classes' | 'boot' | 'provision' | 'images' | 'http' | 'services' | 'leases' | 'leasequery'
>;

/** The parts of a whole configuration that the DHCP thread needs. */
export function siteConfigOf(config: Config): SiteConfig {
  const { networks, hosts, classes, boot, provision, images, http, services, leases, leasequery } = config;
  return { networks, hosts, classes, boot, provision, images, http, services, leases, leasequery };
}

/** The site as it is while these networks are up. Networks behind relays are served as soon as any interface is. */
export function siteOf(config: SiteConfig, served: readonly ServedNetwork[]): Site {
  const own = served.flatMap(({ address, facts }) => [address.address, ...facts.addresses.map((cidr) => cidr.address)]);
  const subnets = config.networks.flatMap((network) => {
    if (network.mode === 'off') return [];
    const place = placeOf(network, served);
    return place === undefined ? [] : [subnetOf(network, place, own, config)];
  });
  // A device that is described by its MAC and its switch port goes before one that is described by the MAC alone.
  const hosts = config.hosts
    .filter((host) => partsOf(host) > 0)
    .toSorted((a, b) => partsOf(b) - partsOf(a))
    .map((host) => hostOf(host, config));
  return { subnets, hosts, classes: config.classes.map((one) => classOf(one, config)), leasequeryFrom: config.leasequery.allow };
}

function partsOf({ key }: HostConfig): number {
  return Object.values(key).filter((part) => part !== undefined).length;
}

function hostOf({ key, name, address, leaseTime, options }: HostConfig, config: SiteConfig): Host {
  return { key, name, address, lease: leaseTime && leaseTimesOf(leaseTime), options: encoder(options, config) };
}

function classOf({ name, match, deny, pools, leaseTime, options }: ClassConfig, config: SiteConfig): ClientClass {
  return {
    name,
    fits: classFits(match),
    deny,
    pools,
    lease: leaseTime && leaseTimesOf(leaseTime),
    options: encoder(options, config),
  };
}

interface Place {
  readonly interface: string | undefined;
  readonly cidr: Cidr;
  readonly service: DhcpService;
}

function placeOf(network: NetworkConfig, served: readonly ServedNetwork[]): Place | undefined {
  if (network.attachment.kind === 'relay')
    return served.length === 0 ? undefined : { interface: undefined, cidr: network.attachment.subnet, service: ownService(network) };
  const up = served.find((one) => one.network === network.name);
  return up === undefined ? undefined : { interface: up.facts.name, cidr: up.address, service: up.service ?? ownService(network) };
}

/** What it does where nothing is known of other servers. */
function ownService({ mode }: NetworkConfig): DhcpService {
  return mode === 'proxy' ? 'proxy' : 'full';
}

function subnetOf(network: NetworkConfig, place: Place, own: readonly Ipv4[], config: SiteConfig): Subnet {
  const { classes, leases } = config;
  return {
    name: network.name,
    service: place.service,
    network: { address: networkOf(place.cidr), prefix: place.cidr.prefix },
    interface: place.interface,
    own,
    pools:
      network.mode === 'proxy'
        ? []
        : poolsOf(
            network,
            place.cidr,
            classes.flatMap(({ pools }) => pools ?? []),
          ),
    lease: leaseTimesOf(network.leaseTime),
    authoritative: network.authoritative,
    identity: network.identity,
    bootp: network.bootp,
    rapidCommit: network.rapidCommit,
    // Behind a relay there is no wire of ours to look at.
    checksConflicts: network.conflictCheck === 'arp' && place.interface !== undefined,
    quarantineSeconds: leases.quarantineSeconds,
    options: encoder([...network.options, ...serviceOptions(config.services, network).map(({ option }) => option)], config),
  };
}

function leaseTimesOf({ default: normal, min, max }: LeaseTime): LeaseTimes {
  return { defaultSeconds: normal, minSeconds: min, maxSeconds: max };
}

/** Options as octets, made once for each of our addresses: `${server}` in them differs by interface. */
function encoder(options: readonly ConfiguredOption[], { http }: SiteConfig): OptionsAt {
  const made = new Map<Ipv4, ReturnType<OptionsAt>>();
  return (server) => {
    let encoded = made.get(server);
    if (encoded === undefined) {
      encoded = encodeOptions(options, { server, httpPort: http.port });
      made.set(server, encoded);
    }
    return encoded;
  };
}
