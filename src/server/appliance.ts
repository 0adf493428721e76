/** The composition root: from a configuration to everything that runs, and back. Nothing else knows all the parts. */
import { madeWhenAsked } from '../base/made-when-asked.ts';
import { faultText } from '../base/result.ts';
import type { BootChoice } from '../boot/boot-choices.ts';
import type { ImageStanding } from '../boot/image-rules.ts';
import type { Config } from '../config/config.ts';
import { namedHosts } from '../config/named-hosts.ts';
import type { Devices } from '../devices/api.ts';
import { type NetworkHost, openNetworkHost } from '../net/choose-host.ts';
import { dropPrivileges, giveUp } from '../net/privileges.ts';
import type { ApiSources } from '../web/api/sources.ts';
import { type OrderedParts, obeyOrder } from './appliance-orders.ts';
import { type ApplianceParts, openControl, openThreads, prepareFolders, refuseSecondStart } from './appliance-start.ts';
import { BackupReport } from './backup-report.ts';
import { BootChoices } from './boot-choices.ts';
import { bootChoicesFile } from './boot-choices-file.ts';
import { collectGarbage } from './collect-garbage.ts';
import { consoleSources } from './console-sources.ts';
import type { ControlServer } from './control.ts';
import { DeviceDesk } from './device-desk.ts';
import { type PacketsOfDevice, packetsOfDevice } from './device-packets.ts';
import type { DhcpLink } from './dhcp-link.ts';
import { FirmwareWatch } from './firmware-watch.ts';
import { ListenerRehearsal } from './listener-rehearsal.ts';
import { LiveConsole } from './live-console.ts';
import { catalogOf, filesConfigOf } from './live-files.ts';
import { LiveHttp } from './live-http.ts';
import { LiveNetworks } from './live-networks.ts';
import { LiveServices } from './live-services.ts';
import { LiveWebhooks } from './live-webhooks.ts';
import { occupancyOf } from './network-occupancy.ts';
import { ProvisioningWatch } from './provisioning-watch.ts';
import { eventsOf, judgeReload, type ReloadOutcome } from './reload.ts';
import { SavedFiles } from './saved-files.ts';
import { systemClock } from './system-clock.ts';
import { tellTemplateFaults } from './template-faults.ts';
import type { TftpLink } from './tftp-link.ts';
import { giveWay } from './thread-priority.ts';

/** What is open before there is an appliance. */
interface OpenParts {
  readonly dhcp: DhcpLink;
  readonly tftp: TftpLink;
  readonly choices: BootChoices;
  readonly firmware: FirmwareWatch;
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
  readonly #console: LiveConsole;
  readonly #services: LiveServices;
  readonly #webhooks: LiveWebhooks;
  readonly #watch: ProvisioningWatch;
  readonly #networks: LiveNetworks;
  readonly #choices: BootChoices;
  readonly #backups: BackupReport;
  readonly #firmware: FirmwareWatch;
  readonly #saved: SavedFiles;
  readonly #desk: DeviceDesk;
  readonly #packetsOf: PacketsOfDevice;
  /** What it tells of itself, to the console and to a terminal. */
  readonly told: ApiSources;
  #control: ControlServer | undefined;
  /** Reloads go one after another, and the end waits for them. */
  #reloading: Promise<unknown> = Promise.resolve();
  #isStopping = false;

