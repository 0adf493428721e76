/**
 * Memory as recvmmsg(2) and sendmmsg(2) read it: for each message a struct mmsghdr, its struct iovec, an address, room for control
 * messages and the payload. The layout is that of 64-bit Linux, little-endian, which x64 and arm64 share.
 */
import { addressOf } from './libc.ts';

/** Offsets within struct mmsghdr. */
export const HEADER = {
  address: 0,
  addressLength: 8,
  vector: 16,
  vectorLength: 24,
  control: 32,
  controlLength: 40,
  /** msg_len: what the call received or sent. */
  received: 56,
} as const;
export const HEADER_OCTETS = 64;
const VECTOR_OCTETS = 16;
const VECTOR_LENGTH = 8;
/** Room for struct sockaddr_in (16) and struct sockaddr_ll (20). */
export const ADDRESS_OCTETS = 32;
export const CONTROL_OCTETS = 64;

/** One block of memory for `count` messages of up to `octets` each. The headers stand first, so `memory` itself is the array of them. */
export class MessageMemory {
  readonly count: number;
  readonly octets: number;
  readonly memory: Uint8Array;
  readonly view: DataView;
  readonly #vectors: number;
  readonly #addresses: number;
  readonly #controls: number;
  readonly #payloads: number;
  /** Where all of it is for the kernel. Addresses have 48 bits at most, so that a number holds them. */
  readonly #base: number;

  constructor(count: number, octets: number) {
    this.count = count;
    this.octets = octets;
    this.#vectors = count * HEADER_OCTETS;
    this.#addresses = this.#vectors + count * VECTOR_OCTETS;
    this.#controls = this.#addresses + count * ADDRESS_OCTETS;
    this.#payloads = this.#controls + count * CONTROL_OCTETS;
    this.memory = new Uint8Array(this.#payloads + count * octets);
    this.view = new DataView(this.memory.buffer);
    this.#base = Number(addressOf(this.memory));
    const pointer = (at: number, to: number) => this.#setPointer(at, this.#base + to);
    for (let index = 0; index < count; index += 1) {
      const header = index * HEADER_OCTETS;
      const vector = this.#vectors + index * VECTOR_OCTETS;
      pointer(header + HEADER.address, this.addressAt(index));
      pointer(header + HEADER.vector, vector);
      this.view.setUint32(header + HEADER.vectorLength, 1, true);
      pointer(header + HEADER.control, this.controlAt(index));
      pointer(vector, this.payloadAt(index));
      this.setLength(index, octets);
    }
  }

  /** How much of the payload of message `index` counts. */
  setLength(index: number, octets: number): void {
    this.view.setUint32(this.#vectors + index * VECTOR_OCTETS + VECTOR_LENGTH, octets, true);
  }

  /** Points message `index` at other memory; `address` is where that is for the kernel. */
  setPayload(index: number, address: number, octets: number): void {
    this.#setPointer(this.#vectors + index * VECTOR_OCTETS, address);
    this.setLength(index, octets);
  }

  /** Where the payload of message `index` is for the kernel, and how long it is. */
  payloadAddress(index: number): number {
    const at = this.#vectors + index * VECTOR_OCTETS;
    return this.view.getUint32(at, true) + this.view.getUint32(at + 4, true) * 2 ** 32;
  }

  payloadLength(index: number): number {
    return this.view.getUint32(this.#vectors + index * VECTOR_OCTETS + VECTOR_LENGTH, true);
  }

  /** Where this memory's own room for the payload of message `index` is for the kernel. */
  ownAddress(index: number): number {
    return this.#base + this.payloadAt(index);
  }

  /** How much of the control messages of message `index` counts. */
  setControlLength(index: number, octets: number): void {
    this.view.setUint32(index * HEADER_OCTETS + HEADER.controlLength, octets, true);
  }

  addressAt(index: number): number {
    return this.#addresses + index * ADDRESS_OCTETS;
  }

  controlAt(index: number): number {
    return this.#controls + index * CONTROL_OCTETS;
  }

  payloadAt(index: number): number {
    return this.#payloads + index * this.octets;
  }

  /** Two halves: a 64-bit write would make a BigInt of each. */
  #setPointer(at: number, address: number): void {
    this.view.setUint32(at, address >>> 0, true);
    this.view.setUint32(at + 4, Math.floor(address / 2 ** 32), true);
  }
}
