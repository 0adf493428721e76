/** The DISCOVER that asks for other DHCP servers. No REQUEST ever follows it, so that nothing is bound. Pure. */
import { type Mac, macBytes, macOf, NO_ADDRESS } from '../base/addresses.ts';
import { latin1Bytes } from '../base/bytes.ts';
import { MESSAGE_CODES, OPTION } from '../dhcp/codes.ts';
import { BROADCAST_FLAG, type DhcpPacket } from '../dhcp/packet.ts';

const HARDWARE_ETHERNET = 1;
const HARDWARE_ADDRESS_OCTETS = 16;

/** Type 0: no hardware address, but a name of our own choice (RFC 2132 §9.14). */
const IDENTIFIER_PREFIX = Uint8Array.of(0, ...latin1Bytes('bootlace-guard '));

/**
 * The client's hardware address is that of the interface: switches with DHCP snooping drop a message whose client is not its
 * sender, and a made-up sender may shut a port down. The identifier is one of its own and always the same, so that the other server
 * neither takes this for the machine's own lease, nor holds more than one address for all our questions.
 */
export function guardProbe(mac: Mac, transactionId: number): DhcpPacket {
  const hardwareAddress = new Uint8Array(HARDWARE_ADDRESS_OCTETS);
  hardwareAddress.set(macBytes(mac));
  return {
    operation: 1,
    hardwareType: HARDWARE_ETHERNET,
    hardwareLength: 6,
    hops: 0,
    transactionId,
    // Some standby servers answer only clients that have waited already.
    seconds: 10,
    // The answer has to reach an interface that does not have the address.
    flags: BROADCAST_FLAG,
    clientAddress: NO_ADDRESS,
    yourAddress: NO_ADDRESS,
    nextServer: NO_ADDRESS,
    relayAddress: NO_ADDRESS,
    hardwareAddress,
    serverName: new Uint8Array(),
    bootFile: new Uint8Array(),
    options: new Map([
      [OPTION.messageType, Uint8Array.of(MESSAGE_CODES.DISCOVER)],
      [OPTION.clientIdentifier, Uint8Array.of(...IDENTIFIER_PREFIX, ...macBytes(mac))],
      [OPTION.parameterRequestList, Uint8Array.of(OPTION.subnetMask, OPTION.router, OPTION.leaseTime, OPTION.serverIdentifier)],
    ]),
  };
}

/**
 * True for a question of our own guard that comes back in by a second interface on the same wire: it is to be left unanswered.
 * That of another Bootlace is a client like any other, and finds us by our answer.
 */
export function isOwnProbe({ hardwareAddress, options }: DhcpPacket, ownMacs: ReadonlySet<Mac>): boolean {
  const identifier = options.get(OPTION.clientIdentifier);
  return (
    identifier !== undefined && IDENTIFIER_PREFIX.every((octet, at) => identifier[at] === octet) && ownMacs.has(macOf(hardwareAddress))
  );
}
