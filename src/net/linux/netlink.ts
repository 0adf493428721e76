/**
 * Route netlink messages ↔ octets, rtnetlink(7): what the kernel says of links, addresses and routes, and the three
 * requests that change them. Pure; `route-socket.ts` carries the octets. All fields are in the machine's byte order,
 * addresses in network order. Octets that make no sense are skipped, never thrown on.
 */
import { broadcastOf, type Cidr, type Ipv4, ipv4At, ipv4Bytes, type Mac, macOf } from '../../base/addresses.ts';

const littleEndian = new Uint8Array(Uint16Array.of(1).buffer)[0] === 1;

const RTM_NEWLINK = 16;
export const RTM_GETLINK = 18;
const RTM_NEWADDR = 20;
const RTM_DELADDR = 21;
export const RTM_GETADDR = 22;
const RTM_NEWROUTE = 24;
export const RTM_GETROUTE = 26;

const NLMSG_ERROR = 2;
const NLMSG_DONE = 3;
const NLM_F_REQUEST = 0x1;
const NLM_F_ACK = 0x4;
const NLM_F_DUMP_INTERRUPTED = 0x10;
const NLM_F_EXCL = 0x200;
const NLM_F_DUMP = 0x300;
const NLM_F_CREATE = 0x400;

const AF_UNSPEC = 0;
const AF_INET = 2;
const ARPHRD_ETHER = 1;
const IFF_UP = 0x1;
const IFF_LOOPBACK = 0x8;
const IFF_LOWER_UP = 0x10000;
/** RFC 2863's ifOperStatus as the kernel numbers it: these three cannot carry traffic. */
const deadOperStates: readonly number[] = [1 /* not present */, 2 /* down */, 3 /* lower layer down */];
const RT_TABLE_MAIN = 254;
const RTN_UNICAST = 1;

const IFLA_ADDRESS = 1;
const IFLA_IFNAME = 3;
const IFLA_MTU = 4;
const IFLA_MASTER = 10;
const IFLA_OPERSTATE = 16;
const IFLA_LINKINFO = 18;
const IFLA_INFO_KIND = 1;
const IFLA_PARENT_DEV_NAME = 56;
const IFA_ADDRESS = 1;
const IFA_LOCAL = 2;
const IFA_BROADCAST = 4;
const RTA_OIF = 4;
const RTA_MULTIPATH = 9;
const RTA_TABLE = 15;
/** NLA_F_NESTED and NLA_F_NET_BYTEORDER are flags in the attribute's type. */
const attributeTypeMask = 0x3fff;

/** A link, RTM_NEWLINK. */
export interface Link {
  readonly index: number;
  readonly name: string;
  readonly mtu: number;
  /** Only of Ethernet links. */
  readonly mac: Mac | undefined;
  readonly isEthernet: boolean;
  readonly isUp: boolean;
  readonly hasCarrier: boolean;
  readonly isLoopback: boolean;
  /** The driver's own name for it (`veth`, `bridge`, …); cards of hardware have none. */
  readonly kind: string | undefined;
  /** It stands on a device of a bus (PCI, USB, virtio). Kernels before 5.14 never say so. */
  readonly hasDevice: boolean;
  readonly master: number | undefined;
}

/** An IPv4 address on a link, RTM_NEWADDR. */
export interface LinkAddress {
  readonly index: number;
  readonly address: Cidr;
}

/** What one datagram from the kernel held. */
export interface NetlinkBatch {
  readonly messages: readonly NetlinkMessage[];
  /** The dump or the acknowledgement is complete. */
  readonly isDone: boolean;
  /** Something changed while the kernel wrote the dump; it has to be asked for again. */
  readonly wasInterrupted: boolean;
  /** errno that the kernel answered with; 0 is an acknowledgement. */
  readonly errno: number;
}

/** One message without its header. */
export interface NetlinkMessage {
  readonly type: number;
  readonly body: Uint8Array;
}

