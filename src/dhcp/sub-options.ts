/** What options with options in them hold: the relay agent's (82), the vendor's (43, 125, iPXE's 175), and the vendor's class (124). */
import { ipv4At, showIpv4 } from '../base/addresses.ts';
import { textBeforeNuls } from '../base/bytes.ts';
import { OPTION } from './codes.ts';
import { showHex, showText } from './octet-notation.ts';

/** A part of an option's value. Offsets are in the value. */
export interface SubOption {
  /** `1`; below an enterprise number `3561.1`. */
  readonly path: string;
  readonly name: string | undefined;
  readonly text: string;
  readonly first: number;
  /** Behind its last octet. */
  readonly end: number;
}

interface Named {
  readonly name: string;
  readonly show?: (value: Uint8Array) => string;
}

type Names = Readonly<Record<number, Named>>;

const VENDOR_CLASS = 124;
const VENDOR_INFORMATION = 125;
const PAD = 0;
const END = 255;
/** An enterprise number and a length (RFC 3925 §3, §4). */
const ENTERPRISE_HEADER = 5;

const address = (value: Uint8Array): string => (value.length === 4 ? showIpv4(ipv4At(value)) : showHex(value));
const number = (value: Uint8Array): string => String(value.reduce((sum, octet) => sum * 256 + octet, 0));
const text = (value: Uint8Array): string => showText(value);

/** RFC 3046 §2.0 and those that came later. */
const RELAY: Names = {
  1: { name: 'Agent Circuit ID' },
  2: { name: 'Agent Remote ID' },
  4: { name: 'DOCSIS Device Class' },
  5: { name: 'Link Selection', show: address },
  6: { name: 'Subscriber-ID' },
  7: { name: 'RADIUS Attributes' },
  8: { name: 'Authentication' },
  9: { name: 'Vendor-Specific Information' },
  10: { name: 'Relay Agent Flags' },
  11: { name: 'Server Identifier Override', show: address },
  12: { name: 'Relay Agent Identifier' },
  19: { name: 'Relay Source Port' },
  151: { name: 'Virtual Subnet Selection' },
  152: { name: 'Virtual Subnet Selection Control' },
};

/** PXE 2.1 table 2-1. */
const PXE: Names = {
  1: { name: 'PXE_MTFTP_IP', show: address },
  2: { name: 'PXE_MTFTP_CPORT', show: showHex },
  3: { name: 'PXE_MTFTP_SPORT', show: showHex },
  4: { name: 'PXE_MTFTP_TMOUT', show: number },
  5: { name: 'PXE_MTFTP_DELAY', show: number },
  6: { name: 'PXE_DISCOVERY_CONTROL', show: discoveryControl },
  7: { name: 'DISCOVERY_MCAST_ADDR', show: address },
  8: { name: 'PXE_BOOT_SERVERS', show: showHex },
  9: { name: 'PXE_BOOT_MENU', show: bootMenu },
  10: { name: 'PXE_MENU_PROMPT', show: menuPrompt },
  71: { name: 'PXE_BOOT_ITEM', show: bootItem },
};

/** iPXE's own numbers; those from 16 to 48 are what it was built with. */
const IPXE: Names = {
  1: { name: 'priority', show: number },
  16: { name: 'PXE extensions' },
  17: { name: 'iSCSI' },
  18: { name: 'AoE' },
  19: { name: 'HTTP' },
  20: { name: 'HTTPS' },
  21: { name: 'TFTP' },
  22: { name: 'FTP' },
  23: { name: 'DNS' },
  24: { name: 'bzImage' },
  25: { name: 'Multiboot' },
  26: { name: 'SLAM' },
  27: { name: 'SRP' },
  32: { name: 'NBI' },
  33: { name: 'PXE' },
  34: { name: 'ELF' },
  35: { name: 'COMBOOT' },
  36: { name: 'EFI' },
  37: { name: 'FCoE' },
  38: { name: 'VLAN' },
  39: { name: 'menu' },
  40: { name: 'SDI' },
  41: { name: 'NFS' },
  176: { name: 'no ProxyDHCP' },
  177: { name: 'bus', show: showHex },
  189: { name: 'BIOS drive', show: showHex },
  235: { name: 'version', show: (value) => [...value].join('.') },
};

