/** The pieces that options for devices are made of. */
import { ipv4Bytes } from '../../base/addresses.ts';
import { latin1Bytes } from '../../base/bytes.ts';
import { OPTION } from '../../dhcp/codes.ts';
import type { ProvisioningServer } from './device-profile.ts';

type Entry = readonly [code: number, octets: Uint8Array];

/** A text. Whoever wants a NUL behind it says so. */
export function text(code: number, value: string): Entry {
  return [code, latin1Bytes(value)];
}

/** Several options of one text. */
export function texts(codes: readonly number[], value: string): readonly Entry[] {
  return codes.map((code) => text(code, value));
}

/** Options within option 43 (RFC 2132 §8.4). */
export function vendorOptions(entries: readonly Entry[]): Entry {
  return [OPTION.vendorSpecific, Uint8Array.from(entries.flatMap(([code, octets]) => [code, octets.length, ...octets]))];
}

/** Option 150, which holds addresses alone (RFC 5859): nothing for a server that is known by its name only. */
export function serverAddresses({ address }: ProvisioningServer): readonly Entry[] {
  return address === undefined ? [] : [[OPTION.tftpServerAddresses, ipv4Bytes(address)]];
}

/** The VLAN of voice as a decimal text, in the option that most vendors agreed on without a standard. */
export function vlanText({ vlan }: ProvisioningServer): readonly Entry[] {
  return vlan === undefined ? [] : [text(VLAN, String(vlan))];
}

const VLAN = 132;

/** A URL in its parts. */
export interface UrlParts {
  readonly scheme: string;
  readonly host: string;
  readonly port: number | undefined;
  /** Without slashes at its ends; empty where there is none. */
  readonly path: string;
}

/** Reads a URL, or a bare host as one without a scheme. */
export function urlParts(url: string): UrlParts {
  const [, scheme = '', host = '', port, path = ''] = /^(?:([a-z][a-z0-9+.-]*):\/\/)?([^/:]*)(?::(\d+))?\/*(.*?)\/*$/i.exec(url) ?? [];
  return { scheme: scheme.toLowerCase(), host, port: port === undefined ? undefined : Number(port), path };
}

/** The server without scheme, port and path, for options that hold a host alone. */
export function hostOf({ written }: ProvisioningServer): string {
  return urlParts(written).host;
}
