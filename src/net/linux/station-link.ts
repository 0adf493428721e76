/** The traffic of a host that this machine only plays, through an AF_PACKET socket, packet(7): nothing of it touches the machine's own addresses. */
import { type Mac, macBytes } from '../../base/addresses.ts';
import type { InterfaceFacts, StationLink } from '../ports.ts';
import { packetFilter } from './packet-filter.ts';
import { openPacketSocket } from './packet-socket.ts';

/** Every protocol: what comes is IPv4 and ARP in turn. */
const ETH_P_ALL = 0x0003;
/** A virtual wire carries what a card would cut: a window of TFTP, or of TCP, as one frame of up to 64 KiB. */
const LONGEST_STATION_FRAME = 66 * 1024;

/**
 * Every frame but our own (PACKET_OUTGOING is 4), that which is for another machine too (3): its hardware address
 * is not that of the interface.
 */
const FROM_OTHERS = packetFilter([{ value: { of: 'packet-type' }, is: 'at-most', than: 3 }], LONGEST_STATION_FRAME);

/** Opens the link. Undefined for an interface without Ethernet, and (after a word to `onFault`) without CAP_NET_RAW. */
export function openStationLink(facts: InterfaceFacts, mac: Mac, onFault: (fault: Error) => void): StationLink | undefined {
  if (facts.mac === undefined || facts.isLoopback) return undefined;
  const socket = openPacketSocket(facts, ETH_P_ALL, FROM_OTHERS, onFault, { longest: LONGEST_STATION_FRAME, hearsAll: true });
  const own = macBytes(mac);
  const isForIt = (frame: Uint8Array) => (frame[0] === 0xff && frame[5] === 0xff) || own.every((octet, at) => frame[at] === octet);
  return (
    socket && {
      onFrame(listener) {
        socket.onFrame((frame) => {
          if (isForIt(frame)) listener(frame);
        });
      },
      send: (frame) => socket.send(frame),
      close: () => socket.close(),
    }
  );
}
