/**
 * A file on its way from a client (RFC 1350 §2, 2347 §3, 7440 §4). The last block is acknowledged only when the shell has said
 * that the file is durable and in its place (`finished`); then the session dallies, to acknowledge a repeated last block.
 * Octets are gathered into larger pieces; when storing falls behind, ACKs wait, so memory is bounded by the peer's window.
 */
import { after, type MonoMs } from '../base/clock.ts';
import { placeOf, wireBlock } from './block-window.ts';
import { GatheredOctets } from './gathered-octets.ts';
import { NetasciiDecoder } from './netascii.ts';
import type { Terms } from './options.ts';
import { type DataPacket, ERROR_CODE, type TftpFault, type TftpPacket } from './packet.ts';
import { Retransmission } from './retransmission.ts';
import { clientSaid, NO_ANSWER, type Outcome, send, type TransferEffect, type TransferSession, TURNED_AWAY } from './transfer.ts';

/** Octets that are stored at once. */
const PIECE = 32 * 1024;
/** Octets that may wait to be stored before ACKs are held back. */
const MOST_UNSTORED = 128 * 1024;
/** How long a lost last ACK can be made good (RFC 1350 §6): longer than the five seconds after which many clients repeat themselves. */
const DALLY_MS = 6000;
/** Repetitions that prolong it. */
const MOST_REPEATED = 5;

/** What is to be received. */
export interface WritePlan {
  readonly mode: 'octet' | 'netascii';
  readonly terms: Terms;
  /** Octets that the file may have. */
  readonly maxSize: number;
}

export class WriteSession implements TransferSession {
  readonly #plan: WritePlan;
  readonly #retransmission: Retransmission;
  readonly #netascii: NetasciiDecoder | undefined;
  readonly #gathered = new GatheredOctets();
  #phase: 'starting' | 'receiving' | 'finishing' | 'dallying' | 'ended' = 'starting';
  /** Absolute number of the block awaited. */
  #next = 1;
  /** Blocks received in order since the last ACK. */
  #inWindow = 0;
  /** The client was told of the gap that the block awaited leaves. */
  #gapTold = false;
  /** An ACK is due that waits for the store. */
  #ackOwed = false;
  /** Octets received, and how many of them were handed to the store and are not on disk yet. */
  #octets = 0;
  #unstored = 0;
  #resent = 0;
  #dallyUntil: MonoMs | undefined;
  #repeated = 0;

  constructor(plan: WritePlan) {
    this.#plan = plan;
    this.#retransmission = new Retransmission(plan.terms.intervalMs);
    this.#netascii = plan.mode === 'netascii' ? new NetasciiDecoder() : undefined;
  }

  get mayBeginAnew(): boolean {
    return this.#phase === 'dallying' || this.#retransmission.count > 1;
  }

  get octetsOver(): number {
    return this.#octets;
  }