/** The parts of an option in the order in which they stand; undefined where it is not known to have any, or they cannot be told apart. */
export function subOptionsOf(code: number, value: Uint8Array, vendorClass: Uint8Array): readonly SubOption[] | undefined {
  switch (code) {
    case OPTION.relayAgentInformation:
      return partsOf(value, RELAY, 'no end');
    case OPTION.ipxe:
      return partsOf(value, IPXE, 'end');
    case OPTION.vendorSpecific:
      return partsOf(value, /^PXEClient/.test(textBeforeNuls(vendorClass)) ? PXE : {}, 'end');
    case VENDOR_CLASS:
    case VENDOR_INFORMATION:
      return enterprisesOf(code, value);
    default:
      return undefined;
  }
}

/** Code, length, value. @param kind whether 0 pads and 255 ends, as in option 43 (RFC 2132 §8.4). */
function partsOf(value: Uint8Array, names: Names, kind: 'end' | 'no end', from = 0, above = ''): readonly SubOption[] | undefined {
  const parts: SubOption[] = [];
  let at = from;
  while (at < value.length) {
    const code = value[at] ?? 0;
    if (kind === 'end' && code === END) break;
    if (kind === 'end' && code === PAD) {
      at += 1;
      continue;
    }
    const length = value[at + 1];
    if (length === undefined || at + 2 + length > value.length) return undefined;
    const octets = value.subarray(at + 2, at + 2 + length);
    const { name, show = text } = names[code] ?? { name: undefined };
    const first = at;
    at += 2 + length;
    parts.push({ path: `${above}${code}`, name, text: length === 0 ? 'empty' : show(octets), first, end: at });
  }
  return parts;
}

/** RFC 3925: for each enterprise number its class, or options of its own. */
function enterprisesOf(code: number, value: Uint8Array): readonly SubOption[] | undefined {
  const parts: SubOption[] = [];
  let at = 0;
  while (at < value.length) {
    const enterprise = number(value.subarray(at, at + 4));
    const length = value[at + 4];
    const from = at + ENTERPRISE_HEADER;
    if (length === undefined || from + length > value.length) return undefined;
    const end = from + length;
    const inside = code === VENDOR_INFORMATION ? partsOf(value.subarray(0, end), {}, 'no end', from, `${enterprise}.`) : undefined;
    if (inside === undefined) parts.push({ path: enterprise, name: 'enterprise', text: text(value.subarray(from, end)), first: at, end });
    else parts.push(...inside);
    at = end;
  }
  return parts;
}

/** PXE 2.1 table 2-1, tag 6. */
function discoveryControl([bits = 0]: Uint8Array): string {
  const words = ['no broadcast discovery', 'no multicast discovery', 'only the listed servers', 'just download the boot file'];
  const said = words.filter((_, bit) => ((bits >> bit) & 1) === 1);
  return said.length === 0 ? `${bits}` : `${bits} (${said.join(', ')})`;
}

/** Tag 9: a type of server, a length and a text, again and again. */
function bootMenu(value: Uint8Array): string {
  const entries: string[] = [];
  for (let at = 0; at + 3 <= value.length; at += 3 + (value[at + 2] ?? 0))
    entries.push(`${number(value.subarray(at, at + 2))} ${text(value.subarray(at + 3, at + 3 + (value[at + 2] ?? 0)))}`);
  return entries.join(', ');
}

/** Tag 10: seconds, and the text before them. */
function menuPrompt([seconds = 0, ...prompt]: Uint8Array): string {
  const wait = seconds === 255 ? 'without end' : `${seconds} s`;
  return `${text(Uint8Array.from(prompt))}, ${wait}`;
}

/** Tag 71: a type of server and a layer. */
function bootItem(value: Uint8Array): string {
  return value.length === 4 ? `type ${number(value.subarray(0, 2))}, layer ${number(value.subarray(2))}` : showHex(value);
}
