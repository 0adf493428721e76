/** The Ethernet frames of a simulated device: ARP (RFC 826), UDP (RFC 768) and TCP (RFC 9293) over IPv4. Nothing in a frame makes it throw. */
import { type Ipv4, ipv4, type Mac, macBytes, macOf } from '../base/addresses.ts';
import { ByteWriter } from '../base/bytes.ts';
import { internetChecksum, pseudoHeaderSum } from '../net/linux/raw-frame.ts';
import { TCP_FLAG, TCP_WINDOW, type TcpSegment } from './tcp-client.ts';

export const BROADCAST_MAC = 'ff:ff:ff:ff:ff:ff' as Mac;

const ETHERTYPE = { ipv4: 0x0800, arp: 0x0806 } as const;
const PROTOCOL = { tcp: 6, udp: 17 } as const;
const ETHERNET_OCTETS = 14;
const IPV4_OCTETS = 20;
const SHORTEST_FRAME = 60;
/** Of an IPv4 packet in an Ethernet frame, without its headers (RFC 6691). */
const SEGMENT_OCTETS = 1460;

/** What a frame means to a device. */
export type Heard =
  | { readonly kind: 'arp'; readonly isRequest: boolean; readonly mac: Mac; readonly sender: Ipv4; readonly target: Ipv4 }
  | {
      readonly kind: 'udp';
      readonly from: Ipv4;
      readonly fromPort: number;
      readonly to: Ipv4;
      readonly toPort: number;
      readonly payload: Uint8Array;
    }
  | { readonly kind: 'tcp'; readonly from: Ipv4; readonly to: Ipv4; readonly segment: TcpSegment };

/** Reads a frame; undefined for what a device takes no notice of: other protocols, pieces of packets, what is cut off. */
export function readFrame(frame: Uint8Array): Heard | undefined {
  if (frame.length < ETHERNET_OCTETS + IPV4_OCTETS) return undefined;
  const view = new DataView(frame.buffer, frame.byteOffset, frame.byteLength);
  const type = view.getUint16(12);
  if (type === ETHERTYPE.arp && frame.length >= 42) {
    return {
      kind: 'arp',
      isRequest: view.getUint16(20) === 1,
      mac: macOf(frame.subarray(22, 28)),
      sender: ipv4(view.getUint32(28)),
      target: ipv4(view.getUint32(38)),
    };
  }
  if (type !== ETHERTYPE.ipv4 || (view.getUint16(20) & 0x3fff) !== 0) return undefined;
  const at = ETHERNET_OCTETS + (view.getUint8(14) & 15) * 4;
  const end = Math.min(frame.length, ETHERNET_OCTETS + view.getUint16(16));
  const [from, to] = [ipv4(view.getUint32(26)), ipv4(view.getUint32(30))];
  const protocol = view.getUint8(23);
  if (protocol === PROTOCOL.udp && at + 8 <= end)
    return { kind: 'udp', from, to, fromPort: view.getUint16(at), toPort: view.getUint16(at + 2), payload: frame.slice(at + 8, end) };
  if (protocol !== PROTOCOL.tcp || at + 20 > end) return undefined;
  const payloadAt = at + (view.getUint8(at + 12) >> 4) * 4;
  if (payloadAt > end) return undefined;
  const segment = {
    fromPort: view.getUint16(at),
    toPort: view.getUint16(at + 2),
    sequence: view.getUint32(at + 4),
    acknowledgement: view.getUint32(at + 8),
    flags: view.getUint8(at + 13),
    payload: frame.slice(payloadAt, end),
  };
  return { kind: 'tcp', from, to, segment };
}

/** Asks who has an address, or says that `sender` is at `mac`. */
export function arpFrame(
  mac: Mac,
  sender: Ipv4,
  question: 'request' | 'reply',
  to: { readonly mac: Mac; readonly address: Ipv4 },
): Uint8Array {
  return new ByteWriter(SHORTEST_FRAME)
    .bytes(macBytes(to.mac))
    .bytes(macBytes(mac))
    .u16(ETHERTYPE.arp)
    .u16(1)
    .u16(ETHERTYPE.ipv4)
    .u8(6)
    .u8(4)
    .u16(question === 'request' ? 1 : 2)
    .bytes(macBytes(mac))
    .u32(sender)
    .bytes(question === 'request' ? new Uint8Array(6) : macBytes(to.mac))
    .u32(to.address)
    .zeros(SHORTEST_FRAME - 42)
    .done();
}

/** One TCP segment as a whole frame. */
export function tcpFrame(
  from: { readonly mac: Mac; readonly address: Ipv4 },
  to: { readonly mac: Mac; readonly address: Ipv4 },
  segment: TcpSegment,
): Uint8Array {
  const isFirst = (segment.flags & TCP_FLAG.syn) !== 0;
  const headerOctets = isFirst ? 24 : 20;
  const octets = headerOctets + segment.payload.length;
  const made = (checksum: number): Uint8Array => {
    const writer = new ByteWriter(octets)
      .u16(segment.fromPort)
      .u16(segment.toPort)
      .u32(segment.sequence)
      .u32(segment.acknowledgement)
      .u8((headerOctets / 4) << 4)
      .u8(segment.flags)
      .u16(TCP_WINDOW)
      .u16(checksum)
      .u16(0);
    if (isFirst) writer.u8(2).u8(4).u16(SEGMENT_OCTETS);
    return writer.bytes(segment.payload).done();
  };
  const header = (checksum: number) =>
    new ByteWriter(IPV4_OCTETS)
      .u16(0x4500)
      .u16(IPV4_OCTETS + octets)
      .u16(0)
      .u16(0x4000)
      .u8(64)
      .u8(PROTOCOL.tcp)
      .u16(checksum)
      .u32(from.address)
      .u32(to.address)
      .done();
  const frame = new ByteWriter(ETHERNET_OCTETS + IPV4_OCTETS + octets)
    .bytes(macBytes(to.mac))
    .bytes(macBytes(from.mac))
    .u16(ETHERTYPE.ipv4)
    .bytes(header(internetChecksum(header(0))))
    .bytes(made(internetChecksum(made(0), pseudoHeaderSum(from.address, to.address, PROTOCOL.tcp, octets))));
  return frame.zeros(SHORTEST_FRAME - frame.length).done();
}

/**
 * Datagrams that came as one: a sender that has its card cut them (UDP_SEGMENT) hands a window of DATA packets to the wire in one piece, and on a
 * virtual wire nobody cuts it. The stride is where the next block number stands, again and again.
 */
export function separated(payload: Uint8Array, longest: number): readonly Uint8Array[] {
  if (payload.length <= longest || payload[0] !== 0 || payload[1] !== 3) return [payload];
  const block = ((payload[2] ?? 0) << 8) | (payload[3] ?? 0);
  for (let stride = 12; stride < payload.length; stride += 1) {
    if (!hasBlocks(payload, stride, block)) continue;
    return Array.from({ length: Math.ceil(payload.length / stride) }, (_, at) => payload.subarray(at * stride, (at + 1) * stride));
  }
  return [payload];
}

function hasBlocks(payload: Uint8Array, stride: number, first: number): boolean {
  for (let at = stride, block = first + 1; at < payload.length; at += stride, block += 1) {
    if (at + 4 > payload.length) return false;
    if (payload[at] !== 0 || payload[at + 1] !== 3 || payload[at + 2] !== ((block >> 8) & 255) || payload[at + 3] !== (block & 255))
      return false;
  }
  return true;
}
