/** The last packets of a device in words: what the serving threads still have of it, put together when somebody asks. */
import { type Ipv4, ipv4At, parseIpv4, parseMac, showIpv4 } from '../base/addresses.ts';
import { hex } from '../base/bytes.ts';
import type { DecodedPacket, Devices } from '../devices/api.ts';
import { dhcpWords } from '../dhcp/packet-words.ts';
import type { Endpoint } from '../net/ports.ts';
import { tftpWords } from '../tftp/packet-words.ts';
import type { DhcpLink } from './dhcp-link.ts';
import type { KeptPacket } from './packet-ring.ts';
import type { TftpLink } from './tftp-link.ts';

export interface DevicePacketsParts {
  readonly dhcp: Pick<DhcpLink, 'packetsOf'>;
  readonly tftp: Pick<TftpLink, 'packetsOf'>;
  readonly book: Pick<Devices, 'timeline' | 'list'>;
}

/** Oldest first; undefined where nobody is called so. By MAC also those of a device that has only ever said what was dropped. */
export type PacketsOfDevice = (called: string) => Promise<readonly DecodedPacket[] | undefined>;

/** Where yiaddr begins (RFC 2131 §2). */
const YOUR_ADDRESS = 16;

export function packetsOfDevice({ dhcp, tftp, book }: DevicePacketsParts): PacketsOfDevice {
  return async (called) => {
    const device = book.timeline(called)?.device;
    const mac = device === undefined ? parseMac(called) : device.mac;
    const messages = mac === undefined ? [] : await dhcp.packetsOf(mac);
    if (device === undefined && messages.length === 0) return undefined;
    const last = device?.address === undefined ? undefined : parseIpv4(device.address);
    const others = othersIn(book, device?.id);
    const earlier = givenIn(messages).filter((address) => !others.has(showIpv4(address)));
    const addresses = [...new Set(last === undefined ? earlier : [last, ...earlier])];
    const files = addresses.length === 0 ? [] : await tftp.packetsOf(addresses);
    return [...messages.map((packet) => decoded('dhcp', packet)), ...files.map((packet) => decoded('tftp', packet))].toSorted(
      (a, b) => a.at - b.at,
    );
  };
}

/** The addresses that it was offered and given. What a client says of itself is not believed. */
function givenIn(messages: readonly KeptPacket[]): readonly Ipv4[] {
  return messages.flatMap(({ direction, octets }) => {
    const address = ipv4At(octets, YOUR_ADDRESS);
    return direction === 'out' && address !== 0 ? [address] : [];
  });
}

/** What is asked from an address counts for whoever has it now. */
function othersIn(book: Pick<Devices, 'list'>, id: string | undefined): ReadonlySet<string> {
  return new Set(book.list().flatMap((device) => (device.mac === undefined || device.id === id ? [] : (device.address ?? []))));
}

function decoded(protocol: DecodedPacket['protocol'], { at, direction, from, to, length, octets }: KeptPacket): DecodedPacket {
  const { summary, fields } = protocol === 'dhcp' ? dhcpWords(octets, length) : tftpWords(octets, length);
  return { at, direction, protocol, from: showEndpoint(from), to: showEndpoint(to), summary, fields, hex: hex(octets) };
}

function showEndpoint({ address, port }: Endpoint): string {
  return `${showIpv4(address)}:${port}`;
}
