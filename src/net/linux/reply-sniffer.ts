/** Hears DHCP servers by a packet socket. The kernel throws everything else away, so that ordinary traffic costs nothing here. */
import { CLIENT_PORT, SERVER_PORT } from '../../dhcp/packet.ts';
import { BOOT_REPLY, ETHERTYPE_IPV4, FRAGMENT_OFFSET_BITS, FRAME, PROTOCOL_UDP, readOverheardReply } from '../overheard-reply.ts';
import type { InterfaceFacts, ReplySniffer } from '../ports.ts';
import { FOR_THIS_MACHINE, packetFilter } from './packet-filter.ts';
import { LONGEST_FRAME, openPacketSocket } from './packet-socket.ts';

/** What passes: replies for clients and relay agents (their ports are 68 and 67), by anybody but this interface. */
export const SERVER_MESSAGES = packetFilter(
  [
    FOR_THIS_MACHINE,
    { value: { at: FRAME.protocol, octets: 1 }, is: 'equal', than: PROTOCOL_UDP },
    { value: { at: FRAME.fragment, octets: 2 }, is: 'has-none-of', than: FRAGMENT_OFFSET_BITS },
    { value: { at: FRAME.toPort, octets: 2, pastIpv4Header: true }, is: 'at-least', than: SERVER_PORT },
    { value: { at: FRAME.toPort, octets: 2, pastIpv4Header: true }, is: 'at-most', than: CLIENT_PORT },
    { value: { at: FRAME.operation, octets: 1, pastIpv4Header: true }, is: 'equal', than: BOOT_REPLY },
  ],
  LONGEST_FRAME,
);

/** Opens the sniffer. Undefined for an interface without Ethernet, and (after a word to `onFault`) without CAP_NET_RAW. */
export function openReplySniffer(facts: InterfaceFacts, onFault: (fault: Error) => void): ReplySniffer | undefined {
  if (facts.mac === undefined || facts.isLoopback) return undefined;
  const socket = openPacketSocket(facts, ETHERTYPE_IPV4, SERVER_MESSAGES, onFault);
  return (
    socket && {
      onReply(listener) {
        socket.onFrame((frame) => {
          const reply = readOverheardReply(frame);
          if (reply) listener(reply);
        });
      },
      close: () => socket.close(),
    }
  );
}
