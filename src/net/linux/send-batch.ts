/**
 * Many datagrams in one system call, sendmmsg(2): what is sent within one turn of the event loop leaves at its end, or as soon as
 * the memory is full.
 */
import type { Ipv4 } from '../../base/addresses.ts';
import { AF_INET, AF_PACKET, checked, KernelError, libc } from './libc.ts';
import { HEADER, HEADER_OCTETS, MessageMemory } from './message-memory.ts';

const MESSAGES = 64;
/** Longer ones go by themselves. A full Ethernet frame fits. */
const OCTETS = 2048;
const ETHERTYPE_IPV4 = 0x0800;
const SOCKADDR_IN_OCTETS = 16;
const SOCKADDR_LL_OCTETS = 20;

/** What one socket sends. Sends as far as the kernel takes it: what it refuses is told to `onFault` and given up, one message after the other. */
export class SendBatch {
  readonly #fd: number;
  readonly #doing: string;
  readonly #onFault: (fault: Error) => void;
  /** Laid out at the first send: most sockets of a machine only listen. */
  #messages: MessageMemory | undefined;
  #waiting = 0;
  #isOpen = true;

  /** @param doing what a fault was met with, as the end of the sentence: `sending on eth1`. */
  constructor(fd: number, doing: string, onFault: (fault: Error) => void) {
    this.#fd = fd;
    this.#doing = doing;
    this.#onFault = onFault;
  }

  /** The octets are copied: they may change afterwards. `to` is a struct sockaddr. */
  add(bytes: Uint8Array, to: Uint8Array): void {
    if (!this.#isOpen) return;
    if (bytes.length > OCTETS) {
      this.#guarded(() => libc().sendto(this.#fd, bytes, bytes.length, 0, to, to.length));
      return;
    }
    this.#messages ??= new MessageMemory(MESSAGES, OCTETS);
    const { memory, view } = this.#messages;
    const index = this.#waiting;
    memory.set(bytes, this.#messages.payloadAt(index));
    memory.set(to, this.#messages.addressAt(index));
    view.setUint32(index * HEADER_OCTETS + HEADER.addressLength, to.length, true);
    this.#messages.setLength(index, bytes.length);
    this.#waiting += 1;
    if (this.#waiting === MESSAGES) this.flush();
    else if (index === 0) queueMicrotask(() => this.flush());
  }

  /** Sends what waits, now. */
  flush(): void {
    if (!this.#isOpen || this.#messages === undefined) return;
    const { memory } = this.#messages;
    const count = this.#waiting;
    this.#waiting = 0;
    let sent = 0;
    while (sent < count) {
      // The call stops before the message that cannot be sent, and says why only when that one is the first.
      const headers = sent === 0 ? memory : memory.subarray(sent * HEADER_OCTETS);
      sent += this.#guarded(() => libc().sendmmsg(this.#fd, headers, count - sent, 0)) ?? 1;
    }
  }

  /** Sends what waits; nothing afterwards. */
  close(): void {
    this.flush();
    this.#isOpen = false;
  }

  #guarded(call: () => number): number | undefined {
    try {
      return checked(call(), this.#doing);
    } catch (fault) {
      if (!(fault instanceof KernelError)) throw fault;
      this.#onFault(fault);
      return undefined;
    }
  }
}

/** struct sockaddr_in: family (2), port (2, network order), address (4), zeros (8). */
export function internetAddress(address: Ipv4, port: number): Uint8Array {
  const bytes = new Uint8Array(SOCKADDR_IN_OCTETS);
  bytes[0] = AF_INET;
  bytes[2] = port >> 8;
  bytes[3] = port & 255;
  bytes[4] = address >>> 24;
  bytes[5] = (address >>> 16) & 255;
  bytes[6] = (address >>> 8) & 255;
  bytes[7] = address & 255;
  return bytes;
}

/** struct sockaddr_ll: family (2), protocol (2, network order), interface (4), hardware type (2), packet type (1), length (1), address (8). */
export function linkAddress(index: number, hardware: Uint8Array, etherType = ETHERTYPE_IPV4): Uint8Array {
  const bytes = new Uint8Array(SOCKADDR_LL_OCTETS);
  bytes[0] = AF_PACKET;
  bytes[2] = etherType >> 8;
  bytes[3] = etherType & 255;
  bytes[4] = index & 255;
  bytes[5] = (index >>> 8) & 255;
  bytes[6] = (index >>> 16) & 255;
  bytes[7] = index >>> 24;
  bytes[11] = hardware.length;
  bytes.set(hardware, 12);
  return bytes;
}
