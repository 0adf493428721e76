/**
 * What a client asks: a checked view of a packet. `DhcpPacket` is octets with names; here it becomes a question,
 * or a reason why it is none.
 */
import { type Ipv4, ipv4At, type Mac, macOf, NO_ADDRESS } from '../base/addresses.ts';
import { hex, textBeforeNuls } from '../base/bytes.ts';
import { err, ok, type Result } from '../base/result.ts';
import { MESSAGE_TYPES, type MessageType, OPTION } from './codes.ts';
import { BROADCAST_FLAG, type DhcpPacket } from './packet.ts';
import { type RelayInformation, readRelayInformation } from './relay-information.ts';

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
  /** Who asked, where it came to the boot server's port, 4011: there the answer goes to where the question came from. */
  readonly asker?: { readonly address: Ipv4; readonly port: number };
}

/** The four kinds of REQUEST (RFC 2131 §4.3.2, table 4). */
export type RequestKind = 'SELECTING' | 'INIT-REBOOT' | 'RENEWING' | 'REBINDING';

/** A client's question. */
export interface DhcpRequest {
  readonly packet: DhcpPacket;
  readonly via: Arrival;
  /** BOOTP is a message without option 53 (RFC 1534 §2). */
  readonly type: 'DISCOVER' | 'REQUEST' | 'DECLINE' | 'RELEASE' | 'INFORM' | 'LEASEQUERY' | 'BOOTP';
  /** Option 61 as a key; undefined when it is not there or says nothing. */
  readonly identifier: ClientKey | undefined;
  /** The hardware address as a key; undefined where there is none (InfiniBand, RFC 4390). */
  readonly hardware: ClientKey | undefined;
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
  /** Option 82. */
  readonly relay: RelayInformation | undefined;
  /** Option 118: the client wants an address of another network than the one that it asks on. */
  readonly selectedSubnet: Ipv4 | undefined;
}

const CLIENT_TYPES: ReadonlySet<MessageType> = new Set(['DISCOVER', 'REQUEST', 'DECLINE', 'RELEASE', 'INFORM', 'LEASEQUERY']);

/** The packet as a question; the error is the reason to stay silent. */
export function readRequest(packet: DhcpPacket, via: Arrival): Result<DhcpRequest, string> {
  if (packet.operation !== 1) return err(`op ${packet.operation} is not a client's`);
  const type = readType(packet);
  if (!type.ok) return type;
  const identifier = readIdentifier(packet);
  const hardware = readHardware(packet);
  // A lease query may ask for an address and name nobody (RFC 4388 §6.2).
  if (identifier === undefined && hardware === undefined && type.value !== 'LEASEQUERY') {
    return err('neither a client identifier nor a hardware address');
  }
  const relay = packet.options.get(OPTION.relayAgentInformation);
  return ok({
    packet,
    via,
    type: type.value,
    identifier,
    hardware,
    mac: readMac(packet),
    wantsBroadcast: (packet.flags & BROADCAST_FLAG) !== 0,
    requestedAddress: readAddress(packet, OPTION.requestedAddress),
    serverIdentifier: readAddress(packet, OPTION.serverIdentifier),
    requestedSeconds: readNumber(packet, OPTION.leaseTime, 4),
    parameterList: readParameterList(packet),
    maximumSize: readNumber(packet, OPTION.maximumMessageSize, 2),
    hostName: readHostName(packet),
    relay: relay === undefined ? undefined : readRelayInformation(relay),
    selectedSubnet: readAddress(packet, OPTION.subnetSelection),
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
  if (type === undefined)
    return err(value.length === 1 ? `message type ${value[0]} is unknown` : `a message type has one octet, not ${value.length}`);
  return CLIENT_TYPES.has(type) ? ok(type as DhcpRequest['type']) : err(`${type} is a server's message`);
}

/** The key of a client identifier, and of none that says nothing. */
export function identifierKey(identifier: Uint8Array | string): ClientKey {
  return `id:${typeof identifier === 'string' ? identifier : hex(identifier)}` as ClientKey;
}

/** The octets of an identifier's key; undefined for a key that is a hardware address. */
export function identifierOf(client: ClientKey): Uint8Array | undefined {
  if (!client.startsWith('id:')) return undefined;
  return Uint8Array.from(client.slice(3).match(/../g) ?? [], (pair) => Number.parseInt(pair, 16));
}

function readIdentifier(packet: DhcpPacket): ClientKey | undefined {
  const identifier = packet.options.get(OPTION.clientIdentifier);
  // A single octet is the type without an identifier: it says nothing (RFC 2132 §9.14 wants two at least).
  return identifier !== undefined && identifier.length >= 2 ? identifierKey(identifier) : undefined;
}

function readHardware(packet: DhcpPacket): ClientKey | undefined {
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
  return value === undefined || value.length === 0 ? undefined : Array.from(value);
}

function readHostName(packet: DhcpPacket): string | undefined {
  const value = packet.options.get(OPTION.hostName);
  if (value === undefined) return undefined;
  const name = textBeforeNuls(value);
  return name === '' ? undefined : name;
}
