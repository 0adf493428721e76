/** One running TFTP transfer: carries out its session's effects on a socket and a file, and says what became of it. */
import type { Ipv4 } from '../base/addresses.ts';
import { after, type Clock, type MonoMs } from '../base/clock.ts';
import { assertNever } from '../base/result.ts';
import type { Tell } from '../events/bus.ts';
import type { Subject } from '../events/events.ts';
import type { Direction, Served, TransferEvent } from '../events/transfer-events.ts';
import type { FileSink } from '../files/catalog.ts';
import { outcomeOf } from '../files/stored-outcome.ts';
import type { Endpoint } from '../net/ports.ts';
import type { Waiting } from '../tftp/fair-turns.ts';
import type { Terms } from '../tftp/options.ts';
import { decodePacket, ERROR_CODE, type TftpFault } from '../tftp/packet.ts';
import { NO_ANSWER, type Outcome, type TransferEffect } from '../tftp/transfer.ts';
import type { WriteSession } from '../tftp/write-session.ts';
import { type DataPort, type PeerListener, peerKey } from './data-ports.ts';
import { faultOf, settle } from './tftp-faults.ts';
import type { TftpLessons } from './tftp-lessons.ts';
import type { Load } from './tftp-load.ts';
import type { TftpPacing } from './tftp-pacing.ts';
import type { TftpPackets } from './tftp-packets.ts';

export interface TransferParts {
  readonly load: Load;
  readonly data: DataPort;
  readonly peer: Endpoint;
  readonly clock: Clock;
  readonly tell: Tell;
  /** Keeps what is agreed on, and what breaks off. */
  readonly packets: TftpPackets;
  /** What every event about this transfer says. */
  readonly label: Subject &
    Served & { readonly transfer: number; readonly protocol: 'tftp'; readonly direction: Direction; readonly path: string };
  readonly terms: Terms;
  /** Octets, when known beforehand. */
  readonly size: number | undefined;
  /** Hears how a read goes. */
  readonly lessons: TftpLessons;
  /** Where blocks of a paced read wait. */
  readonly pacing: TftpPacing;
  /** Called after everything that may have moved the session's deadline. */
  readonly onMoved: (deadline: MonoMs | undefined) => void;
  /** Called once, when the session is over; file and upload may still have to be given back. */
  readonly onClosed: () => void;
  /** Gives the load back, and says where what there is of an unfinished upload is kept. */
  readonly release: () => string | undefined | Promise<string | undefined>;
}

/** What is over by then is told once, at its end. */
const TOLD_AFTER_MS = 100;
/** How often it is told how far a transfer is, about. */
const PROGRESS_EVERY_MS = 500;
const UNREADABLE = 'the file could not be read';

export class TftpTransfer implements PeerListener, Waiting {
  readonly #parts: TransferParts;
  readonly #startedAt: MonoMs;
  /** The store works off its pieces in order; this settles when it has done what it was given. */
  #storing: Promise<void> | undefined;
  /** What became of an upload. */
  #stored: ReturnType<typeof outcomeOf> | undefined;
  /** An upload that failed; told when it is known where the rest of it is kept. */
  #failure: Extract<TransferEvent, { type: 'transfer.failed' }> | undefined;
  #isClosed = false;
  /** When its start is told, and from then on how far it is; undefined once it is over. */
  #tellAt: MonoMs | undefined;
  #isStartTold = false;
  /** What was told last of how far it is. */
  #octetsTold = 0;
  readonly #key: number;
  /** Octets of packets with blocks, in all. */
  #octetsSent = 0;
  /** While the load of a closed transfer is being given back. */
  #releasing: Promise<void> | undefined;

  constructor(parts: TransferParts) {
    this.#parts = parts;
    this.#startedAt = parts.clock.mono();
    this.#tellAt = after(this.#startedAt, TOLD_AFTER_MS);
    this.#key = peerKey(parts.peer.address, parts.peer.port);
  }

  get deadline(): MonoMs | undefined {
    const session = this.#parts.load.session.nextDeadline();
    return this.#tellAt === undefined || (session !== undefined && session < this.#tellAt) ? session : this.#tellAt;
  }

  /** See `TransferSession`. */
  get mayBeginAnew(): boolean {
    return this.#parts.load.session.mayBeginAnew;
  }

  start(): void {
    this.#parts.data.join(this.#key, this);
    this.#act((now) => this.#parts.load.session.start(now));
  }

