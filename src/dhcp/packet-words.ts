/**
 * A DHCP message in words, field by field with the place of each (RFC 2131 §2, figure 1): for people who look at one. Takes any octets, and says
 * what is wrong with them where `packet.ts` gives up.
 */
import { ipv4At, showIpv4 } from '../base/addresses.ts';
import { hex } from '../base/bytes.ts';
import type { PacketField, PacketWords } from '../base/packet-field.ts';
import { plainText } from '../events/plain-text.ts';
import { showCount } from '../events/quantities.ts';
import { MESSAGE_TYPES, OPTION } from './codes.ts';
import { showHex, showOctets } from './octet-notation.ts';
import { type FoundOption, findOptions, type OptionsRegion } from './option-regions.ts';
import { optionWords } from './option-words.ts';

const COOKIE_AT = 236;
const OPTIONS_AT = 240;
const SERVER_NAME = { name: 'sname', first: 44, end: 108 } as const;
const BOOT_FILE = { name: 'file', first: 108, end: 236 } as const;
const COOKIE = '63825363';
const HARDWARE_ADDRESS_OCTETS = 16;

const OPERATIONS: Readonly<Record<number, string>> = { 1: 'BOOTREQUEST, of a client', 2: 'BOOTREPLY, of a server' };
/** Of the IANA's hardware types. */
const HARDWARE_TYPES: Readonly<Record<number, string>> = { 1: 'Ethernet', 6: 'IEEE 802', 7: 'ARCNET', 32: 'InfiniBand', 255: 'unknown' };

type Show = (octets: Uint8Array, whole: Uint8Array) => string;

const number: Show = (octets) => String(numberOf(octets));
const address: Show = (octets) => showIpv4(ipv4At(octets));

/** The fields before sname. */
const HEADER: readonly (readonly [name: string, first: number, end: number, show: Show])[] = [
  ['op', 0, 1, (octets) => named(numberOf(octets), OPERATIONS)],
  ['htype', 1, 2, (octets) => named(numberOf(octets), HARDWARE_TYPES)],
  ['hlen', 2, 3, number],
  ['hops', 3, 4, number],
  ['xid', 4, 8, (octets) => `0x${hex(octets)}`],
  ['secs', 8, 10, (octets) => `${numberOf(octets)} s`],
  ['flags', 10, 12, showFlags],
  ['ciaddr', 12, 16, address],
  ['yiaddr', 16, 20, address],
  ['siaddr', 20, 24, address],
  ['giaddr', 24, 28, address],
  ['chaddr', 28, 44, showHardwareAddress],
];

/** Octets as words. @param length octets that the message had, where only its first are here. */
export function dhcpWords(octets: Uint8Array, length = octets.length): PacketWords {
  const header = HEADER.filter(([, , end]) => end <= octets.length).map(([name, first, end, show]): PacketField => {
    return { name, value: show(octets.subarray(first, end), octets), octets: [first, end] };
  });
  const hardwareLength = octets[2] ?? 0;
  if (hardwareLength > HARDWARE_ADDRESS_OCTETS)
    header.push({
      name: 'malformed',
      value: `hardware address length ${hardwareLength} exceeds ${HARDWARE_ADDRESS_OCTETS}`,
      octets: [2, 3],
    });
  const cut = length > octets.length ? [{ name: 'cut', value: `${length - octets.length} more octets were not kept` }] : [];
  if (octets.length < OPTIONS_AT) {
    const value = `only ${length} octets, a message has ${OPTIONS_AT} at least`;
    return { summary: `malformed: ${value}`, fields: [...header, ...(length < OPTIONS_AT ? [{ name: 'malformed', value }] : []), ...cut] };
  }
  const cookie = hex(octets.subarray(COOKIE_AT, OPTIONS_AT));
  const hasOptions = cookie === COOKIE;
  const regions = hasOptions ? findOptions(octets) : [];
  const fields = [
    ...header,
    ...fixedField(octets, SERVER_NAME, regions),
    ...fixedField(octets, BOOT_FILE, regions),
    cookieField(cookie),
    ...(hasOptions ? regionFields(octets, regions, 'options') : restOf(octets)),
    ...cut,
  ];
  return { summary: summaryOf(octets, regions, fields), fields };
}

/** sname or file: text, or more options (option 52). */
function fixedField(
  octets: Uint8Array,
  { name, first, end }: typeof SERVER_NAME | typeof BOOT_FILE,
  regions: readonly OptionsRegion[],
): readonly PacketField[] {
  const range = [first, end] as const;
  if (regions.some((region) => region.name === name))
    return [{ name, value: 'holds options (option 52)', octets: range }, ...regionFields(octets, regions, name)];
  return [{ name, value: textField(octets.subarray(first, end)), octets: range }];
}

