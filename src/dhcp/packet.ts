/**
 * A DHCP message and its octets (RFC 2131 §2, table 1). Knows the wire, not what a message means:
 * unknown options are kept as they are, nothing is judged but the structure.
 * Options in several pieces are joined (RFC 3396 §7) in the order options field, file, sname (option 52, RFC 2132 §9.3).
 */
import { type Ipv4, ipv4 } from '../base/addresses.ts';
import { OctetShelf } from '../base/octet-shelf.ts';
import { err, ok, type Result } from '../base/result.ts';

/** Octets from op to the magic cookie. */
const HEADER_OCTETS = 240;
/** Octets of a message without any option: header, cookie and END. */
export const BARE_PACKET_OCTETS = HEADER_OCTETS + 1;
const COOKIE = 0x63825363;
/** BOOTP of before the cookie (RFC 951), as RouterBOOT sends it: the vendor area means nothing. */
const NO_COOKIE = 0;
const PAD = 0;
const END = 255;
const OVERLOAD = 52;
const LONGEST_PIECE = 255;
const HARDWARE_ADDRESS_OCTETS = 16;
const SERVER_NAME_OCTETS = 64;
const BOOT_FILE_OCTETS = 128;

/** Least UDP payload of a reply: the size of a BOOTP message (RFC 951), below which old relays and ROMs drop it. */
const MINIMUM_REPLY_OCTETS = 300;

/** Where servers and relay agents listen. */
export const SERVER_PORT = 67;
/** Where clients listen. */
export const CLIENT_PORT = 68;

/** Options by code, each value whole, in the order in which the codes first appeared. */
export type Options = ReadonlyMap<number, Uint8Array>;

/** One DHCP or BOOTP message. Each field names its RFC 2131 word. */
export interface DhcpPacket {
  /** op: 1 from a client, 2 from a server. */
  readonly operation: number;
  /** htype: 1 Ethernet, 6 IEEE 802, 32 InfiniBand. */
  readonly hardwareType: number;
  /** hlen: octets of `hardwareAddress` that count, 0…16. */
  readonly hardwareLength: number;
  /** hops: relay agents on the way. */
  readonly hops: number;
  /** xid. */
  readonly transactionId: number;
  /** secs: seconds since the client began. */
  readonly seconds: number;
  /** flags: bit 15 asks for a broadcast answer. */
  readonly flags: number;
  /** ciaddr: the address that the client uses already. */
  readonly clientAddress: Ipv4;
  /** yiaddr: the address that the client is given. */
  readonly yourAddress: Ipv4;
  /** siaddr: the server to boot from. */
  readonly nextServer: Ipv4;
  /** giaddr: the relay agent, on the client's network. */
  readonly relayAddress: Ipv4;
  /** chaddr, all 16 octets. */
  readonly hardwareAddress: Uint8Array;
  /** sname without its trailing zeros; empty when option 52 made it a place for options. */
  readonly serverName: Uint8Array;
  /** file without its trailing zeros; empty when option 52 made it a place for options. */
  readonly bootFile: Uint8Array;
  readonly options: Options;
}

/** Why octets are no DHCP message, and the octet that says so. */
export interface PacketFault {
  readonly reason: string;
  readonly offset: number;
}

/** Bit 15 of flags: the client cannot take unicast yet (RFC 2131 §2, figure 2). */
export const BROADCAST_FLAG = 0x8000;

/** An empty field. */
export const NO_OCTETS = new Uint8Array();

/** Octets to message. Never throws, whatever the octets. Values are views into `bytes`. */
export function decodePacket(bytes: Uint8Array): Result<DhcpPacket, PacketFault> {
  if (bytes.length < HEADER_OCTETS)
    return err({ reason: `only ${bytes.length} octets, a message has ${HEADER_OCTETS} at least`, offset: bytes.length });
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  const hardwareLength = view.getUint8(2);
  if (hardwareLength > HARDWARE_ADDRESS_OCTETS) return err({ reason: `hardware address length ${hardwareLength} exceeds 16`, offset: 2 });
  const cookie = view.getUint32(HEADER_OCTETS - 4);
  if (cookie !== COOKIE && cookie !== NO_COOKIE) return err({ reason: 'no DHCP magic cookie', offset: HEADER_OCTETS - 4 });

  const serverNameField = bytes.subarray(44, 44 + SERVER_NAME_OCTETS);
  const bootFileField = bytes.subarray(108, 108 + BOOT_FILE_OCTETS);
  const options = new Map<number, Uint8Array>();
  const main = readOptions(bytes.subarray(cookie === COOKIE ? HEADER_OCTETS : bytes.length), HEADER_OCTETS, options);
  if (!main.ok) return main;
  const overload = options.get(OVERLOAD)?.[0] ?? 0;
  const bootFileHoldsOptions = overload === 1 || overload === 3;
  const serverNameHoldsOptions = overload === 2 || overload === 3;
  if (bootFileHoldsOptions) {
    const inFile = readOptions(bootFileField, 108, options);
    if (!inFile.ok) return inFile;
  }
  if (serverNameHoldsOptions) {
    const inName = readOptions(serverNameField, 44, options);
    if (!inName.ok) return inName;
  }
  return ok({
    operation: view.getUint8(0),
    hardwareType: view.getUint8(1),
    hardwareLength,
    hops: view.getUint8(3),
    transactionId: view.getUint32(4),
    seconds: view.getUint16(8),
    flags: view.getUint16(10),
    clientAddress: ipv4(view.getUint32(12)),
    yourAddress: ipv4(view.getUint32(16)),
    nextServer: ipv4(view.getUint32(20)),
    relayAddress: ipv4(view.getUint32(24)),
    hardwareAddress: bytes.subarray(28, 28 + HARDWARE_ADDRESS_OCTETS),
    serverName: serverNameHoldsOptions ? NO_OCTETS : withoutTrailingZeros(serverNameField),
    bootFile: bootFileHoldsOptions ? NO_OCTETS : withoutTrailingZeros(bootFileField),
    options,
  });
}

