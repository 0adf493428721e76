/**
 * The services beside booting, as they are turned on and off while the server runs. They live in the main thread, beside the log: DHCP and TFTP have
 * threads that go before it. What a service needs is loaded when it is turned on.
 */
import path from 'node:path';
import type { Cidr, Ipv4 } from '../base/addresses.ts';
import type { Config } from '../config/config.ts';
import type { DnsConfig, SyslogConfig } from '../config/services-config.ts';
import type { Tell } from '../events/bus.ts';
import type { NetworkHost } from '../net/choose-host.ts';
import type { DeviceDirectory } from '../observe/directory.ts';
import type { DeviceNames } from './device-names.ts';
import { ServiceDoors, type ServiceKind, type ServicePlaces } from './service-doors.ts';
import { systemClock } from './system-clock.ts';

/** A network that is up. */
export interface ServiceNetwork extends ServicePlaces {
  readonly subnet: Cidr;
}

/** The parts of a configuration that services need. */
export type ServicesSite = Pick<Config, 'services' | 'networks' | 'hosts' | 'server'>;

export interface LiveServicesParts extends Pick<NetworkHost, 'sockets' | 'listen'> {
  readonly tell: Tell;
  readonly directory: DeviceDirectory;
}

/** A service that is on. */
interface Running {
  readonly doors: ServiceDoors;
  /** Goes on by another configuration. */
  readonly configure: (site: ServicesSite) => void;
  /** Another set of networks is up. */
  readonly onNetworks?: () => void;
  readonly close: () => Promise<void> | void;
}

type Name = keyof Config['services'];

const NAMES: readonly Name[] = ['syslog', 'ntp', 'dns'];

export class LiveServices {
  readonly #parts: LiveServicesParts;
  readonly #networks = new Map<string, ServiceNetwork>();
  readonly #running = new Map<Name, Running>();
  #site: ServicesSite;
  /** One thing after another, in the order in which it was asked for. */
  #working: Promise<void> = Promise.resolve();

  constructor(site: ServicesSite, parts: LiveServicesParts) {
    this.#site = site;
    this.#parts = parts;
  }

  /** Serves an interface as soon as it can; `service.ready` or `service.unavailable` tells when that is. */
  listen(network: ServiceNetwork): void {
    this.#networks.set(network.interface, network);
    void this.#inTurn(() => this.#adjust());
  }

  unlisten(networkInterface: string): Promise<void> {
    this.#networks.delete(networkInterface);
    return this.#inTurn(async () => {
      for (const { doors } of this.#running.values()) await doors.unlisten(networkInterface);
      this.#tellNetworks();
    });
  }

  /** Turns services on and off as another configuration says. Ports that were taken are tried again. */
  configure(site: ServicesSite): Promise<void> {
    this.#site = site;
    return this.#inTurn(() => this.#adjust());
  }

  close(): Promise<void> {
    this.#networks.clear();
    return this.#inTurn(async () => {
      for (const name of [...this.#running.keys()]) await this.#stop(name);
    });
  }

  async #adjust(): Promise<void> {
    for (const name of NAMES) {
      const isOn = this.#site.services[name] !== undefined && this.#site.services[name] !== false;
      if (!isOn) await this.#stop(name);
      else if (this.#networks.size > 0) await this.#run(name);
    }
    this.#tellNetworks();
  }

  async #run(name: Name): Promise<void> {
    const running = this.#running.get(name) ?? (await this.#start(name));
    if (running === undefined) return;
    this.#running.set(name, running);
    running.configure(this.#site);
    for (const network of this.#networks.values()) await running.doors.listen(network);
  }

  async #stop(name: Name): Promise<void> {
    const running = this.#running.get(name);
    this.#running.delete(name);
    await running?.doors.close();
    await running?.close();
  }

  #tellNetworks(): void {
    for (const { onNetworks } of this.#running.values()) onNetworks?.();
  }

  async #start(name: Name): Promise<Running | undefined> {
    const { syslog, dns } = this.#site.services;
    switch (name) {
      case 'syslog':
        return syslog && (await this.#startSyslog(syslog));
      case 'ntp':
        return this.#startNtp();
      case 'dns':
        return dns && (await this.#startDns(dns));
    }
  }

  async #startSyslog(config: SyslogConfig): Promise<Running> {
    const [{ SyslogServer }, { SyslogFiles }] = await Promise.all([import('./syslog-server.ts'), import('./syslog-files.ts')]);
    const { sockets, tell, directory } = this.#parts;
    const folder = path.join(this.#site.server.dataDir, 'syslog');
    const files = new SyslogFiles(config, { folder, clock: systemClock, tell });
    const whoHas = (address: Ipv4) => directory.whoHas(address);
    const server = new SyslogServer(config, { sockets, clock: systemClock, tell, whoHas, files, ...this.#listeners('syslog') });
    return {
      doors: this.#doorsOf(server.kind),
      configure: ({ services }) => {
        if (services.syslog !== undefined) server.configure(services.syslog);
      },
      close: () => server.close(),
    };
  }

  async #startNtp(): Promise<Running> {
    const [{ NtpServer }, { readKernelClock }] = await Promise.all([import('./ntp-server.ts'), import('../net/kernel-clock.ts')]);
    const { sockets } = this.#parts;
    const server = new NtpServer({ sockets, clock: systemClock, readClock: readKernelClock, ...this.#listeners('ntp') });
    return { doors: this.#doorsOf(server.kind), configure: () => undefined, close: () => server.close() };
  }

  async #startDns(config: DnsConfig): Promise<Running> {
    const [{ DnsServer }, { DnsForwarder }, { DeviceNames }] = await Promise.all([
      import('./dns-server.ts'),
      import('./dns-forwarder.ts'),
      import('./device-names.ts'),
    ]);
    const { sockets, listen, directory, tell } = this.#parts;
    const names: DeviceNames = new DeviceNames(directory, config, this.#site);
    const forwarder = new DnsForwarder(config.forward, {
      isOwn: (address) => [...this.#networks.values()].some(({ addresses }) => addresses.includes(address)),
      onUnanswered: (asked, count, why) => tell({ type: 'dns.unanswered', asked, count, why }),
    });
    const server = new DnsServer({ sockets, listen, clock: systemClock, names, forwarder, ...this.#listeners('dns') });
    return {
      doors: this.#doorsOf(server.kind),
      configure: (site) => {
        if (site.services.dns === undefined) return;
        names.configure(site.services.dns, site);
        forwarder.configure(site.services.dns.forward);
      },
      onNetworks: () => names.serve([...this.#networks.values()].map(({ subnet }) => subnet)),
      close: () => server.close(),
    };
  }

  #doorsOf(kind: ServiceKind): ServiceDoors {
    return new ServiceDoors(kind, this.#parts.tell);
  }

  #listeners(service: Name) {
    const { tell } = this.#parts;
    return {
      onFlood: (address: Ipv4 | undefined, count: number) => tell({ type: 'service.flooded', service, address, count }),
      onFault: (on: string, fault: Error) => tell({ type: 'server.fault', where: `${service} on ${on}`, detail: fault.message }),
    };
  }

  #inTurn(work: () => Promise<void>): Promise<void> {
    this.#working = this.#working.then(work).catch((fault: unknown) => {
      this.#parts.tell({ type: 'server.fault', where: 'services', detail: fault instanceof Error ? fault.message : String(fault) });
    });
    return this.#working;
  }
}
