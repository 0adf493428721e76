/**
 * The six TFTP packets and their octets (RFC 1350 §5, RFC 2347). Knows nothing of transfers, files or sockets.
 * File names, option names and values are octets: they are held as ISO 8859-1 text, so that none is lost on the way.
 */
import { ByteWriter, latin1Text } from '../base/bytes.ts';
import { err, ok, type Result } from '../base/result.ts';

/** One option of a request or an OACK, as it stood on the wire (RFC 2347 §1). */
export interface TftpOption {
  readonly name: string;
  readonly value: string;
}

/** A read (opcode 1) or write (opcode 2) request. `mode` is in lower case. */
export interface TftpRequest {
  readonly type: 'rrq' | 'wrq';
  readonly fileName: string;
  readonly mode: string;
  readonly options: readonly TftpOption[];
}

/** One block of the file (opcode 3); `octets` may be a view into the datagram. */
export interface DataPacket {
  readonly type: 'data';
  readonly block: number;
  readonly octets: Uint8Array;
}

/** Opcode 4. Block 0 answers a write request or accepts an OACK. */
interface AckPacket {
  readonly type: 'ack';
  readonly block: number;
}

/** Opcode 5. Ends the transfer and is never answered (RFC 1350 §7). */
export interface ErrorPacket {
  readonly type: 'error';
  readonly code: number;
  readonly message: string;
}

/** Opcode 6: the options that were accepted (RFC 2347 §2). */
interface OackPacket {
  readonly type: 'oack';
  readonly options: readonly TftpOption[];
}

export type TftpPacket = TftpRequest | DataPacket | AckPacket | ErrorPacket | OackPacket;

/** Why octets are not a TFTP packet, and where that showed. */
export interface PacketFault {
  readonly reason: 'short' | 'unknown-opcode' | 'no-file-name' | 'no-mode';
  /** Octets from the start of the datagram. */
  readonly offset: number;
}

/** Error codes (RFC 1350 appendix; 8: RFC 2347 §4). */
export const ERROR_CODE = {
  undefined: 0,
  notFound: 1,
  accessViolation: 2,
  diskFull: 3,
  illegalOperation: 4,
  unknownTransfer: 5,
  fileExists: 6,
  noSuchUser: 7,
  optionRefused: 8,
} as const;

/** What an ERROR packet says. */
export interface TftpFault {
  readonly code: number;
  readonly message: string;
}

/** Opcodes (RFC 1350 §5; 6: RFC 2347 §2). */
export const OPCODE = { rrq: 1, wrq: 2, data: 3, ack: 4, error: 5, oack: 6 } as const;
const OPCODE_LENGTH = 2;

/** Where the file's octets begin in a DATA packet. */
export const DATA_HEADER = 4;

/**
 * Reads one datagram. Never throws.
 *
 * Tolerant where it does no harm: an option without its NUL is left out (the datagram was cut, so its value may be too),
 * an ERROR's text may lack its NUL, an ACK may be followed by padding.
 * @returns `short` under the opcode's fixed part, `unknown-opcode`, `no-file-name` (missing, empty or without NUL), `no-mode`.
 */
export function decodePacket(bytes: Uint8Array): Result<TftpPacket, PacketFault> {
  if (bytes.length < OPCODE_LENGTH) return err({ reason: 'short', offset: 0 });
  // In place and without a reader: a storm is ACKs.
  const opcode = numberAt(bytes, 0);
  if (opcode === OPCODE.rrq) return decodeRequest('rrq', bytes);
  if (opcode === OPCODE.wrq) return decodeRequest('wrq', bytes);
  if (opcode === OPCODE.oack) return ok({ type: 'oack', options: optionsFrom(bytes, OPCODE_LENGTH) });
  if (opcode !== OPCODE.data && opcode !== OPCODE.ack && opcode !== OPCODE.error) return err({ reason: 'unknown-opcode', offset: 0 });
  if (bytes.length < DATA_HEADER) return err({ reason: 'short', offset: OPCODE_LENGTH });
  const number = numberAt(bytes, OPCODE_LENGTH);
  if (opcode === OPCODE.ack) return ok({ type: 'ack', block: number });
  const rest = bytes.subarray(DATA_HEADER);
  if (opcode === OPCODE.data) return ok({ type: 'data', block: number, octets: rest });
  const nul = rest.indexOf(0);
  return ok({ type: 'error', code: number, message: latin1Text(nul < 0 ? rest : rest.subarray(0, nul)) });
}