/** Cuts a datagram into its messages, leaving out answers to other requests than `sequence`. */
export function parseBatch(bytes: Uint8Array, sequence: number): NetlinkBatch {
  const messages: NetlinkMessage[] = [];
  let isDone = false;
  let wasInterrupted = false;
  let errno = 0;
  for (let at = 0; at + 16 <= bytes.length; ) {
    const length = u32(bytes, at);
    if (length < 16 || at + length > bytes.length) break;
    if (u32(bytes, at + 8) === sequence) {
      const type = u16(bytes, at + 4);
      if ((u16(bytes, at + 6) & NLM_F_DUMP_INTERRUPTED) !== 0) wasInterrupted = true;
      if (type === NLMSG_DONE || type === NLMSG_ERROR) {
        isDone = true;
        if (length >= 20) errno = 0 - (u32(bytes, at + 16) | 0);
      } else {
        messages.push({ type, body: bytes.subarray(at + 16, at + length) });
      }
    }
    at += align(length);
  }
  return { messages, isDone, wasInterrupted, errno };
}

/** Reads an RTM_NEWLINK; undefined for anything else. */
export function parseLink(message: NetlinkMessage): Link | undefined {
  const { type, body } = message;
  if (type !== RTM_NEWLINK || body.length < 16) return undefined;
  const attributes = parseAttributes(body, 16);
  const nameOctets = attributes.get(IFLA_IFNAME);
  if (nameOctets === undefined) return undefined;
  const flags = u32(body, 8);
  const hardware = attributes.get(IFLA_ADDRESS);
  const isEthernet = u16(body, 2) === ARPHRD_ETHER;
  const info = attributes.get(IFLA_LINKINFO);
  const kind = info && parseAttributes(info, 0).get(IFLA_INFO_KIND);
  const master = attributes.get(IFLA_MASTER);
  const mtu = attributes.get(IFLA_MTU);
  const operState = attributes.get(IFLA_OPERSTATE)?.[0] ?? 0;
  return {
    index: u32(body, 4),
    name: cString(nameOctets),
    mtu: mtu ? u32(mtu, 0) : 0,
    mac: isEthernet && hardware?.length === 6 ? macOf(hardware) : undefined,
    isEthernet,
    isUp: (flags & IFF_UP) !== 0,
    hasCarrier: (flags & IFF_LOWER_UP) !== 0 && !deadOperStates.includes(operState),
    isLoopback: (flags & IFF_LOOPBACK) !== 0,
    kind: kind && cString(kind),
    hasDevice: attributes.has(IFLA_PARENT_DEV_NAME),
    master: master && u32(master, 0),
  };
}

/** Reads an RTM_NEWADDR of IPv4; undefined for anything else. */
export function parseAddress(message: NetlinkMessage): LinkAddress | undefined {
  const { type, body } = message;
  if (type !== RTM_NEWADDR || body.length < 8 || body[0] !== AF_INET) return undefined;
  const attributes = parseAttributes(body, 8);
  // On a point-to-point link IFA_ADDRESS is the other end; IFA_LOCAL is ours on every kind.
  const octets = attributes.get(IFA_LOCAL) ?? attributes.get(IFA_ADDRESS);
  if (octets?.length !== 4) return undefined;
  return { index: u32(body, 4), address: { address: ipv4At(octets), prefix: body[1] ?? 32 } };
}

/** The links that a default route of the main table leads out by; empty for every other message. IPv4 and IPv6. */
export function parseDefaultRoute(message: NetlinkMessage): readonly number[] {
  const { type, body } = message;
  if (type !== RTM_NEWROUTE || body.length < 12 || body[1] !== 0 || body[7] !== RTN_UNICAST) return [];
  const attributes = parseAttributes(body, 12);
  const tableOctets = attributes.get(RTA_TABLE);
  if ((tableOctets ? u32(tableOctets, 0) : body[4]) !== RT_TABLE_MAIN) return [];
  const links: number[] = [];
  const only = attributes.get(RTA_OIF);
  if (only) links.push(u32(only, 0));
  const hops = attributes.get(RTA_MULTIPATH);
  // struct rtnexthop: length (2), flags (1), hops (1), interface (4), then its attributes.
  for (let at = 0; hops && at + 8 <= hops.length; ) {
    const length = u16(hops, at);
    if (length < 8) break;
    links.push(u32(hops, at + 4));
    at += align(length);
  }
  return links;
}

