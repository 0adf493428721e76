/** A network in memory: datagrams between sockets of one process, in order and at once, or as a seeded bad line has it. */
import type { Ipv4 } from '../../src/base/addresses.ts';
import { LIMITED_BROADCAST, NO_ADDRESS } from '../../src/base/addresses.ts';
import type {
  DatagramListener,
  DatagramPort,
  Endpoint,
  SharedPort,
  SharedSockets,
  SocketFactory,
  UdpOptions,
} from '../../src/net/ports.ts';
import { sharedPort } from '../../src/net/shared-port.ts';

/** Chances of a datagram, each 0…1. */
export interface BadLine {
  readonly seed: number;
  readonly lost: number;
  readonly doubled: number;
}

export class MemoryNetwork implements SocketFactory, SharedSockets {
  readonly #ports = new Set<MemoryPort>();
  readonly #badLine: BadLine | undefined;
  #random: number;
  #nextPort = 49152;
  /** Called before a socket is opened; what it throws is the system's refusal. */
  beforeOpen: (options: UdpOptions) => void = () => {};

  constructor(badLine?: BadLine) {
    this.#badLine = badLine;
    this.#random = badLine?.seed ?? 0;
  }

  /** Sockets that are open. */
  get openPorts(): readonly MemoryPort[] {
    return [...this.#ports];
  }

  async openUdp(options: UdpOptions): Promise<MemoryPort> {
    this.beforeOpen(options);
    const number = options.port === 0 ? this.#nextPort++ : options.port;
    const isTaken = this.openPorts.some((port) => port.local.port === number && port.isAt(options.interface, options.address));
    if (isTaken) throw Object.assign(new Error(`EADDRINUSE: port ${number} on ${options.interface}`), { code: 'EADDRINUSE' });
    const port = new MemoryPort(
      options,
      number,
      (bytes, to) => this.#carry(port, bytes, to),
      () => this.#ports.delete(port),
    );
    this.#ports.add(port);
    return port;
  }

  async openShared(options: UdpOptions): Promise<SharedPort> {
    const port = sharedPort(await this.openUdp(options));
    const onDatagram: SharedPort['onDatagram'] = (listener) =>
      port.onDatagram((octets, address, from) => {
        listener(octets, address, from);
        // As the next datagram does where many are received into the same memory.
        octets.fill(0xee);
      });
    return { ...port, onDatagram };
  }

  openRawLink(): undefined {
    return undefined;
  }

  openArpProber(): undefined {
    return undefined;
  }

  openReplySniffer(): undefined {
    return undefined;
  }

  openRequestSniffer(): undefined {
    return undefined;
  }

  #carry(from: MemoryPort, bytes: Uint8Array, to: Endpoint): void {
    const copies = this.#copies();
    for (let n = 0; n < copies; n++) {
      const copy = bytes.slice();
      queueMicrotask(() => {
        for (const port of this.#ports) if (port !== from && port.hears(from, to)) port.deliver(copy.slice(), from.local);
      });
    }
  }

  #copies(): number {
    if (this.#badLine === undefined) return 1;
    this.#random = (Math.imul(this.#random, 1664525) + 1013904223) >>> 0;
    const chance = this.#random / 2 ** 32;
    if (chance < this.#badLine.lost) return 0;
    return chance < this.#badLine.lost + this.#badLine.doubled ? 2 : 1;
  }
}

export class MemoryPort implements DatagramPort {
  readonly local: Endpoint;
  readonly #options: UdpOptions;
  readonly #carry: (bytes: Uint8Array, to: Endpoint) => void;
  readonly #forget: () => void;
  #listener: DatagramListener = () => {};
  #onFault: (fault: Error) => void = () => {};
  #isOpen = true;

  constructor(options: UdpOptions, port: number, carry: (bytes: Uint8Array, to: Endpoint) => void, forget: () => void) {
    this.local = { address: options.address ?? NO_ADDRESS, port };
    this.#options = options;
    this.#carry = carry;
    this.#forget = forget;
  }

  isAt(name: string, address: Ipv4 | undefined): boolean {
    return this.#options.interface === name && this.#options.address === address;
  }

  /** Broadcasts reach the sockets without an address; what this machine sends to itself comes by `lo`, everything else does not. */
  hears(from: MemoryPort, to: Endpoint): boolean {
    if (to.port !== this.local.port || (this.#options.interface === 'lo') !== (from.#options.interface === 'lo')) return false;
    return to.address === LIMITED_BROADCAST ? this.#options.address === undefined : this.#options.address === to.address;
  }

  deliver(bytes: Uint8Array, from: Endpoint): void {
    if (this.#isOpen) this.#listener(bytes, from, 0);
  }

  /** The system reports a fault. */
  fail(fault: Error): void {
    this.#onFault(fault);
  }

  onDatagram(listener: DatagramListener): void {
    this.#listener = listener;
  }

  onFault(listener: (fault: Error) => void): void {
    this.#onFault = listener;
  }

  send(bytes: Uint8Array, to: Endpoint): void {
    if (this.#isOpen) this.#carry(bytes, to);
  }

  async close(): Promise<void> {
    this.#isOpen = false;
    this.#forget();
  }
}
