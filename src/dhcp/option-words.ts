/** One option of a message in words, and its sub-options where they are known. */
import { hex } from '../base/bytes.ts';
import type { PacketField } from '../base/packet-field.ts';
import { plainText } from '../events/plain-text.ts';
import { showSeconds } from '../events/quantities.ts';
import { architectureName } from './architecture-names.ts';
import { MESSAGE_TYPES, OPTION } from './codes.ts';
import { showHex, showText } from './octet-notation.ts';
import type { FoundOption } from './option-regions.ts';
import { optionRow, optionShape } from './option-table.ts';
import { type SubOption, subOptionsOf } from './sub-options.ts';

/** Longest value, in characters. */
const LONGEST_VALUE = 1500;
const ETHERNET = 1;
const MAC_OCTETS = 6;
/** Of an identifier that names a DUID (RFC 4361 §6.1). */
const DUID = 255;
const NETWORK_INTERFACE = 94;
const CLIENT_FQDN = 81;
const OVERLOADED: Readonly<Record<number, string>> = { 1: 'file', 2: 'sname', 3: 'file and sname' };

/** Options that say more in words than their shape can. A value that does not fit gives undefined. */
const WORDS: Readonly<Record<number, (value: Uint8Array) => string | undefined>> = {
  [OPTION.messageType]: ([type]) => (isMessageType(type) ? `${type} (${MESSAGE_TYPES[type]})` : undefined),
  [OPTION.overload]: ([where = 0]) => (OVERLOADED[where] === undefined ? undefined : `${where} (${OVERLOADED[where]} hold options)`),
  [OPTION.parameterRequestList]: (codes) => [...codes].map((code) => `${code} ${optionRow(code)?.name ?? ''}`.trimEnd()).join(', '),
  [OPTION.leaseTime]: seconds,
  [OPTION.renewalTime]: seconds,
  [OPTION.rebindingTime]: seconds,
  [OPTION.clientIdentifier]: clientIdentifier,
  [OPTION.userClass]: userClass,
  [CLIENT_FQDN]: fullName,
  [OPTION.clientArchitecture]: architectures,
  [NETWORK_INTERFACE]: networkInterface,
  [OPTION.clientMachineId]: machineIdentifier,
};

/**
 * @param pieces where it stands; the first comes first.
 * @param value of all of them.
 * @param vendorClass option 60 of the same message, which says what option 43 holds; empty without one.
 */
export function optionWords(code: number, pieces: readonly FoundOption[], value: Uint8Array, vendorClass: Uint8Array): PacketField[] {
  const [piece] = pieces;
  if (piece === undefined) return [];
  const row = optionRow(code);
  const parts = subOptionsOf(code, value, vendorClass);
  const shown = showOption(code, value);
  const field: PacketField = {
    name: row === undefined ? `option ${code}` : `option ${code} (${row.name})`,
    value: plainText(
      parts === undefined || parts.length === 0 ? shown : parts.map(({ path, text }) => `${path} ${text}`).join('; '),
      LONGEST_VALUE,
    ),
    octets: [piece.first, piece.end],
  };
  return [field, ...(parts ?? []).map((part) => partField(code, part, pieces))];
}

function partField(code: number, { path, name, text, first, end }: SubOption, pieces: readonly FoundOption[]): PacketField {
  const [from, to] = [placeOf(first, pieces), placeOf(end - 1, pieces)];
  const called = `option ${code}.${path}`;
  return {
    name: name === undefined ? called : `${called} (${name})`,
    value: plainText(text, LONGEST_VALUE),
    // One that goes on in a piece that stands before has no place of its own.
    ...(from !== undefined && to !== undefined && to >= from && { octets: [from, to + 1] as const }),
  };
}

/** Where in the packet an octet of the value is. */
function placeOf(offset: number, pieces: readonly FoundOption[]): number | undefined {
  let left = offset;
  for (const { value, end } of pieces) {
    if (left < end - value) return value + left;
    left -= end - value;
  }
  return undefined;
}

/** The value in a line. */
function showOption(code: number, value: Uint8Array): string {
  if (value.length === 0) return code === OPTION.rapidCommit ? 'asked for' : 'empty';
  const words = WORDS[code]?.(value);
  if (words !== undefined) return words;
  const shape = optionShape(code);
  if (shape.name === 'bytes') return showText(value);
  const decoded = shape.decode(value);
  return decoded.ok ? shape.show(value) : `malformed: ${decoded.error} (${showHex(value)})`;
}

function isMessageType(type: number | undefined): type is keyof typeof MESSAGE_TYPES {
  return type !== undefined && Object.hasOwn(MESSAGE_TYPES, type);
}

function seconds(value: Uint8Array): string | undefined {
  if (value.length !== 4) return undefined;
  const span = value.reduce((sum, octet) => sum * 256 + octet, 0);
  return `${span} s (${showSeconds(span)})`;
}

/** A hardware type and address (RFC 2132 §9.14), an IAID and a DUID (RFC 4361), or anything else. */
function clientIdentifier([type = 0, ...rest]: Uint8Array): string {
  const octets = Uint8Array.from(rest);
  if (type === ETHERNET && octets.length === MAC_OCTETS) return `Ethernet ${hex(octets, ':')}`;
  if (type === DUID && octets.length > 4) return `IAID ${hex(octets.subarray(0, 4))}, DUID ${hex(octets.subarray(4), ':')}`;
  return octets.length === 0 ? `type ${type} and nothing more` : `type ${type}, ${showText(octets)}`;
}

/** Texts with a length each (RFC 3004 §4); iPXE and others write one without. */
function userClass(value: Uint8Array): string {
  const classes: string[] = [];
  let at = 0;
  while (at < value.length) {
    const length = value[at] ?? 0;
    if (length === 0 || at + 1 + length > value.length) return showText(value);
    classes.push(showText(value.subarray(at + 1, at + 1 + length)));
    at += 1 + length;
  }
  return classes.join(', ');
}

/** Flags, two octets of no use, and the name (RFC 4702 §2): as labels where bit 2 of the flags says so. */
function fullName(value: Uint8Array): string | undefined {
  const [flags = 0] = value;
  if (value.length < 3) return undefined;
  return `flags 0x${flags.toString(16).padStart(2, '0')}, ${value.length === 3 ? 'no name' : showText(value.subarray(3))}`;
}

/** RFC 4578 §2.1. */
function architectures(value: Uint8Array): string | undefined {
  if (value.length % 2 !== 0) return undefined;
  const codes = Array.from({ length: value.length / 2 }, (_, at) => (value[at * 2] ?? 0) * 256 + (value[at * 2 + 1] ?? 0));
  return codes.map((code) => `${code} (${architectureName(code) ?? 'unknown'})`).join(', ');
}

/** RFC 4578 §2.2. */
function networkInterface([type, major, minor, ...more]: Uint8Array): string | undefined {
  if (type !== 1 || minor === undefined || more.length > 0) return undefined;
  return `UNDI ${major}.${minor}`;
}

/** Type 0 and a UUID, whose first three fields have their lowest octet first, as SMBIOS has it (RFC 4578 §2.3). */
function machineIdentifier(value: Uint8Array): string | undefined {
  if (value[0] !== 0 || value.length !== 17) return undefined;
  const field = (first: number, end: number): string => hex(value.subarray(first, end));
  const turned = (first: number, end: number): string => hex(value.slice(first, end).reverse());
  return `UUID ${turned(1, 5)}-${turned(5, 7)}-${turned(7, 9)}-${field(9, 11)}-${field(11, 17)}`;
}
