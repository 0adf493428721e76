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

  constructor(count: number, octets: number) {
    this.count = count;
    this.octets = octets;
    this.#vectors = count * HEADER_OCTETS;
    this.#addresses = this.#vectors + count * VECTOR_OCTETS;
    this.#controls = this.#addresses + count * ADDRESS_OCTETS;
    this.#payloads = this.#controls + count * CONTROL_OCTETS;
    this.memory = new Uint8Array(this.#payloads + count * octets);
    this.view = new DataView(this.memory.buffer);
    const base = addressOf(this.memory);
    const pointer = (at: number, to: number) => this.view.setBigUint64(at, base + BigInt(to), true);
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

  addressAt(index: number): number {
    return this.#addresses + index * ADDRESS_OCTETS;
  }

  controlAt(index: number): number {
    return this.#controls + index * CONTROL_OCTETS;
  }

  payloadAt(index: number): number {
    return this.#payloads + index * this.octets;
  }
}
