/** Hears DHCP clients by a packet socket, for where the port is another server's. The kernel throws everything else away. */
import { type Ipv4, ipv4 } from '../../base/addresses.ts';
import { SERVER_PORT } from '../../dhcp/packet.ts';
import { ETHERTYPE_IPV4, FRAGMENT_OFFSET_BITS, FRAME, PROTOCOL_UDP } from '../overheard-reply.ts';
import type { InterfaceFacts, RequestSniffer } from '../ports.ts';
import { FOR_THIS_MACHINE, packetFilter } from './packet-filter.ts';
import { LONGEST_FRAME, openPacketSocket } from './packet-socket.ts';

const BOOT_REQUEST = 1;
const UDP_OCTETS = 8;
const DESTINATION_AT = 30;

/** What passes: what clients and relay agents say to port 67 of this machine, or of all. */
export const CLIENT_MESSAGES = packetFilter(
  [
    FOR_THIS_MACHINE,
    { value: { at: FRAME.protocol, octets: 1 }, is: 'equal', than: PROTOCOL_UDP },
    { value: { at: FRAME.fragment, octets: 2 }, is: 'has-none-of', than: FRAGMENT_OFFSET_BITS },
    { value: { at: FRAME.toPort, octets: 2, pastIpv4Header: true }, is: 'equal', than: SERVER_PORT },
    { value: { at: FRAME.operation, octets: 1, pastIpv4Header: true }, is: 'equal', than: BOOT_REQUEST },
  ],
  LONGEST_FRAME,
);

/** Opens the sniffer. Undefined for an interface without Ethernet, and (after a word to `onFault`) without CAP_NET_RAW. */
export function openRequestSniffer(facts: InterfaceFacts, onFault: (fault: Error) => void): RequestSniffer | undefined {
  if (facts.mac === undefined || facts.isLoopback) return undefined;
  const socket = openPacketSocket(facts, ETHERTYPE_IPV4, CLIENT_MESSAGES, onFault);
  return (
    socket && {
      onRequest(listener) {
        socket.onFrame((frame) => {
          const datagram = readDatagram(frame);
          // The buffer is read into again, and a message may wait.
          if (datagram !== undefined) listener(datagram.payload.slice(), datagram.to);
        });
      },
      close: () => socket.close(),
    }
  );
}

/** The UDP payload of a frame that passed the filter; undefined for one that is cut off. */
function readDatagram(frame: Uint8Array): { readonly payload: Uint8Array; readonly to: Ipv4 } | undefined {
  const view = new DataView(frame.buffer, frame.byteOffset, frame.byteLength);
  const udpAt = FRAME.ipv4 + (view.getUint8(FRAME.ipv4) & 0x0f) * 4;
  if (udpAt + UDP_OCTETS > frame.length) return undefined;
  const length = view.getUint16(udpAt + 4);
  if (length < UDP_OCTETS || udpAt + length > frame.length) return undefined;
  return { payload: frame.subarray(udpAt + UDP_OCTETS, udpAt + length), to: ipv4(view.getUint32(DESTINATION_AT)) };
}
