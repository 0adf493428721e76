/**
 * A file on its way to a client (RFC 1350 §2, 2347 §3, 7440 §4). Knows which blocks are due, not what is in them: the shell has them
 * ready as they go over the wire, so a block that is sent again has the same octets, in netascii too.
 */
import { after, type MonoMs } from '../base/clock.ts';
import { SendWindow } from './block-window.ts';
import type { Terms } from './options.ts';
import type { TftpFault, TftpPacket } from './packet.ts';
import { Retransmission } from './retransmission.ts';
import { clientSaid, NO_ANSWER, type Outcome, send, type TransferEffect, type TransferSession, TURNED_AWAY } from './transfer.ts';

/** A repeated ACK after this pause comes from a client that waits, not from a duplicate on the wire. */
const PAUSE_MS = 100;
/** Repetitions of the first window after which it does not arrive; a client that asks anew from another port mostly does so later. */
const STALLED_AFTER = 3;

/** What is to be sent. */
export interface ReadPlan {
  /** Octets of the file. */
  readonly size: number;
  /** Octets that go over the wire; in netascii more than the file has. Fixed from here on, whatever happens to the file. */
  readonly length: number;
  readonly terms: Terms;
  /** Blocks wait for their turn: the session says that they are due, and the shell calls `sendDue` when some may go. */
  readonly isPaced?: boolean;
}

export class ReadSession implements TransferSession {
  readonly #plan: ReadPlan;
  readonly #window: SendWindow;
  readonly #retransmission: Retransmission;
  /** Absolute number of the last block, which is shorter than the others: empty where the file fills its blocks (RFC 1350 §6). */
  readonly #lastBlock: number;
  /** The client has acknowledged something. */
  #wasHeard = false;
  #phase: 'negotiating' | 'sending' | 'ended' = 'negotiating';
  #lastSentAt: MonoMs | undefined;
  /** Advancing ACKs to await before a repeated one means a loss again; see `#onRepeatedAck`. */
  #distrust = 0;
  #resent = 0;
  /** Windows that were sent again, or acknowledged in part. */
  #windowsLost = 0;

  constructor(plan: ReadPlan) {
    this.#plan = plan;
    this.#lastBlock = Math.floor(plan.length / plan.terms.blockSize) + 1;
    this.#window = new SendWindow(plan.terms.window, this.#lastBlock);
    this.#retransmission = new Retransmission(plan.terms.intervalMs);
  }

  get mayBeginAnew(): boolean {
    // Its last ACK and its next request come to two sockets, and may be heard the wrong way round.
    const hasAll = this.#wasHeard && this.#window.sent === this.#lastBlock;
    return hasAll || this.#retransmission.count > 1;
  }

  get octetsOver(): number {
    return Math.min(this.#window.acknowledged * this.#plan.terms.blockSize, this.#plan.size);
  }

  /** Blocks of a paced session that wait for their turn. */
  get blocksDue(): number {
    return this.#phase === 'sending' ? this.#window.due : 0;
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
    return [this.#oack()];
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
    this.#wasHeard = true;
    this.#retransmission.progress(now);
    return this.#proceed(now);
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
    const meaning = this.#window.acknowledge(block);
    if (meaning === 'stray') return [];
    if (meaning === 'repeated') return this.#onRepeatedAck(now);
    if (this.#window.acknowledged === this.#lastBlock) {
      return this.#end(this.#done(true));
    }
    this.#wasHeard = true;
    if (meaning === 'part') this.#windowsLost += 1;
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
    this.#windowsLost += 1;
    this.#window.rewind();
    const isStalled = this.#window.acknowledged === 0 && this.#retransmission.count === STALLED_AFTER;
    return isStalled ? [{ do: 'stalled' }, ...this.#proceed(now)] : this.#proceed(now);
  }

  /** Sends blocks of a paced session that are due: as many as `octets` hold, and at least one. */
  sendDue(octets: number, now: MonoMs): TransferEffect[] {
    if (this.blocksDue === 0) return [];
    const effects = this.#send(Math.max(Math.floor(octets / this.#plan.terms.blockSize), 1), now);
    // The client waits for the rest of the window, and we for our turn.
    if (this.#window.due > 0) this.#retransmission.rest();
    return effects;
  }

  /** Sends what the window allows, now or in its turn. */
  #proceed(now: MonoMs): TransferEffect[] {
    if (this.#plan.isPaced !== true) return this.#send(Number.POSITIVE_INFINITY, now);
    this.#retransmission.rest();
    return [{ do: 'queue' }];
  }

  #send(most: number, now: MonoMs): TransferEffect[] {
    const before = this.#window.furthest;
    const first = this.#window.sent + 1;
    const count = this.#window.advance(most);
    if (count === 0) return [];
    const last = first + count - 1;
    if (first <= before) this.#resent += Math.min(last, before) - first + 1;
    this.#lastSentAt = now;
    this.#retransmission.await(now);
    return [{ do: 'blocks', first, count }];
  }

  /** Silence. Some clients never send the last ACK, busy running what they loaded, so that one may be missing. */
  #unanswered(reason: string): Outcome {
    const isComplete = this.#phase === 'sending' && this.#window.acknowledged + 1 === this.#lastBlock;
    return isComplete ? this.#done(false) : this.#failure(reason);
  }

  #done(confirmed: boolean): Outcome {
    const { acknowledged } = this.#window;
    const windowsLost = confirmed ? this.#windowsLost : this.#lostBeforeSilence();
    return { kind: 'done', octets: this.#plan.size, resent: this.#resent, confirmed, acknowledged, windowsLost };
  }

  #failure(reason: string): Outcome {
    return {
      kind: 'failed',
      octets: this.octetsOver,
      resent: this.#resent,
      reason,
      acknowledged: this.#window.acknowledged,
      windowsLost: this.#lostBeforeSilence(),
    };
  }

  /** The last repetitions were in vain: that is a client that is gone, not a line that loses windows. */
  #lostBeforeSilence(): number {
    return Math.max(this.#windowsLost - this.#retransmission.count, 0);
  }

  #oack(): TransferEffect {
    return send({ type: 'oack', options: this.#plan.terms.answer });
  }

  #end(outcome: Outcome): TransferEffect[] {
    this.#phase = 'ended';
    return [{ do: 'conclude', outcome }, { do: 'close' }];
  }
}
