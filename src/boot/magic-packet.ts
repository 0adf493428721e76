/**
 * Wake-on-LAN: the magic packet that a network card looks for while its machine sleeps (AMD, Magic Packet Technology, publication 20213).
 * The card does not read what is around it, so that it may come in any frame; UDP to port 9 and an Ethernet type of its own are usual.
 */
import { ipv4Bytes, type Mac, macBytes, parseIpv4, parseMac } from '../base/addresses.ts';
import { ByteWriter } from '../base/bytes.ts';

/** What an Ethernet frame says that carries nothing but a magic packet. */
export const ETHERTYPE_WAKE = 0x0842;
/** discard (RFC 863): whoever is awake throws it away. */
export const WAKE_PORT = 9;

const BROADCAST = new Uint8Array(6).fill(0xff);
const REPETITIONS = 16;
const HEADER_OCTETS = 14;

/** The password of SecureOn: six octets as a hardware address is written, or four as an IPv4 address is; undefined for anything else. */
export function parseWakePassword(text: string): Uint8Array | undefined {
  const mac = parseMac(text);
  if (mac !== undefined) return macBytes(mac);
  const address = parseIpv4(text);
  return address === undefined ? undefined : ipv4Bytes(address);
}

/** Six times 0xFF and sixteen times the address, then the password where the card wants one: 102, 106 or 108 octets. */
export function magicPacket(mac: Mac, password: Uint8Array = new Uint8Array()): Uint8Array {
  const packet = new ByteWriter(BROADCAST.length * (REPETITIONS + 1) + password.length).bytes(BROADCAST);
  for (let time = 0; time < REPETITIONS; time += 1) packet.bytes(macBytes(mac));
  return packet.bytes(password).done();
}

/** The magic packet in a frame of its own. To all: a switch that has forgotten where the machine is, or knows it wrongly, carries it there too. */
export function wakeFrame(from: Mac, packet: Uint8Array): Uint8Array {
  return new ByteWriter(HEADER_OCTETS + packet.length).bytes(BROADCAST).bytes(macBytes(from)).u16(ETHERTYPE_WAKE).bytes(packet).done();
}
