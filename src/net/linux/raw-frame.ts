/**
 * A UDP datagram as one whole Ethernet frame: Ethernet II, IPv4 (RFC 791) without options, UDP (RFC 768). Pure.
 * For hosts that have no address yet, so that neither ARP nor the kernel's routing can find them (RFC 2131 §4.1).
 */
import { type Ipv4, type Mac, macBytes } from '../../base/addresses.ts';
import { OctetShelf } from '../../base/octet-shelf.ts';
import { err, ok, type Result } from '../../base/result.ts';
import type { RawDatagram } from '../ports.ts';

const ETHERTYPE_IPV4 = 0x0800;
const PROTOCOL_UDP = 17;
const DONT_FRAGMENT = 0x4000;
const ETHERNET_OCTETS = 14;
const IPV4_OCTETS = 20;
const UDP_OCTETS = 8;
/** Without the checksum, which the card adds. */
const SHORTEST_FRAME = 60;

/** The datagram is longer than the link carries; a raw frame is never fragmented. Both in octets of the IP packet. */
export interface TooLong {
  readonly fault: 'too-long';
  readonly octets: number;
  readonly mtu: number;
}

/** Frames are copied into the kernel within the turn in which they are made. */
const shelf = new OctetShelf();

/** Builds the frame, padded to Ethernet's minimum. */
export function udpFrame(from: Mac, datagram: RawDatagram, mtu: number): Result<Uint8Array, TooLong> {
  const udpOctets = UDP_OCTETS + datagram.payload.length;
  const ipOctets = IPV4_OCTETS + udpOctets;
  if (ipOctets > Math.min(mtu, 0xffff)) return err({ fault: 'too-long', octets: ipOctets, mtu });
  const frame = shelf.take(Math.max(ETHERNET_OCTETS + ipOctets, SHORTEST_FRAME));
  frame.set(macBytes(datagram.hardwareAddress));
  frame.set(macBytes(from), 6);
  setU16(frame, 12, ETHERTYPE_IPV4);
  writeIpv4Header(frame.subarray(ETHERNET_OCTETS, ETHERNET_OCTETS + IPV4_OCTETS), datagram, ipOctets);
  writeUdp(frame.subarray(ETHERNET_OCTETS + IPV4_OCTETS, ETHERNET_OCTETS + ipOctets), datagram);
  return ok(frame);
}

/**
 * The Internet checksum of octets (RFC 1071).
 * @param before the sum of what they come after, which has an even length.
 */
export function internetChecksum(octets: Uint8Array, before = 0): number {
  let sum = before;
  for (let at = 0; at < octets.length; at += 2) sum += ((octets[at] ?? 0) << 8) | (octets[at + 1] ?? 0);
  while (sum > 0xffff) sum = (sum & 0xffff) + (sum >>> 16);
  return ~sum & 0xffff;
}

/** What of the IPv4 header counts in the checksum of the datagram in it (RFC 768), as a sum to begin with. */
export function pseudoHeaderSum(from: Ipv4, to: Ipv4, protocol: number, octets: number): number {
  return (from >>> 16) + (from & 0xffff) + (to >>> 16) + (to & 0xffff) + protocol + octets;
}

function writeIpv4Header(header: Uint8Array, { from, to }: RawDatagram, octets: number): void {
  header[0] = 0x45;
  setU16(header, 2, octets);
  // No identification: it is of no use without fragments (RFC 6864 §4.1).
  setU16(header, 6, DONT_FRAGMENT);
  header[8] = 64;
  header[9] = PROTOCOL_UDP;
  setU32(header, 12, from.address);
  setU32(header, 16, to.address);
  setU16(header, 10, internetChecksum(header));
}

function writeUdp(segment: Uint8Array, { from, to, payload }: RawDatagram): void {
  setU16(segment, 0, from.port);
  setU16(segment, 2, to.port);
  setU16(segment, 4, segment.length);
  segment.set(payload, UDP_OCTETS);
  const pseudoHeader = pseudoHeaderSum(from.address, to.address, PROTOCOL_UDP, segment.length);
  // A sum of zero is sent as its other form, as zero means "no checksum" (RFC 768).
  setU16(segment, 6, internetChecksum(segment, pseudoHeader) || 0xffff);
}

function setU16(octets: Uint8Array, at: number, value: number): void {
  octets[at] = value >>> 8;
  octets[at + 1] = value & 0xff;
}

function setU32(octets: Uint8Array, at: number, value: number): void {
  setU16(octets, at, value >>> 16);
  setU16(octets, at + 2, value & 0xffff);
}
