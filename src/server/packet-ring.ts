/**
 * The last packets that a thread received and sent, in memory that is taken once: each new one overwrites the oldest. To keep one makes no object
 * and costs a copy of its octets, as it is done for every message of a boot storm.
 */
import { type Ipv4, ipv4 } from '../base/addresses.ts';
import { type Clock, type WallMs, wallMs } from '../base/clock.ts';
import type { Endpoint } from '../net/ports.ts';

/** A copy of one that was kept. Plain data, for the link between threads. */
export interface KeptPacket {
  readonly at: WallMs;
  readonly direction: 'in' | 'out';
  readonly from: Endpoint;
  readonly to: Endpoint;
  /** Octets that it had; `octets` may be fewer. */
  readonly length: number;
  readonly octets: Uint8Array;
}

export interface RingSize {
  /** Packets. */
  readonly slots: number;
  /** Octets of each that are kept. */
  readonly slotOctets: number;
}

const IN = 0;
const OUT = 1;

export class PacketRing {
  readonly #size: RingSize;
  readonly #clock: Pick<Clock, 'wall'>;
  readonly #octets: Uint8Array;
  readonly #keys: Float64Array;
  readonly #times: Float64Array;
  readonly #lengths: Uint32Array;
  readonly #directions: Uint8Array;
  /** The peer's and ours, side by side. */
  readonly #addresses: Uint32Array;
  readonly #ports: Uint16Array;
  #next = 0;
  #count = 0;

  constructor(size: RingSize, clock: Pick<Clock, 'wall'>) {
    const { slots, slotOctets } = size;
    this.#size = size;
    this.#clock = clock;
    this.#octets = new Uint8Array(slots * slotOctets);
    this.#keys = new Float64Array(slots);
    this.#times = new Float64Array(slots);
    this.#lengths = new Uint32Array(slots);
    this.#directions = new Uint8Array(slots);
    this.#addresses = new Uint32Array(slots * 2);
    this.#ports = new Uint16Array(slots * 2);
  }

  /** Keeps what came in. @param key whose it is, as a number; it is found by that again. */
  received(key: number, octets: Uint8Array, peer: Ipv4, peerPort: number, own: Ipv4, ownPort: number): void {
    this.#keep(IN, key, octets, peer, peerPort, own, ownPort);
  }

  /** Keeps what was sent. */
  sent(key: number, octets: Uint8Array, peer: Ipv4, peerPort: number, own: Ipv4, ownPort: number): void {
    this.#keep(OUT, key, octets, peer, peerPort, own, ownPort);
  }

  /** Copies of the last `most` that have one of these keys, oldest first. */
  find(keys: readonly number[], most: number): KeptPacket[] {
    const found: KeptPacket[] = [];
    for (let back = 1; back <= this.#count && found.length < most; back += 1) {
      const slot = (this.#next - back + this.#size.slots) % this.#size.slots;
      if (keys.includes(this.#keys[slot] ?? 0)) found.push(this.#copyOf(slot));
    }
    return found.reverse();
  }

  #keep(direction: number, key: number, octets: Uint8Array, peer: Ipv4, peerPort: number, own: Ipv4, ownPort: number): void {
    const { slots, slotOctets } = this.#size;
    const slot = this.#next;
    this.#keys[slot] = key;
    this.#times[slot] = this.#clock.wall();
    this.#lengths[slot] = octets.length;
    this.#directions[slot] = direction;
    this.#addresses[slot * 2] = peer;
    this.#addresses[slot * 2 + 1] = own;
    this.#ports[slot * 2] = peerPort;
    this.#ports[slot * 2 + 1] = ownPort;
    this.#octets.set(octets.length <= slotOctets ? octets : octets.subarray(0, slotOctets), slot * slotOctets);
    this.#next = slot + 1 === slots ? 0 : slot + 1;
    if (this.#count < slots) this.#count += 1;
  }

  #copyOf(slot: number): KeptPacket {
    const { slotOctets } = this.#size;
    const end = (which: 0 | 1): Endpoint => ({
      address: ipv4(this.#addresses[slot * 2 + which] ?? 0),
      port: this.#ports[slot * 2 + which] ?? 0,
    });
    const isOut = this.#directions[slot] === OUT;
    const length = this.#lengths[slot] ?? 0;
    return {
      at: wallMs(this.#times[slot] ?? 0),
      direction: isOut ? 'out' : 'in',
      from: end(isOut ? 1 : 0),
      to: end(isOut ? 0 : 1),
      length,
      octets: this.#octets.slice(slot * slotOctets, slot * slotOctets + Math.min(length, slotOctets)),
    };
  }
}
