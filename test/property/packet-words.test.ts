import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { PacketWords } from '../../src/base/packet-field.ts';
import { dhcpWords } from '../../src/dhcp/packet-words.ts';
import { tftpWords } from '../../src/tftp/packet-words.ts';
import { goldenOctets } from '../support/golden.ts';

const COOKIE = [0x63, 0x82, 0x53, 0x63];

/** Octets that get as far as the options: a header, a cookie, and pieces that mostly fit. */
const piece = fc
  .tuple(fc.constantFrom(12, 43, 52, 53, 55, 60, 61, 77, 81, 82, 93, 94, 97, 119, 121, 124, 125, 175), fc.uint8Array({ maxLength: 40 }))
  .map(([code, value]) => [code, value.length, ...value]);
const message = fc
  .tuple(
    fc.uint8Array({ minLength: 236, maxLength: 236 }),
    fc.array(fc.oneof(piece, fc.constant([0, 0])), { maxLength: 12 }),
    fc.uint8Array({ maxLength: 20 }),
  )
  .map(([header, pieces, rest]) => Uint8Array.from([...header, ...COOKIE, ...pieces.flat(), ...rest]));
/** A packet of a device with some octets changed and its end cut off. */
const damaged = fc
  .tuple(
    fc.constantFrom('pxe-bios-intel-discover', 'ipxe-efi-x64-discover', 'relay-opt82-cisco', 'overload-1-client', 'onie-discover'),
    fc.array(fc.tuple(fc.nat(600), fc.nat(255)), { maxLength: 8 }),
    fc.nat(600),
  )
  .map(([name, changes, length]) => {
    const octets = goldenOctets(name).slice();
    for (const [at, value] of changes) octets[at % octets.length] = value;
    return octets.subarray(0, Math.max(length, 200));
  });
const request = fc
  .tuple(
    fc.integer({ min: 0, max: 8 }),
    fc.array(fc.constantFrom('', 'a', 'octet', 'blksize', '512', '\u001b[0m', '\0\0'), { maxLength: 8 }),
  )
  .map(([opcode, texts]) => Uint8Array.from([0, opcode, ...Buffer.from(texts.join('\0'), 'latin1')]));

/** Places lie inside the packet, and what is said can do a terminal no harm. */
function expectSound({ summary, fields }: PacketWords, length: number): void {
  for (const { name, value, octets } of fields) {
    for (const text of [summary, name, value]) expect(text).not.toMatch(/\p{Cc}/u);
    if (octets === undefined) continue;
    const [first, end] = octets;
    expect(first).toBeGreaterThanOrEqual(0);
    expect(end).toBeGreaterThanOrEqual(first);
    expect(end).toBeLessThanOrEqual(length);
  }
}

describe('any octets are told in words', () => {
  it.each([
    ['as DHCP', dhcpWords, fc.oneof(message, damaged, fc.uint8Array({ maxLength: 700 }))],
    ['as TFTP', tftpWords, fc.oneof(request, fc.uint8Array({ maxLength: 100 }))],
  ] as const)('%s', (_what, wordsOf, octetsArbitrary) => {
    fc.assert(
      fc.property(octetsArbitrary, fc.nat(2000), (octets, more) => {
        expectSound(wordsOf(octets), octets.length);
        expectSound(wordsOf(octets, octets.length + more), octets.length);
      }),
    );
  });

  it('and every octet of a DHCP message that has all its header is in some field', () => {
    fc.assert(
      fc.property(fc.oneof(message, damaged), (octets) => {
        const isTold = new Uint8Array(octets.length);
        for (const { octets: range } of dhcpWords(octets).fields) if (range !== undefined) isTold.fill(1, range[0], range[1]);
        const first = octets.length < 240 ? -1 : isTold.indexOf(0);
        expect(first).toBe(-1);
      }),
    );
  });
});
