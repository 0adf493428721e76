/** The composition root: from a configuration to everything that runs, and back. Nothing else knows all the parts. */
import { type Ipv4, isInside, parseIpv4 } from '../base/addresses.ts';
import type { BootChoice } from '../boot/boot-choices.ts';
import type { ImageStanding } from '../boot/image-rules.ts';
import type { Config, NetworkConfig } from '../config/config.ts';
import { namedHosts } from '../config/named-hosts.ts';
import { type NetworkHost, openNetworkHost } from '../net/choose-host.ts';
import type { WatchedNetwork } from '../net/network-plan.ts';
import { dropPrivileges } from '../net/privileges.ts';
import { everyInterval, NetworkWatcher } from '../net/watcher.ts';
import { type ApplianceParts, openControl, openThreads, prepareFolders, refuseSecondStart } from './appliance-start.ts';
import { BackupReport } from './backup-report.ts';
import { BootChoices } from './boot-choices.ts';
import { bootChoicesFile } from './boot-choices-file.ts';
import type { ControlAnswer, ControlOrder, ControlServer } from './control.ts';
import type { DhcpLink } from './dhcp-link.ts';
import { FirmwareWatch } from './firmware-watch.ts';
import { GuardPost } from './guard-post.ts';
import { LiveConsole } from './live-console.ts';
import { catalogOf, filesConfigOf } from './live-files.ts';
import { LiveHttp } from './live-http.ts';
import { LiveServices } from './live-services.ts';
import { occupancyOf } from './network-occupancy.ts';
import { ProvisioningWatch } from './provisioning-watch.ts';
import { eventsOf, foreignPools, judgeReload, type ReloadOutcome } from './reload.ts';
import { SavedFiles } from './saved-files.ts';
import { type ServedNetwork, siteConfigOf } from './site.ts';
import { systemClock } from './system-clock.ts';
import { tellTemplateFaults } from './template-faults.ts';
import type { TftpLink } from './tftp-link.ts';
import { giveWay } from './thread-priority.ts';
import { obeyWake } from './wake.ts';

/** For the line that says that a network is up. */
const SERVING = { server: 'DHCP and TFTP', proxy: 'proxyDHCP and TFTP', off: 'TFTP' } as const satisfies Record<
  NetworkConfig['mode'],
  string
>;

/** What is open before there is an appliance. */
interface OpenParts {
  readonly dhcp: DhcpLink;
  readonly tftp: TftpLink;
  readonly choices: BootChoices;
  readonly firmware: FirmwareWatch;
}

export class Appliance {
  readonly #parts: ApplianceParts;
  readonly #host: NetworkHost;
  /** The one in force. */
  #config: Config;
  readonly #dhcp: DhcpLink;
  readonly #tftp: TftpLink;
  readonly #http: LiveHttp;
  readonly #console: LiveConsole;
  readonly #services: LiveServices;
  readonly #watch: ProvisioningWatch;
  readonly #watcher: NetworkWatcher;
  readonly #guards: GuardPost;
  readonly #choices: BootChoices;
  readonly #backups: BackupReport;
  readonly #firmware: FirmwareWatch;
  readonly #saved: SavedFiles;
  readonly #served = new Map<string, ServedNetwork>();
  #control: ControlServer | undefined;
  /** Reloads go one after another, and the end waits for them. */
  #reloading: Promise<unknown> = Promise.resolve();
  #isStopping = false;

