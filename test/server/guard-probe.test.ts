import { expect, test } from 'vitest';
import type { Mac } from '../../src/base/addresses.ts';
import { invariant } from '../../src/base/result.ts';
import { decodePacket, encodePacket } from '../../src/dhcp/packet.ts';
import { guardProbe, isOwnProbe } from '../../src/server/guard-probe.ts';
import { message } from '../support/dhcp-client.ts';

const OURS = '02:00:00:00:00:01' as Mac;
const SECOND = '02:00:00:00:00:02' as Mac;

function onTheWire(mac: Mac) {
  const decoded = decodePacket(encodePacket(guardProbe(mac, 0xfedcba98)));
  invariant(decoded.ok, 'it is a message');
  return decoded.value;
}

test('is a DISCOVER of this machine that asks for a broadcast answer (RFC 2131 §4.4.1), padded as BOOTP is', () => {
  const packet = onTheWire(OURS);
  expect(packet).toMatchObject({
    operation: 1,
    hardwareType: 1,
    hardwareLength: 6,
    transactionId: 0xfedcba98,
    flags: 0x8000,
    clientAddress: 0,
  });
  expect([...packet.hardwareAddress.subarray(0, 7)]).toEqual([2, 0, 0, 0, 0, 1, 0]);
  expect([...packet.options.keys()]).toEqual([53, 61, 55]);
  expect([...(packet.options.get(53) ?? [])]).toEqual([1]);
  expect(encodePacket(guardProbe(OURS, 1))).toHaveLength(300);
});

test('has a client identifier that is no hardware address (RFC 2132 §9.14) and is the same each time', () => {
  const identifier = onTheWire(OURS).options.get(61);
  expect(identifier?.[0]).toBe(0);
  expect(onTheWire(OURS).options.get(61)).toEqual(identifier);
  expect(onTheWire(SECOND).options.get(61)).not.toEqual(identifier);
});

test.each([
  ['our question that comes in by a second interface', onTheWire(OURS), true],
  ["another Bootlace's", onTheWire('02:00:00:00:00:99' as Mac), false],
  ['a client on this machine', message('DISCOVER', OURS), false],
  ['a client with the beginning of that identifier', message('DISCOVER', OURS, { options: [[61, Uint8Array.of(0, 98, 111)]] }), false],
])('%s is our own: %s', (_what, packet, expected) => {
  expect(isOwnProbe(packet, new Set([SECOND, OURS]))).toBe(expected);
});
