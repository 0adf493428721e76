/** Option 82, what a relay agent says of the way to the client (RFC 3046). Sub-options have a code and a length, no padding and no end. */
import { type Ipv4, ipv4At } from '../base/addresses.ts';
import { ByteReader, hex } from '../base/bytes.ts';

/** The parts that the server uses; identifiers in hexadecimal, as they are opaque. */
export interface RelayInformation {
  /** Sub-option 1: the port, as the relay agent counts. */
  readonly circuitId?: string;
  /** Sub-option 2: the relay agent or the device at the far end. */
  readonly remoteId?: string;
  /** Sub-option 5 (RFC 3527): an address in the client's network, where giaddr is not. */
  readonly linkSelection?: Ipv4;
  /** Sub-option 6 (RFC 3993). */
  readonly subscriberId?: string;
  /** Sub-option 11 (RFC 5107): what the client is to take for the server's address, so that it renews through the relay. */
  readonly serverIdentifier?: Ipv4;
}

const CIRCUIT_ID = 1;
const REMOTE_ID = 2;
const LINK_SELECTION = 5;
const SUBSCRIBER_ID = 6;
const SERVER_IDENTIFIER_OVERRIDE = 11;

/** Reads option 82 as far as it can be read: broken sub-options are passed over, since the option is echoed as it came anyway. */
export function readRelayInformation(value: Uint8Array): RelayInformation {
  const reader = new ByteReader(value);
  const found: { -readonly [Part in keyof RelayInformation]: RelayInformation[Part] } = {};
  while (reader.left > 0) {
    const code = reader.u8();
    const length = reader.u8();
    const octets = length.ok ? reader.bytes(length.value) : length;
    if (!code.ok || !octets.ok) break;
    switch (code.value) {
      case CIRCUIT_ID:
        found.circuitId = hex(octets.value);
        break;
      case REMOTE_ID:
        found.remoteId = hex(octets.value);
        break;
      case SUBSCRIBER_ID:
        found.subscriberId = hex(octets.value);
        break;
      case LINK_SELECTION:
        if (octets.value.length === 4) found.linkSelection = ipv4At(octets.value);
        break;
      case SERVER_IDENTIFIER_OVERRIDE:
        if (octets.value.length === 4) found.serverIdentifier = ipv4At(octets.value);
        break;
    }
  }
  return found;
}
