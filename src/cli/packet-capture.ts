/** Packets as a capture that Wireshark and tcpdump read: pcap with IP packets, whose headers are made here, as only what is in them was kept. */
import { type Mac, parseIpv4 } from '../base/addresses.ts';
import { invariant } from '../base/result.ts';
import type { DecodedPacket } from '../devices/api.ts';
import { udpFrame } from '../net/linux/raw-frame.ts';
import type { Endpoint } from '../net/ports.ts';

/** libpcap's file format: times in microseconds, octets of a number lowest first. */
const MAGIC = 0xa1b2c3d4;
const FILE_HEADER = 24;
const RECORD_HEADER = 16;
/** LINKTYPE_RAW: a packet begins with its IP header. */
const RAW_IP = 101;
const LONGEST_PACKET = 65_535;
const ETHERNET_OCTETS = 14;
const NO_MAC = '00:00:00:00:00:00' as Mac;

export function captureOf(packets: readonly DecodedPacket[]): Uint8Array {
  const records = packets.map(recordOf);
  const file = new Uint8Array(FILE_HEADER + records.reduce((sum, { length }) => sum + length, 0));
  const view = new DataView(file.buffer);
  view.setUint32(0, MAGIC, true);
  view.setUint16(4, 2, true);
  view.setUint16(6, 4, true);
  view.setUint32(16, LONGEST_PACKET, true);
  view.setUint32(20, RAW_IP, true);
  let at = FILE_HEADER;
  for (const record of records) {
    file.set(record, at);
    at += record.length;
  }
  return file;
}

function recordOf({ at, from, to, hex }: DecodedPacket): Uint8Array {
  const payload = Uint8Array.from(Buffer.from(hex, 'hex'));
  const frame = udpFrame(NO_MAC, { from: endpoint(from), to: endpoint(to), hardwareAddress: NO_MAC, payload }, LONGEST_PACKET);
  invariant(frame.ok, 'what is kept of a packet fits into one');
  const length = new DataView(frame.value.buffer, frame.value.byteOffset).getUint16(ETHERNET_OCTETS + 2);
  const record = new Uint8Array(RECORD_HEADER + length);
  const view = new DataView(record.buffer);
  view.setUint32(0, Math.floor(at / 1000), true);
  view.setUint32(4, Math.round((at % 1000) * 1000), true);
  view.setUint32(8, length, true);
  view.setUint32(12, length, true);
  record.set(frame.value.subarray(ETHERNET_OCTETS, ETHERNET_OCTETS + length), RECORD_HEADER);
  return record;
}

function endpoint(text: string): Endpoint {
  const [host = '', port = ''] = text.split(':');
  const address = parseIpv4(host);
  invariant(address !== undefined, 'the server writes addresses');
  return { address, port: Number(port) };
}
