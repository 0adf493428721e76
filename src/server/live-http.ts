/** Files by HTTP while configuration and cables change. Everything of the web is loaded when there is a network for it: a start does not wait for it. */
import type { Ipv4 } from '../base/addresses.ts';
import { madeWhenAsked } from '../base/made-when-asked.ts';
import type { BootChoice } from '../boot/boot-choices.ts';
import type { EventBus } from '../events/bus.ts';
import type { Subject } from '../events/events.ts';
import type { FileCatalog } from '../files/catalog.ts';
import type { MenuRoute } from '../files/menu-route.ts';
import type { NetworkHost } from '../net/choose-host.ts';
import type { HttpNetwork, HttpServer } from '../web/http-server.ts';
import { catalogOf, type FilesConfig, menusOf } from './live-files.ts';
import { MissReport } from './miss-report.ts';
import { systemClock } from './system-clock.ts';

export interface LiveHttpParts extends Pick<NetworkHost, 'listen' | 'sendFile'> {
  readonly bus: EventBus;
  readonly whoHas: (address: Ipv4) => Subject;
}

export class LiveHttp {
  readonly #parts: LiveHttpParts;
  readonly #misses: MissReport;
  #config: FilesConfig;
  #menus: MenuRoute;
  /** Nobody may ever ask for a file by HTTP. */
  #catalog: () => FileCatalog;
  #server: HttpServer | undefined;
  readonly #networks = new Map<string, HttpNetwork>();
  readonly #stopListening: () => void;
  /** One thing after another, in the order in which it was asked for. */
  #working: Promise<void> = Promise.resolve();

  constructor(config: FilesConfig, parts: LiveHttpParts) {
    this.#parts = parts;
    this.#config = config;
    this.#menus = menusOf(config);
    this.#catalog = madeWhenAsked(() => catalogOf(config, undefined, this.#menus));
    this.#misses = new MissReport(systemClock, parts.bus.tell, () => this.#catalog(), 'http');
    this.#stopListening = parts.bus.listen((event) => {
      const isOffer = event.type === 'dhcp.offered' || event.type === 'boot.offered';
      if (isOffer && event.loader === 'http') this.#prepare();
    });
  }

  /** Serves an interface as soon as it can; `http.ready` or `http.unavailable` tells when that is. */
  listen(network: HttpNetwork): void {
    this.#networks.set(network.interface, network);
    void this.#inTurn(() => this.#open(network));
  }

  /** Leaves an interface: its transfers break off. */
  unlisten(networkInterface: string): Promise<void> {
    this.#networks.delete(networkInterface);
    return this.#inTurn(async () => this.#server?.unlisten(networkInterface));
  }

  /** Serves by another configuration. Transfers that run go on, unless the port is another. */
  configure(config: FilesConfig): Promise<void> {
    const before = this.#config.http.port;
    this.#config = config;
    this.#menus = menusOf(config);
    this.#catalog = madeWhenAsked(() => catalogOf(config, undefined, this.#menus));
    if (config.http.port === before) return Promise.resolve();
    return this.#inTurn(async () => {
      for (const network of this.#networks.values()) {
        await this.#server?.unlisten(network.interface);
        await this.#open(network);
      }
    });
  }

  /** Other entries of menus are in force. */
  choose(choices: readonly BootChoice[]): void {
    this.#menus.choose(choices);
  }

  async close(): Promise<void> {
    this.#stopListening();
    await this.#inTurn(async () => this.#server?.close());
    this.#misses.close();
  }

  /**
   * UEFI firmware gives up after 5 s without an answer (EDK2), and on a busy core the first one took as long. It asks some seconds after it was told
   * where its file is.
   */
  #prepare(): void {
    void this.#inTurn(async () => {
      if (this.#server === undefined) return;
      this.#catalog();
      await this.#server.prepare();
    });
  }

  async #open(network: HttpNetwork): Promise<void> {
    const { port } = this.#config.http;
    // The cable may have been pulled by now.
    if (port === undefined || this.#networks.get(network.interface) !== network) return;
    this.#server ??= await this.#load();
    await this.#server.listen(network, port);
  }

  async #load(): Promise<HttpServer> {
    const web = await import('../web/http-server.ts');
    const { bus, whoHas, listen, sendFile } = this.#parts;
    return new web.HttpServer({
      catalog: () => this.#catalog(),
      clock: systemClock,
      tell: bus.tell,
      whoHas,
      listen,
      sendFile,
      maxUploadSize: () => this.#config.tftp.uploads.maxSize,
      onMiss: (miss) => this.#misses.add(miss),
      onFound: (from) => this.#misses.found(from),
    });
  }

  #inTurn(work: () => Promise<void>): Promise<void> {
    this.#working = this.#working.then(work).catch((fault: unknown) => {
      this.#parts.bus.tell({
        type: 'server.fault',
        where: 'files by HTTP',
        detail: fault instanceof Error ? fault.message : String(fault),
      });
    });
    return this.#working;
  }
}
