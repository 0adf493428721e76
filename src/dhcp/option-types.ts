/**
 * The shapes that option values have, each between what people write and the octets on the wire.
 * A shape does not know which option uses it: `option-table.ts` says that. Values are plain JSON, addresses are text;
 * what `decode` gives, `encode` takes. RFC 2132 unless a shape says otherwise.
 */
import { ipv4At, ipv4Bytes, parseIpv4, showIpv4 } from '../base/addresses.ts';
import { err, ok, type Result } from '../base/result.ts';
import { decodeRoutes, encodeRoutes } from './classless-routes.ts';
import { decodeDomainNames, encodeDomainName, encodeDomainNames } from './domain-names.ts';
import { parseBase64, parseHex, showHex, showOctets } from './octet-notation.ts';

/** What a decoded option holds. */
export type OptionValue = string | number | boolean | { readonly hex: string } | readonly OptionValue[];

/** The names of all shapes; a configuration may name one: `150: { ips: [192.0.2.1] }`. */
export type ShapeName =
  | 'u8'
  | 'u16'
  | 'u32'
  | 'i32'
  | 'flag'
  | 'u8s'
  | 'u16s'
  | 'ip'
  | 'ips'
  | 'ipPairs'
  | 'text'
  | 'bytes'
  | 'domains'
  | 'sipServers'
  | 'routes';

/** One kind of value. Faults are sentences without subject: "must be …". */
export interface OptionShape {
  readonly name: ShapeName;
  /** What people may write, for messages and tables. */
  readonly accepts: string;
  /** Octets of a value as people write it. */
  encode(value: unknown): Result<Uint8Array, string>;
  /** The value in octets that somebody else wrote. */
  decode(bytes: Uint8Array): Result<OptionValue, string>;
  /** One line for logs: the value, or hexadecimal where the octets do not fit the shape. */
  show(bytes: Uint8Array): string;
}

/** What a shape is made of; `show` follows from it. */
type ShapeParts = Omit<OptionShape, 'show'>;

function shape(parts: ShapeParts): OptionShape {
  return {
    ...parts,
    show(bytes) {
      const decoded = parts.decode(bytes);
      return decoded.ok ? showValue(decoded.value) : showHex(bytes);
    },
  };
}

function showValue(value: OptionValue): string {
  if (typeof value === 'string' || typeof value === 'number' || typeof value === 'boolean') return String(value);
  if (isList(value)) return value.map((item) => (isList(item) ? item.map(showValue).join(' ') : showValue(item))).join(', ');
  return value.hex;
}

function isList(value: unknown): value is readonly OptionValue[] {
  return Array.isArray(value);
}

interface NumberRange {
  readonly octets: 1 | 2 | 4;
  readonly min: number;
  readonly max: number;
}

const U8: NumberRange = { octets: 1, min: 0, max: 0xff };
const U16: NumberRange = { octets: 2, min: 0, max: 0xffff };
const U32: NumberRange = { octets: 4, min: 0, max: 0xffff_ffff };
const I32: NumberRange = { octets: 4, min: -0x8000_0000, max: 0x7fff_ffff };

function acceptedNumber(range: NumberRange): string {
  return `a whole number from ${range.min} to ${range.max}`;
}

function encodeNumber(value: unknown, range: NumberRange): Result<Uint8Array, string> {
  // An environment variable gives text.
  const number = typeof value === 'string' && /^-?\d{1,10}$/.test(value) ? Number(value) : value;
  if (typeof number !== 'number' || !Number.isInteger(number) || number < range.min || number > range.max) {
    return err(`must be ${acceptedNumber(range)}`);
  }
  return ok(Uint8Array.from({ length: range.octets }, (_, at) => (number >>> (8 * (range.octets - 1 - at))) & 0xff));
}

function decodeNumber(bytes: Uint8Array, range: NumberRange): number {
  const unsigned = bytes.reduce((value, byte) => value * 256 + byte, 0);
  return range.min < 0 ? unsigned | 0 : unsigned;
}

function oneNumber(name: ShapeName, range: NumberRange): OptionShape {
  return shape({
    name,
    accepts: acceptedNumber(range),
    encode: (value) => encodeNumber(value, range),
    decode: (bytes) => (bytes.length === range.octets ? ok(decodeNumber(bytes, range)) : err(wrongLength(bytes, `${range.octets}`))),
  });
}

