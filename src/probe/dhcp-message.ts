/** What a simulated device says to DHCP servers, as octets. */
import { type Ipv4, ipv4Bytes, macBytes, NO_ADDRESS } from '../base/addresses.ts';
import { MESSAGE_CODES, type MessageType, OPTION } from '../dhcp/codes.ts';
import { BROADCAST_FLAG, type DhcpPacket, encodePacket, NO_OCTETS, type Options } from '../dhcp/packet.ts';
import type { SentOption } from './device.ts';
import type { Life } from './life.ts';

export interface MessageParts {
  readonly transactionId: number;
  /** secs. */
  readonly seconds: number;
  /** ciaddr. */
  readonly clientAddress?: Ipv4;
  readonly options: readonly SentOption[];
}

/** The message of a device, with its octets, padded as that device does it. */
export function messageOf(
  life: Life,
  type: MessageType,
  parts: MessageParts,
): { readonly packet: DhcpPacket; readonly octets: Uint8Array } {
  const { broadcast, leastOctets = 0 } = life.device.dhcp;
  const hardwareAddress = new Uint8Array(16);
  hardwareAddress.set(macBytes(life.mac));
  const options: Options = new Map([[OPTION.messageType, Uint8Array.of(MESSAGE_CODES[type])], ...parts.options]);
  const packet: DhcpPacket = {
    operation: 1,
    hardwareType: 1,
    hardwareLength: 6,
    hops: life.relay === undefined ? 0 : 1,
    transactionId: parts.transactionId,
    seconds: parts.seconds,
    flags: broadcast === true && parts.clientAddress === undefined ? BROADCAST_FLAG : 0,
    clientAddress: parts.clientAddress ?? NO_ADDRESS,
    yourAddress: NO_ADDRESS,
    nextServer: NO_ADDRESS,
    relayAddress: life.relay ?? NO_ADDRESS,
    hardwareAddress,
    serverName: NO_OCTETS,
    bootFile: NO_OCTETS,
    options,
  };
  const encoded = encodePacket(packet);
  if (encoded.length >= leastOctets) return { packet, octets: encoded };
  const octets = new Uint8Array(leastOctets);
  octets.set(encoded);
  return { packet, octets };
}

export function requestedAddress(address: Ipv4): SentOption {
  return [OPTION.requestedAddress, ipv4Bytes(address)];
}

export function serverIdentifier(server: Ipv4): SentOption {
  return [OPTION.serverIdentifier, ipv4Bytes(server)];
}

/** The options of a REQUEST for an offer. */
export function requestOptions({ mac, device }: Life, requested: Ipv4, server: Ipv4): readonly SentOption[] {
  // A client that remembers an address names it in its DISCOVER; here it asks for the one that it was offered.
  const options = device.dhcp.options(mac).filter(([code]) => code !== OPTION.requestedAddress);
  const [address, identifier] = [requestedAddress(requested), serverIdentifier(server)];
  return device.dhcp.request?.(options, address, identifier) ?? [identifier, address, ...options];
}
