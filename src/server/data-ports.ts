/**
 * The sockets that transfers run on. A pool of them is shared and taken in turn, so that simultaneous and successive transfers have ports
 * of their own as far as the pool reaches (RFC 1350 §4); within a socket a transfer is known by its peer. The pool may be confined to a range
 * of ports; with a single port the door's own socket is the one that all share.
 */
import type { Ipv4 } from '../base/addresses.ts';
import { after, type Clock, type MonoMs } from '../base/clock.ts';
import type { PortRange } from '../config/units.ts';
import type { SharedPort } from '../net/ports.ts';
import { ERROR_CODE, encodePacket, OPCODE } from '../tftp/packet.ts';

/** What hears the packets of one peer. The octets are overwritten after the call. */
export interface PeerListener {
  receive(octets: Uint8Array): void;
}

/** A peer that was served here is not told off for what it says this long after the end: a last ACK once more, an ERROR. */
const REMEMBERED_MS = 10_000;
/** Peers that are remembered at one socket; beyond that the oldest are told off as anybody else. */
const MOST_REMEMBERED = 4096;
const STRANGER = encodePacket({ type: 'error', code: ERROR_CODE.unknownTransfer, message: 'Unknown transfer ID' });

/** An address and a port as one number, for maps. */
export function peerKey(address: Ipv4, port: number): number {
  return address * 65_536 + port;
}

/** One socket and the transfers on it. */
export class DataPort {
  readonly port: SharedPort;
  readonly #clock: Clock;
  readonly #peers = new Map<number, PeerListener>();
  readonly #former = new Map<number, MonoMs>();
  #isRetired = false;

  constructor(port: SharedPort, clock: Clock) {
    this.port = port;
    this.#clock = clock;
  }

  /** Peers that are being served. */
  get size(): number {
    return this.#peers.size;
  }

  /** From here on the packets of this peer go to the listener. */
  join(key: number, listener: PeerListener): void {
    this.#peers.set(key, listener);
  }

