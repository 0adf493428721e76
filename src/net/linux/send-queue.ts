/**
 * Datagrams on their way out of one thread's sockets, sendmmsg(2). Those of a run are sent from where they stand; where the kernel cuts them
 * itself (UDP_SEGMENT, udp(7)), dozens of them are one message.
 */
import type { Ipv4 } from '../../base/addresses.ts';
import type { SendMemory } from '../ports.ts';
import { AF_INET, addressOf, checked, KernelError, libc, SOL_UDP, UDP_SEGMENT } from './libc.ts';
import { HEADER, HEADER_OCTETS, MessageMemory } from './message-memory.ts';

const MESSAGES = 64;
/** What is copied instead of sent from where it stands: OACK, ACK and ERROR. Longer ones go by themselves. */
const COPIED_OCTETS = 1024;
/** Datagrams that the kernel cuts out of one message, and octets of all of them (udp(7), UDP_MAX_SEGMENTS). */
const MOST_SEGMENTS = 64;
const MOST_SEGMENT_OCTETS = 65_000;
const SOCKADDR_IN_OCTETS = 16;
/** struct cmsghdr (length 8, level 4, type 4) and the size of a segment (2), padded to 8. */
const CONTROL = { length: 18, space: 24, levelAt: 8, typeAt: 12, valueAt: 16 } as const;
/** What a card or its driver says that cannot cut datagrams, or not of this size. */
const UNCUT: ReadonlySet<string> = new Set(['EINVAL', 'EIO', 'EMSGSIZE', 'EOPNOTSUPP']);

/** A socket to send by. */
export interface Sender {
  readonly fd: number;
  /** What a fault was met with, as the end of the sentence. */
  readonly doing: string;
  /** Octets of the largest datagram that the kernel was found willing to cut; `Infinity` until one was refused. */
  largestSegment: number;
  readonly onFault: (fault: Error) => void;
}

/** What waits. One queue serves all sockets of a thread, as each call of the kernel is for one socket. */
export class SendQueue {
  readonly #messages = new MessageMemory(MESSAGES, COPIED_OCTETS);
  /** Memory of runs must not be collected before it is sent. */
  readonly #memories = new Array<SendMemory | undefined>(MESSAGES).fill(undefined);
  /** Octets of a segment of each message; 0: it is one datagram. */
  readonly #strides = new Uint16Array(MESSAGES);
  #sender: Sender | undefined;
  #count = 0;
  /** Of the sender whose messages are being sent. */
  #faults: Error[] = [];

