/** The composition root: from a configuration to everything that runs, and back. Nothing else knows all the parts. */
import path from 'node:path';
import { isInside, parseIpv4, showCidr, showRange } from '../base/addresses.ts';
import type { Config, NetworkConfig } from '../config/config.ts';
import type { EventBus } from '../events/bus.ts';
import { FileCatalog } from '../files/catalog.ts';
import { DiskRoute } from '../files/disk-route.ts';
import { Uploads } from '../files/uploads.ts';
import { type NetworkHost, openNetworkHost } from '../net/choose-host.ts';
import { type Caller, dropPrivileges, userToBecome } from '../net/privileges.ts';
import { everyInterval, NetworkWatcher } from '../net/watcher.ts';
import type { DeviceDirectory } from '../observe/directory.ts';
import { askServer, type ControlAnswer, type ControlOrder, ControlServer, controlPath } from './control.ts';
import { prepareFolder } from './data-dir.ts';
import { DhcpLink } from './dhcp-link.ts';
import type { ServedNetwork } from './site.ts';
import { systemClock } from './system-clock.ts';
import { TftpServer } from './tftp-server.ts';

export interface ApplianceParts {
  readonly config: Config;
  readonly bus: EventBus;
  readonly directory: DeviceDirectory;
  /** Who called `sudo`, for `server.user: auto`. */
  readonly caller: Caller | undefined;
  /** The server cannot go on; it is to be stopped. */
  readonly onFatal: (why: string) => void;
}

/** Where the leases of a data directory are. */
export function leaseFile(dataDir: string): string {
  return path.join(dataDir, 'leases.db');
}

export class Appliance {
  readonly #parts: ApplianceParts;
  readonly #dhcp: DhcpLink;
  readonly #tftp: TftpServer;
  readonly #watcher: NetworkWatcher;
  readonly #served = new Map<string, ServedNetwork>();
  #control: ControlServer | undefined;

  private constructor(parts: ApplianceParts, host: NetworkHost, dhcp: DhcpLink, tftp: TftpServer) {
    this.#parts = parts;
    this.#dhcp = dhcp;
    this.#tftp = tftp;
    const watched = parts.config.networks.flatMap(({ name, attachment }) =>
      attachment.kind === 'interface' ? [{ name, ...attachment }] : [],
    );
    this.#watcher = new NetworkWatcher(watched, {
      interfaces: host.interfaces,
      tell: parts.bus.tell,
      every: everyInterval,
      onUp: ({ network, facts, address }) => this.#bringUp({ network: network.name, facts, address }),
      onDown: (network) => this.#takeDown(network.name),
    });
  }

  /**
   * Starts everything that can be started; networks without a cable are waited for.
   * @throws {Error} when it cannot serve at all, with a text for the operator.
   */
  static async start(parts: ApplianceParts): Promise<Appliance> {
    const { config, bus, directory } = parts;
    await refuseSecondStart(config.server.dataDir);
    await prepareFolders(parts);
    // Before any thread is started: threads inherit the rights of the one that starts them.
    bus.tell(dropPrivileges(config.server.user, parts.caller));
    const host = await openNetworkHost();
    for (const detail of host.missing) bus.tell({ type: 'server.limited', detail });
    const dhcp = await DhcpLink.open(
      {
        config: { networks: config.networks, hosts: config.hosts, leases: config.leases },
        boot: config.boot,
        storeFile: leaseFile(config.server.dataDir),
        host: host.kind,
      },
      {
        tell: bus.tell,
        onHolders: (holders) => directory.learn(holders),
        onDeath: (why) => parts.onFatal(`the DHCP thread has ended: ${why}`),
      },
    );
    const appliance = new Appliance(parts, host, dhcp, await openTftp(parts, host));
    appliance.#control = await openControl(parts, (order) => appliance.#obey(order));
    await appliance.#watcher.start();
    bus.tell({ type: 'server.ready', networks: appliance.#served.size });
    return appliance;
  }

  /** Ends transfers, closes sockets, takes off the addresses that were put on, and waits until all leases are stored. */
  async stop(why: string): Promise<void> {
    this.#parts.bus.tell({ type: 'server.stopping', why });
    await this.#control?.close();
    await this.#watcher.stop();
    await this.#tftp.close();
    await this.#dhcp.close();
  }

  /** For an end that leaves no time: takes off the addresses, at once. */
  releaseAddresses(): void {
    this.#watcher.releaseAddresses();
  }

  async #bringUp(network: ServedNetwork): Promise<void> {
    const { facts, address } = network;
    refuseForeignPools(this.#parts.config, network);
    this.#served.set(network.network, network);
    try {
      await this.#dhcp.serve(this.#dhcpNetworks());
      await this.#tftp.listen({ interface: facts.name, addresses: facts.addresses.map((cidr) => cidr.address), mtu: facts.mtu });
    } catch (fault) {
      await this.#takeDown(network.network);
      throw fault;
    }
    const serving = this.#modeOf(network.network) === 'server' ? 'DHCP and TFTP' : 'TFTP';
    this.#parts.bus.tell({ type: 'network.up', network: network.network, interface: facts.name, address, serving });
  }

  async #takeDown(name: string): Promise<void> {
    const network = this.#served.get(name);
    if (network === undefined) return;
    this.#served.delete(name);
    await this.#tftp.unlisten(network.facts.name);
    await this.#dhcp.serve(this.#dhcpNetworks());
  }

  #dhcpNetworks(): readonly ServedNetwork[] {
    return [...this.#served.values()].filter(({ network }) => this.#modeOf(network) === 'server');
  }

  #modeOf(name: string): NetworkConfig['mode'] | undefined {
    return this.#parts.config.networks.find((network) => network.name === name)?.mode;
  }

  async #obey(order: ControlOrder): Promise<ControlAnswer> {
    switch (order.do) {
      case 'hello':
        return { ok: true, pid: process.pid };
      case 'release': {
        const address = parseIpv4(order.address);
        if (address === undefined) return { ok: false, error: `${order.address} is no IPv4 address` };
        return { ok: true, pid: process.pid, found: await this.#dhcp.release(address) };
      }
    }
  }
}