  leave(key: number): void {
    if (!this.#peers.delete(key)) return;
    this.#former.delete(key);
    this.#former.set(key, after(this.#clock.mono(), REMEMBERED_MS));
    if (this.#isRetired && this.size === 0) void this.port.close();
    if (this.#former.size <= MOST_REMEMBERED) return;
    const oldest = this.#former.keys().next();
    if (oldest.done !== true) this.#former.delete(oldest.value);
  }

  /** No transfer begins here any more: it closes when those that run are over. */
  retire(): void {
    this.#isRetired = true;
    if (this.size === 0) void this.port.close();
  }

  /** A packet that is no request. False when it has nothing to do with any transfer. */
  receive(octets: Uint8Array, address: Ipv4, port: number): boolean {
    const key = peerKey(address, port);
    const peer = this.#peers.get(key);
    if (peer !== undefined) {
      peer.receive(octets);
      return true;
    }
    if (this.#wasHere(key)) return true;
    if (!isAnswerable(octets)) return false;
    this.port.send(STRANGER, address, port);
    return true;
  }

  #wasHere(key: number): boolean {
    const until = this.#former.get(key);
    if (until === undefined) return false;
    if (until > this.#clock.mono()) return true;
    this.#former.delete(key);
    return false;
  }
}

/** A packet of a transfer: the stranger is told, those of others go on (RFC 1350 §4). An ERROR is not answered, or two servers would never stop. */
function isAnswerable(octets: Uint8Array): boolean {
  const opcode = octets.length < 4 ? 0 : ((octets[0] ?? 0) << 8) | (octets[1] ?? 0);
  return opcode === OPCODE.data || opcode === OPCODE.ack || opcode === OPCODE.oack;
}

/** The sockets of one address. */
export class DataPorts {
  readonly #open: (port: number) => Promise<DataPort>;
  readonly #most: number;
  readonly #ports: DataPort[] = [];
  readonly #opening = new Set<Promise<DataPort>>();
  /** Those that end with their last transfer. */
  readonly #retired = new Set<DataPort>();
  #range: PortRange | undefined;
  /** Ports of the range that were not tried yet. */
  #untried: number[] = [];
  #next = 0;
  #isOpen = true;

  /**
   * @param open opens one more at a port, 0 for any, or rejects with the system's error.
   * @param most sockets in the pool.
   */
  constructor(open: (port: number) => Promise<DataPort>, most: number) {
    this.#open = open;
    this.#most = most;
  }

  /** From now on the sockets have ports of this range, of any number without it. Transfers on others go on where they are. */
  confine(range: PortRange | undefined): void {
    if (range?.first === this.#range?.first && range?.last === this.#range?.last) return;
    this.#range = range;
    const outside = this.#ports.filter(({ port }) => !isWithin(range, port.local.port));
    this.#ports.splice(0, this.#ports.length, ...this.#ports.filter((port) => !outside.includes(port)));
    for (const port of outside) {
      this.#retired.add(port);
      port.retire();
    }
    for (const port of this.#retired) if (port.size === 0) this.#retired.delete(port);
    this.#listUntried();
  }

  /** One more socket while there are fewer than there may be, then the next in turn. Rejects when none can be opened and there is none. */
  take(): DataPort | Promise<DataPort> {
    const count = this.#ports.length + this.#opening.size;
    // None of them was free: one may have become so.
    if (count === 0) this.#listUntried();
    if (count < this.#most && (this.#range === undefined || this.#untried.length > 0)) return this.#openOne();
    const port = this.#ports[this.#next % this.#ports.length];
    this.#next += 1;
    return port ?? this.#firstOpened();
  }

  async close(): Promise<void> {
    this.#isOpen = false;
    await Promise.allSettled(this.#opening);
    await Promise.all([...this.#ports.splice(0), ...this.#retired].map(({ port }) => port.close()));
  }

  async #openOne(): Promise<DataPort> {
    const opening = this.#openFitting();
    this.#opening.add(opening);
    try {
      const port = await opening;
      this.#ports.push(port);
      if (!this.#isOpen) await this.close();
      return port;
    } catch {
      const other = this.#ports[this.#next++ % this.#ports.length];
      return other ?? (await this.#firstOpened());
    } finally {
      this.#opening.delete(opening);
    }
  }

  /** Rejects when not one of those that are being opened can be. */
  #firstOpened(): Promise<DataPort> {
    return Promise.any(this.#opening).catch((faults: AggregateError) => Promise.reject(faults.errors[0] as Error));
  }

  /** The range may change while a socket is being opened. */
  async #openFitting(): Promise<DataPort> {
    for (;;) {
      const port = await (this.#range === undefined ? this.#open(0) : this.#openWithin(this.#range));
      if (isWithin(this.#range, port.port.local.port)) return port;
      await port.port.close();
    }
  }

  /** At the first port that is free. */
  async #openWithin({ first, last }: PortRange): Promise<DataPort> {
    for (let port = this.#untried.shift(); port !== undefined; port = this.#untried.shift()) {
      try {
        return await this.#open(port);
      } catch (fault) {
        if (isTaken(fault)) continue;
        this.#untried.push(port);
        throw fault;
      }
    }
    throw new Error(`no port of ${first}-${last} is free (tftp.portRange)`);
  }

  #listUntried(): void {
    const { first, last } = this.#range ?? { first: 1, last: 0 };
    const open = new Set(this.#ports.map(({ port }) => port.local.port));
    this.#untried = Array.from({ length: last - first + 1 }, (_, at) => first + at).filter((port) => !open.has(port));
  }
}

function isWithin(range: PortRange | undefined, port: number): boolean {
  return range === undefined || (port >= range.first && port <= range.last);
}

/** Somebody else has the port. */
function isTaken(fault: unknown): boolean {
  return fault instanceof Error && 'code' in fault && fault.code === 'EADDRINUSE';
}