function manyNumbers(name: ShapeName, range: NumberRange): OptionShape {
  return shape({
    name,
    accepts: `${acceptedNumber(range)}, or a list of them`,
    encode: (value) => encodeList(value, (item) => encodeNumber(item, range)),
    decode: (bytes) => inGroups(bytes, range.octets, (group) => decodeNumber(group, range)),
  });
}

function wrongLength(bytes: Uint8Array, wanted: string): string {
  return `has ${bytes.length} octets instead of ${wanted}`;
}

/** Encodes every item of a list; something that is not a list counts as a list of one. */
function encodeList(value: unknown, encodeItem: (item: unknown) => Result<Uint8Array, string>): Result<Uint8Array, string> {
  const items: readonly unknown[] = Array.isArray(value) ? value : [value];
  if (items.length === 0) return err('must not be an empty list');
  const parts: Uint8Array[] = [];
  for (const item of items) {
    const part = encodeItem(item);
    if (!part.ok) return part;
    parts.push(part.value);
  }
  return ok(joinBytes(parts));
}

function joinBytes(parts: readonly Uint8Array[]): Uint8Array {
  const joined = new Uint8Array(parts.reduce((length, part) => length + part.length, 0));
  let at = 0;
  for (const part of parts) {
    joined.set(part, at);
    at += part.length;
  }
  return joined;
}

function inGroups(bytes: Uint8Array, width: number, read: (group: Uint8Array) => OptionValue): Result<OptionValue, string> {
  if (bytes.length === 0 || bytes.length % width !== 0) return err(wrongLength(bytes, `a multiple of ${width}`));
  return ok(Array.from({ length: bytes.length / width }, (_, at) => read(bytes.subarray(at * width, (at + 1) * width))));
}

function encodeIp(value: unknown): Result<Uint8Array, string> {
  const address = typeof value === 'string' ? parseIpv4(value.trim()) : undefined;
  return address === undefined ? err('must be an IPv4 address such as 192.168.77.1') : ok(ipv4Bytes(address));
}

function showIpAt(bytes: Uint8Array, at = 0): string {
  return showIpv4(ipv4At(bytes, at));
}

const utf8 = new TextEncoder();

function encodeText(value: unknown): Result<Uint8Array, string> {
  if (typeof value === 'number' || typeof value === 'boolean') return err(`must be text; put ${String(value)} in quotes`);
  if (typeof value !== 'string' || value === '') return err('must be text that is not empty');
  if (value.includes('\0')) return err('must not hold a NUL character');
  return ok(utf8.encode(value));
}

/** Some clients end text with NULs; a receiver strips them (RFC 2132 §2). */
function decodeText(bytes: Uint8Array): Result<string, string> {
  let end = bytes.length;
  while (end > 0 && bytes[end - 1] === 0) end -= 1;
  try {
    return ok(new TextDecoder('utf-8', { fatal: true, ignoreBOM: true }).decode(bytes.subarray(0, end)));
  } catch {
    return err('is not text');
  }
}

const BYTES_ACCEPTS = 'text, { hex: "01 02" }, { base64: "AQI=" }, or a list of octets';

function encodeBytes(value: unknown): Result<Uint8Array, string> {
  if (typeof value === 'string') return encodeText(value);
  if (Array.isArray(value)) return encodeList(value, (item) => encodeNumber(item, U8));
  if (typeof value === 'object' && value !== null) {
    const [entry, ...more] = Object.entries(value as Record<string, unknown>);
    const [form, text] = entry ?? [];
    if (more.length === 0 && typeof text === 'string') {
      if (form === 'hex') return fromNotation(parseHex(text), 'pairs of hexadecimal digits such as "01 0a ff"');
      if (form === 'base64') return fromNotation(parseBase64(text), 'base64 such as "AQI="');
    }
  }
  return err(`must be ${BYTES_ACCEPTS}`);
}

function fromNotation(bytes: Uint8Array | undefined, wanted: string): Result<Uint8Array, string> {
  return bytes === undefined ? err(`must be ${wanted}`) : ok(bytes);
}

