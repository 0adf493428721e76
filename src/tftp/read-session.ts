/**
 * A file on its way to a client (RFC 1350 §2, 2347 §3, 7440 §4). Asks for octets ahead of need (`want`), cuts them into
 * blocks and keeps the blocks of a window until they are acknowledged; so a block sent again has the same octets, in netascii
 * too. Memory is bounded by one window and one read.
 */
import { after, type MonoMs } from '../base/clock.ts';
import { invariant } from '../base/result.ts';
import { SendWindow, wireBlock } from './block-window.ts';
import { encodeNetascii } from './netascii.ts';
import { OctetQueue } from './octet-queue.ts';
import type { Terms } from './options.ts';
import { blankData, DATA_HEADER, ERROR_CODE, type TftpFault, type TftpPacket } from './packet.ts';
import { Retransmission } from './retransmission.ts';
import { clientSaid, NO_ANSWER, type Outcome, send, type TransferEffect, type TransferSession, TURNED_AWAY } from './transfer.ts';

/** Octets read at once at least, so that lock-step with small blocks does not pay a read for each. */
const LEAST_READ = 32 * 1024;
/** A repeated ACK after this pause comes from a client that waits, not from a duplicate on the wire. */
const PAUSE_MS = 100;

/** What is to be sent. */
export interface ReadPlan {
  /** Octets of the file; fixed from here on, whatever happens to the file. */
  readonly size: number;
  readonly mode: 'octet' | 'netascii';
  readonly terms: Terms;
}

export class ReadSession implements TransferSession {
  readonly #plan: ReadPlan;
  readonly #window: SendWindow;
  readonly #retransmission: Retransmission;
  readonly #supplied = new OctetQueue();
  /** DATA packets from the first unacknowledged block on. */
  #packets: Uint8Array[] = [];
  #phase: 'negotiating' | 'sending' | 'ended' = 'negotiating';
  /** Offset up to which the file was asked for, and how much of that has not come yet. */
  #askedUpTo = 0;
  #outstanding = 0;
  /** Absolute number of the short block, once it is cut. */
  #lastBlock: number | undefined;
  /** Absolute number of the last block that went out at all. */
  #everSent = 0;
  #lastSentAt: MonoMs | undefined;
  /** Advancing ACKs to await before a repeated one means a loss again; see `#onRepeatedAck`. */
  #distrust = 0;
  #resent = 0;

  constructor(plan: ReadPlan) {
    this.#plan = plan;
    this.#window = new SendWindow(plan.terms.window);
    this.#retransmission = new Retransmission(plan.terms.intervalMs);
  }

  get isStalled(): boolean {
    return this.#retransmission.count > 1;
  }

  nextDeadline(): MonoMs | undefined {
    return this.#phase === 'ended' ? undefined : this.#retransmission.deadline;
  }