  timeout(): void {
    const now = this.#parts.clock.mono();
    if (this.#tellAt !== undefined && now >= this.#tellAt) this.#tellMore(now);
    this.#act((due) => this.#parts.load.session.timeout(due));
  }

  /** Ends without a word to the client, which began something else. */
  abandon(): void {
    this.#act(() => this.#parts.load.session.abandon());
  }

  /** Tells the client that it ends. Resolves when file and socket are given back. */
  async fail(fault: TftpFault): Promise<void> {
    this.#act(() => this.#parts.load.session.fail(fault));
    await this.#releasing;
  }

  get client(): Ipv4 {
    return this.#parts.peer.address;
  }

  get isDue(): boolean {
    const { load } = this.#parts;
    return !this.#isClosed && load.direction === 'read' && load.session.blocksDue > 0;
  }

  sendTurn(octets: number): number {
    const { load } = this.#parts;
    const before = this.#octetsSent;
    if (load.direction === 'read') this.#act((now) => load.session.sendDue(octets, now));
    return this.#octetsSent - before;
  }

  receive(octets: Uint8Array): void {
    if (this.#isClosed) return;
    const { packets, peer, data } = this.#parts;
    packets.received(octets, peer, data.port.local);
    const packet = decodePacket(octets);
    // Garbage from the peer may have been damaged on the way; a retransmission brings the real packet.
    if (!packet.ok) return;
    this.#act((now) => this.#parts.load.session.receive(packet.value, now));
  }

  #act(step: (now: MonoMs) => TransferEffect[]): void {
    try {
      for (const effect of step(this.#parts.clock.mono())) this.#carryOut(effect);
    } catch (fault) {
      // A bug of ours ends this transfer and no other.
      this.#parts.tell({
        type: 'server.fault',
        where: 'tftp transfer',
        detail: fault instanceof Error ? fault.message : String(fault),
      });
      this.#close();
    }
    this.#parts.onMoved(this.#isClosed ? undefined : this.deadline);
  }

  #carryOut(effect: TransferEffect): void {
    const { load, data, peer, packets } = this.#parts;
    switch (effect.do) {
      case 'send':
        packets.sent(effect.packet, data.port.local, peer);
        data.port.send(effect.packet, peer.address, peer.port);
        return;
      case 'blocks':
        if (load.direction === 'read') this.#sendBlocks(load, effect.first, effect.count);
        return;
      case 'queue':
        this.#parts.pacing.add(this);
        return;
      case 'stalled':
        this.#parts.lessons.stalled(this.#parts);
        return;
      case 'store':
        if (load.direction === 'write') this.#inOrder(() => this.#store(load.session, load.sink, effect.octets));
        return;
      case 'finish':
        if (load.direction === 'write') this.#inOrder(() => this.#commit(load.session, load.sink));
        return;
      case 'conclude':
        this.#sayOutcome(effect.outcome);
        if (load.direction === 'read') this.#parts.lessons.concluded(this.#parts, effect.outcome);
        return;
      case 'close':
        this.#close();
        return;
      default:
        assertNever(effect);
    }
  }

  #sendBlocks({ image, source, session }: Extract<Load, { direction: 'read' }>, first: number, count: number): void {
    const { data, peer } = this.#parts;
    for (let sent = 0; sent < count; ) {
      const run = image.run(first + sent, count - sent, source);
      if (!run.ok) {
        this.#act(() => session.fail({ code: ERROR_CODE.undefined, message: UNREADABLE }, `${UNREADABLE}: ${run.error.detail}`));
        return;
      }
      const { piece, at, octets } = run.value;
      this.#octetsSent += octets;
      data.port.sendRun(piece, at, octets, image.stride, peer.address, peer.port);
      sent += run.value.count;
    }
  }

  async #store(session: WriteSession, sink: FileSink, octets: Uint8Array): Promise<void> {
    const written = await settle(sink.write(octets));
    if (this.#isClosed) return;
    this.#act((now) =>
      written.ok ? session.stored(octets.length, now) : session.fail(faultOf(written.error, 'write'), written.error.detail),
    );
  }

  async #commit(session: WriteSession, sink: FileSink): Promise<void> {
    if (this.#isClosed) return;
    const stored = await settle(sink.commit());
    if (stored.ok) this.#stored = outcomeOf(stored.value);
    this.#act((now) => (stored.ok ? session.finished(now) : session.fail(faultOf(stored.error, 'write'), stored.error.detail)));
  }

  #inOrder(task: () => Promise<void>): void {
    this.#storing = (this.#storing ?? Promise.resolve()).then(task);
  }

  /** Its start, the first time; then how far it is, where that is not what was told last. */
  #tellMore(now: MonoMs): void {
    const { label, tell, terms, size, load } = this.#parts;
    // Those of a storm go together: one look of the timer for all.
    this.#tellAt = after(now, PROGRESS_EVERY_MS - (now % TOLD_AFTER_MS));
    if (!this.#isStartTold) {
      this.#isStartTold = true;
      tell({ ...label, type: 'transfer.started', size, blockSize: terms.blockSize, window: terms.window });
      return;
    }
    const octets = load.session.octetsOver;
    if (octets === this.#octetsTold) return;
    this.#octetsTold = octets;
    tell({ ...label, type: 'transfer.progressed', octets, size });
  }

  #sayOutcome(outcome: Outcome): void {
    const { label, tell, clock, terms, size } = this.#parts;
    this.#tellAt = undefined;
    const millis = Math.round(clock.mono() - this.#startedAt);
    switch (outcome.kind) {
      case 'declined':
        tell({ ...label, type: 'transfer.declined', reason: outcome.reason });
        return;
      case 'failed':
        // Told when the load is given back: then it is known where the rest of an upload is kept.
        this.#failure = {
          ...label,
          type: 'transfer.failed',
          octets: outcome.octets,
          millis,
          reason: outcome.reason,
          isSilent: outcome.reason === NO_ANSWER,
          size,
          blockSize: terms.blockSize,
        };
        return;
      case 'done': {
        const { octets, resent, confirmed } = outcome;
        tell({ ...label, type: 'transfer.done', octets, millis, resent, confirmed, ...this.#stored });
        return;
      }
      default:
        assertNever(outcome);
    }
  }

  #close(): void {
    if (this.#isClosed) return;
    this.#isClosed = true;
    this.#tellAt = undefined;
    this.#parts.data.leave(this.#key);
    this.#parts.onClosed();
    this.#releasing = this.#storing === undefined ? this.#release() : this.#storing.then(() => this.#release());
  }

  #release(): Promise<void> | undefined {
    const given = this.#parts.release();
    const tell = (keptAs: string | undefined): void => {
      if (this.#failure !== undefined) this.#parts.tell({ ...this.#failure, keptAs });
    };
    if (given instanceof Promise) return given.then(tell);
    tell(given);
    return undefined;
  }
}