function regionFields(octets: Uint8Array, regions: readonly OptionsRegion[], name: OptionsRegion['name']): readonly PacketField[] {
  const all = regions.flatMap(({ options }) => options);
  const region = regions.find((each) => each.name === name);
  if (region === undefined) return [];
  const vendorClass = joined(
    octets,
    all.filter(({ code }) => code === OPTION.vendorClass),
  );
  const shown = region.options.flatMap((option) => {
    const pieces = all.filter(({ code }) => code === option.code);
    if (pieces[0] === option) return optionWords(option.code, pieces, joined(octets, pieces), vendorClass);
    const value = `goes on (RFC 3396): ${showCount(option.end - option.value, 'octet')} of ${joined(octets, pieces).length}`;
    return [{ name: `option ${option.code}`, value, octets: [option.first, option.end] as const }];
  });
  const pads = region.pads.map(
    ([first, end]): PacketField => ({ name: 'pad', value: showCount(end - first, 'octet'), octets: [first, end] }),
  );
  const parts = [...shown, ...pads, ...region.ends];
  // What has no place in the packet says what is wrong with all of it.
  return inOrder(parts);
}

/** By their places; a part of an option comes behind it. */
function inOrder(fields: readonly PacketField[]): readonly PacketField[] {
  const last = Number.POSITIVE_INFINITY;
  return fields.toSorted((a, b) => (a.octets?.[0] ?? last) - (b.octets?.[0] ?? last) || (b.octets?.[1] ?? 0) - (a.octets?.[1] ?? 0));
}

function cookieField(cookie: string): PacketField {
  const value =
    cookie === COOKIE
      ? '0x63825363, options follow'
      : cookie === '00000000'
        ? 'none: BOOTP of before it (RFC 951)'
        : `0x${cookie} instead of 0x${COOKIE}`;
  const isWrong = cookie !== COOKIE && cookie !== '00000000';
  return {
    name: isWrong ? 'malformed' : 'magic cookie',
    value: isWrong ? `magic cookie ${value}` : value,
    octets: [COOKIE_AT, OPTIONS_AT],
  };
}

/** The vendor area of BOOTP, which means nothing. */
function restOf(octets: Uint8Array): readonly PacketField[] {
  if (octets.length === OPTIONS_AT) return [];
  return [{ name: 'vend', value: showCount(octets.length - OPTIONS_AT, 'octet'), octets: [OPTIONS_AT, octets.length] }];
}

function summaryOf(octets: Uint8Array, regions: readonly OptionsRegion[], fields: readonly PacketField[]): string {
  const wrong = fields.find(({ name }) => name === 'malformed');
  const type = joined(
    octets,
    regions.flatMap(({ options }) => options).filter(({ code }) => code === OPTION.messageType),
  )[0];
  const isReply = octets[0] === 2;
  const what = type === undefined ? `BOOTP ${isReply ? 'reply' : 'request'}` : nameOfType(type);
  const given = ipv4At(octets, 16);
  const words = isReply && given !== 0 ? `${what} ${showIpv4(given)}` : what;
  return wrong === undefined ? words : `${words}, malformed: ${wrong.value}`;
}

function nameOfType(type: number): string {
  return isMessageType(type) ? MESSAGE_TYPES[type] : `message of type ${type}`;
}

function isMessageType(type: number): type is keyof typeof MESSAGE_TYPES {
  return Object.hasOwn(MESSAGE_TYPES, type);
}

/** The value of an option in several pieces (RFC 3396 §7). */
function joined(octets: Uint8Array, pieces: readonly FoundOption[]): Uint8Array {
  return Uint8Array.from(pieces.flatMap(({ value, end }) => [...octets.subarray(value, end)]));
}

function showFlags(octets: Uint8Array): string {
  const flags = `0x${hex(octets)}`;
  return ((octets[0] ?? 0) & 0x80) === 0 ? flags : `${flags} (broadcast)`;
}

function showHardwareAddress(field: Uint8Array, whole: Uint8Array): string {
  const length = whole[2] ?? 0;
  if (length === 0) return 'none';
  return hex(field.subarray(0, length), ':');
}

/** Text up to its first NUL; what is behind that is told when it is not empty. */
function textField(field: Uint8Array): string {
  const nul = field.indexOf(0);
  const text = nul < 0 ? field : field.subarray(0, nul);
  const rest = nul < 0 ? 0 : field.subarray(nul).findLastIndex((octet) => octet !== 0);
  const more = rest > 0 ? `, and behind its NUL ${showHex(field.subarray(nul + 1, nul + rest + 1))}` : '';
  return plainText(`${text.length === 0 ? 'empty' : showOctets(text)}${more}`, 400);
}

function numberOf(octets: Uint8Array): number {
  return octets.reduce((value, octet) => value * 256 + octet, 0);
}

function named(value: number, names: Readonly<Record<number, string>>): string {
  const name = names[value];
  return name === undefined ? String(value) : `${value} (${name})`;
}
