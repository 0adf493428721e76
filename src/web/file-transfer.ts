/** A file, or a part of it, on its way to a client by HTTP. The head of the response is given; this is its body, and what is told of it. */
import type { ServerResponse } from 'node:http';
import type { Socket } from 'node:net';
import { after, type Clock, type MonoMs } from '../base/clock.ts';
import type { Tell } from '../events/bus.ts';
import type { Subject } from '../events/events.ts';
import type { Served } from '../events/transfer-events.ts';
import type { OpenedFile } from '../files/opened-file.ts';
import { errnoOf } from '../files/refusal.ts';
import type { SendFile } from '../net/ports.ts';
import type { ByteRange } from './byte-range.ts';

export interface FileTransferParts {
  readonly response: ServerResponse;
  readonly file: OpenedFile;
  readonly part: ByteRange;
  readonly label: Subject &
    Served & { readonly transfer: number; readonly protocol: 'http'; readonly direction: 'read'; readonly path: string };
  readonly clock: Clock;
  readonly tell: Tell;
  readonly sendFile: SendFile;
  /** A client that takes nothing for so long is gone. */
  readonly patienceMs: number;
  /** Called once. */
  readonly onOver: () => void;
}

/** Octets of a piece that passes through the program; two of them are on their way for each client. */
const PIECE_OCTETS = 256 * 1024;
/** What is over by then is told once, at its end. */
const TOLD_AFTER_MS = 100;
/** How often it is told how far a transfer is. */
const PROGRESS_EVERY_MS = 500;
const CHANGED = 'the file was changed while it was sent';
const GONE = 'the client closed the connection';
const GONE_CODES: ReadonlySet<string> = new Set(['EPIPE', 'ECONNRESET']);

export class FileTransfer {
  readonly #parts: FileTransferParts;
  readonly #startedAt: MonoMs;
  readonly #telling: NodeJS.Timeout;
  readonly #patience: NodeJS.Timeout;
  /** Octets that the connection has taken. */
  #sent = 0;
  /** Octets that are read from the file; those after them are next. */
  #taken = 0;
  #stopSending: (() => void) | undefined;
  /** Pieces that are not on their way. */
  readonly #pieces: Buffer[] = [];
  #isOver = false;
  /** When it is told next how far it is. */
  #progressAt: MonoMs;

  /** Closes the file at the end. */
  constructor(parts: FileTransferParts) {
    this.#parts = parts;
    this.#startedAt = parts.clock.mono();
    this.#progressAt = after(this.#startedAt, PROGRESS_EVERY_MS);
    this.#telling = setTimeout(() => this.#tellStart(), TOLD_AFTER_MS);
    this.#patience = setTimeout(() => this.fail(this.#gaveUp), parts.patienceMs);
    // Once the last octet is with the system, or the connection is gone; whichever comes first.
    parts.response.once('finish', () => this.#end('done'));
    parts.response.req.socket.once('close', this.#onGone);
  }

  get #gaveUp(): string {
    return `the client took nothing for ${this.#parts.patienceMs / 1000} s`;
  }

  get connection(): Socket {
    return this.#parts.response.req.socket;
  }

  start(): void {
    const { response, part } = this.#parts;
    if (part.octets <= PIECE_OCTETS) {
      this.#sendPiece(Buffer.allocUnsafe(part.octets));
      return;
    }
    response.flushHeaders();
    this.#stopSending = this.#sendInKernel();
    if (this.#stopSending !== undefined) return;
    this.#pieces.push(Buffer.allocUnsafeSlow(PIECE_OCTETS), Buffer.allocUnsafeSlow(PIECE_OCTETS));
    this.#sendPieces();
  }

  /** Breaks off: the client must not take for whole what is not. */
  fail(reason: string): void {
    if (this.#isOver) return;
    this.#end(reason);
  }

  readonly #onGone = (): void => this.#end(GONE);

  #sendInKernel(): (() => void) | undefined {
    const { response, file, part, sendFile } = this.#parts;
    // A response to a request that came before the one in front of it was answered has no connection yet.
    if (file.descriptor === undefined || response.socket === null) return undefined;
    return sendFile(
      response.socket,
      { descriptor: file.descriptor, ...part },
      {
        mayGoOn: () => this.#isAsItWas(),
        onSent: (octets) => this.#progress(octets),
        onDone: () => response.end(),
        onFault: (fault) => this.fail(GONE_CODES.has(errnoOf(fault)) ? GONE : this.#isAsItWas() ? fault.message : CHANGED),
      },
    );
  }

  #sendPieces(): void {
    for (let piece = this.#pieces.pop(); piece !== undefined; piece = this.#pieces.pop()) {
      const left = this.#parts.part.octets - this.#taken;
      if (left === 0 || this.#isOver) return;
      this.#sendPiece(left < piece.length ? piece.subarray(0, left) : piece);
    }
  }

  #sendPiece(piece: Buffer): void {
    const { response, file, part } = this.#parts;
    const read = file.read(piece, part.first + this.#taken);
    if (!read.ok || read.value !== piece.length || !this.#isAsItWas()) {
      this.fail(read.ok ? CHANGED : `the file could not be read: ${read.error.detail}`);
      return;
    }
    this.#taken += piece.length;
    const onTaken = (fault?: Error | null): void => {
      if (fault !== undefined && fault !== null) return;
      this.#progress(piece.length);
      this.#pieces.push(piece);
      this.#sendPieces();
    };
    if (this.#taken < part.octets) response.write(piece, onTaken);
    else response.end(piece, () => this.#progress(piece.length));
  }

  /** A file that somebody writes to would arrive as half of one and half of the other. One that is replaced by another goes on as it was. */
  #isAsItWas(): boolean {
    if (this.#parts.file.isUnchanged?.() !== false) return true;
    this.fail(CHANGED);
    return false;
  }

  #progress(octets: number): void {
    this.#sent += octets;
    this.#patience.refresh();
    const now = this.#parts.clock.mono();
    if (now < this.#progressAt || this.#isOver) return;
    this.#progressAt = after(now, PROGRESS_EVERY_MS);
    const { label, part, tell } = this.#parts;
    tell({ ...label, type: 'transfer.progressed', octets: this.#sent, size: part.octets });
  }

  #tellStart(): void {
    const { label, part } = this.#parts;
    this.#parts.tell({ ...label, type: 'transfer.started', size: part.octets, ...this.#resumption });
  }

  /** @param how `done`, or why it broke off. */
  #end(how: string): void {
    if (this.#isOver) return;
    this.#isOver = true;
    clearTimeout(this.#telling);
    clearTimeout(this.#patience);
    this.#stopSending?.();
    const { file, part, label, clock, tell } = this.#parts;
    this.connection.off('close', this.#onGone);
    file.close();
    this.#parts.onOver();
    const millis = Math.round(clock.mono() - this.#startedAt);
    if (how === 'done') {
      tell({ ...label, type: 'transfer.done', octets: part.octets, millis, ...this.#resumption });
      return;
    }
    // Also where it waits for its turn on the connection, which then has no end that could be told from a whole one.
    this.connection.destroy();
    const isSilent = how === this.#gaveUp;
    tell({ ...label, type: 'transfer.failed', octets: this.#sent, millis, reason: how, isSilent, size: part.octets, ...this.#resumption });
  }

  get #resumption(): { readonly resumedAt?: number } {
    const { first } = this.#parts.part;
    return first === 0 ? {} : { resumedAt: first };
  }
}