/** Asks for all of a kind: RTM_GETLINK, RTM_GETADDR or RTM_GETROUTE. `family` 0 is every address family. */
export function dumpRequest(type: number, sequence: number, family = AF_UNSPEC): Uint8Array {
  const body = new Uint8Array(type === RTM_GETADDR ? 8 : type === RTM_GETROUTE ? 12 : 16);
  body[0] = family;
  return message(type, NLM_F_REQUEST | NLM_F_DUMP, sequence, [body]);
}

/** Puts an address on a link, or takes it off. */
export function addressRequest(what: 'add' | 'remove', index: number, address: Cidr, sequence: number): Uint8Array {
  const body = new Uint8Array(8);
  body[0] = AF_INET;
  body[1] = address.prefix;
  putU32(body, 4, index);
  const parts = [body, attribute(IFA_LOCAL, address.address), attribute(IFA_ADDRESS, address.address)];
  if (what === 'remove') return message(RTM_DELADDR, NLM_F_REQUEST | NLM_F_ACK, sequence, parts);
  // Without it `ifconfig` and old programs would see no broadcast address (a /31 and a /32 have none).
  if (address.prefix < 31) parts.push(attribute(IFA_BROADCAST, broadcastOf(address)));
  return message(RTM_NEWADDR, NLM_F_REQUEST | NLM_F_ACK | NLM_F_CREATE | NLM_F_EXCL, sequence, parts);
}

/** Sets a link administratively up. */
export function linkUpRequest(index: number, sequence: number): Uint8Array {
  const body = new Uint8Array(16);
  putU32(body, 4, index);
  putU32(body, 8, IFF_UP);
  putU32(body, 12, IFF_UP);
  return message(RTM_NEWLINK, NLM_F_REQUEST | NLM_F_ACK, sequence, [body]);
}

function message(type: number, flags: number, sequence: number, parts: readonly Uint8Array[]): Uint8Array {
  const bytes = new Uint8Array(parts.reduce((sum, part) => sum + align(part.length), 16));
  putU32(bytes, 0, bytes.length);
  putU16(bytes, 4, type);
  putU16(bytes, 6, flags);
  putU32(bytes, 8, sequence);
  let at = 16;
  for (const part of parts) {
    bytes.set(part, at);
    at += align(part.length);
  }
  return bytes;
}

function attribute(type: number, address: Ipv4): Uint8Array {
  const bytes = new Uint8Array(8);
  putU16(bytes, 0, bytes.length);
  putU16(bytes, 2, type);
  bytes.set(ipv4Bytes(address), 4);
  return bytes;
}

function parseAttributes(bytes: Uint8Array, from: number): Map<number, Uint8Array> {
  const attributes = new Map<number, Uint8Array>();
  for (let at = from; at + 4 <= bytes.length; ) {
    const length = u16(bytes, at);
    if (length < 4 || at + length > bytes.length) break;
    attributes.set(u16(bytes, at + 2) & attributeTypeMask, bytes.subarray(at + 4, at + length));
    at += align(length);
  }
  return attributes;
}

function cString(octets: Uint8Array): string {
  const end = octets.indexOf(0);
  return new TextDecoder().decode(end < 0 ? octets : octets.subarray(0, end));
}

function align(length: number): number {
  return (length + 3) & ~3;
}

/** The 16 bits at `at`; octets past the end read as zero, as an attribute may be shorter than its kind should be. */
function u16(bytes: Uint8Array, at: number): number {
  const [first = 0, second = 0] = [bytes[at], bytes[at + 1]];
  return littleEndian ? first | (second << 8) : (first << 8) | second;
}

function u32(bytes: Uint8Array, at: number): number {
  const [low, high] = littleEndian ? [u16(bytes, at), u16(bytes, at + 2)] : [u16(bytes, at + 2), u16(bytes, at)];
  return (low | (high << 16)) >>> 0;
}

function putU16(bytes: Uint8Array, at: number, value: number): void {
  new DataView(bytes.buffer, bytes.byteOffset).setUint16(at, value, littleEndian);
}

function putU32(bytes: Uint8Array, at: number, value: number): void {
  new DataView(bytes.buffer, bytes.byteOffset).setUint32(at, value, littleEndian);
}
