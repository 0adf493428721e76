/** Plays a TFTP session like a script: at a time say something to it, and read what it does as lines of text. */
import { type MonoMs, monoMs } from '../../src/base/clock.ts';
import { invariant } from '../../src/base/result.ts';
import { wireBlock } from '../../src/tftp/block-window.ts';
import { encodeNetascii } from '../../src/tftp/netascii.ts';
import { negotiate, type Terms } from '../../src/tftp/options.ts';
import { decodePacket, type TftpPacket } from '../../src/tftp/packet.ts';
import { ReadSession } from '../../src/tftp/read-session.ts';
import type { TransferEffect, TransferSession } from '../../src/tftp/transfer.ts';
import { WriteSession } from '../../src/tftp/write-session.ts';

/** Octets of which every eight differ from all others, so that a block out of place shows. */
export function pattern(length: number, seed = 1): Uint8Array {
  const octets = new Uint8Array(length);
  for (let at = 0; at < length; at++) octets[at] = (Math.imul((at >>> 3) + seed, 2654435761) >>> ((at & 3) * 8)) & 255;
  return octets;
}

/** The terms of these options, as a server without narrow limits grants them. */
export function termsOf(options: Readonly<Record<string, number>> = {}): Terms {
  const request = {
    type: 'wrq',
    fileName: 'f',
    mode: 'octet',
    options: Object.entries(options).map(([name, value]) => ({ name, value: String(value) })),
  } as const;
  const terms = negotiate(request, undefined, { maxBlockSize: 65464, maxWindow: 65535, maxUploadSize: 2 ** 40 });
  invariant(terms.ok, 'terms without a refusal');
  return terms.value;
}

/** A packet as one short text: `DATA 3 (512)`, `ACK 0`, `ERROR 5`, `OACK blksize=8`. */
export function packetText(packet: TftpPacket): string {
  switch (packet.type) {
    case 'data':
      return `DATA ${packet.block} (${packet.octets.length})`;
    case 'ack':
      return `ACK ${packet.block}`;
    case 'error':
      return `ERROR ${packet.code}`;
    case 'oack':
      return ['OACK', ...packet.options.map(({ name, value }) => `${name}=${value}`)].join(' ');
    default:
      return `${packet.type} ${packet.fileName}`;
  }
}

function effectText(effect: TransferEffect): string {
  switch (effect.do) {
    case 'send': {
      const packet = decodePacket(effect.packet);
      invariant(packet.ok, 'a session sends packets');
      return packetText(packet.value);
    }
    case 'blocks':
      return `blocks ${effect.first} to ${effect.first + effect.count - 1}`;
    case 'store':
      return `store ${effect.octets.length} at ${effect.offset}`;
    case 'conclude':
      return effect.outcome.kind === 'done' ? `done ${effect.outcome.octets}` : effect.outcome.kind;
    default:
      return effect.do;
  }
}

/** What every script can do; times are milliseconds since the start. */
class Script<Session extends TransferSession> {
  readonly session: Session;
  readonly effects: TransferEffect[] = [];
  protected now: MonoMs = monoMs(0);

  constructor(session: Session) {
    this.session = session;
  }

  start(): string[] {
    return this.took(this.session.start(this.now));
  }

  /** Lets time pass; gives what the session did by itself, each with its moment. */
  until(at: number): string[] {
    const lines: string[] = [];
    for (let deadline = this.session.nextDeadline(); deadline !== undefined && deadline <= at; deadline = this.session.nextDeadline()) {
      this.now = deadline;
      lines.push(...this.took(this.session.timeout(deadline)).map((line) => `${deadline} ${line}`));
    }
    this.now = monoMs(at);
    return lines;
  }

  ack(block: number): string[] {
    return this.says({ type: 'ack', block });
  }

  says(packet: TftpPacket): string[] {
    return this.took(this.session.receive(packet, this.now));
  }

  protected took(effects: readonly TransferEffect[]): string[] {
    this.effects.push(...effects);
    return effects.map(effectText);
  }
}

/** A read session whose file is at hand: each block that is due shows as the packet that a shell sends. */
export class ReadScript extends Script<ReadSession> {
  readonly #wire: Uint8Array;
  readonly #blockSize: number;
  readonly #sent: Uint8Array[] = [];

  constructor(file: Uint8Array, options: Readonly<Record<string, number>> = {}, mode: 'octet' | 'netascii' = 'octet') {
    const terms = termsOf(options);
    const wire = mode === 'netascii' ? encodeNetascii(file) : file;
    super(new ReadSession({ size: file.length, length: wire.length, terms }));
    this.#wire = wire;
    this.#blockSize = terms.blockSize;
  }

  protected override took(effects: readonly TransferEffect[]): string[] {
    return effects.flatMap((effect) => {
      if (effect.do !== 'blocks') return super.took([effect]);
      this.effects.push(effect);
      return blocksOf(effect, this.#wire, this.#blockSize).map((octets, n) => {
        this.#sent[effect.first + n] = octets;
        return packetText({ type: 'data', block: wireBlock(effect.first + n), octets });
      });
    });
  }

  /** What went over the wire so far, each block once. */
  sentFile(): string {
    return Buffer.concat(this.#sent.filter((octets) => octets !== undefined)).toString('latin1');
  }
}

/** The octets of the blocks that are due. */
export function blocksOf(effect: Extract<TransferEffect, { do: 'blocks' }>, wire: Uint8Array, blockSize: number): Uint8Array[] {
  return Array.from({ length: effect.count }, (_, n) => {
    const from = (effect.first + n - 1) * blockSize;
    return wire.subarray(from, from + blockSize);
  });
}

/** A write session; storing is the test's to answer. */
export class WriteScript extends Script<WriteSession> {
  constructor(options: Readonly<Record<string, number>> = {}, mode: 'octet' | 'netascii' = 'octet', maxSize = 2 ** 40) {
    super(new WriteSession({ mode, terms: termsOf(options), maxSize }));
  }

  data(block: number, octets: Uint8Array | string): string[] {
    return this.says({ type: 'data', block, octets: typeof octets === 'string' ? Uint8Array.from(Buffer.from(octets, 'latin1')) : octets });
  }

  stored(count: number): string[] {
    return this.took(this.session.stored(count, this.now));
  }

  finished(): string[] {
    return this.took(this.session.finished(this.now));
  }

  /** What was given to the store so far. */
  storedFile(): Buffer {
    return Buffer.concat(this.effects.flatMap((effect) => (effect.do === 'store' ? [effect.octets] : [])));
  }
}
