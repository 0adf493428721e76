/** Where a reply goes (RFC 2131 §4.1). */
import { type Ipv4, type Mac, NO_ADDRESS } from '../base/addresses.ts';
import { CLIENT_PORT, SERVER_PORT } from './packet.ts';
import type { DhcpRequest } from './request.ts';

/** A reply's way. `hardware` is unicast to a host that has no address yet: its frame needs the hardware address beside the IP address. */
export type Destination =
  | { readonly way: 'relay'; readonly address: Ipv4; readonly port: number }
  | { readonly way: 'client'; readonly address: Ipv4; readonly port: number }
  | { readonly way: 'hardware'; readonly address: Ipv4; readonly port: number; readonly hardwareAddress: Mac }
  | { readonly way: 'broadcast'; readonly port: number };

/** The table of RFC 2131 §4.1, first row that fits. `yourAddress` is what the reply gives. */
export function destinationOf(reply: 'OFFER' | 'ACK' | 'NAK' | 'BOOTREPLY', request: DhcpRequest, yourAddress: Ipv4): Destination {
  const { packet } = request;
  if (packet.relayAddress !== NO_ADDRESS) return { way: 'relay', address: packet.relayAddress, port: SERVER_PORT };
  if (reply === 'NAK') return { way: 'broadcast', port: CLIENT_PORT };
  if (packet.clientAddress !== NO_ADDRESS) return { way: 'client', address: packet.clientAddress, port: CLIENT_PORT };
  // EDK2 can send a 16-octet address on Ethernet (its system GUID), InfiniBand none: neither can stand in a frame.
  const canTakeFrame = packet.hardwareType === 1 || packet.hardwareType === 6;
  if (request.wantsBroadcast || request.mac === undefined || !canTakeFrame || isGroupAddress(request.mac))
    return { way: 'broadcast', port: CLIENT_PORT };
  return { way: 'hardware', address: yourAddress, port: CLIENT_PORT, hardwareAddress: request.mac };
}

/** Multicast, broadcast and all-zero addresses are nobody's own. */
function isGroupAddress(mac: Mac): boolean {
  return (Number.parseInt(mac.slice(0, 2), 16) & 1) === 1 || mac === '00:00:00:00:00:00';
}