  private constructor(parts: ApplianceParts, host: NetworkHost, { dhcp, tftp, choices, firmware, desk }: OpenParts) {
    this.#parts = parts;
    this.#host = host;
    this.#config = parts.config;
    this.#dhcp = dhcp;
    this.#tftp = tftp;
    this.#choices = choices;
    this.#firmware = firmware;
    this.#desk = desk;
    this.#packetsOf = packetsOfDevice({ dhcp, tftp, book: desk.book });
    const { bus, directory } = parts;
    const files = filesConfigOf(parts.config, choices.all, firmware.standing.withheld);
    this.#watch = new ProvisioningWatch({
      bus,
      clock: systemClock,
      catalog: madeWhenAsked(() => catalogOf(files)),
      serverFor: (address) => this.#networks.serverFor(address),
    });
    this.#http = new LiveHttp(files, {
      ...host,
      bus,
      whoHas: (address) => directory.whoHas(address),
    });
    this.told = consoleSources({
      ...parts,
      clock: systemClock,
      config: () => this.#config,
      reload: () => this.reload(),
      served: () => this.#networks.served,
      dhcp,
      choices,
      host,
      book: desk.book,
      packetsOf: this.#packetsOf,
    });
    this.#console = new LiveConsole({
      tell: bus.tell,
      metrics: { version: parts.version, counts: parts.counts, occupancy: async () => occupancyOf(await dhcp.occupancy(), this.#config) },
      api: this.told,
    });
    this.#webhooks = new LiveWebhooks({ ...parts, clock: systemClock });
    this.#services = new LiveServices(parts.config, { ...host, tell: bus.tell, directory });
    this.#backups = new BackupReport({ bus, uploads: () => this.#config.tftp.uploads.dir });
    this.#networks = new LiveNetworks(parts.config, { host, tell: bus.tell, dhcp, tftp, http: this.#http, services: this.#services });
    this.#saved = new SavedFiles({
      onSaved: () => void this.reload(),
      onFault: (folder, why) => bus.tell({ type: 'server.limited', detail: `changes in ${folder} are not noticed: ${why}` }),
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
    bus.tell(dropPrivileges(config.server.user, parts.caller, { atFirst: ['CAP_SYS_NICE'] }));
    const host = await openNetworkHost();
    for (const detail of host.missing) bus.tell({ type: 'server.limited', detail });
    let appliance: Appliance | undefined;
    const { directory } = parts;
    const desk = DeviceDesk.open({ bus, directory, dataDir: config.server.dataDir, retention: config.timelines });
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
    const rehearsal = new ListenerRehearsal(config.log.level, systemClock);
    const { dhcp, tftp } = await openThreads(parts, host, {
      files: filesConfigOf(config, choices.all, firmware.standing.withheld),
      onRehearsed: rehearsal.hear,
    });
    const started = new Appliance(parts, host, { dhcp, tftp, choices, firmware, desk });
    appliance = started;
    if (config.images.length > 0) started.#standAnew('withheld');
    started.#control = await openControl(parts, (order) => obeyOrder(order, started.#ordered()), desk.book);
    await Promise.all([started.#networks.start(), started.#serveFiles(rehearsal)]);
    rehearsal.end();
    bus.tell({ type: 'server.ready', networks: started.#networks.served.length });
    setImmediate(tellTemplateFaults, config, bus.tell);
    return started;
  }

  /** Once addresses are served. The TFTP thread starts, and on a single core takes its time; meanwhile there is the rest to do, so that the first crowd does not wait for it. */
  async #serveFiles(rehearsal: ListenerRehearsal): Promise<void> {
    await this.#networks.leasing;
    const tftpReady = this.#tftp.start();
    // The threads are there, with the rights and the priority of this one; it keeps configuration, log and page.
    giveUp('CAP_SYS_NICE');
    giveWay('log');
    await this.#console.configure(this.#config);
    await this.#webhooks.configure(this.#config);
    this.#saved.watch(this.#config);
    collectGarbage();
    rehearsal.begin();
    await tftpReady;
  }

  /** All devices, with changes as they come. */
  get devices(): Devices {
    return this.#desk.book;
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
    const outcome = judgeReload(this.#config, reread, this.#networks.served);
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
    this.#desk.configure(config.timelines);
    await this.#configureFiles();
    await this.#console.configure(config);
    await this.#webhooks.configure(config);
    await this.#services.configure(config);
    this.#saved.watch(config);
    tellTemplateFaults(config, this.#parts.bus.tell);
    await this.#networks.configure(config);
  }

  async #choose(choices: readonly BootChoice[]): Promise<void> {
    await this.#tftp.choose(choices);
    this.#http.choose(choices);
  }

  async #configureFiles(): Promise<void> {
    const files = filesConfigOf(this.#config, this.#choices.all, this.#firmware.standing.withheld);
    await this.#tftp.configure(files);
    await this.#http.configure(files);
    this.#watch.configure(madeWhenAsked(() => catalogOf(files)));
  }

  /** Images of firmware stand otherwise than before, or than when the threads were started: files are read meanwhile. */
  #standAnew(what: keyof ImageStanding): void {
    this.#dhcp.stand(this.#firmware.standing);
    // Who asks for a file by its name gets it, whatever was fetched before.
    if (what === 'taken') return;
    this.#configureFiles().catch((fault: unknown) =>
      this.#parts.bus.tell({ type: 'server.fault', where: 'images of firmware', detail: faultText(fault) }),
    );
  }

  /** Ends transfers, closes sockets, takes off the addresses that were put on, and waits until all leases are stored. */
  async stop(why: string): Promise<void> {
    this.#parts.bus.tell({ type: 'server.stopping', why });
    this.#isStopping = true;
    this.#saved.close();
    await this.#reloading;
    await this.#control?.close();
    await this.#networks.stop();
    await this.#choices.close();
    await this.#console.close();
    await this.#services.close();
    await this.#firmware.close();
    await this.#http.close();
    await this.#tftp.close();
    this.#watch.close();
    await this.#backups.close();
    await this.#dhcp.close();
    await this.#webhooks.close();
    this.#desk.close();
  }

  /** For an end that leaves no time: takes off the addresses, at once. */
  releaseAddresses(): void {
    this.#networks.releaseAddresses();
  }

  /** What orders are about. */
  #ordered(): OrderedParts {
    const { interfaces, sockets } = this.#host;
    return {
      reload: () => this.reload(),
      dhcp: this.#dhcp,
      choices: this.#choices,
      book: this.#desk.book,
      packetsOf: this.#packetsOf,
      tell: this.#parts.bus.tell,
      sockets,
      site: () => ({ config: this.#config, facts: interfaces.list(), places: this.#networks.served }),
    };
  }
}
