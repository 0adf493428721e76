/** A DHCP server's answer as devices read it. */
import { type Ipv4, ipv4At, NO_ADDRESS } from '../base/addresses.ts';
import { latin1Text } from '../base/bytes.ts';
import { MESSAGE_TYPES, type MessageType, OPTION } from '../dhcp/codes.ts';
import type { DhcpPacket } from '../dhcp/packet.ts';

export class Reply {
  readonly packet: DhcpPacket;

  constructor(packet: DhcpPacket) {
    this.packet = packet;
  }

  get type(): MessageType | undefined {
    return (MESSAGE_TYPES as Readonly<Record<number, MessageType>>)[this.packet.options.get(OPTION.messageType)?.[0] ?? 0];
  }

  /** Option 54, or siaddr where a proxy leaves it out. */
  get server(): Ipv4 {
    return this.address(OPTION.serverIdentifier) ?? this.packet.nextServer;
  }

  octets(code: number): Uint8Array | undefined {
    const value = this.packet.options.get(code);
    return value === undefined || value.length === 0 ? undefined : value;
  }

  /** An option as text, without the NUL that some servers put behind it. */
  text(code: number): string | undefined {
    const value = this.octets(code);
    const text = value === undefined ? '' : withoutNul(latin1Text(value));
    return text === '' ? undefined : text;
  }

  /** The first address of an option. */
  address(code: number): Ipv4 | undefined {
    const value = this.octets(code);
    return value === undefined || value.length < 4 ? undefined : ipv4At(value);
  }

  seconds(code: number): number | undefined {
    const value = this.octets(code);
    return value?.length === 4 ? ipv4At(value) : undefined;
  }

  /** siaddr, where there is one. */
  get nextServer(): Ipv4 | undefined {
    return this.packet.nextServer === NO_ADDRESS ? undefined : this.packet.nextServer;
  }

  /** The boot file: option 67, else the field `file`. */
  get bootFile(): string | undefined {
    const field = withoutNul(latin1Text(this.packet.bootFile));
    return this.text(OPTION.bootFileName) ?? (field === '' ? undefined : field);
  }

  /** sname. */
  get serverName(): string | undefined {
    const field = withoutNul(latin1Text(this.packet.serverName));
    return field === '' ? undefined : field;
  }

  /** Its vendor class begins so. */
  hasClass(beginning: string): boolean {
    return this.text(OPTION.vendorClass)?.startsWith(beginning) === true;
  }

  /** The sub-options of option 43 (RFC 2132 §8.4); undefined where it is none such list. */
  get vendorOptions(): ReadonlyMap<number, Uint8Array> | undefined {
    const value = this.octets(OPTION.vendorSpecific);
    return value && encapsulated(value);
  }
}

/** What a device has when it may use its address. */
export interface Lease {
  readonly address: Ipv4;
  readonly offer: Reply;
  /** The ACK: what counts. */
  readonly ack: Reply;
  /** Offers without an address: proxies, which only say what to boot. */
  readonly proxies: readonly Reply[];
}

/** One code, one length and a value after another, up to an END or the end; undefined where a value is cut off. */
export function encapsulated(octets: Uint8Array): ReadonlyMap<number, Uint8Array> | undefined {
  const found = new Map<number, Uint8Array>();
  for (let at = 0; at < octets.length && octets[at] !== 255; ) {
    const length = octets[at + 1];
    if (length === undefined || at + 2 + length > octets.length) return undefined;
    found.set(octets[at] ?? 0, octets.subarray(at + 2, at + 2 + length));
    at += 2 + length;
  }
  return found;
}

function withoutNul(text: string): string {
  const end = text.indexOf('\0');
  return end < 0 ? text : text.slice(0, end);
}