  private constructor(parts: ApplianceParts, host: NetworkHost, { dhcp, tftp, choices, firmware }: OpenParts) {
    this.#parts = parts;
    this.#host = host;
    this.#config = parts.config;
    this.#dhcp = dhcp;
    this.#tftp = tftp;
    this.#choices = choices;
    this.#firmware = firmware;
    const { interfaces, sockets } = host;
    const { bus, directory } = parts;
    const files = filesConfigOf(parts.config, choices.all, firmware.standing.withheld);
    this.#watch = new ProvisioningWatch({
      bus,
      clock: systemClock,
      catalog: catalogOf(files),
      serverFor: (address) => this.#serverFor(address),
    });
    this.#http = new LiveHttp(files, {
      ...host,
      tell: bus.tell,
      whoHas: (address) => directory.whoHas(address),
    });
    this.#console = new LiveConsole({
      tell: bus.tell,
      metrics: { version: parts.version, counts: parts.counts, occupancy: async () => occupancyOf(await dhcp.occupancy(), this.#config) },
    });
    this.#services = new LiveServices(parts.config, { ...host, tell: bus.tell, directory });
    this.#backups = new BackupReport({ bus, uploads: () => this.#config.tftp.uploads.dir });
    this.#guards = new GuardPost({ interfaces, sockets, clock: systemClock, tell: parts.bus.tell }, () =>
      this.#serveAnew('after a look for other servers'),
    );
    this.#saved = new SavedFiles({
      onSaved: () => void this.reload(),
      onFault: (folder, why) => bus.tell({ type: 'server.limited', detail: `changes in ${folder} are not noticed: ${why}` }),
    });
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
    const choices = await BootChoices.open(bootChoicesFile(config.server.dataDir), bus, async (all) => {
      if (appliance !== undefined) await appliance.#choose(all);
    });
    const firmware = await FirmwareWatch.open({
      dataDir: config.server.dataDir,
      bus,
      clock: systemClock,
      onChange: (what) => {
        if (appliance !== undefined) appliance.#standAnew(what);
      },
    });
    await firmware.watch({ images: config.images, root: config.tftp.root });
    const [dhcp, tftp] = await openThreads(parts, host, filesConfigOf(config, choices.all, firmware.standing.withheld));
    // The threads are there: this one keeps configuration, log and page.
    giveWay('log');
    const started = new Appliance(parts, host, { dhcp, tftp, choices, firmware });
    appliance = started;
    started.#standAnew('withheld');
    started.#control = await openControl(parts, (order) => started.#obey(order));
    await started.#watcher.start();
    await started.#console.configure(config);
    started.#saved.watch(config);
    bus.tell({ type: 'server.ready', networks: started.#served.size });
    setImmediate(tellTemplateFaults, config, bus.tell);
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
    await this.#firmware.watch({ images: config.images, root: config.tftp.root });
    this.#dhcp.stand(this.#firmware.standing);
    await this.#configureFiles();
    await this.#console.configure(config);
    await this.#services.configure(config);
    this.#saved.watch(config);
    tellTemplateFaults(config, this.#parts.bus.tell);
    this.#postGuards();
    await this.#watcher.update(watchedNetworks(config), () =>
      this.#dhcp.configure(siteConfigOf(config), this.#dhcpNetworks()).catch((fault: unknown) =>
        // The networks that can be served are; a reload is no reason to stop them.
        this.#parts.bus.tell({ type: 'server.fault', where: 'DHCP after a reload', detail: textOf(fault) }),
      ),
    );
  }

  async #choose(choices: readonly BootChoice[]): Promise<void> {
    await this.#tftp.choose(choices);
    this.#http.choose(choices);
  }

  async #configureFiles(): Promise<void> {
    const files = filesConfigOf(this.#config, this.#choices.all, this.#firmware.standing.withheld);
    await this.#tftp.configure(files);
    await this.#http.configure(files);
    this.#watch.configure(catalogOf(files));
  }

  /** Our address on the network that holds this one. */
  #serverFor(client: Ipv4): Ipv4 | undefined {
    const served = [...this.#served.values()];
    return (served.find(({ address }) => isInside(address, client)) ?? served[0])?.address.address;
  }

  /** Images of firmware stand otherwise than before, or than when the threads were started: files are read meanwhile. */
  #standAnew(what: keyof ImageStanding): void {
    this.#dhcp.stand(this.#firmware.standing);
    // Who asks for a file by its name gets it, whatever was fetched before.
    if (what === 'taken') return;
    this.#configureFiles().catch((fault: unknown) =>
      this.#parts.bus.tell({ type: 'server.fault', where: 'images of firmware', detail: textOf(fault) }),
    );
  }

  /** Ends transfers, closes sockets, takes off the addresses that were put on, and waits until all leases are stored. */
  async stop(why: string): Promise<void> {
    this.#parts.bus.tell({ type: 'server.stopping', why });
    this.#isStopping = true;
    this.#saved.close();
    await this.#reloading;
    await this.#control?.close();
    await this.#watcher.stop();
    await this.#choices.close();
    await this.#console.close();
    await this.#services.close();
    await this.#firmware.close();
    await this.#http.close();
    await this.#tftp.close();
    this.#watch.close();
    await this.#backups.close();
    await this.#dhcp.close();
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
    this.#services.listen({ interface: facts.name, addresses, subnet: address });
  }

  async #takeDown(name: string): Promise<void> {
    const network = this.#served.get(name);
    if (network === undefined) return;
    this.#served.delete(name);
    this.#guards.withdraw(name);
    await this.#services.unlisten(network.facts.name);
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
