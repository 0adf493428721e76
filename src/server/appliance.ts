/** The composition root: from a configuration to everything that runs, and back. Nothing else knows all the parts. */
import { parseIpv4 } from '../base/addresses.ts';
import type { Config, NetworkConfig } from '../config/config.ts';
import { namedHosts } from '../config/named-hosts.ts';
import { type NetworkHost, openNetworkHost } from '../net/choose-host.ts';
import type { WatchedNetwork } from '../net/network-plan.ts';
import { dropPrivileges } from '../net/privileges.ts';
import { everyInterval, NetworkWatcher } from '../net/watcher.ts';
import { type ApplianceParts, openControl, openThreads, prepareFolders, refuseSecondStart } from './appliance-start.ts';
import { BootChoices } from './boot-choices.ts';
import { bootChoicesFile } from './boot-choices-file.ts';
import type { ControlAnswer, ControlOrder, ControlServer } from './control.ts';
import { DeviceDesk } from './device-desk.ts';
import { answerAboutDevices } from './device-orders.ts';
import type { DhcpLink } from './dhcp-link.ts';
import { GuardPost } from './guard-post.ts';
import { filesConfigOf } from './live-files.ts';
import { LiveHttp } from './live-http.ts';
import { eventsOf, foreignPools, judgeReload, type ReloadOutcome } from './reload.ts';
import { type ServedNetwork, siteConfigOf } from './site.ts';
import { systemClock } from './system-clock.ts';
import type { TftpLink } from './tftp-link.ts';
import { giveWay } from './thread-priority.ts';
import { obeyWake } from './wake.ts';

/** For the line that says that a network is up. */
const SERVING = { server: 'DHCP and TFTP', proxy: 'proxyDHCP and TFTP', off: 'TFTP' } as const satisfies Record<
  NetworkConfig['mode'],
  string
>;

/** What runs beside the main thread's own parts. */
interface Started {
  readonly dhcp: DhcpLink;
  readonly tftp: TftpLink;
  readonly choices: BootChoices;
  readonly desk: DeviceDesk;
}

export class Appliance {
  readonly #parts: ApplianceParts;
  readonly #host: NetworkHost;
  /** The one in force. */
  #config: Config;
  readonly #dhcp: DhcpLink;
  readonly #tftp: TftpLink;
  readonly #http: LiveHttp;
  readonly #watcher: NetworkWatcher;
  readonly #guards: GuardPost;
  readonly #choices: BootChoices;
  readonly #desk: DeviceDesk;
  readonly #served = new Map<string, ServedNetwork>();
  #control: ControlServer | undefined;
  /** Reloads go one after another, and the end waits for them. */
  #reloading: Promise<unknown> = Promise.resolve();
  #isStopping = false;

