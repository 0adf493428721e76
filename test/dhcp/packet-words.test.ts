import { describe, expect, it } from 'vitest';
import { hex } from '../../src/base/bytes.ts';
import type { PacketField, PacketWords } from '../../src/base/packet-field.ts';
import { encodePacket } from '../../src/dhcp/packet.ts';
import { dhcpWords } from '../../src/dhcp/packet-words.ts';
import { message, text } from '../support/dhcp-client.ts';
import { goldenList, goldenOctets } from '../support/golden.ts';

interface Vector {
  readonly name: string;
  readonly what: string;
  readonly expect: {
    readonly hops: number;
    readonly xid: string;
    readonly secs: number;
    readonly ciaddr: string;
    readonly yiaddr: string;
    readonly siaddr: string;
    readonly giaddr: string;
    readonly messageType: string | number | null;
    readonly parseError?: string;
    readonly options: readonly (readonly [number, string])[];
    readonly fileFieldOptions?: readonly (readonly [number, string])[];
  };
}

const vectors = goldenList<Vector>('dhcp');
/** What of `parseError` is wrong with the structure. */
const isBroken = ({ expect: { parseError } }: Vector) => parseError !== undefined && parseError !== 'op not 1';

function shownAs({ fields }: PacketWords, name: string): string | undefined {
  return fields.find((field) => field.name === name)?.value;
}

/** Whole options, without their parts. */
function optionsOf({ fields }: PacketWords): readonly PacketField[] {
  return fields.filter(({ name }) => /^option \d+(?: |$)/.test(name));
}

describe('messages of real devices in words (RFC 2131 §2)', () => {
  it.each(vectors)('$name: $what', (vector) => {
    const { name, expect: wanted } = vector;
    const octets = goldenOctets(name);
    const words = dhcpWords(octets);
    expect(words.fields.some((field) => field.name === 'malformed')).toBe(isBroken(vector));
    if (octets.length < 240) return;
    const header = { hops: `${wanted.hops}`, xid: `0x${wanted.xid}`, secs: `${wanted.secs} s` };
    const { ciaddr, yiaddr, siaddr, giaddr } = wanted;
    for (const [field, value] of Object.entries({ ...header, ciaddr, yiaddr, siaddr, giaddr })) expect(shownAs(words, field)).toBe(value);
    if (isBroken(vector)) return;
    if (typeof wanted.messageType === 'string') expect(words.summary.split(' ')[0]).toBe(wanted.messageType);
    // Every piece of an option is there with its place, and nothing else is.
    const pieces = optionsOf(words).map(({ octets: range }) => hex(octets.subarray(...(range ?? [0, 0]))));
    const known = [...(wanted.fileFieldOptions ?? []), ...wanted.options];
    expect(pieces).toEqual(known.map(([code, value]) => hex(Uint8Array.of(code, value.length / 2)) + value));
  });
});

