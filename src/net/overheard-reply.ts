/** A DHCP server's message in the Ethernet frame that it came in (RFC 894, 791, 768, 2131). Pure; nothing in a frame makes it throw. */
import { ipv4, ipv4At, macOf } from '../base/addresses.ts';
import { MESSAGE_TYPES, OPTION } from '../dhcp/codes.ts';
import { decodePacket } from '../dhcp/packet.ts';
import type { OverheardReply } from './ports.ts';

/** What an Ethernet frame says that it carries. */
export const ETHERTYPE_IPV4 = 0x0800;

/** Where things are in a frame, in octets; those of UDP and DHCP count from the end of the IPv4 header. */
export const FRAME = { etherType: 12, ipv4: 14, fragment: 20, protocol: 23, toPort: 2, operation: 8 } as const;

export const PROTOCOL_UDP = 17;
/** op of a server's message. */
export const BOOT_REPLY = 2;
/** Set in the flags of every piece of a fragmented datagram but the first (RFC 791 §3.1). */
export const FRAGMENT_OFFSET_BITS = 0x1fff;

const UDP_OCTETS = 8;

/** Reads a frame; undefined for everything that is no whole message of a server. Checksums are not looked at: cards fill them in late. */
export function readOverheardReply(frame: Uint8Array): OverheardReply | undefined {
  if (frame.length < FRAME.ipv4 + 20 + UDP_OCTETS) return undefined;
  const view = new DataView(frame.buffer, frame.byteOffset, frame.byteLength);
  if (view.getUint16(FRAME.etherType) !== ETHERTYPE_IPV4 || view.getUint8(FRAME.protocol) !== PROTOCOL_UDP) return undefined;
  if ((view.getUint16(FRAME.fragment) & FRAGMENT_OFFSET_BITS) !== 0) return undefined;
  const udpAt = FRAME.ipv4 + (view.getUint8(FRAME.ipv4) & 0x0f) * 4;
  if (udpAt + UDP_OCTETS > frame.length) return undefined;
  const packet = decodePacket(frame.subarray(udpAt + UDP_OCTETS, udpAt + view.getUint16(udpAt + 4)));
  if (!packet.ok || packet.value.operation !== BOOT_REPLY) return undefined;
  const { options, yourAddress, relayAddress, hardwareLength, hardwareAddress } = packet.value;
  const from = { address: ipv4(view.getUint32(26)), port: view.getUint16(udpAt) };
  const identifier = options.get(OPTION.serverIdentifier);
  return {
    mac: macOf(frame.subarray(6, 12)),
    from,
    toPort: view.getUint16(udpAt + FRAME.toPort),
    server: identifier?.length === 4 ? ipv4At(identifier) : from.address,
    type: serverType(options.get(OPTION.messageType)?.[0]),
    yourAddress,
    client: hardwareLength === 6 ? macOf(hardwareAddress) : undefined,
    relayAddress,
  };
}

function serverType(code: number | undefined): OverheardReply['type'] {
  const type = (MESSAGE_TYPES as Readonly<Record<number, string>>)[code ?? 0];
  return type === 'OFFER' || type === 'ACK' || type === 'NAK' ? type : undefined;
}
