/** Two plain TFTP clients without I/O, as RFC 1350 and RFC 7440 describe them. They know nothing of requests and options: those are agreed before. */
import type { TftpPacket } from '../tftp/packet.ts';

/** A client between its request and its end. What its methods return goes to the server. */
export interface TftpClient {
  /** The whole file is over (and, for an upload, acknowledged). */
  readonly isDone: boolean;
  /** It gave up, or was told to. */
  readonly isLost: boolean;
  receive(packet: TftpPacket): TftpPacket[];
  /** Its patience is over once more. */
  timeout(): TftpPacket[];
}

/** Timeouts before it gives up: before and after it first heard of the server, which begins to wait longer and longer. */
const PATIENCE = { unheard: 30, heard: 8 };

/** What both know of the numbers on the wire. */
function distance(wire: number, from: number): number {
  return (wire - from + 2 * 65536 * 65536) % 65536;
}

/** Receives a file. */
export class ReadingClient implements TftpClient {
  readonly pieces: Uint8Array[] = [];
  isDone = false;
  isLost = false;
  readonly #blockSize: number;
  readonly #window: number;
  #next = 1;
  #inWindow = 0;
  #gapTold = false;
  #heard = false;
  #waits = 0;

  constructor(blockSize: number, window: number) {
    this.#blockSize = blockSize;
    this.#window = window;
  }

  receive(packet: TftpPacket): TftpPacket[] {
    if (this.isLost) return [];
    if (packet.type === 'error') this.isLost = !this.isDone;
    if (packet.type === 'oack' && this.#next === 1) {
      this.#heard = true;
      this.#waits = 0;
      return [{ type: 'ack', block: 0 }];
    }
    if (packet.type !== 'data') return [];
    this.#heard = true;
    if (packet.block !== this.#next % 65536) return this.#onOther(packet.block);
    if (this.isDone) return [];
    this.pieces.push(packet.octets.slice());
    this.isDone = packet.octets.length < this.#blockSize;
    this.#next += 1;
    this.#inWindow += 1;
    this.#gapTold = false;
    this.#waits = 0;
    return this.isDone || this.#inWindow === this.#window ? this.#ack() : [];
  }

  timeout(): TftpPacket[] {
    this.#waits += 1;
    if (this.isDone || this.isLost) return [];
    this.isLost = this.#waits > (this.#heard ? PATIENCE.heard : PATIENCE.unheard);
    // Before the first answer a real one repeats its request, which the server's own retransmission makes unnecessary.
    return this.isLost || !this.#heard ? [] : this.#ack();
  }

  #onOther(block: number): TftpPacket[] {
    const ahead = distance(block, this.#next) < this.#window;
    if (ahead && this.#gapTold) return [];
    this.#gapTold = ahead;
    return this.#ack();
  }

  #ack(): TftpPacket[] {
    this.#inWindow = 0;
    return [{ type: 'ack', block: (this.#next - 1) % 65536 }];
  }
}

/** Sends a file. */
export class WritingClient implements TftpClient {
  isDone = false;
  isLost = false;
  readonly #file: Uint8Array;
  readonly #blockSize: number;
  readonly #window: number;
  readonly #last: number;
  /** Absolute number of the last acknowledged block; −1 before the server agreed. */
  #acknowledged = -1;
  #waits = 0;

  constructor(file: Uint8Array, blockSize: number, window: number) {
    this.#file = file;
    this.#blockSize = blockSize;
    this.#window = window;
    this.#last = Math.floor(file.length / blockSize) + 1;
  }

  receive(packet: TftpPacket): TftpPacket[] {
    if (this.isLost || this.isDone) return [];
    if (packet.type === 'error') this.isLost = true;
    if (packet.type !== 'ack' && packet.type !== 'oack') return [];
    const block = packet.type === 'oack' ? 0 : packet.block;
    if (this.#acknowledged === -1) return block === 0 ? this.#advanceTo(0) : [];
    const ahead = distance(block, this.#acknowledged % 65536);
    if (ahead === 0 || ahead > Math.min(this.#window, this.#last - this.#acknowledged)) return [];
    return this.#advanceTo(this.#acknowledged + ahead);
  }

  timeout(): TftpPacket[] {
    this.#waits += 1;
    if (this.isDone || this.isLost) return [];
    const isHeard = this.#acknowledged >= 0;
    this.isLost = this.#waits > (isHeard ? PATIENCE.heard : PATIENCE.unheard);
    return this.isLost || !isHeard ? [] : this.#windowPackets();
  }

  #advanceTo(block: number): TftpPacket[] {
    this.#acknowledged = block;
    this.#waits = 0;
    this.isDone = block === this.#last;
    return this.#windowPackets();
  }

  #windowPackets(): TftpPacket[] {
    const packets: TftpPacket[] = [];
    for (let block = this.#acknowledged + 1; block <= Math.min(this.#acknowledged + this.#window, this.#last); block++) {
      const at = (block - 1) * this.#blockSize;
      packets.push({ type: 'data', block: block % 65536, octets: this.#file.subarray(at, at + this.#blockSize) });
    }
    return packets;
  }
}