  start(now: MonoMs): TransferEffect[] {
    if (this.#plan.terms.answer.length === 0) {
      this.#phase = 'sending';
      return this.#proceed(now);
    }
    this.#retransmission.await(now);
    return [this.#oack(), ...this.#askAhead()];
  }

  receive(packet: TftpPacket, now: MonoMs): TransferEffect[] {
    if (this.#phase === 'ended') return [];
    if (packet.type === 'error') {
      // After the OACK and before any data this is a size probe (UEFI: code 8, Intel ROMs: code 0), not a failure.
      if (this.#phase === 'negotiating') return this.#end({ kind: 'declined', reason: clientSaid(packet) });
      return this.#end(this.#failure(clientSaid(packet)));
    }
    if (packet.type !== 'ack') return [];
    if (this.#phase === 'sending') return this.#onAck(packet.block, now);
    if (packet.block !== 0) return [];
    this.#phase = 'sending';
    this.#retransmission.progress(now);
    return this.#proceed(now);
  }

  /**
   * Octets of the file that were wanted. Fewer than wanted: the file became shorter, which ends the transfer, since the client
   * was promised its size.
   */
  supply(offset: number, octets: Uint8Array, now: MonoMs): TransferEffect[] {
    if (this.#phase === 'ended') return [];
    invariant(this.#outstanding > 0 && offset === this.#askedUpTo - this.#outstanding, `octets from ${offset}, which were not wanted`);
    if (octets.length !== this.#outstanding) {
      return this.fail({ code: ERROR_CODE.undefined, message: 'the file changed while it was read' });
    }
    this.#outstanding = 0;
    this.#supplied.push(this.#plan.mode === 'netascii' ? encodeNetascii(octets) : octets);
    return this.#phase === 'sending' ? this.#proceed(now) : this.#askAhead();
  }

  timeout(now: MonoMs): TransferEffect[] {
    if (this.#phase === 'ended' || !this.#retransmission.isDue(now)) return [];
    if (this.#phase === 'sending') return this.#sendAgain(now);
    if (this.#retransmission.again(now) === 'give-up') return this.#end(this.#unanswered(NO_ANSWER));
    this.#resent += 1;
    return [this.#oack()];
  }

  fail(fault: TftpFault, reason = fault.message): TransferEffect[] {
    if (this.#phase === 'ended') return [];
    return [send({ type: 'error', ...fault }), ...this.#end(this.#failure(reason))];
  }

  abandon(): TransferEffect[] {
    return this.#phase === 'ended' ? [] : this.#end(this.#unanswered(TURNED_AWAY));
  }

  #onAck(block: number, now: MonoMs): TransferEffect[] {
    const before = this.#window.acknowledged;
    const meaning = this.#window.acknowledge(block);
    if (meaning === 'stray') return [];
    if (meaning === 'repeated') return this.#onRepeatedAck(now);
    this.#packets.splice(0, this.#window.acknowledged - before);
    if (this.#window.acknowledged === this.#lastBlock) {
      return this.#end({ kind: 'done', octets: this.#plan.size, resent: this.#resent, confirmed: true });
    }
    this.#distrust = meaning === 'all' ? Math.max(this.#distrust - 1, 0) : Math.max(this.#distrust, 1);
    this.#retransmission.progress(now);
    return this.#proceed(now);
  }

  /**
   * In lock-step a repeated ACK means nothing, or every block would go out twice from then on (RFC 1123 §4.2.3.1). With a
   * window it is how a client says that the window's first block was lost (RFC 7440 §4), so the window goes out again – once:
   * a client may answer the doubled blocks with repeated ACKs of their own, so those of the next window are not believed.
   */
  #onRepeatedAck(now: MonoMs): TransferEffect[] {
    if (this.#plan.terms.window === 1 || this.#window.inFlight === 0) return [];
    const paused = this.#lastSentAt !== undefined && now >= after(this.#lastSentAt, PAUSE_MS);
    if (this.#distrust > 0 && !paused) return [];
    // It counts as a retransmission: a client that only ever repeats itself must not hold a transfer for good.
    return this.#sendAgain(now);
  }

  #sendAgain(now: MonoMs): TransferEffect[] {
    if (this.#retransmission.again(now) === 'give-up') return this.#end(this.#unanswered(NO_ANSWER));
    this.#distrust = 2;
    this.#window.rewind();
    return this.#proceed(now);
  }

  /** Cuts and sends what the window allows and the supply yields, and asks for more. */
  #proceed(now: MonoMs): TransferEffect[] {
    const effects: TransferEffect[] = [];
    while (this.#window.sent < this.#window.limit) {
      const packet = this.#packetAfter(this.#window.sent);
      if (packet === undefined) break;
      const block = this.#window.advance();
      if (block <= this.#everSent) this.#resent += 1;
      this.#everSent = Math.max(this.#everSent, block);
      effects.push({ do: 'send', packet });
    }
    if (effects.length > 0) {
      this.#lastSentAt = now;
      this.#retransmission.await(now);
    }
    if (this.#window.inFlight === 0) this.#retransmission.rest();
    return [...effects, ...this.#askAhead()];
  }

  /** The packet that follows the absolute block `block`; undefined: there is none, or its octets have not come yet. */
  #packetAfter(block: number): Uint8Array | undefined {
    const kept = this.#packets[block - this.#window.acknowledged];
    if (kept !== undefined || this.#lastBlock !== undefined) return kept;
    const { blockSize } = this.#plan.terms;
    const isAllSupplied = this.#askedUpTo === this.#plan.size && this.#outstanding === 0;
    if (this.#supplied.length < blockSize && !isAllSupplied) return undefined;
    const packet = blankData(wireBlock(block + 1), Math.min(this.#supplied.length, blockSize));
    // A file that fills its last block needs an empty one to end with (RFC 1350 §6).
    if (this.#supplied.length < blockSize) this.#lastBlock = block + 1;
    this.#supplied.takeInto(packet, DATA_HEADER);
    this.#packets.push(packet);
    return packet;
  }

  /** Keeps a window's worth of octets waiting, so that an ACK can be answered at once. */
  #askAhead(): TransferEffect[] {
    const { blockSize, window } = this.#plan.terms;
    const left = this.#plan.size - this.#askedUpTo;
    if (this.#outstanding > 0 || left === 0 || this.#supplied.length >= blockSize * window) return [];
    const offset = this.#askedUpTo;
    this.#outstanding = Math.min(left, Math.max(blockSize * window, LEAST_READ));
    this.#askedUpTo += this.#outstanding;
    return [{ do: 'want', offset, length: this.#outstanding }];
  }

  /** Silence. Some clients never send the last ACK, busy running what they loaded, so that one may be missing. */
  #unanswered(reason: string): Outcome {
    const isComplete = this.#lastBlock !== undefined && this.#window.acknowledged + 1 === this.#lastBlock;
    return isComplete ? { kind: 'done', octets: this.#plan.size, resent: this.#resent, confirmed: false } : this.#failure(reason);
  }

  #failure(reason: string): Outcome {
    const octets = Math.min(this.#window.acknowledged * this.#plan.terms.blockSize, this.#plan.size);
    return { kind: 'failed', octets, resent: this.#resent, reason };
  }

  #oack(): TransferEffect {
    return send({ type: 'oack', options: this.#plan.terms.answer });
  }

  #end(outcome: Outcome): TransferEffect[] {
    this.#phase = 'ended';
    this.#packets = [];
    return [{ do: 'conclude', outcome }, { do: 'close' }];
  }
}
