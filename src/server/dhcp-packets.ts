/** The last messages of DHCP, by the hardware address of their client: also those that are no messages, as far as they have one. */
import { type Ipv4, LIMITED_BROADCAST, type Mac, macBytes } from '../base/addresses.ts';
import type { Clock } from '../base/clock.ts';
import { BOOT_SERVER_PORT } from '../dhcp/boot-server.ts';
import { SERVER_PORT } from '../dhcp/packet.ts';
import type { Arrival } from '../dhcp/request.ts';
import { type KeptPacket, PacketRing } from './packet-ring.ts';

/** 1 MiB. A PXE ROM's DISCOVER has 548 octets; what is longer is kept in part. */
const SIZE = { slots: 1724, slotOctets: 608 };
/** Of one client, in one answer. */
const MOST_FOUND = 200;
/** Where chaddr begins (RFC 2131 §2). */
const HARDWARE_ADDRESS = 28;
const MAC_OCTETS = 6;
/** Whose there is no telling. */
const NOBODY = -1;

export class DhcpPackets {
  readonly #ring: PacketRing;

  constructor(clock: Pick<Clock, 'wall'>) {
    this.#ring = new PacketRing(SIZE, clock);
  }

  received(octets: Uint8Array, from: { readonly address: Ipv4; readonly port: number }, { server, cast, asker }: Arrival): void {
    const to = cast === 'broadcast' ? LIMITED_BROADCAST : server;
    this.#ring.received(clientOf(octets), octets, from.address, from.port, to, asker === undefined ? SERVER_PORT : BOOT_SERVER_PORT);
  }

  sent(octets: Uint8Array, to: Ipv4, port: number, { server, asker }: Arrival): void {
    this.#ring.sent(clientOf(octets), octets, to, port, server, asker === undefined ? SERVER_PORT : BOOT_SERVER_PORT);
  }

  /** The last ones of a client, oldest first. */
  of(client: Mac): KeptPacket[] {
    return this.#ring.find([numberAt(macBytes(client), 0)], MOST_FOUND);
  }
}

/** The hardware address of 48 bits as a number. */
function clientOf(octets: Uint8Array): number {
  return octets.length < HARDWARE_ADDRESS + MAC_OCTETS ? NOBODY : numberAt(octets, HARDWARE_ADDRESS);
}

function numberAt(octets: Uint8Array, at: number): number {
  const high = ((octets[at] ?? 0) << 8) | (octets[at + 1] ?? 0);
  const low = ((octets[at + 2] ?? 0) << 24) | ((octets[at + 3] ?? 0) << 16) | ((octets[at + 4] ?? 0) << 8) | (octets[at + 5] ?? 0);
  return high * 0x1_0000_0000 + (low >>> 0);
}