describe('an option in words', () => {
  it.each<[vector: string, option: string, value: string]>([
    ['pxe-bios-intel-discover', 'option 53 (DHCP Message Type)', '1 (DISCOVER)'],
    ['pxe-bios-intel-discover', 'option 93 (Client System Architecture)', '0 (x86 BIOS)'],
    ['pxe-bios-intel-discover', 'option 94 (Client Network Interface Identifier)', 'UNDI 2.1'],
    ['pxe-bios-intel-discover', 'option 97 (Client Machine Identifier)', 'UUID f25c4ea3-7b1d-e044-8c11-d4f5ef6b2a90'],
    ['cisco-7960-discover', 'option 60 (Vendor Class Identifier)', '"Cisco Systems, Inc. IP Phone CP-7960" and a NUL'],
    ['cisco-7960-discover', 'option 61 (Client-identifier)', 'Ethernet 00:0d:29:1a:2b:3c'],
    ['cisco-iosxe-pnp-discover', 'option 61 (Client-identifier)', 'type 0, "cisco-0042.68aa.0001-Vl1"'],
    ['cisco-iosxe-pnp-discover', 'option 124.9 (enterprise)', '"C9300-24T" and a NUL'],
    ['ipxe-efi-x64-discover', 'option 77 (User Class)', '"iPXE"'],
    ['ipxe-efi-x64-discover', 'option 175.19 (HTTP)', '01'],
    ['ipxe-efi-x64-discover', 'option 175.235 (version)', '1.21.1'],
    ['userclass-rfc3004', 'option 77 (User Class)', '"iPXE", "lab-a"'],
    ['relay-opt82-cisco', 'option 82.1 (Agent Circuit ID)', '00 04 00 0a 01 05'],
    ['relay-opt82-cisco', 'option 82.5 (Link Selection)', '10.30.0.0'],
    ['relay-opt82-cisco', 'option 82.11 (Server Identifier Override)', '10.20.0.1'],
    ['reply-offer-raspberrypi', 'option 43.6 (PXE_DISCOVERY_CONTROL)', '3 (no broadcast discovery, no multicast discovery)'],
    ['reply-offer-raspberrypi', 'option 43.9 (PXE_BOOT_MENU)', '0 "Raspberry Pi Boot"'],
    ['reply-offer-raspberrypi', 'option 43.10 (PXE_MENU_PROMPT)', '"PXE", 0 s'],
    ['reply-offer-raspberrypi', 'option 51 (IP Address Lease Time)', '43200 s (12 h)'],
    ['pxe-bootserver-request-43-71', 'option 43.71 (PXE_BOOT_ITEM)', 'type 32768, layer 0'],
    ['split-rfc3396-67', 'option 67 (Bootfile Name)', '/diskless/foo'],
    ['split-rfc3396-67', 'option 67', 'goes on (RFC 3396): 6 octets of 13'],
    ['overload-1-client', 'file', 'holds options (option 52)'],
    ['bad-50-len3', 'option 50 (Requested IP Address)', 'malformed: has 3 octets instead of 4 (c0 00 02)'],
    ['bad-length-past-end', 'malformed', 'option 60 says 64 octets and 4 are left'],
    ['bad-code-without-length', 'malformed', 'option 60 has no length'],
    ['bad-hlen-255', 'malformed', 'hardware address length 255 exceeds 16'],
    ['bad-truncated-100', 'malformed', 'only 100 octets, a message has 240 at least'],
    ['bad-no-end', 'end', 'none: the packet ends'],
    ['bootp-mikrotik-like', 'op', '1 (BOOTREQUEST, of a client)'],
  ])('%s has %s: %s', (vector, option, value) => {
    expect(shownAs(dhcpWords(goldenOctets(vector)), option)).toBe(value);
  });

  it.each<[code: number, octets: Uint8Array, part: string, value: string]>([
    [61, Uint8Array.of(255, 1, 2, 3, 4, 0, 3, 0, 1, 9), 'option 61 (Client-identifier)', 'IAID 01020304, DUID 00:03:00:01:09'],
    [61, Uint8Array.of(1), 'option 61 (Client-identifier)', 'type 1 and nothing more'],
    [81, Uint8Array.of(1, 0, 0, ...text('desk.lan')), 'option 81 (Client FQDN)', 'flags 0x01, "desk.lan"'],
    [52, Uint8Array.of(9), 'option 52 (Option Overload)', '9'],
    [80, new Uint8Array(), 'option 80 (Rapid Commit)', 'asked for'],
    [125, Uint8Array.of(0, 0, 0x0d, 0xe9, 4, 1, 2, ...text('ab')), 'option 125.3561.1', '"ab"'],
    // One that says more octets than there are is shown as what it is.
    [82, Uint8Array.of(1, 9, 1), 'option 82 (Relay Agent Information)', '01 09 01'],
    [125, Uint8Array.of(0, 0, 1), 'option 125 (Vendor-Identifying Vendor-Specific Information)', '00 00 01'],
    [43, Uint8Array.of(1, 1, 65, 0, 255, 7), 'option 43.1', '"A"'],
    [224, text('abc'), 'option 224', '"abc"'],
    [12, text('a\u001b[2J'), 'option 12 (Host Name)', 'a\\x1b[2J'],
  ])('%i of %o has %s: %s', (code, octets, part, value) => {
    const words = dhcpWords(encodePacket(message('DISCOVER', '02:00:00:00:00:0a', { options: [[code, octets]] })));
    expect(shownAs(words, part)).toBe(value);
  });
});

it('a message of which not everything was kept says so, and its own length', () => {
  const octets = goldenOctets('pxe-bios-intel-discover');
  expect(shownAs(dhcpWords(octets.subarray(0, 340), octets.length), 'cut')).toBe('208 more octets were not kept');
});
