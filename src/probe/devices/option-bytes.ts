/** The values of options that many firmwares send, as octets. */
import { type Mac, macBytes } from '../../base/addresses.ts';
import { latin1Bytes } from '../../base/bytes.ts';
import { parseHex } from '../../dhcp/octet-notation.ts';
import type { SentOption } from '../device.ts';

/** Option 61 of the usual kind: the hardware type and the hardware address (RFC 2132 §9.14). */
export function clientId(mac: Mac): SentOption {
  return [61, Uint8Array.of(1, ...macBytes(mac))];
}

/** Option 61 of type 0: a text of the maker's choice. */
export function namedClientId(text: string): SentOption {
  return [61, Uint8Array.of(0, ...latin1Bytes(text))];
}

export function hostName(text: string): SentOption {
  return [12, latin1Bytes(text)];
}

/** Option 60, with a NUL where the text has one. */
export function vendorClass(text: string): SentOption {
  return [60, latin1Bytes(text)];
}

/** Option 55. */
export function asksFor(...codes: readonly number[]): SentOption {
  return [55, Uint8Array.from(codes)];
}

/** Option 57. */
export function largestMessage(octets: number): SentOption {
  return [57, Uint8Array.of(octets >> 8, octets & 255)];
}

/** Octets written in hexadecimal. */
export function octets(hexadecimal: string): Uint8Array {
  return parseHex(hexadecimal) ?? new Uint8Array();
}

/** `001b54aabbcc` */
export function plainMac(mac: Mac): string {
  return mac.replaceAll(':', '');
}

/** `001B54AABBCC` */
export function capitalMac(mac: Mac): string {
  return plainMac(mac).toUpperCase();
}

/** `00-1b-54-aa-bb-cc` */
export function dashedMac(mac: Mac): string {
  return mac.replaceAll(':', '-');
}

/** `001b.54aa.bbcc` */
export function dottedMac(mac: Mac): string {
  return plainMac(mac).replace(/(.{4})(?!$)/g, '$1.');
}
