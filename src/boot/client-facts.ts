/** What a client's message says about how it boots. Facts only; what it gets is `boot-plan.ts`'s. */
import { latin1Text, textBeforeNuls } from '../base/bytes.ts';
import { OPTION } from '../dhcp/codes.ts';
import type { DhcpPacket } from '../dhcp/packet.ts';
import { type Architecture, architectureOf } from './architecture.ts';
import { runsIpxe, speaksHttp } from './ipxe-options.ts';

/** How a client loads its first file. */
export type Loader = 'pxe' | 'http' | 'ipxe' | 'raspberry-pi' | 'uboot' | 'other';

export interface ClientFacts {
  readonly loader: Loader;
  /** Undefined when the client does not say, or says one that no boot file can be configured for. */
  readonly architecture: Architecture | undefined;
  /** Option 60 as text, without trailing NULs; some phones send octets that are none. */
  readonly vendorClass: string;
  /** True for an iPXE that was built with HTTP. */
  readonly hasHttp: boolean;
}

/** Reads the facts; whatever the options hold, there is an answer. */
export function clientFactsOf(packet: DhcpPacket): ClientFacts {
  const vendorClass = vendorClassOf(packet);
  const architecture =
    architectureCodes(packet, vendorClass)
      .map(architectureOf)
      .find((name) => name !== undefined) ?? ubootArchitecture(vendorClass);
  return { loader: loaderOf(packet, vendorClass, architecture), architecture, vendorClass, hasHttp: speaksHttp(packet) };
}

/** Option 60 as text, without the NULs that some send behind it; empty where there is none. */
export function vendorClassOf(packet: DhcpPacket): string {
  const value = packet.options.get(OPTION.vendorClass);
  return value === undefined ? '' : textBeforeNuls(value);
}

function loaderOf(packet: DhcpPacket, vendorClass: string, architecture: Architecture | undefined): Loader {
  if (runsIpxe(packet)) return 'ipxe';
  if (isRaspberryPi(packet, vendorClass)) return 'raspberry-pi';
  if (vendorClass.startsWith('HTTPClient')) return 'http';
  if (vendorClass.startsWith('PXEClient')) return 'pxe';
  if (vendorClass.startsWith('U-Boot')) return 'uboot';
  return architecture === undefined ? 'other' : 'pxe';
}

/** The Raspberry Pi 4 and 5 put a four-letter name before their serial number (option 97 behind its type). */
const PI_MACHINES = /^\0RPi\d/;
/** The Raspberry Pi 3 sends this in place of an identifier: seventeen octets, the type and 0x44 sixteen times. */
const PI3_MACHINE = /^\0D{16}$/;

/** *Field note:* the Pi 3's ROM says PXEClient:Arch:00000 as a BIOS PC does, and can do nothing with a PC's boot file. */
function isRaspberryPi(packet: DhcpPacket, vendorClass: string): boolean {
  if (!vendorClass.startsWith('PXEClient')) return false;
  const machine = textOf(packet, OPTION.clientMachineId);
  return PI_MACHINES.test(machine) || PI3_MACHINE.test(machine);
}

/** U-Boot's class, where it sends no option 93: `U-Boot.armv8`, `U-Boot.armv7`, `U-Boot.arm`. */
function ubootArchitecture(vendorClass: string): Architecture | undefined {
  if (vendorClass.startsWith('U-Boot.armv8')) return 'uboot-arm64';
  return vendorClass.startsWith('U-Boot.arm') ? 'uboot-arm32' : undefined;
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
