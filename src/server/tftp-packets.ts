/** The last packets of TFTP that say something of a transfer, by the client's address: requests, what was agreed on, and faults. Blocks and their ACKs are not among them. */
import type { Ipv4 } from '../base/addresses.ts';
import type { Clock } from '../base/clock.ts';
import type { Endpoint } from '../net/ports.ts';
import { OPCODE } from '../tftp/packet.ts';
import { type KeptPacket, PacketRing } from './packet-ring.ts';

/** 1 MiB. Requests have a hundred octets; what is longer is kept in part. */
const SIZE = { slots: 4096, slotOctets: 256 };
/** Of one client, in one answer. */
const MOST_FOUND = 200;

export class TftpPackets {
  readonly #ring: PacketRing;

  constructor(clock: Pick<Clock, 'wall'>) {
    this.#ring = new PacketRing(SIZE, clock);
  }

  /** What came to a door. */
  asked(octets: Uint8Array, from: Endpoint, to: Endpoint): void {
    this.#ring.received(from.address, octets, from.address, from.port, to.address, to.port);
  }

  /** What came to a transfer: kept where the client breaks off. */
  received(octets: Uint8Array, from: Endpoint, to: Endpoint): void {
    if (octets[1] === OPCODE.error) this.#ring.received(from.address, octets, from.address, from.port, to.address, to.port);
  }

  /** What was sent beside blocks: kept where it is more than an ACK. */
  sent(octets: Uint8Array, from: Endpoint, to: Endpoint): void {
    if (octets[1] === OPCODE.oack || octets[1] === OPCODE.error)
      this.#ring.sent(to.address, octets, to.address, to.port, from.address, from.port);
  }

  /** The last ones of a client that had these addresses, oldest first. */
  of(addresses: readonly Ipv4[]): KeptPacket[] {
    return this.#ring.find(addresses, MOST_FOUND);
  }
}
