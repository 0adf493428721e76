/**
 * IPv4 and hardware addresses. An `Ipv4` is an unsigned 32-bit number in host order, so ranges compare with `<`;
 * the unsigned arithmetic (`>>> 0`) stays in this file.
 */
import { hex } from './bytes.ts';

declare const ipv4Brand: unique symbol;
declare const macBrand: unique symbol;

/** An IPv4 address, 0…2^32−1. */
export type Ipv4 = number & { readonly [ipv4Brand]: true };

/** A 48-bit hardware address as lower-case text with colons, `00:1b:54:aa:bb:cc`. */
export type Mac = string & { readonly [macBrand]: true };

/** An address with the length of its network's prefix, `192.168.77.1/24`. `address` keeps its host bits. */
export interface Cidr {
  readonly address: Ipv4;
  readonly prefix: number;
}

/** All addresses from `first` to `last`, both included. */
export interface AddressRange {
  readonly first: Ipv4;
  readonly last: Ipv4;
}

/** 0.0.0.0, "no address" on the wire. */
export const NO_ADDRESS = 0 as Ipv4;
/** 255.255.255.255, the limited broadcast. */
export const LIMITED_BROADCAST = 0xffffffff as Ipv4;

/** A number as an address; what is outside 32 bits wraps. */
export function ipv4(value: number): Ipv4 {
  return (value >>> 0) as Ipv4;
}

/** Reads `a.b.c.d` with decimal octets; anything else (a leading zero too, which some read as octal) is undefined. */
export function parseIpv4(text: string): Ipv4 | undefined {
  const parts = text.split('.');
  if (parts.length !== 4) return undefined;
  let value = 0;
  for (const part of parts) {
    if (!/^(0|[1-9]\d{0,2})$/.test(part) || Number(part) > 255) return undefined;
    value = value * 256 + Number(part);
  }
  return ipv4(value);
}

/** `a.b.c.d`. */
export function showIpv4(address: Ipv4): string {
  return `${address >>> 24}.${(address >>> 16) & 255}.${(address >>> 8) & 255}.${address & 255}`;
}

/** The four octets as they stand on the wire. */
export function ipv4Bytes(address: Ipv4): Uint8Array {
  return Uint8Array.of(address >>> 24, (address >>> 16) & 255, (address >>> 8) & 255, address & 255);
}

/** Four octets from `at` as an address; missing octets read as zero. */
export function ipv4At(bytes: Uint8Array, at = 0): Ipv4 {
  return ipv4(((bytes[at] ?? 0) << 24) | ((bytes[at + 1] ?? 0) << 16) | ((bytes[at + 2] ?? 0) << 8) | (bytes[at + 3] ?? 0));
}

/** Reads `a.b.c.d/n`, 0 ≤ n ≤ 32. */
export function parseCidr(text: string): Cidr | undefined {
  const [addressText, prefixText, ...more] = text.split('/');
  const address = parseIpv4(addressText ?? '');
  if (address === undefined || more.length > 0 || !/^\d{1,2}$/.test(prefixText ?? '')) return undefined;
  const prefix = Number(prefixText);
  return prefix <= 32 ? { address, prefix } : undefined;
}

/** `a.b.c.d/n`. */
export function showCidr(cidr: Cidr): string {
  return `${showIpv4(cidr.address)}/${cidr.prefix}`;
}

/** The subnet mask of a prefix length. */
export function maskOf(prefix: number): Ipv4 {
  return ipv4(prefix === 0 ? 0 : 0xffffffff << (32 - prefix));
}

/** The network's own address: all host bits zero. */
export function networkOf(cidr: Cidr): Ipv4 {
  return ipv4(cidr.address & maskOf(cidr.prefix));
}

/** The network's directed broadcast address: all host bits one. */
export function broadcastOf(cidr: Cidr): Ipv4 {
  return ipv4(cidr.address | ~maskOf(cidr.prefix));
}

/** True when `address` lies in the network of `cidr`. */
export function isInside(cidr: Cidr, address: Ipv4): boolean {
  return networkOf(cidr) === networkOf({ address, prefix: cidr.prefix });
}

/** True when both networks share an address. */
export function networksOverlap(a: Cidr, b: Cidr): boolean {
  return a.prefix <= b.prefix ? isInside(a, b.address) : isInside(b, a.address);
}

/** True for an address that a host of this network may have: inside, and neither the network nor its broadcast (a /31 and a /32 have neither, RFC 3021). */
export function isHostAddress(cidr: Cidr, address: Ipv4): boolean {
  if (!isInside(cidr, address)) return false;
  return cidr.prefix >= 31 || (address !== networkOf(cidr) && address !== broadcastOf(cidr));
}

/** Reads `a.b.c.d-e.f.g.h`, or one address; `last` before `first` is undefined. */
export function parseRange(text: string): AddressRange | undefined {
  const [firstText, lastText, ...more] = text.split('-').map((part) => part.trim());
  if (more.length > 0) return undefined;
  const first = parseIpv4(firstText ?? '');
  const last = lastText === undefined ? first : parseIpv4(lastText);
  return first === undefined || last === undefined || last < first ? undefined : { first, last };
}

/** `a.b.c.d-e.f.g.h`, or the one address. */
export function showRange(range: AddressRange): string {
  return range.first === range.last ? showIpv4(range.first) : `${showIpv4(range.first)}-${showIpv4(range.last)}`;
}

/** True when `address` lies in the range. */
export function isInRange(range: AddressRange, address: Ipv4): boolean {
  return address >= range.first && address <= range.last;
}

/** Number of addresses in the range. */
export function rangeSize(range: AddressRange): number {
  return range.last - range.first + 1;
}

/** Reads a MAC as people and devices write it: `00:1b:54:aa:bb:cc`, `00-1B-54-…`, `001b.54aa.bbcc`, `001b54aabbcc`. */
export function parseMac(text: string): Mac | undefined {
  const separated = /^[0-9a-f]{2}([:-])[0-9a-f]{2}(\1[0-9a-f]{2}){4}$/i.test(text);
  const dotted = /^[0-9a-f]{4}(\.[0-9a-f]{4}){2}$/i.test(text);
  if (!separated && !dotted && !/^[0-9a-f]{12}$/i.test(text)) return undefined;
  return macOf(Uint8Array.from(text.replace(/[^0-9a-f]/gi, '').match(/../g) ?? [], (pair) => Number.parseInt(pair, 16)));
}

/** Six octets as a `Mac`. */
export function macOf(bytes: Uint8Array): Mac {
  return hex(bytes.subarray(0, 6), ':') as Mac;
}

/** The six octets of a `Mac`. */
export function macBytes(mac: Mac): Uint8Array {
  const bytes = new Uint8Array(6);
  // By hand: it is done for every answer to a host that has no address yet.
  for (let n = 0; n < bytes.length; n++) bytes[n] = (hexDigit(mac, 3 * n) << 4) | hexDigit(mac, 3 * n + 1);
  return bytes;
}

function hexDigit(text: string, at: number): number {
  const code = text.charCodeAt(at);
  return code <= 0x39 ? code - 0x30 : (code | 0x20) - 0x57;
}
