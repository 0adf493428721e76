/**
 * The six TFTP packets and their octets (RFC 1350 §5, RFC 2347). Knows nothing of transfers, files or sockets.
 * File names, option names and values are octets: they are held as ISO 8859-1 text, so that none is lost on the way.
 */
import { latin1Text } from '../base/bytes.ts';
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
export interface AckPacket {
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
export interface OackPacket {
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

const OPCODE = { rrq: 1, wrq: 2, data: 3, ack: 4, error: 5, oack: 6 } as const;
const HEADER = 4;

/**
 * Reads one datagram. Never throws.
 *
 * Tolerant where it does no harm: an option without its NUL is left out (the datagram was cut, so its value may be too),
 * an ERROR's text may lack its NUL, an ACK may be followed by padding.
 * @returns `short` under the opcode's fixed part, `unknown-opcode`, `no-file-name` (missing, empty or without NUL), `no-mode`.
 */
export function decodePacket(bytes: Uint8Array): Result<TftpPacket, PacketFault> {
  if (bytes.length < 2) return err({ reason: 'short', offset: 0 });
  const opcode = u16At(bytes, 0);
  if (opcode === OPCODE.rrq || opcode === OPCODE.wrq) return decodeRequest(opcode === OPCODE.rrq ? 'rrq' : 'wrq', bytes);
  if (opcode === OPCODE.oack) return ok({ type: 'oack', options: optionsFrom(bytes, 2) });
  if (opcode !== OPCODE.data && opcode !== OPCODE.ack && opcode !== OPCODE.error) return err({ reason: 'unknown-opcode', offset: 0 });
  if (bytes.length < HEADER) return err({ reason: 'short', offset: 2 });
  const number = u16At(bytes, 2);
  if (opcode === OPCODE.data) return ok({ type: 'data', block: number, octets: bytes.subarray(HEADER) });
  if (opcode === OPCODE.ack) return ok({ type: 'ack', block: number });
  const end = bytes.indexOf(0, HEADER);
  return ok({ type: 'error', code: number, message: latin1Text(bytes.subarray(HEADER, end < 0 ? bytes.length : end)) });
}

/** The octets of a packet. Text must not contain a NUL; a character above 255 keeps its low octet only. */
export function encodePacket(packet: TftpPacket): Uint8Array {
  switch (packet.type) {
    case 'rrq':
    case 'wrq':
      return packetOfTexts(OPCODE[packet.type], [packet.fileName, packet.mode, ...textsOf(packet.options)]);
    case 'oack':
      return packetOfTexts(OPCODE.oack, textsOf(packet.options));
    case 'data': {
      const bytes = blankData(packet.block, packet.octets.length);
      bytes.set(packet.octets, HEADER);
      return bytes;
    }
    case 'ack':
      return headed(OPCODE.ack, packet.block, HEADER);
    case 'error': {
      const bytes = headed(OPCODE.error, packet.code, HEADER + packet.message.length + 1);
      putText(bytes, HEADER, packet.message);
      return bytes;
    }
  }
}

/** A DATA packet whose `length` octets from offset 4 on are still zero, so that a block is copied only once. */
export function blankData(block: number, length: number): Uint8Array {
  return headed(OPCODE.data, block, HEADER + length);
}

/** Where the file's octets begin in a DATA packet. */
export const DATA_HEADER = HEADER;

function decodeRequest(type: 'rrq' | 'wrq', bytes: Uint8Array): Result<TftpRequest, PacketFault> {
  const nameEnd = bytes.indexOf(0, 2);
  if (nameEnd <= 2) return err({ reason: 'no-file-name', offset: 2 });
  const modeEnd = bytes.indexOf(0, nameEnd + 1);
  if (modeEnd <= nameEnd + 1) return err({ reason: 'no-mode', offset: nameEnd + 1 });
  return ok({
    type,
    fileName: latin1Text(bytes.subarray(2, nameEnd)),
    mode: lowerCase(latin1Text(bytes.subarray(nameEnd + 1, modeEnd))),
    options: optionsFrom(bytes, modeEnd + 1),
  });
}

function optionsFrom(bytes: Uint8Array, start: number): TftpOption[] {
  const options: TftpOption[] = [];
  let at = start;
  while (at < bytes.length) {
    const nameEnd = bytes.indexOf(0, at);
    const valueEnd = nameEnd < 0 ? -1 : bytes.indexOf(0, nameEnd + 1);
    if (valueEnd < 0) break;
    options.push({ name: latin1Text(bytes.subarray(at, nameEnd)), value: latin1Text(bytes.subarray(nameEnd + 1, valueEnd)) });
    at = valueEnd + 1;
  }
  return options;
}

/** ASCII letters in lower case; other octets stay, so that a name of any character set keeps its length. */
export function lowerCase(text: string): string {
  return text.replace(/[A-Z]/g, (letter) => letter.toLowerCase());
}

function textsOf(options: readonly TftpOption[]): string[] {
  return options.flatMap((option) => [option.name, option.value]);
}

function packetOfTexts(opcode: number, texts: readonly string[]): Uint8Array {
  const bytes = new Uint8Array(texts.reduce((length, text) => length + text.length + 1, 2));
  bytes[1] = opcode;
  let at = 2;
  for (const text of texts) {
    putText(bytes, at, text);
    at += text.length + 1;
  }
  return bytes;
}

function headed(opcode: number, number: number, length: number): Uint8Array {
  const bytes = new Uint8Array(length);
  bytes[1] = opcode;
  bytes[2] = (number >> 8) & 255;
  bytes[3] = number & 255;
  return bytes;
}

function putText(bytes: Uint8Array, at: number, text: string): void {
  for (let i = 0; i < text.length; i++) bytes[at + i] = text.charCodeAt(i) & 255;
}

function u16At(bytes: Uint8Array, at: number): number {
  return ((bytes[at] ?? 0) << 8) | (bytes[at + 1] ?? 0);
}
