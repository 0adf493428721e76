/** The networks of the configuration as their cables come and go: who serves each, and what takes its place when it is gone. */

import { type Ipv4, isInside } from '../base/addresses.ts';
import { faultText } from '../base/result.ts';
import type { Config, NetworkConfig } from '../config/config.ts';
import type { Tell } from '../events/bus.ts';
import type { NetworkHost } from '../net/choose-host.ts';
import type { WatchedNetwork } from '../net/network-plan.ts';
import { everyInterval, NetworkWatcher } from '../net/watcher.ts';
import type { DhcpLink } from './dhcp-link.ts';
import { GuardPost } from './guard-post.ts';
import type { LiveHttp } from './live-http.ts';
import type { LiveServices } from './live-services.ts';
import { foreignPools } from './reload.ts';
import { type ServedNetwork, siteConfigOf } from './site.ts';
import { systemClock } from './system-clock.ts';
import type { TftpLink } from './tftp-link.ts';

/** For the line that says that a network is up. */
const SERVING = { server: 'DHCP and TFTP', proxy: 'proxyDHCP and TFTP', off: 'TFTP' } as const satisfies Record<
  NetworkConfig['mode'],
  string
>;

/** Who serves. */
export interface NetworkServers {
  readonly host: NetworkHost;
  readonly tell: Tell;
  readonly dhcp: DhcpLink;
  readonly tftp: TftpLink;
  readonly http: LiveHttp;
  readonly services: LiveServices;
}

export class LiveNetworks {
  readonly #servers: NetworkServers;
  readonly #watcher: NetworkWatcher;
  readonly #guards: GuardPost;
  readonly #served = new Map<string, ServedNetwork>();
  #config: Config;
  readonly #leasing = Promise.withResolvers<void>();

  constructor(config: Config, servers: NetworkServers) {
    this.#config = config;
    this.#servers = servers;
    const { tell } = servers;
    const { interfaces, sockets } = servers.host;
    this.#guards = new GuardPost({ interfaces, sockets, clock: systemClock, tell }, () =>
      this.#serveAnew('after a look for other servers'),
    );
    this.#watcher = new NetworkWatcher(watchedNetworks(config), {
      interfaces,
      tell,
      every: everyInterval,
      onUp: ({ network, facts, address }) => this.#bringUp({ network: network.name, facts, address }),
      onDown: (network) => this.#takeDown(network.name),
    });
  }

  /** Those that are up. */
  get served(): readonly ServedNetwork[] {
    return [...this.#served.values()];
  }

  /** Our address on the network that holds this one. */
  serverFor(client: Ipv4): Ipv4 | undefined {
    const { served } = this;
    return (served.find(({ address }) => isInside(address, client)) ?? served[0])?.address.address;
  }

  /** Serves all that can be served now; the others when they can. */
  async start(): Promise<void> {
    await this.#watcher.start().finally(this.#leasing.resolve);
  }

  /** Resolves when the first network has its DHCP, or no network can have it now. */
  get leasing(): Promise<void> {
    return this.#leasing.promise;
  }

  /** Serves by another configuration; networks that stay as they are keep their sockets. */
  async configure(config: Config): Promise<void> {
    this.#config = config;
    this.#postGuards();
    await this.#watcher.update(watchedNetworks(config), () =>
      this.#servers.dhcp.configure(siteConfigOf(config), this.#dhcpNetworks()).catch((fault: unknown) =>
        // The networks that can be served are; a reload is no reason to stop them.
        this.#servers.tell({ type: 'server.fault', where: 'DHCP after a reload', detail: faultText(fault) }),
      ),
    );
  }

  /** Leaves all networks, and takes off the addresses that were put on. */
  stop(): Promise<void> {
    return this.#watcher.stop();
  }

  /** For an end that leaves no time: takes off the addresses, at once. */
  releaseAddresses(): void {
    this.#watcher.releaseAddresses();
  }

  async #bringUp(network: ServedNetwork): Promise<void> {
    const { facts, address } = network;
    const { dhcp, tftp, http, services, tell } = this.#servers;
    const obstacle = foreignPools(this.#config, network);
    if (obstacle !== undefined) throw new Error(obstacle);
    const addresses = facts.addresses.map((cidr) => cidr.address);
    this.#served.set(network.network, network);
    this.#postGuards();
    try {
      await dhcp.serve(this.#dhcpNetworks());
      this.#leasing.resolve();
      await tftp.listen({ interface: facts.name, addresses, mtu: facts.mtu });
    } catch (fault) {
      await this.#takeDown(network.network);
      throw fault;
    }
    const serving = SERVING[this.#modeOf(network.network) ?? 'off'];
    tell({ type: 'network.up', network: network.network, interface: facts.name, address, serving });
    http.listen({ interface: facts.name, addresses });
    services.listen({ interface: facts.name, addresses, subnet: address });
  }

  async #takeDown(name: string): Promise<void> {
    const network = this.#served.get(name);
    if (network === undefined) return;
    const { dhcp, tftp, http, services } = this.#servers;
    this.#served.delete(name);
    this.#guards.withdraw(name);
    await services.unlisten(network.facts.name);
    await http.unlisten(network.facts.name);
    await tftp.unlisten(network.facts.name);
    await dhcp.serve(this.#dhcpNetworks());
  }

  #dhcpNetworks(): readonly ServedNetwork[] {
    return this.served.flatMap((network) => {
      const mode = this.#modeOf(network.network) ?? 'off';
      if (mode === 'off') return [];
      return [{ ...network, service: mode === 'proxy' ? mode : this.#guards.serviceOf(network.network) }];
    });
  }

  #postGuards(): void {
    for (const network of this.#served.values()) {
      const config = this.#config.networks.find(({ name }) => name === network.network);
      if (config !== undefined) this.#guards.post(network, config);
    }
  }

  #serveAnew(when: string): void {
    const { dhcp, tell } = this.#servers;
    dhcp
      .serve(this.#dhcpNetworks())
      .catch((fault: unknown) => tell({ type: 'server.fault', where: `DHCP ${when}`, detail: faultText(fault) }));
  }

  #modeOf(name: string): NetworkConfig['mode'] | undefined {
    return this.#config.networks.find((network) => network.name === name)?.mode;
  }
}

function watchedNetworks({ networks }: Config): readonly WatchedNetwork[] {
  return networks.flatMap(({ name, attachment }) => (attachment.kind === 'interface' ? [{ name, ...attachment }] : []));
}
