/**
 * Many datagrams in one system call, recvmmsg(2). The kernel's structures are laid out once, in memory that stays where it is;
 * after that a call costs no more than resetting the lengths that the kernel wrote.
 */
import { ipv4At } from '../../base/addresses.ts';
import { OctetShelf } from '../../base/octet-shelf.ts';
import type { Endpoint } from '../ports.ts';
import { checked, KernelError, libc, MSG_DONTWAIT } from './libc.ts';
import { ADDRESS_OCTETS, CONTROL_OCTETS, HEADER, HEADER_OCTETS, MessageMemory } from './message-memory.ts';

/** struct cmsghdr with SCM_TIMESTAMP: its length (8), level (4) and type (4), then seconds and microseconds, 8 octets each. */
const TIMESTAMP_OCTETS = 32;
const SECONDS_AT = 16;
const MICROSECONDS_AT = 24;

/** Memory for one call's datagrams. Sockets of one thread share it, as each call's datagrams are taken out before the next. */
export class ReceiveBatch {
  readonly #memory: MessageMemory;
  #used: number;
  readonly #shelf = new OctetShelf();

  /** @param octets room for each datagram; the rest of a longer one is lost. */
  constructor(count: number, octets: number) {
    this.#memory = new MessageMemory(count, octets);
    this.#used = count;
  }

  get capacity(): number {
    return this.#memory.count;
  }

  /** Takes what waits at a socket and says how many datagrams that is. Throws a `KernelError` with the socket's fault. */
  receive(fd: number): number {
    const { memory, count } = this.#memory;
    this.#reset();
    try {
      this.#used = checked(libc().recvmmsg(fd, memory, count, MSG_DONTWAIT, null), 'receiving');
    } catch (fault) {
      this.#used = 0;
      if (fault instanceof KernelError && (fault.code === 'EAGAIN' || fault.code === 'EINTR')) return 0;
      throw fault;
    }
    return this.#used;
  }

  /** A copy of datagram `index` of the last call. */
  bytes(index: number): Uint8Array {
    const { memory, view, octets } = this.#memory;
    const at = this.#memory.payloadAt(index);
    const length = Math.min(view.getUint32(index * HEADER_OCTETS + HEADER.received, true), octets);
    const copy = this.#shelf.take(length);
    copy.set(memory.subarray(at, at + length));
    return copy;
  }

  /** Who sent datagram `index`. */
  from(index: number): Endpoint {
    const at = this.#memory.addressAt(index);
    const { memory, view } = this.#memory;
    return { address: ipv4At(memory, at + 4), port: view.getUint16(at + 2) };
  }

  /** When datagram `index` came in, as milliseconds of the wall clock; undefined for a socket without SO_TIMESTAMP. */
  arrivedAt(index: number): number | undefined {
    const { view } = this.#memory;
    if (view.getUint32(index * HEADER_OCTETS + HEADER.controlLength, true) < TIMESTAMP_OCTETS) return undefined;
    const at = this.#memory.controlAt(index);
    return view.getUint32(at + SECONDS_AT, true) * 1000 + view.getUint32(at + MICROSECONDS_AT, true) / 1000;
  }

  #reset(): void {
    const { view } = this.#memory;
    for (let index = 0; index < this.#used; index += 1) {
      const at = index * HEADER_OCTETS;
      view.setUint32(at + HEADER.addressLength, ADDRESS_OCTETS, true);
      view.setUint32(at + HEADER.controlLength, CONTROL_OCTETS, true);
    }
  }
}
