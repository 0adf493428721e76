import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { type Ipv4, ipv4 } from '../../src/base/addresses.ts';
import { type DhcpPacket, decodePacket, encodePacket } from '../../src/dhcp/packet.ts';
import { LAN, message } from '../support/dhcp-client.ts';
import { EngineBench } from '../support/dhcp-engine.ts';

const OVERLOAD = 52;
const address = fc.integer({ min: 0, max: 0xffffffff }).map(ipv4) as fc.Arbitrary<Ipv4>;
const octet = fc.integer({ min: 0, max: 255 });
/** A text field's value ends where its trailing zeros begin, so the last octet is none. */
const field = (width: number) => fc.uint8Array({ maxLength: width }).filter((value) => value.length === 0 || value.at(-1) !== 0);
const option = fc.tuple(
  fc.integer({ min: 1, max: 254 }).filter((code) => code !== OVERLOAD),
  fc.uint8Array({ maxLength: 600 }),
);
const packet: fc.Arbitrary<DhcpPacket> = fc.record({
  operation: octet,
  hardwareType: octet,
  hardwareLength: fc.integer({ min: 0, max: 16 }),
  hops: octet,
  transactionId: fc.integer({ min: 0, max: 0xffffffff }),
  seconds: fc.integer({ min: 0, max: 0xffff }),
  flags: fc.integer({ min: 0, max: 0xffff }),
  clientAddress: address,
  yourAddress: address,
  nextServer: address,
  relayAddress: address,
  hardwareAddress: fc.uint8Array({ minLength: 16, maxLength: 16 }),
  serverName: field(64),
  bootFile: field(128),
  options: fc.array(option, { maxLength: 20 }).map((options) => new Map(options)),
});

describe('DHCP packets', () => {
  it('decode ∘ encode gives the same packet', () => {
    fc.assert(
      fc.property(packet, (one) => {
        expect(decodePacket(encodePacket(one))).toEqual({ ok: true, value: one });
      }),
    );
  });

  it('any octets are read or refused, never thrown at', () => {
    fc.assert(
      fc.property(fc.uint8Array({ maxLength: 700 }), (octets) => {
        const decoded = decodePacket(octets);
        if (!decoded.ok) expect(decoded.error.reason).not.toBe('');
      }),
    );
  });

  it('a good packet with any octets changed or cut off is read or refused, and whatever is read is answered or dropped', () => {
    const good = encodePacket(
      message('REQUEST', '02:00:00:00:00:01', {
        requested: '10.0.0.100',
        list: [1, 3, 6, 66, 67, 150],
        options: [
          [60, new TextEncoder().encode('PXEClient:Arch:00000:UNDI:002001')],
          [93, Uint8Array.of(0, 0)],
          [97, new Uint8Array(17)],
          [82, Uint8Array.of(1, 2, 3, 4)],
        ],
      }),
    );
    const change = fc.record({ at: fc.nat(good.length - 1), to: octet });
    fc.assert(
      fc.property(fc.array(change, { maxLength: 12 }), fc.nat(good.length), (changes, length) => {
        const octets = good.slice();
        for (const { at, to } of changes) octets[at] = to;
        const decoded = decodePacket(octets.subarray(0, length));
        if (!decoded.ok) return;
        for (const effect of new EngineBench().receive(decoded.value, LAN)) {
          if (effect.do === 'send') expect(decodePacket(encodePacket(effect.packet)).ok).toBe(true);
        }
      }),
      { numRuns: 500 },
    );
  });
});