/** Where the address is the interface's own, only now is it known whether the pools are of its network. */
function refuseForeignPools(config: Config, { network, facts, address }: ServedNetwork): void {
  const pools = config.networks.find(({ name }) => name === network)?.pools ?? [];
  const foreign = pools.filter((pool) => !isInside(address, pool.first) || !isInside(address, pool.last));
  if (foreign.length === 0) return;
  throw new Error(
    `${facts.name} has ${showCidr(address)}, and the pools ${foreign.map(showRange).join(', ')} of ${network} are not inside that network`,
  );
}

/** Two servers on one lease store would both give the same addresses. */
async function refuseSecondStart(dataDir: string): Promise<void> {
  const answer = await askServer(dataDir, { do: 'hello' });
  if (answer?.ok === true)
    throw new Error(`a Bootlace is running already with ${dataDir} (process ${answer.pid}); stop it first, or set server.dataDir`);
}

async function prepareFolders({ config, caller }: ApplianceParts): Promise<void> {
  const owner = process.getuid?.() === 0 ? userToBecome(config.server.user, caller) : undefined;
  await prepareFolder(config.server.dataDir, owner);
  const { uploads } = config.tftp;
  const isOurs = uploads.dir.startsWith(config.server.dataDir + path.sep);
  if (uploads.policy !== 'deny' && isOurs) await prepareFolder(uploads.dir, owner);
}

async function openTftp({ config, bus, directory }: ApplianceParts, host: NetworkHost): Promise<TftpServer> {
  const { root, uploads, maxBlockSize, maxWindow, maxTransfers } = config.tftp;
  const names = new Map(config.hosts.map((host) => [host.mac, host.name]));
  const uploaded = new Uploads(uploads, systemClock, (mac) => names.get(mac));
  await uploaded.sweep();
  return new TftpServer({
    sockets: host.sockets,
    catalog: new FileCatalog([new DiskRoute(root), uploaded]),
    clock: systemClock,
    tell: bus.tell,
    whoHas: (address) => directory.whoHas(address),
    settings: { maxBlockSize, maxWindow, maxTransfers, maxUploadSize: uploads.maxSize },
  });
}

/** Without its control socket the server serves all the same; `bootlace leases release` then has to wait for its end. */
async function openControl(
  { config, bus }: ApplianceParts,
  obey: (order: ControlOrder) => Promise<ControlAnswer>,
): Promise<ControlServer | undefined> {
  const socketPath = controlPath(config.server.dataDir);
  try {
    return await ControlServer.open(socketPath, obey);
  } catch (fault) {
    bus.tell({
      type: 'server.fault',
      where: `control socket ${socketPath}`,
      detail: fault instanceof Error ? fault.message : String(fault),
    });
    return undefined;
  }
}
