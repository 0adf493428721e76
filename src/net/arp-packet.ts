/** ARP on Ethernet for IPv4 (RFC 826), as far as a probe needs it (RFC 5227 §2.1.1). Pure. */
import { type Ipv4, ipv4, type Mac, macBytes, macOf, NO_ADDRESS } from '../base/addresses.ts';
import { ByteWriter } from '../base/bytes.ts';

/** What an Ethernet frame says that it carries. */
export const ETHERTYPE_ARP = 0x0806;

const ETHERTYPE_IPV4 = 0x0800;
const HARDWARE_ETHERNET = 1;
const REQUEST = 1;
const REPLY = 2;
const BROADCAST = Uint8Array.of(0xff, 0xff, 0xff, 0xff, 0xff, 0xff);
/** Ethernet header and ARP packet. */
const FRAME_OCTETS = 42;
/** Without the checksum, which the card adds. */
const SHORTEST_FRAME = 60;

/** Who has an address. */
export interface ArpReply {
  readonly address: Ipv4;
  readonly mac: Mac;
}

/**
 * The frame that asks everybody who has `address`. The sender names no address of its own, so that nobody's table learns
 * anything from the question, and so that a router that answers for others (proxy ARP) stays out of it.
 */
export function arpProbe(from: Mac, address: Ipv4): Uint8Array {
  return new ByteWriter(SHORTEST_FRAME)
    .bytes(BROADCAST)
    .bytes(macBytes(from))
    .u16(ETHERTYPE_ARP)
    .u16(HARDWARE_ETHERNET)
    .u16(ETHERTYPE_IPV4)
    .u8(6)
    .u8(4)
    .u16(REQUEST)
    .bytes(macBytes(from))
    .u32(NO_ADDRESS)
    .zeros(6)
    .u32(address)
    .zeros(SHORTEST_FRAME - FRAME_OCTETS)
    .done();
}

/** Reads a frame as an answer; undefined for any other frame. */
export function readArpReply(frame: Uint8Array): ArpReply | undefined {
  if (frame.length < FRAME_OCTETS) return undefined;
  const view = new DataView(frame.buffer, frame.byteOffset, frame.byteLength);
  const isReply =
    view.getUint16(12) === ETHERTYPE_ARP &&
    view.getUint16(14) === HARDWARE_ETHERNET &&
    view.getUint16(16) === ETHERTYPE_IPV4 &&
    view.getUint8(18) === 6 &&
    view.getUint8(19) === 4 &&
    view.getUint16(20) === REPLY;
  return isReply ? { address: ipv4(view.getUint32(28)), mac: macOf(frame.subarray(22, 28)) } : undefined;
}
