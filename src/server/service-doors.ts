/** The sockets of a service: one at each of the server's own addresses. A port that somebody else has is told, and stops nothing else. */
import type { Ipv4 } from '../base/addresses.ts';
import type { Tell } from '../events/bus.ts';

/** An interface that is served, with the server's own addresses there. */
export interface ServicePlaces {
  readonly interface: string;
  readonly addresses: readonly Ipv4[];
}

/** Where one socket is. */
export interface ServicePlace {
  readonly interface: string;
  readonly address: Ipv4;
}

/** What is opened. */
export interface ServiceKind {
  readonly name: 'syslog' | 'ntp' | 'dns';
  readonly port: number;
  /** Programs that often have the port, and what to do about them. */
  readonly rivals: string;
  /** Opens the sockets of one place, all or none. Rejects with a text for the operator. */
  readonly open: (place: ServicePlace) => Promise<() => Promise<void>>;
}

const LOOPBACK = 'lo';

export class ServiceDoors {
  readonly #kind: ServiceKind;
  readonly #tell: Tell;
  /** What closes them, by interface and address. */
  readonly #open = new Map<string, Map<Ipv4, readonly (() => Promise<void>)[]>>();

  constructor(kind: ServiceKind, tell: Tell) {
    this.#kind = kind;
    this.#tell = tell;
  }

  /** Opens what is not open there. Never rejects. */
  async listen({ interface: name, addresses }: ServicePlaces): Promise<void> {
    const there = this.#open.get(name) ?? new Map<Ipv4, readonly (() => Promise<void>)[]>();
    this.#open.set(name, there);
    for (const address of addresses) {
      if (there.has(address)) continue;
      const closers = await this.#openAt({ interface: name, address });
      if (closers.length > 0) there.set(address, closers);
    }
  }

  async unlisten(name: string): Promise<void> {
    const there = this.#open.get(name);
    this.#open.delete(name);
    for (const closers of there?.values() ?? []) await Promise.all(closers.map((close) => close()));
  }

  async close(): Promise<void> {
    for (const name of [...this.#open.keys()]) await this.unlisten(name);
  }

  async #openAt(place: ServicePlace): Promise<readonly (() => Promise<void>)[]> {
    const { name: service, port, rivals, open } = this.#kind;
    try {
      const close = await open(place);
      this.#tell({ type: 'service.ready', service, port, ...place });
      if (place.interface === LOOPBACK) return [close];
      // What this machine asks its own address never passes the interface. A convenience, so nothing is said when it cannot be had.
      const closeLoopback = await open({ ...place, interface: LOOPBACK }).catch(() => undefined);
      return closeLoopback === undefined ? [close] : [close, closeLoopback];
    } catch (fault) {
      const isTaken = fault instanceof Error && 'code' in fault && fault.code === 'EADDRINUSE';
      const reason = fault instanceof Error ? fault.message : String(fault);
      this.#tell({ type: 'service.unavailable', service, port, ...place, why: isTaken ? `${reason}; ${rivals}` : reason });
      return [];
    }
  }
}