  private constructor(parts: ApplianceParts, host: NetworkHost, { dhcp, tftp, choices, desk }: Started) {
    this.#parts = parts;
    this.#host = host;
    this.#config = parts.config;
    this.#dhcp = dhcp;
    this.#tftp = tftp;
    this.#choices = choices;
    this.#desk = desk;
    const { interfaces, sockets } = host;
    const { bus, directory } = parts;
    this.#http = new LiveHttp(filesConfigOf(parts.config, choices.all), {
      ...host,
      tell: bus.tell,
      whoHas: (address) => directory.whoHas(address),
    });
    this.#guards = new GuardPost({ interfaces, sockets, clock: systemClock, tell: parts.bus.tell }, () =>
      this.#serveAnew('after a look for other servers'),
    );
    this.#watcher = new NetworkWatcher(watchedNetworks(parts.config), {
      interfaces,
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
    const { config, bus } = parts;
    await refuseSecondStart(config.server.dataDir);
    await prepareFolders(parts);
    // Before any thread is started: threads inherit the rights of the one that starts them.
    bus.tell(dropPrivileges(config.server.user, parts.caller));
    const host = await openNetworkHost();
    for (const detail of host.missing) bus.tell({ type: 'server.limited', detail });
    let appliance: Appliance | undefined;
    const { directory } = parts;
    const desk = DeviceDesk.open({ bus, directory, dataDir: config.server.dataDir, retention: config.timelines });
    const choices = await BootChoices.open(bootChoicesFile(config.server.dataDir), bus, async () => {
      if (appliance !== undefined) await appliance.#configureFiles();
    });
    const [dhcp, tftp] = await openThreads(parts, host, choices);
    // The threads are there: this one keeps configuration, log and page.
    giveWay('log');
    const started = new Appliance(parts, host, { dhcp, tftp, choices, desk });
    appliance = started;
    started.#control = await openControl(parts, (order) => started.#obey(order), desk.book);
    await started.#watcher.start();
    bus.tell({ type: 'server.ready', networks: started.#served.size });
    return started;
  }

  /**
   * Reads the configuration again and goes on by it: as a whole or, when something in it is wrong, not at all. Leases are kept,
   * and networks that stay as they are keep their sockets. Never rejects for what the file holds.
   */
  reload(): Promise<ReloadOutcome> {
    const outcome = this.#reloading.then(() => this.#reload());
    this.#reloading = outcome.catch(() => undefined);
    return outcome;
  }

  async #reload(): Promise<ReloadOutcome> {
    if (this.#isStopping) return { ok: false, reasons: ['the server is stopping'], diagnostics: [] };
    const reread = await this.#parts.reread();
    const outcome = judgeReload(this.#config, reread, [...this.#served.values()]);
    const events = eventsOf(outcome, reread);
    // What follows from the changes is told after them, and before the outcome.
    for (const event of events.slice(0, -1)) this.#parts.bus.tell(event);
    if (outcome.ok && reread.config !== undefined) await this.#adopt(reread.config);
    for (const event of events.slice(-1)) this.#parts.bus.tell(event);
    return outcome;
  }

  async #adopt(config: Config): Promise<void> {
    this.#config = config;
    this.#parts.directory.name(namedHosts(config.hosts));
    this.#parts.onReloaded(config);
    this.#desk.configure(config.timelines);
    await this.#configureFiles();
    this.#postGuards();
    await this.#watcher.update(watchedNetworks(config), () =>
      this.#dhcp.configure(siteConfigOf(config), this.#dhcpNetworks()).catch((fault: unknown) =>
        // The networks that can be served are; a reload is no reason to stop them.
        this.#parts.bus.tell({ type: 'server.fault', where: 'DHCP after a reload', detail: textOf(fault) }),
      ),
    );
  }

  async #configureFiles(): Promise<void> {
    const files = filesConfigOf(this.#config, this.#choices.all);
    await this.#tftp.configure(files);
    await this.#http.configure(files);
  }

  /** Ends transfers, closes sockets, takes off the addresses that were put on, and waits until all leases are stored. */
  async stop(why: string): Promise<void> {
    this.#parts.bus.tell({ type: 'server.stopping', why });
    this.#isStopping = true;
    await this.#reloading;
    await this.#control?.close();
    await this.#watcher.stop();
    await this.#choices.close();
    await this.#http.close();
    await this.#tftp.close();
    await this.#dhcp.close();
    this.#desk.close();
  }

  /** For an end that leaves no time: takes off the addresses, at once. */
  releaseAddresses(): void {
    this.#watcher.releaseAddresses();
  }

  async #bringUp(network: ServedNetwork): Promise<void> {
    const { facts, address } = network;
    const obstacle = foreignPools(this.#config, network);
    if (obstacle !== undefined) throw new Error(obstacle);
    const addresses = facts.addresses.map((cidr) => cidr.address);
    this.#served.set(network.network, network);
    this.#postGuards();
    try {
      await this.#dhcp.serve(this.#dhcpNetworks());
      await this.#tftp.listen({ interface: facts.name, addresses, mtu: facts.mtu });
    } catch (fault) {
      await this.#takeDown(network.network);
      throw fault;
    }
    const serving = SERVING[this.#modeOf(network.network) ?? 'off'];
    this.#parts.bus.tell({ type: 'network.up', network: network.network, interface: facts.name, address, serving });
    this.#http.listen({ interface: facts.name, addresses });
  }

  async #takeDown(name: string): Promise<void> {
    const network = this.#served.get(name);
    if (network === undefined) return;
    this.#served.delete(name);
    this.#guards.withdraw(name);
    await this.#http.unlisten(network.facts.name);
    await this.#tftp.unlisten(network.facts.name);
    await this.#dhcp.serve(this.#dhcpNetworks());
  }

  #dhcpNetworks(): readonly ServedNetwork[] {
    return [...this.#served.values()].flatMap((network) => {
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
    this.#dhcp
      .serve(this.#dhcpNetworks())
      .catch((fault: unknown) => this.#parts.bus.tell({ type: 'server.fault', where: `DHCP ${when}`, detail: textOf(fault) }));
  }

  #modeOf(name: string): NetworkConfig['mode'] | undefined {
    return this.#config.networks.find((network) => network.name === name)?.mode;
  }

  async #obey(order: ControlOrder): Promise<ControlAnswer> {
    switch (order.do) {
      case 'hello':
        return { ok: true, pid: process.pid };
      case 'reload': {
        const outcome = await this.reload();
        return outcome.ok ? { ...outcome, pid: process.pid } : { ...outcome, error: 'the configuration is not used' };
      }
      case 'release': {
        const address = parseIpv4(order.address);
        if (address === undefined) return { ok: false, error: `${order.address} is no IPv4 address` };
        return { ok: true, pid: process.pid, found: await this.#dhcp.release(address) };
      }
      case 'wake': {
        const { interfaces, sockets } = this.#host;
        const site = { config: this.#config, facts: interfaces.list(), places: [...this.#served.values()] };
        return obeyWake(order, site, sockets, this.#parts.bus.tell);
      }
      case 'devices':
      case 'timeline':
        return { ok: true, pid: process.pid, ...answerAboutDevices(order, this.#desk.book) };
      case 'follow':
        return { ok: false, error: 'there is nothing to follow here' };
      case 'choose': {
        const { mac, entry, once } = order;
        await this.#choices.choose({ mac, entry, once });
        return { ok: true, pid: process.pid };
      }
      case 'clear-choice':
        return { ok: true, pid: process.pid, found: await this.#choices.clear(order.mac) };
    }
  }
}

function watchedNetworks({ networks }: Config): readonly WatchedNetwork[] {
  return networks.flatMap(({ name, attachment }) => (attachment.kind === 'interface' ? [{ name, ...attachment }] : []));
}

function textOf(fault: unknown): string {
  return fault instanceof Error ? fault.message : String(fault);
}
