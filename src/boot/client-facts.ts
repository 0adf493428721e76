/** What a client's message says about how it boots. Facts only; what it gets is `boot-plan.ts`'s. */
import { latin1Text } from '../base/bytes.ts';
import { OPTION } from '../dhcp/codes.ts';
import type { DhcpPacket } from '../dhcp/packet.ts';
import { type Architecture, architectureOf } from './architecture.ts';

/** How a client loads its first file. */
export type Loader = 'pxe' | 'http' | 'ipxe' | 'other';

export interface ClientFacts {
  readonly loader: Loader;
  /** Undefined when the client does not say, or says one that no boot file can be configured for. */
  readonly architecture: Architecture | undefined;
  /** Option 60 as text, without trailing NULs; some phones send octets that are none. */
  readonly vendorClass: string;
}

const IPXE = 'iPXE';

/** Reads the facts; whatever the options hold, there is an answer. */
export function clientFactsOf(packet: DhcpPacket): ClientFacts {
  const vendorClass = textOf(packet, OPTION.vendorClass).replace(/\0+$/, '');
  const architecture = architectureCodes(packet, vendorClass)
    .map(architectureOf)
    .find((name) => name !== undefined);
  return { loader: loaderOf(packet, vendorClass, architecture), architecture, vendorClass };
}

function loaderOf(packet: DhcpPacket, vendorClass: string, architecture: Architecture | undefined): Loader {
  if (runsIpxe(packet)) return 'ipxe';
  if (vendorClass.startsWith('HTTPClient')) return 'http';
  if (vendorClass.startsWith('PXEClient')) return 'pxe';
  return architecture === undefined ? 'other' : 'pxe';
}

/**
 * Field note: some builds of iPXE change the user class, all send option 175, and nobody else does.
 * The user class comes raw or, as RFC 3004 wants it, with a length before it.
 */
function runsIpxe(packet: DhcpPacket): boolean {
  return packet.options.has(OPTION.ipxe) || textOf(packet, OPTION.userClass).includes(IPXE);
}

function textOf(packet: DhcpPacket, code: number): string {
  const value = packet.options.get(code);
  return value === undefined ? '' : latin1Text(value);
}

/** Option 93 is a list (RFC 4578 §2.1); firmware without it still says `Arch:00007` in its vendor class. */
function architectureCodes(packet: DhcpPacket, vendorClass: string): readonly number[] {
  const list = packet.options.get(OPTION.clientArchitecture);
  if (list !== undefined && list.length >= 2) {
    return Array.from({ length: Math.floor(list.length / 2) }, (_, at) => (list[at * 2] ?? 0) * 256 + (list[at * 2 + 1] ?? 0));
  }
  const inClass = /^(?:PXE|HTTP)Client:Arch:(\d{5})/.exec(vendorClass);
  return inClass === null ? [] : [Number(inClass[1])];
}
