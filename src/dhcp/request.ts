/**
 * What a client asks: a checked view of a packet. `DhcpPacket` is octets with names; here it becomes a question,
 * or a reason why it is none.
 */
import { type Ipv4, ipv4At, type Mac, macOf, NO_ADDRESS } from '../base/addresses.ts';
import { hex, latin1Text } from '../base/bytes.ts';
import { err, ok, type Result } from '../base/result.ts';
import { MESSAGE_TYPES, type MessageType, OPTION } from './codes.ts';
import { BROADCAST_FLAG, type DhcpPacket } from './packet.ts';

declare const clientBrand: unique symbol;

/** Who a client is to the server: its identifier (option 61) or else its hardware address (RFC 2131 §4.2). */
export type ClientKey = string & { readonly [clientBrand]: true };

/** How a datagram reached us. */
export interface Arrival {
  readonly interface: string;
  /** Our own address there: server identifier, boot server and source of the answer. */
  readonly server: Ipv4;
  /** Whether the client addressed us or everybody: RENEWING and REBINDING differ in nothing else. */
  readonly cast: 'unicast' | 'broadcast';
  /** Largest IP datagram that the interface takes whole. */
  readonly mtu: number;
}

/** The four kinds of REQUEST (RFC 2131 §4.3.2, table 4). */
export type RequestKind = 'SELECTING' | 'INIT-REBOOT' | 'RENEWING' | 'REBINDING';

/** A client's question. */
export interface DhcpRequest {
  readonly packet: DhcpPacket;
  readonly via: Arrival;
  /** BOOTP is a message without option 53 (RFC 1534 §2). */
  readonly type: 'DISCOVER' | 'REQUEST' | 'DECLINE' | 'RELEASE' | 'INFORM' | 'BOOTP';
  readonly client: ClientKey;
  /** Present when the hardware address is a 48-bit one. */
  readonly mac: Mac | undefined;
  readonly wantsBroadcast: boolean;
  /** Option 50. */
  readonly requestedAddress: Ipv4 | undefined;
  /** Option 54. */
  readonly serverIdentifier: Ipv4 | undefined;
  /** Option 51, seconds. */
  readonly requestedSeconds: number | undefined;
  /** Option 55; undefined when the client did not say what it wants. */
  readonly parameterList: readonly number[] | undefined;
  /** Option 57, octets of IP datagram. */
  readonly maximumSize: number | undefined;
  /** Option 12, without a trailing NUL. */
  readonly hostName: string | undefined;
}

const CLIENT_TYPES: ReadonlySet<MessageType> = new Set(['DISCOVER', 'REQUEST', 'DECLINE', 'RELEASE', 'INFORM']);

/** The packet as a question; the error is the reason to stay silent. */
export function readRequest(packet: DhcpPacket, via: Arrival): Result<DhcpRequest, string> {
  if (packet.operation !== 1) return err(`op ${packet.operation} is not a client's`);
  const type = readType(packet);
  if (!type.ok) return type;
  const client = readClient(packet);
  if (client === undefined) return err('neither a client identifier nor a hardware address');
  return ok({
    packet,
    via,
    type: type.value,
    client,
    mac: readMac(packet),
    wantsBroadcast: (packet.flags & BROADCAST_FLAG) !== 0,
    requestedAddress: readAddress(packet, OPTION.requestedAddress),
    serverIdentifier: readAddress(packet, OPTION.serverIdentifier),
    requestedSeconds: readNumber(packet, OPTION.leaseTime, 4),
    parameterList: readParameterList(packet),
    maximumSize: readNumber(packet, OPTION.maximumMessageSize, 2),
    hostName: readHostName(packet),
  });
}

/** Which of the four kinds a REQUEST is; undefined when it fits none, as it names no address at all. */
export function kindOfRequest(request: DhcpRequest): RequestKind | undefined {
  if (request.serverIdentifier !== undefined) return 'SELECTING';
  if (request.packet.clientAddress !== NO_ADDRESS) return request.via.cast === 'unicast' ? 'RENEWING' : 'REBINDING';
  return request.requestedAddress === undefined ? undefined : 'INIT-REBOOT';
}

function readType(packet: DhcpPacket): Result<DhcpRequest['type'], string> {
  const value = packet.options.get(OPTION.messageType);
  if (value === undefined) return ok('BOOTP');
  const type = value.length === 1 ? (MESSAGE_TYPES as Readonly<Record<number, MessageType>>)[value[0] ?? 0] : undefined;
  if (type === undefined) return err(`message type ${hex(value, ' ') || 'without a value'} is unknown`);
  return CLIENT_TYPES.has(type) ? ok(type as DhcpRequest['type']) : err(`${type} is a server's message`);
}

function readClient(packet: DhcpPacket): ClientKey | undefined {
  const identifier = packet.options.get(OPTION.clientIdentifier);
  // A single octet is the type without an identifier: it says nothing (RFC 2132 §9.14 wants two at least).
  if (identifier !== undefined && identifier.length >= 2) return `id:${hex(identifier)}` as ClientKey;
  if (packet.hardwareLength === 0) return undefined;
  return `hw:${packet.hardwareType}:${hex(packet.hardwareAddress.subarray(0, packet.hardwareLength))}` as ClientKey;
}

function readMac(packet: DhcpPacket): Mac | undefined {
  return packet.hardwareLength === 6 ? macOf(packet.hardwareAddress) : undefined;
}

/** A fixed-size option counts only with its right length (RFC 2132); otherwise it is as if it were not there. */
function readAddress(packet: DhcpPacket, code: number): Ipv4 | undefined {
  const value = packet.options.get(code);
  return value?.length === 4 ? ipv4At(value) : undefined;
}

function readNumber(packet: DhcpPacket, code: number, octets: 2 | 4): number | undefined {
  const value = packet.options.get(code);
  return value?.length === octets ? value.reduce((number, octet) => number * 256 + octet, 0) : undefined;
}

function readParameterList(packet: DhcpPacket): readonly number[] | undefined {
  const value = packet.options.get(OPTION.parameterRequestList);
  return value === undefined || value.length === 0 ? undefined : [...new Set(value)];
}

function readHostName(packet: DhcpPacket): string | undefined {
  const value = packet.options.get(OPTION.hostName);
  if (value === undefined) return undefined;
  const name = latin1Text(value).replace(/\0+$/, '');
  return name === '' ? undefined : name;
}