/** Pairs as a list of pairs or as one flat list of even length. */
function encodePairs(value: unknown): Result<Uint8Array, string> {
  const items: readonly unknown[] = Array.isArray(value) ? value : [];
  const flat = items.flatMap((item): readonly unknown[] =>
    Array.isArray(item) ? item : typeof item === 'string' ? item.trim().split(/\s+/) : [item],
  );
  const isInPairs = items.every((item) => !Array.isArray(item) || item.length === 2);
  if (flat.length === 0 || flat.length % 2 !== 0 || !isInPairs)
    return err('must be pairs of IPv4 addresses such as [[10.1.0.0, 192.168.77.1]]');
  return encodeList(flat, encodeIp);
}

/** SIP servers are all names (encoding 0) or all addresses (encoding 1), RFC 3361 §3.1–3.2. */
function encodeSipServers(value: unknown): Result<Uint8Array, string> {
  const addresses = encodeList(value, encodeIp);
  if (addresses.ok) return ok(joinBytes([Uint8Array.of(1), addresses.value]));
  // Four numbers with dots between them would pass as a name, too.
  const names = encodeList(value, (name) => (encodeIp(name).ok ? err('is an address') : encodeDomainName(name)));
  return names.ok ? ok(joinBytes([Uint8Array.of(0), names.value])) : err('must be IPv4 addresses only or domain names only');
}

function decodeSipServers(bytes: Uint8Array): Result<OptionValue, string> {
  if (bytes[0] === 1) return inGroups(bytes.subarray(1), 4, showIpAt);
  return bytes[0] === 0 ? decodeDomainNames(bytes.subarray(1)) : err('has an unknown encoding of SIP servers');
}

/** All shapes by name. */
export const OPTION_SHAPES: { readonly [Name in ShapeName]: OptionShape } = {
  u8: oneNumber('u8', U8),
  u16: oneNumber('u16', U16),
  u32: oneNumber('u32', U32),
  i32: oneNumber('i32', I32),
  u8s: manyNumbers('u8s', U8),
  u16s: manyNumbers('u16s', U16),
  flag: shape({
    name: 'flag',
    accepts: 'true or false',
    encode: (value) =>
      value === true || value === 1
        ? ok(Uint8Array.of(1))
        : value === false || value === 0
          ? ok(Uint8Array.of(0))
          : err('must be true or false'),
    decode: (bytes) => (bytes.length === 1 ? ok(bytes[0] !== 0) : err(wrongLength(bytes, '1'))),
  }),
  ip: shape({
    name: 'ip',
    accepts: 'an IPv4 address',
    encode: encodeIp,
    decode: (bytes) => (bytes.length === 4 ? ok(showIpAt(bytes)) : err(wrongLength(bytes, '4'))),
  }),
  ips: shape({
    name: 'ips',
    accepts: 'an IPv4 address, or a list of them',
    encode: (value) => encodeList(value, encodeIp),
    decode: (bytes) => inGroups(bytes, 4, showIpAt),
  }),
  ipPairs: shape({
    name: 'ipPairs',
    accepts: 'a list of pairs of IPv4 addresses',
    encode: encodePairs,
    decode: (bytes) => inGroups(bytes, 8, (pair) => [showIpAt(pair), showIpAt(pair, 4)]),
  }),
  text: shape({ name: 'text', accepts: 'text', encode: encodeText, decode: decodeText }),
  bytes: {
    name: 'bytes',
    accepts: BYTES_ACCEPTS,
    encode: encodeBytes,
    decode: (bytes) => ok({ hex: showHex(bytes) }),
    show: showOctets,
  },
  domains: shape({ name: 'domains', accepts: 'a domain name, or a list of them', encode: encodeDomainNames, decode: decodeDomainNames }),
  sipServers: shape({
    name: 'sipServers',
    accepts: 'IPv4 addresses, or domain names',
    encode: encodeSipServers,
    decode: decodeSipServers,
  }),
  routes: shape({
    name: 'routes',
    accepts: 'routes such as 10.17.0.0/16 via 192.168.77.1, or default via 192.168.77.1',
    encode: encodeRoutes,
    decode: decodeRoutes,
  }),
};

/** True for a name that a configuration may put before a value. */
export function isShapeName(name: string): name is ShapeName {
  return Object.hasOwn(OPTION_SHAPES, name);
}
