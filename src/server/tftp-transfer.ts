/** One running TFTP transfer: carries out its session's effects on a socket and a file, and says what became of it. */
import type { Clock, MonoMs } from '../base/clock.ts';
import { assertNever, err, type Result } from '../base/result.ts';
import type { Tell } from '../events/bus.ts';
import type { Direction, Subject, TransferEvent } from '../events/events.ts';
import type { FileSink, OpenedFile } from '../files/catalog.ts';
import type { Refusal } from '../files/refusal.ts';
import type { DatagramPort, Endpoint } from '../net/ports.ts';
import { decodePacket, ERROR_CODE, encodePacket, type TftpFault } from '../tftp/packet.ts';
import type { ReadSession } from '../tftp/read-session.ts';
import type { Outcome, TransferEffect } from '../tftp/transfer.ts';
import type { WriteSession } from '../tftp/write-session.ts';

/** What is transferred, and by which rules. */
export type Load =
  | { readonly direction: 'read'; readonly session: ReadSession; readonly file: OpenedFile }
  | { readonly direction: 'write'; readonly session: WriteSession; readonly sink: FileSink };

export interface TransferParts {
  readonly load: Load;
  readonly port: DatagramPort;
  readonly peer: Endpoint;
  readonly clock: Clock;
  readonly tell: Tell;
  /** What every event about this transfer says. */
  readonly label: Subject & { readonly transfer: number; readonly protocol: 'tftp'; readonly direction: Direction; readonly path: string };
  /** Called after everything that may have moved the session's deadline. */
  readonly onMoved: (deadline: MonoMs | undefined) => void;
  /** Called once, when the port is closed for the peer. */
  readonly onClosed: () => void;
}

const UNREADABLE: TftpFault = { code: ERROR_CODE.undefined, message: 'the file could not be read' };
const STRANGER = encodePacket({ type: 'error', code: ERROR_CODE.unknownTransfer, message: 'Unknown transfer ID' });

export class TftpTransfer {
  readonly #parts: TransferParts;
  readonly #startedAt: MonoMs;
  /** The store works off its pieces in order; this settles when it has done what it was given. */
  #storing: Promise<void> = Promise.resolve();
  #storedAs: string | undefined;
  /** An upload that failed; told when it is known where the rest of it is kept. */
  #failure: Extract<TransferEvent, { type: 'transfer.failed' }> | undefined;
  #isClosed = false;
  readonly #released = Promise.withResolvers<void>();

  constructor(parts: TransferParts) {
    this.#parts = parts;
    this.#startedAt = parts.clock.mono();
    parts.port.onDatagram((bytes, from) => this.#onDatagram(bytes, from));
    parts.port.onFault(() => {
      // As good as a lost datagram (an ICMP unreachable, a full queue): the session sends again or gives up.
    });
  }

  get deadline(): MonoMs | undefined {
    return this.#parts.load.session.nextDeadline();
  }

  /** Its client waits in vain: see `TransferSession.isStalled`. */
  get isStalled(): boolean {
    return this.#parts.load.session.isStalled;
  }

  start(): void {
    this.#act((now) => this.#parts.load.session.start(now));
  }

  timeout(): void {
    this.#act((now) => this.#parts.load.session.timeout(now));
  }

  /** Ends without a word to the client, which began something else. */
  abandon(): void {
    this.#act(() => this.#parts.load.session.abandon());
  }

  /** Tells the client that it ends. Resolves when file and socket are given back. */
  async fail(fault: TftpFault): Promise<void> {
    this.#act(() => this.#parts.load.session.fail(fault));
    await this.#released.promise;
  }

  #onDatagram(bytes: Uint8Array, from: Endpoint): void {
    if (this.#isClosed) return;
    const packet = decodePacket(bytes);
    if (from.address !== this.#parts.peer.address || from.port !== this.#parts.peer.port) {
      // The stranger is told, the transfer goes on (RFC 1350 §4). An ERROR is not answered, or two servers would never stop.
      if (packet.ok && packet.value.type !== 'error') this.#parts.port.send(STRANGER, from);
      return;
    }
    // Garbage from the peer may have been damaged on the way; a retransmission brings the real packet.
    if (packet.ok) this.#act((now) => this.#parts.load.session.receive(packet.value, now));
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
    const { load, port, peer } = this.#parts;
    switch (effect.do) {
      case 'send':
        port.send(effect.packet, peer);
        return;
      case 'want':
        if (load.direction === 'read') void this.#fetch(load.session, load.file, effect.offset, effect.length);
        return;
      case 'store':
        if (load.direction === 'write') this.#inOrder(() => this.#store(load.session, load.sink, effect.octets));
        return;
      case 'finish':
        if (load.direction === 'write') this.#inOrder(() => this.#commit(load.session, load.sink));
        return;
      case 'conclude':
        this.#sayOutcome(effect.outcome);
        return;
      case 'close':
        this.#close();
        return;
      default:
        assertNever(effect);
    }
  }

  async #fetch(session: ReadSession, file: OpenedFile, offset: number, length: number): Promise<void> {
    const octets = await settle(file.read(offset, length));
    if (octets.ok) this.#act((now) => session.supply(offset, octets.value, now));
    else this.#act(() => session.fail(UNREADABLE, `${UNREADABLE.message}: ${octets.error.detail}`));
  }

