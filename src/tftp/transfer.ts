/** What both kinds of transfer have in common: their effects, their outcomes and the face they show to a shell. */
import type { MonoMs } from '../base/clock.ts';
import { type ErrorPacket, encodePacket, type TftpFault, type TftpPacket } from './packet.ts';

/** Of a read: how its blocks arrived. Absent for an upload. */
interface Arrived {
  /** Blocks that the client has acknowledged. */
  readonly acknowledged?: number;
  /** Windows that did not arrive whole, though something arrived later. */
  readonly windowsLost?: number;
}

/** What became of a transfer. */
export type Outcome =
  | (Arrived & {
      readonly kind: 'done';
      /** Octets of the file, not of the wire. */
      readonly octets: number;
      /** Packets sent more than once. */
      readonly resent: number;
      /** False when the client had every block but the last acknowledged and then fell silent, as some do on purpose. */
      readonly confirmed: boolean;
    })
  /** The client took one look at the OACK and said no: how PXE ROMs and UEFI ask for a size. Normal. */
  | { readonly kind: 'declined'; readonly reason: string }
  | (Arrived & { readonly kind: 'failed'; readonly octets: number; readonly resent: number; readonly reason: string });

/** What the shell has to do, in the order given. */
export type TransferEffect =
  /** Send to the peer. */
  | { readonly do: 'send'; readonly packet: Uint8Array }
  /** Read session: send `count` DATA blocks from the absolute block `first` on; the first of a file is 1. */
  | { readonly do: 'blocks'; readonly first: number; readonly count: number }
  /** Paced read session: blocks are due; `sendDue` when they may go. Comes again while they wait. */
  | { readonly do: 'queue' }
  /** Read session: the client took the OACK and has acknowledged no block, though the first went out again and again. Comes once at most. */
  | { readonly do: 'stalled' }
  /** Write session: append to the upload, then say `stored` or `fail`. In order. */
  | { readonly do: 'store'; readonly offset: number; readonly octets: Uint8Array }
  /** Write session: the last block is in. Make it durable and visible, then say `finished` or `fail`. */
  | { readonly do: 'finish' }
  /** The outcome is known; comes once. The peer may still be answered until `close`. */
  | { readonly do: 'conclude'; readonly outcome: Outcome }
  /** Nothing follows: close the port. Comes once, last. */
  | { readonly do: 'close' };

/** A transfer between its request and its end. After `close` everything it is told has no effect. */
export interface TransferSession {
  /** The first packet, and what is needed for the next. Called once. */
  start(now: MonoMs): TransferEffect[];
  /** A packet from the peer; anything may come. */
  receive(packet: TftpPacket, now: MonoMs): TransferEffect[];
  /** The deadline has passed (calling early does no harm). */
  timeout(now: MonoMs): TransferEffect[];
  /** This side cannot go on: tells the peer, and ends. `reason` is for the outcome, where more may be said than to the peer. */
  fail(fault: TftpFault, reason?: string): TransferEffect[];
  /** The client turned to something else from the same port: ends without a word, which would only confuse it. */
  abandon(): TransferEffect[];
  /** When `timeout` wants to be called; undefined while the session waits for its own side. */
  nextDeadline(): MonoMs | undefined;
  /** Octets of the file that are over: of a read acknowledged, of a write received. */
  readonly octetsOver: number;
  /** A client that asks for the same anew is right to: it has heard nothing for long, or has it all and only its last ACK is on the way. */
  readonly mayBeginAnew: boolean;
}

export function send(packet: TftpPacket): TransferEffect {
  return { do: 'send', packet: encodePacket(packet) };
}

/** The client's ERROR as a reason for people. */
export function clientSaid(packet: ErrorPacket): string {
  return `the client ended it: error ${packet.code}${packet.message === '' ? '' : ` "${packet.message}"`}`;
}

/** Why a silent client is given up, and one that asks for something else. */
export const NO_ANSWER = 'the client no longer answers';
export const TURNED_AWAY = 'the client began anew from the same port';
