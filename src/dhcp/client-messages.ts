/** What a made-up client says in an exchange, as octets: DISCOVER, and the REQUEST that fits an OFFER. For loads and for warming up. */
import { type Ipv4, NO_ADDRESS } from '../base/addresses.ts';
import { latin1Bytes } from '../base/bytes.ts';
import { MESSAGE_CODES, OPTION } from './codes.ts';
import { type DhcpPacket, encodePacket } from './packet.ts';

/** How clients ask. */
export interface ClientKind {
  /** The relay agent that they are behind; absent: they are on the server's own wire. */
  readonly relay?: Ipv4 | undefined;
  /** PXE ROMs say who they are and ask for many options. */
  readonly isPxe: boolean;
}

/** What the server's answer says to client `number`. */
export interface Answer {
  readonly number: number;
  readonly type: 'OFFER' | 'ACK' | 'NAK';
  readonly address: Ipv4;
  readonly server: Uint8Array;
}

const PXE_OPTIONS: readonly (readonly [number, Uint8Array])[] = [
  [OPTION.parameterRequestList, Uint8Array.of(1, 3, 6, 12, 13, 15, 17, 43, 54, 60, 66, 67, 97, 128, 129, 130, 131, 132, 133, 134, 135)],
  [OPTION.maximumMessageSize, Uint8Array.of(0x05, 0xc0)],
  [OPTION.vendorClass, latin1Bytes('PXEClient:Arch:00007:UNDI:003016')],
  [OPTION.clientArchitecture, Uint8Array.of(0, 7)],
];
const PLAIN_OPTIONS: readonly (readonly [number, Uint8Array])[] = [
  [OPTION.parameterRequestList, Uint8Array.of(1, 3, 6, 12, 15, 28, 42, 51, 54, 58, 59, 119)],
  [OPTION.hostName, latin1Bytes('bench-client')],
];

/** A client is its number: hardware address 02:00 and the number, which is the transaction id as well. */
export function hardwareAddressOf(number: number): Uint8Array {
  return Uint8Array.of(2, 0, number >>> 24, number >>> 16, number >>> 8, number);
}

/** DISCOVER of a client. */
export function discover(number: number, kind: ClientKind): Uint8Array {
  return encodePacket(packet(number, kind, 'DISCOVER', []));
}

/** REQUEST of a client that was made an offer. */
export function request(offer: Answer, kind: ClientKind): Uint8Array {
  const address = Uint8Array.of(offer.address >>> 24, offer.address >>> 16, offer.address >>> 8, offer.address);
  return encodePacket(
    packet(offer.number, kind, 'REQUEST', [
      [OPTION.requestedAddress, address],
      [OPTION.serverIdentifier, offer.server],
    ]),
  );
}

/** REQUEST of a client that has an address already and is half way through its lease. */
export function renewal(number: number, address: Ipv4, kind: ClientKind): Uint8Array {
  return encodePacket({ ...packet(number, kind, 'REQUEST', []), clientAddress: address });
}

/** The server's answer; undefined for what is none. Reads only what a client has to know. */
export function readAnswer(bytes: Uint8Array): Answer | undefined {
  if (bytes.length < 240 || bytes[0] !== 2) return undefined;
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  let type: Answer['type'] | undefined;
  let server: Uint8Array | undefined;
  for (let at = 240; at < bytes.length && bytes[at] !== 255; ) {
    if (bytes[at] === 0) {
      at += 1;
      continue;
    }
    const value = bytes.subarray(at + 2, at + 2 + (bytes[at + 1] ?? 0));
    if (bytes[at] === OPTION.messageType) type = ANSWER_TYPES[value[0] ?? 0];
    if (bytes[at] === OPTION.serverIdentifier) server = value;
    at += 2 + value.length;
  }
  if (type === undefined || server === undefined) return undefined;
  return { number: view.getUint32(4), type, address: view.getUint32(16) as Ipv4, server };
}

const ANSWER_TYPES: Readonly<Record<number, Answer['type']>> = { 2: 'OFFER', 5: 'ACK', 6: 'NAK' };

function packet(
  number: number,
  { relay, isPxe }: ClientKind,
  type: 'DISCOVER' | 'REQUEST',
  options: readonly (readonly [number, Uint8Array])[],
): DhcpPacket {
  const hardwareAddress = new Uint8Array(16);
  hardwareAddress.set(hardwareAddressOf(number));
  return {
    operation: 1,
    hardwareType: 1,
    hardwareLength: 6,
    hops: relay === undefined ? 0 : 1,
    transactionId: number,
    seconds: 0,
    flags: 0,
    clientAddress: NO_ADDRESS,
    yourAddress: NO_ADDRESS,
    nextServer: NO_ADDRESS,
    relayAddress: relay ?? NO_ADDRESS,
    hardwareAddress,
    serverName: new Uint8Array(),
    bootFile: new Uint8Array(),
    options: new Map([
      [OPTION.messageType, Uint8Array.of(MESSAGE_CODES[type])],
      [OPTION.clientIdentifier, Uint8Array.of(1, ...hardwareAddressOf(number))],
      ...options,
      ...(isPxe ? PXE_OPTIONS : PLAIN_OPTIONS),
    ]),
  };
}
