/**
 * The UDP sockets of one thread that crowds share: watched together, received from and sent by in batches, without a copy where that can be.
 * What comes in within a batch is answered in one system call.
 */
import { ipv4 } from '../../base/addresses.ts';
import type { SharedListener, SharedPort } from '../ports.ts';
import { IdleWait } from './idle-wait.ts';
import { checked, KernelError, libc, localOf, MSG_DONTWAIT, whenReadable } from './libc.ts';
import { ADDRESS_OCTETS, HEADER, HEADER_OCTETS, MessageMemory } from './message-memory.ts';
import { Readiness } from './readiness.ts';
import { type Sender, SendQueue } from './send-queue.ts';

const MESSAGES = 64;
/** Octets of an ACK. A storm is ACKs: each place for a message has a view of one ready. */
const SMALL_OCTETS = 4;
/** No UDP datagram is longer; of most of the memory nothing is ever touched. */
const OCTETS = 65_536;
/** Batches that are taken from one socket before the others have their turn. */
const BATCHES_A_TURN = 4;
/** Others in this thread wait no longer than this, in milliseconds. */
const LONGEST_TURN = 1;

interface Shared extends Sender {
  readonly isDoor: boolean;
  isWatched: boolean;
  onDatagram: SharedListener;
  onFault: (fault: Error) => void;
}

export class SharedPorts {
  readonly #readiness = new Readiness();
  readonly #received = new MessageMemory(MESSAGES, OCTETS);
  readonly #sending = new SendQueue();
  readonly #wait = new IdleWait();
  readonly #ports = new Map<number, Shared>();
  /** Doors that are ready in this look. */
  readonly #doors: Shared[] = [];
  #used = MESSAGES;
  readonly #small: readonly Uint8Array[];
  #isTaking = false;
  #willFlush = false;
  #stopWatching: (() => void) | undefined;

  constructor() {
    this.#small = Array.from({ length: MESSAGES }, (_, index) => {
      const at = this.#received.payloadAt(index);
      return this.#received.memory.subarray(at, at + SMALL_OCTETS);
    });
  }

  /**
   * Takes over a bound socket.
   * @param name what it belongs to, for the text of faults.
   * @param isDoor see `UdpOptions`.
   */
  adopt(fd: number, name: string, isDoor: boolean): SharedPort {
    const shared: Shared = {
      fd,
      isDoor,
      isWatched: false,
      doing: `sending on ${name}`,
      largestSegment: Number.POSITIVE_INFINITY,
      onDatagram: () => {},
      onFault: () => {},
    };
    this.#ports.set(fd, shared);
    this.#stopWatching ??= whenReadable(this.#readiness.fd, () => this.#take());
    return {
      local: localOf(fd),
      onDatagram: (listener) => {
        shared.onDatagram = listener;
        this.#watch(shared);
      },
      onFault: (listener) => {
        shared.onFault = listener;
      },
      send: (octets, address, port) => {
        if (!this.#ports.has(fd)) return;
        this.#sending.add(shared, octets, address, port);
        this.#flushSoon();
      },
      sendRun: (memory, at, octets, stride, address, port) => {
        if (!this.#ports.has(fd)) return;
        this.#sending.addRun(shared, memory, at, octets, stride, address, port);
        this.#flushSoon();
      },
      close: async () => this.#close(fd),
    };
  }

  /** From its first listener on: until then the kernel keeps what comes. */
  #watch(shared: Shared): void {
    if (shared.isWatched || this.#ports.get(shared.fd) !== shared) return;
    shared.isWatched = true;
    this.#readiness.add(shared.fd);
  }

  #close(fd: number): void {
    const shared = this.#ports.get(fd);
    if (shared === undefined) return;
    this.#sending.flush();
    // Its listener may have closed it, with more of the batch to come.
    shared.onDatagram = () => {};
    shared.onFault = () => {};
    this.#ports.delete(fd);
    if (shared.isWatched) this.#readiness.remove(fd);
    libc().close(fd);
    if (this.#ports.size > 0) return;
    this.#stopWatching?.();
    this.#stopWatching = undefined;
  }

  /** At the end of the batch that is being dealt with; elsewhere at the end of this step of the program. */
  #flushSoon(): void {
    if (this.#isTaking || this.#willFlush) return;
    this.#willFlush = true;
    queueMicrotask(() => {
      this.#willFlush = false;
      this.#sending.flush();
    });
  }

  /** Takes what there is, and what comes in answer, as long as that comes quickly. */
  #take(): void {
    const end = performance.now() + LONGEST_TURN;
    for (;;) {
      const ready = this.#readiness.look();
      let doors = 0;
      for (let index = 0; index < ready; index += 1) {
        const shared = this.#ports.get(this.#readiness.at(index));
        if (shared?.isDoor === true) this.#doors[doors++] = shared;
        else this.#takeFrom(shared);
      }
      for (let index = 0; index < doors; index += 1) this.#takeFrom(this.#doors[index]);
      const now = performance.now();
      if (ready > 0) this.#wait.heard(now);
      // What is left makes the descriptor readable again in the next turn.
      if (now > end || (ready === 0 && !this.#wait.isWorthIt(now))) return;
    }
  }

  #takeFrom(shared: Shared | undefined): void {
    if (shared === undefined) return;
    try {
      let count = MESSAGES;
      for (let batch = 0; count === MESSAGES && batch < BATCHES_A_TURN && this.#ports.get(shared.fd) === shared; batch += 1) {
        count = this.#receive(shared.fd);
        this.#deliverAll(shared, count);
      }
    } catch (fault) {
      if (!(fault instanceof KernelError)) throw fault;
      shared.onFault(fault);
    }
  }

  /** What is said in answer goes out at the end, also where a listener throws. */
  #deliverAll(shared: Shared, count: number): void {
    this.#isTaking = true;
    try {
      for (let index = 0; index < count; index += 1) this.#deliver(shared, index);
    } finally {
      this.#isTaking = false;
      this.#sending.flush();
    }
  }

  #receive(fd: number): number {
    const { memory, view } = this.#received;
    for (let index = 0; index < this.#used; index += 1) {
      view.setUint32(index * HEADER_OCTETS + HEADER.addressLength, ADDRESS_OCTETS, true);
      this.#received.setControlLength(index, 0);
    }
    this.#used = 0;
    const count = libc().recvmmsg(fd, memory, MESSAGES, MSG_DONTWAIT, null);
    if (count > 0) this.#used = count;
    if (count >= 0) return count;
    try {
      return checked(count, 'receiving');
    } catch (fault) {
      if (fault instanceof KernelError && (fault.code === 'EAGAIN' || fault.code === 'EINTR')) return 0;
      throw fault;
    }
  }

  #deliver(shared: Shared, index: number): void {
    const { memory, view } = this.#received;
    const at = this.#received.payloadAt(index);
    const length = Math.min(view.getUint32(index * HEADER_OCTETS + HEADER.received, true), OCTETS);
    const from = this.#received.addressAt(index);
    const octets = (length === SMALL_OCTETS ? this.#small[index] : undefined) ?? memory.subarray(at, at + length);
    shared.onDatagram(octets, ipv4(view.getUint32(from + 4)), view.getUint16(from + 2));
  }
}