  /** Adds a copy of one datagram. */
  add(sender: Sender, octets: Uint8Array, address: Ipv4, port: number): void {
    if (octets.length > COPIED_OCTETS) {
      this.addRun(sender, { octets: octets.slice(), address: undefined }, 0, octets.length, octets.length, address, port);
      return;
    }
    const index = this.#next(sender, address, port);
    const { memory } = this.#messages;
    memory.set(octets, this.#messages.payloadAt(index));
    this.#messages.setPayload(index, this.#messages.ownAddress(index), octets.length);
    this.#strides[index] = 0;
  }

  /** Adds datagrams that stand one after another in memory. */
  addRun(sender: Sender, memory: SendMemory, at: number, octets: number, stride: number, address: Ipv4, port: number): void {
    memory.address ??= Number(addressOf(memory.octets));
    const isCut = stride <= sender.largestSegment && octets > stride;
    const most = isCut ? Math.max(Math.min(MOST_SEGMENTS, Math.floor(MOST_SEGMENT_OCTETS / stride)), 1) * stride : stride;
    for (let from = at; from < at + octets; from += most) {
      const length = Math.min(most, at + octets - from);
      const index = this.#next(sender, address, port);
      this.#messages.setPayload(index, memory.address + from, length);
      this.#memories[index] = memory;
      const segment = length > stride ? stride : 0;
      this.#strides[index] = segment;
      if (segment > 0) this.#setSegment(index, segment);
    }
  }

  /** Sends what waits, now. */
  flush(): void {
    const sender = this.#sender;
    const count = this.#count;
    this.#count = 0;
    if (sender === undefined) return;
    const { memory } = this.#messages;
    for (let sent = 0; sent < count; ) {
      const headers = sent === 0 ? memory : memory.subarray(sent * HEADER_OCTETS);
      const result = libc().sendmmsg(sender.fd, headers, count - sent, 0);
      // The call stops before the message that cannot be sent, and says why only when that one is the first.
      sent += result > 0 ? result : this.#givenUp(sender, sent, count);
    }
    this.#memories.fill(undefined, 0, count);
    if (this.#faults.length > 0) this.#tellFaults(sender);
  }

  /** In a turn of their own: who hears of one may send, or close. */
  #tellFaults(sender: Sender): void {
    const faults = this.#faults;
    this.#faults = [];
    setImmediate(() => {
      for (const fault of faults) sender.onFault(fault);
    });
  }

  /** Deals with message `index`, which the kernel refuses, and says how many are done with. */
  #givenUp(sender: Sender, index: number, count: number): number {
    try {
      checked(-1, sender.doing);
    } catch (fault) {
      if (!(fault instanceof KernelError)) throw fault;
      if (fault.code === 'EINTR') return 0;
      // There was no room for longer than a working link needs: as good as lost on the way.
      if (fault.code === 'EAGAIN') return count - index;
      const stride = this.#strides[index] ?? 0;
      if (stride > 0 && UNCUT.has(fault.code)) this.#sendUncut(sender, index, stride);
      else this.#faults.push(fault);
    }
    return 1;
  }

  /** One datagram after another; where those are taken, it was the cutting that was refused, and there is none of this size from now on. */
  #sendUncut(sender: Sender, index: number, stride: number): void {
    const { memory } = this.#messages;
    const address = this.#messages.payloadAddress(index);
    const octets = this.#messages.payloadLength(index);
    this.#messages.setControlLength(index, 0);
    const header = memory.subarray(index * HEADER_OCTETS);
    for (let from = 0; from < octets; from += stride) {
      this.#messages.setPayload(index, address + from, Math.min(stride, octets - from));
      if (libc().sendmmsg(sender.fd, header, 1, 0) !== 1) {
        this.#noteFault(sender);
        return;
      }
      sender.largestSegment = Math.min(sender.largestSegment, stride - 1);
    }
  }

  /** Keeps what errno says. */
  #noteFault({ doing }: Sender): void {
    try {
      checked(-1, doing);
    } catch (fault) {
      this.#faults.push(fault instanceof Error ? fault : new Error(String(fault)));
    }
  }

  /** The place of one more message to this peer. */
  #next(sender: Sender, address: Ipv4, port: number): number {
    if (this.#sender !== sender || this.#count === MESSAGES) this.flush();
    this.#sender = sender;
    const index = this.#count;
    this.#count += 1;
    const { view } = this.#messages;
    const at = this.#messages.addressAt(index);
    view.setUint16(at, AF_INET, true);
    view.setUint16(at + 2, port);
    view.setUint32(at + 4, address);
    view.setUint32(index * HEADER_OCTETS + HEADER.addressLength, SOCKADDR_IN_OCTETS, true);
    this.#messages.setControlLength(index, 0);
    return index;
  }

  #setSegment(index: number, stride: number): void {
    const { view } = this.#messages;
    const at = this.#messages.controlAt(index);
    view.setUint32(at, CONTROL.length, true);
    view.setUint32(at + CONTROL.levelAt, SOL_UDP, true);
    view.setUint32(at + CONTROL.typeAt, UDP_SEGMENT, true);
    view.setUint16(at + CONTROL.valueAt, stride, true);
    this.#messages.setControlLength(index, CONTROL.space);
  }
}