/** Reads one options region. A missing END is the end of the region; what follows an END is not looked at (RFC 2132 §2). */
function readOptions(region: Uint8Array, regionOffset: number, into: Map<number, Uint8Array>): Result<undefined, PacketFault> {
  let at = 0;
  while (at < region.length) {
    const code = region[at] ?? END;
    if (code === END) break;
    if (code === PAD) {
      at += 1;
      continue;
    }
    const length = region[at + 1];
    if (length === undefined) return err({ reason: `option ${code} has no length`, offset: regionOffset + at });
    const left = region.length - at - 2;
    if (length > left) return err({ reason: `option ${code} says ${length} octets and ${left} are left`, offset: regionOffset + at });
    const value = region.subarray(at + 2, at + 2 + length);
    const before = into.get(code);
    into.set(code, before === undefined ? value : joined(before, value));
    at += 2 + length;
  }
  return ok(undefined);
}

/** Answers are on their way within the turn in which they are made. */
const shelf = new OctetShelf();

/** Message to octets, padded to the size of a BOOTP message. Options stand in their map's order, long ones in pieces (RFC 3396 §6). */
export function encodePacket(packet: DhcpPacket): Uint8Array {
  // Measured first and written in place: this runs for every reply.
  const length = BARE_PACKET_OCTETS + octetsOf(packet.options);
  const octets = shelf.take(Math.max(length, MINIMUM_REPLY_OCTETS));
  const view = new DataView(octets.buffer, octets.byteOffset);
  octets[0] = packet.operation;
  octets[1] = packet.hardwareType;
  octets[2] = packet.hardwareLength;
  octets[3] = packet.hops;
  view.setUint32(4, packet.transactionId);
  view.setUint16(8, packet.seconds);
  view.setUint16(10, packet.flags);
  view.setUint32(12, packet.clientAddress);
  view.setUint32(16, packet.yourAddress);
  view.setUint32(20, packet.nextServer);
  view.setUint32(24, packet.relayAddress);
  octets.set(packet.hardwareAddress, 28);
  octets.set(packet.serverName, 44);
  octets.set(packet.bootFile, 108);
  view.setUint32(HEADER_OCTETS - 4, COOKIE);
  octets[writeOptions(octets, HEADER_OCTETS, packet.options)] = END;
  return octets;
}

/** Options as they stand in an overloaded `file` or `sname` field, with the END that closes them (RFC 2132 §9.3). */
export function encodeOptions(options: Options): Uint8Array {
  const octets = new Uint8Array(octetsOf(options) + 1);
  octets[writeOptions(octets, 0, options)] = END;
  return octets;
}

/** Writes options from `at` on; where they end. */
function writeOptions(octets: Uint8Array, at: number, options: Options): number {
  let end = at;
  // Not `for … of`, which makes an array of each option: this runs for every reply.
  options.forEach((value, code) => {
    let from = 0;
    do {
      const count = Math.min(value.length - from, LONGEST_PIECE);
      octets[end] = code;
      octets[end + 1] = count;
      // Most values are a few octets, for which a loop is quicker than a call.
      for (let n = 0; n < count; n++) octets[end + 2 + n] = value[from + n] ?? 0;
      end += 2 + count;
      from += LONGEST_PIECE;
    } while (from < value.length);
  });
  return end;
}

/** Octets that these take on the wire. */
export function octetsOf(options: Options): number {
  let length = 0;
  options.forEach((value) => {
    length += optionOctets(value);
  });
  return length;
}

/** Octets that an option takes on the wire, its codes and lengths included. */
export function optionOctets(value: Uint8Array): number {
  return value.length <= LONGEST_PIECE ? value.length + 2 : value.length + 2 * Math.ceil(value.length / LONGEST_PIECE);
}

function joined(a: Uint8Array, b: Uint8Array): Uint8Array {
  const whole = new Uint8Array(a.length + b.length);
  whole.set(a);
  whole.set(b, a.length);
  return whole;
}

function withoutTrailingZeros(field: Uint8Array): Uint8Array {
  let end = field.length;
  while (end > 0 && field[end - 1] === 0) end -= 1;
  return field.subarray(0, end);
}
