/**
 * A UDP datagram as one whole Ethernet frame: Ethernet II, IPv4 (RFC 791) without options, UDP (RFC 768). Pure.
 * For hosts that have no address yet, so that neither ARP nor the kernel's routing can find them (RFC 2131 §4.1).
 */
import { type Mac, macBytes } from '../../base/addresses.ts';
import { ByteWriter } from '../../base/bytes.ts';
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

/** Builds the frame, padded to Ethernet's minimum. */
export function udpFrame(from: Mac, datagram: RawDatagram, mtu: number): Result<Uint8Array, TooLong> {
  const { payload } = datagram;
  const udpOctets = UDP_OCTETS + payload.length;
  const ipOctets = IPV4_OCTETS + udpOctets;
  if (ipOctets > Math.min(mtu, 0xffff)) return err({ fault: 'too-long', octets: ipOctets, mtu });
  const header = ipv4Header(datagram, ipOctets);
  const checkedHeader = header(internetChecksum(header(0)));
  const udp = udpSegment(datagram, udpOctets);
  // A sum of zero is sent as its other form, as zero means "no checksum" (RFC 768).
  const checkedUdp = udp(internetChecksum(pseudoHeader(datagram, udpOctets), udp(0)) || 0xffff);
  const frame = new ByteWriter(Math.max(ETHERNET_OCTETS + ipOctets, SHORTEST_FRAME))
    .bytes(macBytes(datagram.hardwareAddress))
    .bytes(macBytes(from))
    .u16(ETHERTYPE_IPV4)
    .bytes(checkedHeader)
    .bytes(checkedUdp);
  return ok(frame.zeros(SHORTEST_FRAME - frame.length).done());
}

/** The Internet checksum of all parts, one after another; every part but the last has an even length (RFC 1071). */
export function internetChecksum(...parts: readonly Uint8Array[]): number {
  let sum = 0;
  for (const part of parts) {
    for (let at = 0; at < part.length; at += 2) sum += ((part[at] ?? 0) << 8) | (part[at + 1] ?? 0);
  }
  while (sum > 0xffff) sum = (sum & 0xffff) + (sum >>> 16);
  return ~sum & 0xffff;
}

function ipv4Header({ from, to }: RawDatagram, octets: number): (checksum: number) => Uint8Array {
  return (checksum) =>
    new ByteWriter(IPV4_OCTETS)
      .u8(0x45)
      .u8(0)
      .u16(octets)
      .u16(0) // identification: of no use without fragments (RFC 6864 §4.1)
      .u16(DONT_FRAGMENT)
      .u8(64)
      .u8(PROTOCOL_UDP)
      .u16(checksum)
      .u32(from.address)
      .u32(to.address)
      .done();
}

function udpSegment({ from, to, payload }: RawDatagram, octets: number): (checksum: number) => Uint8Array {
  return (checksum) => new ByteWriter(octets).u16(from.port).u16(to.port).u16(octets).u16(checksum).bytes(payload).done();
}

function pseudoHeader({ from, to }: RawDatagram, udpOctets: number): Uint8Array {
  return new ByteWriter(12).u32(from.address).u32(to.address).u8(0).u8(PROTOCOL_UDP).u16(udpOctets).done();
}
