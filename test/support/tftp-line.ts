/** A bad line in virtual time between a TFTP session and a client: what happens to each packet is given beforehand. */
import { type MonoMs, monoMs } from '../../src/base/clock.ts';
import type { TftpClient } from '../../src/probe/tftp-client.ts';
import { wireBlock } from '../../src/tftp/block-window.ts';
import { decodePacket, encodePacket, type TftpPacket } from '../../src/tftp/packet.ts';
import { ReadSession } from '../../src/tftp/read-session.ts';
import type { Outcome, TransferEffect, TransferSession } from '../../src/tftp/transfer.ts';
import type { WriteSession } from '../../src/tftp/write-session.ts';
import { blocksOf } from './tftp-script.ts';

export type Fate = 'pass' | 'drop' | 'twice' | 'late' | 'damage';

export interface LineReport {
  readonly outcomes: Outcome[];
  readonly isClosed: boolean;
  readonly stored: Buffer;
  /** The shell was asked to finish before the session said that it is done. */
  readonly finished: boolean;
}

const DELAY_MS = 1;
const LATE_MS = 40;
const DISK_MS = 3;
/** From one turn of a paced session to the next, and what may go in it. */
const TURN_MS = 30;
const TURN_OCTETS = 1468;
const CLIENT_PATIENCE_MS = 1500;
/** No transfer of a test lasts longer. */
const END_MS = 3_600_000;

/** Runs until nothing happens any more. After the last fate every packet passes. */
export function runLine(
  session: ReadSession | WriteSession,
  client: TftpClient,
  file: Uint8Array,
  blockSize: number,
  fates: readonly Fate[],
): LineReport {
  const line = new Line(session, client, file, blockSize, fates);
  return line.run();
}

class Line {
  readonly #session: ReadSession | WriteSession;
  readonly #client: TftpClient;
  readonly #file: Uint8Array;
  readonly #blockSize: number;
  readonly #fates: Fate[];
  #queue: { at: number; act: () => void }[] = [];
  #now = 0;
  #clientDeadline = CLIENT_PATIENCE_MS;
  readonly #outcomes: Outcome[] = [];
  readonly #stored: Uint8Array[] = [];
  #isClosed = false;
  #finished = false;
  #isQueued = false;

  constructor(session: ReadSession | WriteSession, client: TftpClient, file: Uint8Array, blockSize: number, fates: readonly Fate[]) {
    this.#session = session;
    this.#client = client;
    this.#file = file;
    this.#blockSize = blockSize;
    this.#fates = [...fates];
  }

  run(): LineReport {
    this.#do(this.#session.start(this.#time()));
    while (this.#step()) if (this.#now > END_MS) throw new Error('the transfer does not end');
    return { outcomes: this.#outcomes, isClosed: this.#isClosed, stored: Buffer.concat(this.#stored), finished: this.#finished };
  }

  #time(): MonoMs {
    return monoMs(this.#now);
  }

  /** The earliest thing that is due; of several the packet first. */
  #step(): boolean {
    const next = this.#queue.reduce<{ at: number; act: () => void } | undefined>(
      (first, item) => (first && first.at <= item.at ? first : item),
      undefined,
    );
    const server = (this.#session as TransferSession).nextDeadline() ?? Number.POSITIVE_INFINITY;
    const client = this.#client.isDone || this.#client.isLost ? Number.POSITIVE_INFINITY : this.#clientDeadline;
    const at = Math.min(next?.at ?? Number.POSITIVE_INFINITY, server, client);
    if (at === Number.POSITIVE_INFINITY) return false;
    this.#now = Math.max(at, this.#now);
    if (next?.at === at) {
      this.#queue = this.#queue.filter((item) => item !== next);
      next.act();
    } else if (server === at) this.#do(this.#session.timeout(this.#time()));
    else this.#fromClient(this.#client.timeout());
    return true;
  }

  #do(effects: readonly TransferEffect[]): void {
    for (const effect of effects) {
      if (this.#isClosed) throw new Error(`${effect.do} after close`);
      if (effect.do === 'send') this.#carry(effect.packet, (packet) => this.#fromClient(this.#client.receive(packet)));
      else if (effect.do === 'blocks') this.#sendBlocks(effect);
      else if (effect.do === 'queue') this.#awaitTurn();
      else if (effect.do === 'store') this.#onDisk(() => this.#store(effect.offset, effect.octets));
      else if (effect.do === 'finish') this.#onDisk(() => this.#finish());
      else if (effect.do === 'conclude') this.#outcomes.push(effect.outcome);
      else if (effect.do === 'close') this.#isClosed = true;
    }
  }

  #onDisk(act: () => void): void {
    this.#queue.push({ at: this.#now + DISK_MS, act });
  }

  #sendBlocks(effect: Extract<TransferEffect, { do: 'blocks' }>): void {
    blocksOf(effect, this.#file, this.#blockSize).forEach((octets, n) => {
      const packet = encodePacket({ type: 'data', block: wireBlock(effect.first + n), octets });
      this.#carry(packet, (arrived) => this.#fromClient(this.#client.receive(arrived)));
    });
  }

  #awaitTurn(): void {
    if (this.#isQueued) return;
    this.#isQueued = true;
    const act = () => {
      this.#isQueued = false;
      if (!(this.#session instanceof ReadSession)) return;
      this.#do(this.#session.sendDue(TURN_OCTETS, this.#time()));
      if (this.#session.blocksDue > 0) this.#awaitTurn();
    };
    this.#queue.push({ at: this.#now + TURN_MS, act });
  }

  #store(offset: number, octets: Uint8Array): void {
    if (this.#session instanceof ReadSession) return;
    const before = this.#stored.reduce((sum, piece) => sum + piece.length, 0);
    if (before !== offset) throw new Error(`stored at ${offset}, the upload has ${before}`);
    this.#stored.push(octets);
    this.#do(this.#session.stored(octets.length, this.#time()));
  }

  #finish(): void {
    if (this.#session instanceof ReadSession) return;
    this.#finished = true;
    this.#do(this.#session.finished(this.#time()));
  }

  #fromClient(packets: readonly TftpPacket[]): void {
    this.#clientDeadline = this.#now + CLIENT_PATIENCE_MS;
    for (const packet of packets) this.#carry(encodePacket(packet), (arrived) => this.#do(this.#session.receive(arrived, this.#time())));
  }

  #carry(octets: Uint8Array, deliver: (packet: TftpPacket) => void): void {
    const fate = this.#fates.shift() ?? 'pass';
    if (fate === 'drop') return;
    // UDP's checksum loses what is damaged; what reaches us then is somebody else's datagram, here a cut one.
    const arrived = decodePacket(fate === 'damage' ? octets.subarray(0, 3) : octets);
    const act = () => {
      if (arrived.ok) deliver(arrived.value);
    };
    this.#queue.push({ at: this.#now + (fate === 'late' ? LATE_MS : DELAY_MS), act });
    if (fate === 'twice') this.#queue.push({ at: this.#now + DELAY_MS, act });
  }
}