  async #store(session: WriteSession, sink: FileSink, octets: Uint8Array): Promise<void> {
    if (this.#isClosed) return;
    const written = await settle(sink.write(octets));
    this.#act((now) =>
      written.ok ? session.stored(octets.length, now) : session.fail(faultOf(written.error, 'write'), written.error.detail),
    );
  }

  async #commit(session: WriteSession, sink: FileSink): Promise<void> {
    if (this.#isClosed) return;
    const stored = await settle(sink.commit());
    if (stored.ok) this.#storedAs = stored.value.unchanged ? `${stored.value.storedAs} (unchanged)` : stored.value.storedAs;
    this.#act((now) => (stored.ok ? session.finished(now) : session.fail(faultOf(stored.error, 'write'), stored.error.detail)));
  }

  #inOrder(task: () => Promise<void>): void {
    this.#storing = this.#storing.then(task);
  }

  #sayOutcome(outcome: Outcome): void {
    const { label, tell, clock } = this.#parts;
    const millis = Math.round(clock.mono() - this.#startedAt);
    switch (outcome.kind) {
      case 'declined':
        tell({ ...label, type: 'transfer.declined', reason: outcome.reason });
        return;
      case 'failed':
        this.#failure = { ...label, type: 'transfer.failed', octets: outcome.octets, millis, reason: outcome.reason };
        if (label.direction === 'read') tell(this.#failure);
        return;
      case 'done': {
        const { octets, resent, confirmed } = outcome;
        tell({ ...label, type: 'transfer.done', octets, millis, resent, confirmed, storedAs: this.#storedAs });
        return;
      }
      default:
        assertNever(outcome);
    }
  }

  #close(): void {
    if (this.#isClosed) return;
    this.#isClosed = true;
    this.#parts.onClosed();
    void this.#release().then(this.#released.resolve, this.#released.resolve);
  }

  async #release(): Promise<void> {
    const { load, port } = this.#parts;
    await port.close();
    if (load.direction === 'read') return load.file.close();
    await this.#storing;
    const keptAs = await load.sink.abort();
    if (this.#failure !== undefined) this.#parts.tell({ ...this.#failure, keptAs });
  }
}

/** What the client is told of a refusal: nothing about this machine. */
export function faultOf(refusal: Refusal, direction: Direction): TftpFault {
  switch (refusal.refused) {
    case 'not-found':
      // Where a client wants to write, a name that cannot be is an access violation, not a missing file.
      if (direction === 'write') return { code: ERROR_CODE.accessViolation, message: 'Access violation' };
      return { code: ERROR_CODE.notFound, message: 'File not found' };
    case 'forbidden':
      return { code: ERROR_CODE.accessViolation, message: 'Access violation' };
    case 'exists':
      return { code: ERROR_CODE.fileExists, message: 'File already exists' };
    case 'full':
      return { code: ERROR_CODE.diskFull, message: 'Disk full or allocation exceeded' };
    case 'fault':
      return { code: ERROR_CODE.undefined, message: 'the server cannot reach the file' };
  }
}

/** A route that rejects, against its promise, harms its own transfer only. */
async function settle<Value>(answer: Promise<Result<Value, Refusal>>): Promise<Result<Value, Refusal>> {
  try {
    return await answer;
  } catch (fault) {
    return err({ refused: 'fault', detail: String(fault) });
  }
}