  nextDeadline(): MonoMs | undefined {
    if (this.#phase === 'ended') return undefined;
    return this.#phase === 'dallying' ? this.#dallyUntil : this.#retransmission.deadline;
  }

  start(now: MonoMs): TransferEffect[] {
    this.#retransmission.await(now);
    return [this.#answer()];
  }

  receive(packet: TftpPacket, now: MonoMs): TransferEffect[] {
    // While the file is put in its place it is complete, whatever the client says.
    if (this.#phase === 'ended' || this.#phase === 'finishing') return [];
    if (packet.type === 'error') {
      if (this.#phase === 'dallying') return this.#close();
      const isDeclined = this.#phase === 'starting' && this.#plan.terms.answer.length > 0;
      return this.#end(isDeclined ? { kind: 'declined', reason: clientSaid(packet) } : this.#failure(clientSaid(packet)));
    }
    if (packet.type !== 'data') return [];
    if (this.#phase === 'dallying') return this.#onLateData(packet, now);
    const place = placeOf(packet.block, this.#next, this.#plan.terms.window);
    if (place === 'next') return this.#onNext(packet, now);
    return place === 'ahead' ? this.#onGap() : this.#onOld(packet);
  }

  /** The shell stored `count` octets of what it was given. */
  stored(count: number, now: MonoMs): TransferEffect[] {
    this.#unstored -= count;
    if (this.#phase !== 'receiving' || !this.#ackOwed || this.#unstored > MOST_UNSTORED) return [];
    this.#ackOwed = false;
    this.#retransmission.progress(now);
    return [this.#answer()];
  }

  /** The shell has the file durable and in its place: the client may know. */
  finished(now: MonoMs): TransferEffect[] {
    if (this.#phase !== 'finishing') return [];
    this.#phase = 'dallying';
    this.#dally(now);
    return [this.#answer(), { do: 'conclude', outcome: { kind: 'done', octets: this.#octets, resent: this.#resent, confirmed: true } }];
  }

  timeout(now: MonoMs): TransferEffect[] {
    if (this.#phase === 'dallying') return this.#dallyUntil !== undefined && now >= this.#dallyUntil ? this.#close() : [];
    if (this.#phase === 'ended' || !this.#retransmission.isDue(now)) return [];
    if (this.#retransmission.again(now) === 'give-up') return this.#end(this.#failure(NO_ANSWER));
    this.#inWindow = 0;
    this.#gapTold = false;
    return this.#repeatAck();
  }

  fail(fault: TftpFault, reason = fault.message): TransferEffect[] {
    if (this.#phase === 'ended') return [];
    // The file is in its place and the client knows: nothing can fail any more.
    if (this.#phase === 'dallying') return this.#close();
    return [send({ type: 'error', ...fault }), ...this.#end(this.#failure(reason))];
  }

  abandon(): TransferEffect[] {
    if (this.#phase === 'ended') return [];
    return this.#phase === 'dallying' ? this.#close() : this.#end(this.#failure(TURNED_AWAY));
  }

  #onNext(packet: DataPacket, now: MonoMs): TransferEffect[] {
    const { blockSize, window } = this.#plan.terms;
    if (packet.octets.length > blockSize) {
      return this.fail({
        code: ERROR_CODE.illegalOperation,
        message: `a block of ${packet.octets.length} octets, ${blockSize} were agreed`,
      });
    }
    const isLast = packet.octets.length < blockSize;
    const before = this.#gathered.length;
    this.#gathered.add(this.#netascii === undefined ? packet.octets : this.#netascii.decode(packet.octets));
    if (isLast && this.#netascii !== undefined) this.#gathered.add(this.#netascii.end());
    this.#octets += this.#gathered.length - before;
    if (this.#octets > this.#plan.maxSize) {
      return this.fail({ code: ERROR_CODE.diskFull, message: `larger than the ${this.#plan.maxSize} octets allowed` });
    }
    this.#phase = isLast ? 'finishing' : 'receiving';
    this.#next += 1;
    this.#inWindow += 1;
    this.#gapTold = false;
    const effects = this.#store(isLast);
    if (isLast) {
      this.#retransmission.rest();
      return [...effects, { do: 'finish' }];
    }
    this.#retransmission.progress(now);
    return this.#inWindow < window ? effects : [...effects, ...this.#acknowledge()];
  }

  /** A block is missing: say once where to go on (RFC 7440 §4). */
  #onGap(): TransferEffect[] {
    if (this.#gapTold || this.#ackOwed) return [];
    this.#gapTold = true;
    return this.#repeatAck();
  }

  /** The client sends again what is here: its ACK was lost. With a window only the last block asks for an answer. */
  #onOld(packet: DataPacket): TransferEffect[] {
    if (packet.block !== wireBlock(this.#next - 1) || this.#ackOwed) return [];
    return this.#repeatAck();
  }

  /** The last block once more: its ACK was lost. */
  #onLateData(packet: DataPacket, now: MonoMs): TransferEffect[] {
    if (packet.block !== wireBlock(this.#next - 1)) return [];
    this.#repeated += 1;
    if (this.#repeated <= MOST_REPEATED) this.#dally(now);
    return this.#repeatAck();
  }

  #dally(now: MonoMs): void {
    this.#dallyUntil = after(now, Math.max(DALLY_MS, (this.#plan.terms.intervalMs ?? 0) + 1000));
  }

  #store(isLast: boolean): TransferEffect[] {
    if (this.#gathered.length === 0 || (this.#gathered.length < PIECE && !isLast)) return [];
    const octets = this.#gathered.take();
    this.#unstored += octets.length;
    return [{ do: 'store', offset: this.#octets - octets.length, octets }];
  }

  #acknowledge(): TransferEffect[] {
    this.#inWindow = 0;
    if (this.#unstored <= MOST_UNSTORED) return [this.#answer()];
    this.#ackOwed = true;
    this.#retransmission.rest();
    return [];
  }

  #repeatAck(): TransferEffect[] {
    this.#inWindow = 0;
    this.#resent += 1;
    return [this.#answer()];
  }

  /** ACK of the last block in order; before the first one the OACK, where options were agreed. */
  #answer(): TransferEffect {
    if (this.#next === 1 && this.#plan.terms.answer.length > 0) return send({ type: 'oack', options: this.#plan.terms.answer });
    return send({ type: 'ack', block: wireBlock(this.#next - 1) });
  }

  #failure(reason: string): Outcome {
    return { kind: 'failed', octets: this.#octets, resent: this.#resent, reason };
  }

  #end(outcome: Outcome): TransferEffect[] {
    // What came is kept for the operator, to its last octet.
    return [...this.#store(true), { do: 'conclude', outcome }, ...this.#close()];
  }

  #close(): TransferEffect[] {
    this.#phase = 'ended';
    return [{ do: 'close' }];
  }
}