function numberAt(bytes: Uint8Array, at: number): number {
  return ((bytes[at] ?? 0) << 8) | (bytes[at + 1] ?? 0);
}

/** The octets of a packet. Text must not contain a NUL; a character above 255 keeps its low octet only. */
export function encodePacket(packet: TftpPacket): Uint8Array {
  switch (packet.type) {
    case 'rrq':
    case 'wrq':
      return packetOfTexts(OPCODE[packet.type], [packet.fileName, packet.mode, ...textsOf(packet.options)]);
    case 'oack':
      return packetOfTexts(OPCODE.oack, textsOf(packet.options));
    case 'data':
      return new ByteWriter(DATA_HEADER + packet.octets.length).u16(OPCODE.data).u16(packet.block).bytes(packet.octets).done();
    case 'ack':
      return Uint8Array.of(0, OPCODE.ack, packet.block >> 8, packet.block);
    case 'error':
      return packetOfTexts(OPCODE.error, [packet.message], packet.code);
  }
}

function decodeRequest(type: 'rrq' | 'wrq', bytes: Uint8Array): Result<TftpRequest, PacketFault> {
  const name = textAt(bytes, OPCODE_LENGTH);
  if (name === undefined || name.text === '') return err({ reason: 'no-file-name', offset: OPCODE_LENGTH });
  const mode = textAt(bytes, name.end);
  if (mode === undefined || mode.text === '') return err({ reason: 'no-mode', offset: name.end });
  return ok({ type, fileName: name.text, mode: lowerCase(mode.text), options: optionsFrom(bytes, mode.end) });
}

function optionsFrom(bytes: Uint8Array, start: number): TftpOption[] {
  const options: TftpOption[] = [];
  let at = start;
  for (;;) {
    const name = textAt(bytes, at);
    const value = name === undefined ? undefined : textAt(bytes, name.end);
    if (name === undefined || value === undefined) return options;
    options.push({ name: name.text, value: value.text });
    at = value.end;
  }
}

/** The text that begins at `at`, and the offset behind its NUL; undefined when there is no NUL. */
function textAt(bytes: Uint8Array, at: number): { text: string; end: number } | undefined {
  const nul = bytes.indexOf(0, at);
  if (nul < 0) return undefined;
  let text = '';
  for (let n = at; n < nul; n++) text += String.fromCharCode(bytes[n] ?? 0);
  return { text, end: nul + 1 };
}

/** ASCII letters in lower case; other octets stay, so that a name of any character set keeps its length. */
export function lowerCase(text: string): string {
  return text.replace(/[A-Z]/g, (letter) => letter.toLowerCase());
}

function textsOf(options: readonly TftpOption[]): string[] {
  return options.flatMap((option) => [option.name, option.value]);
}

/** Opcode, number if there is one, and texts with a NUL each: measured first, so that nothing larger than it is ever made. */
function packetOfTexts(opcode: number, texts: readonly string[], number?: number): Uint8Array {
  let length = number === undefined ? OPCODE_LENGTH : DATA_HEADER;
  for (const text of texts) length += text.length + 1;
  const bytes = new Uint8Array(length);
  bytes[1] = opcode;
  if (number !== undefined) {
    bytes[2] = number >> 8;
    bytes[3] = number;
  }
  let at = number === undefined ? OPCODE_LENGTH : DATA_HEADER;
  for (const text of texts) {
    for (let n = 0; n < text.length; n++) bytes[at++] = text.charCodeAt(n);
    at += 1;
  }
  return bytes;
}
