/** What network gear says of itself in a DHCP message, as text. Anybody can write there what he likes: nothing here throws. */
import { ByteReader, textBeforeNuls } from '../../../base/bytes.ts';
import { OPTION } from '../../../dhcp/codes.ts';
import type { DhcpPacket } from '../../../dhcp/packet.ts';
import { userClassesOf } from '../../class-match.ts';

/** RFC 3925 §3 and §4. */
const VENDOR_CLASSES = 124;
const VENDOR_OPTIONS = 125;

/** Options in several pieces have no bound (RFC 3396), and what is looked through by patterns has to have one. */
const MOST_OCTETS = 255;

/** Longer ones are no name of a model and no serial number. */
const LONGEST_WORD = 64;

/** Option 61 of type 0, which is text (RFC 2132 §9.14); undefined for a hardware address and for none. */
export function clientIdTextOf({ options }: DhcpPacket): string | undefined {
  const value = options.get(OPTION.clientIdentifier);
  return value?.[0] === 0 ? trimmed(value.subarray(1)) : undefined;
}

/** Option 61 whole, for gear that leaves out the type. */
export function bareClientIdOf(packet: DhcpPacket): string {
  return textOf(packet, OPTION.clientIdentifier).replace(/^\0/, '');
}

/** Option 12; empty where there is none. */
export function hostNameOf(packet: DhcpPacket): string {
  return textOf(packet, OPTION.hostName);
}

/** Option 77, all of it and each of its names. */
export function userClassTextsOf({ options }: DhcpPacket): readonly string[] {
  return userClassesOf(options.get(OPTION.userClass)).map(trimmed);
}

/** What option 124 says for one enterprise; undefined where it says nothing. */
export function enterpriseClassOf({ options }: DhcpPacket, enterprise: number): string | undefined {
  const data = enterpriseData(options.get(VENDOR_CLASSES), enterprise);
  // Each class has its length before it (RFC 3925 §3); some gear has the text alone.
  if (data === undefined) return undefined;
  return trimmed(data[0] === data.length - 1 ? data.subarray(1) : data);
}

/** Sub-options of option 125 for one enterprise, as text by code. */
export function enterpriseOptionsOf({ options }: DhcpPacket, enterprise: number): ReadonlyMap<number, string> {
  const found = new Map<number, string>();
  const data = enterpriseData(options.get(VENDOR_OPTIONS), enterprise);
  const reader = new ByteReader(data ?? new Uint8Array());
  while (reader.left > 0) {
    const code = reader.u8();
    const length = reader.u8();
    const octets = length.ok ? reader.bytes(length.value) : length;
    if (!code.ok || !octets.ok) break;
    found.set(code.value, trimmed(octets.value));
  }
  return found;
}

/** A model as its vendor writes it; undefined for what is no name. */
export function modelWord(text: string | undefined): string | undefined {
  const word = text?.trim() ?? '';
  return word.length > 0 && word.length <= LONGEST_WORD && /^[\x20-\x7e]+$/.test(word) ? word : undefined;
}

/** A serial number; undefined for what is none. It may become part of the name of a file, so it has letters and digits alone. */
export function serialWord(text: string | undefined): string | undefined {
  const word = text?.trim() ?? '';
  return word.length <= LONGEST_WORD && /^[0-9a-z]+(?:[-._][0-9a-z]+)*$/i.test(word) ? word : undefined;
}

function textOf({ options }: DhcpPacket, code: number): string {
  const value = options.get(code);
  return value === undefined ? '' : trimmed(value);
}

function trimmed(octets: Uint8Array): string {
  return textBeforeNuls(octets.subarray(0, MOST_OCTETS));
}

/** Enterprise number, length, data, one after another. */
function enterpriseData(value: Uint8Array | undefined, enterprise: number): Uint8Array | undefined {
  const reader = new ByteReader(value ?? new Uint8Array());
  while (reader.left > 0) {
    const number = reader.u32();
    const length = reader.u8();
    const octets = length.ok ? reader.bytes(length.value) : length;
    if (!number.ok || !octets.ok) return undefined;
    if (number.value === enterprise) return octets.value;
  }
  return undefined;
}
