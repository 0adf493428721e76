import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { showCidr } from '../../src/base/addresses.ts';
import { invariant } from '../../src/base/result.ts';
import {
  addressRequest,
  dumpRequest,
  linkUpRequest,
  type NetlinkMessage,
  parseAddress,
  parseBatch,
  parseDefaultRoute,
  parseLink,
  RTM_GETADDR,
  RTM_GETLINK,
  RTM_GETROUTE,
} from '../../src/net/linux/netlink.ts';
import { cidr } from '../support/addresses.ts';
import * as captures from './netlink-captures.ts';

function octets(base64: string): Uint8Array {
  return Uint8Array.from(Buffer.from(base64, 'base64'));
}

function only(base64: string): NetlinkMessage {
  const [message] = parseBatch(octets(base64), 7).messages;
  invariant(message, 'the capture holds a message');
  return message;
}

function hex(bytes: Uint8Array): string {
  return Buffer.from(bytes).toString('hex');
}

describe('what the kernel says', () => {
  test('a veth that is a port of a bridge', () => {
    expect(parseLink(only(captures.vethInBridge))).toEqual({
      index: 4,
      name: 'v0',
      mtu: 1500,
      mac: '02:00:5e:10:00:01',
      isEthernet: true,
      isUp: true,
      hasCarrier: true,
      isLoopback: false,
      kind: 'veth',
      hasDevice: false,
      master: 2,
    });
  });

  test('the loopback, which has no hardware address', () => {
    expect(parseLink(only(captures.loopback))).toMatchObject({
      name: 'lo',
      isLoopback: true,
      isUp: false,
      mac: undefined,
      kind: undefined,
    });
  });

  test('an address', () => {
    const found = parseAddress(only(captures.address));
    expect(found && showCidr(found.address)).toBe('192.168.77.1/24');
    expect(found?.index).toBe(3);
  });

  test('the near end of a point-to-point address, not the far one', () => {
    const found = parseAddress(only(captures.pointToPointAddress));
    expect(found && showCidr(found.address)).toBe('10.9.9.1/32');
  });

  test.each([
    ['IPv4', captures.defaultRoute, [3]],
    ['IPv4 by two ways', captures.multipathDefaultRoute, [3, 2]],
    ['IPv6', captures.defaultRouteOfIpv6, [3]],
    ['of another table', captures.defaultRouteOfAnotherTable, []],
    ['unreachable', captures.unreachableDefaultRoute, []],
    ['to a subnet only', captures.subnetRoute, []],
  ])('a default route: %s', (_name, capture, links) => {
    expect(parseDefaultRoute(only(capture))).toEqual(links);
  });

  test('each reader leaves the other kinds alone', () => {
    expect(parseLink(only(captures.address))).toBeUndefined();
    expect(parseAddress(only(captures.vethInBridge))).toBeUndefined();
    expect(parseDefaultRoute(only(captures.address))).toEqual([]);
  });
});

describe('batches', () => {
  const done = '1400000003000200070000000000000000000000';
  const acknowledged = '24000000020000000700000000000000' + '00000000' + '1c000000150005060700000000000000';
  const refused = '24000000020000000700000000000000' + 'efffffff' + '1c000000150005060700000000000000';

  test('several messages and the end', () => {
    const batch = parseBatch(
      Uint8Array.from([...octets(captures.address), ...octets(captures.pointToPointAddress), ...Buffer.from(done, 'hex')]),
      7,
    );
    expect(batch.messages).toHaveLength(2);
    expect(batch).toMatchObject({ isDone: true, errno: 0, wasInterrupted: false });
  });

  test('an acknowledgement', () => {
    expect(parseBatch(Buffer.from(acknowledged, 'hex'), 7)).toEqual({ messages: [], isDone: true, errno: 0, wasInterrupted: false });
  });

  test('a refusal: EEXIST', () => {
    expect(parseBatch(Buffer.from(refused, 'hex'), 7)).toEqual({ messages: [], isDone: true, errno: 17, wasInterrupted: false });
  });

  test('an answer to somebody else is no answer', () => {
    expect(parseBatch(octets(captures.address), 8)).toEqual({ messages: [], isDone: false, errno: 0, wasInterrupted: false });
  });

  test('an interrupted dump', () => {
    const bytes = octets(captures.address);
    bytes[6] = 0x12;
    expect(parseBatch(bytes, 7).wasInterrupted).toBe(true);
  });

  test('any octets, and any damage to real ones, are read without a throw', () => {
    const readAll = (bytes: Uint8Array) => {
      for (const message of parseBatch(bytes, 7).messages) {
        parseLink(message);
        parseAddress(message);
        parseDefaultRoute(message);
      }
    };
    const captured = Object.values(captures).map(octets);
    const damaged = fc
      .tuple(fc.constantFrom(...captured), fc.nat(), fc.nat(255), fc.nat())
      .map(([bytes, at, value, length]) => bytes.with(at % bytes.length, value).subarray(0, length % (bytes.length + 1)));
    fc.assert(fc.property(fc.oneof(fc.uint8Array({ maxLength: 200 }), damaged), readAll), { numRuns: 2000 });
  });
});

/** rtnetlink(7), laid out by hand: header (length, type, flags, sequence, port), the family's struct, attributes. */
describe('what the kernel is asked', () => {
  test.each([
    ['links', dumpRequest(RTM_GETLINK, 1), `20000000120001030100000000000000${'00'.repeat(16)}`],
    ['addresses', dumpRequest(RTM_GETADDR, 2), `18000000160001030200000000000000${'00'.repeat(8)}`],
    ['routes', dumpRequest(RTM_GETROUTE, 3), `1c0000001a0001030300000000000000${'00'.repeat(12)}`],
    [
      'an address on, with its broadcast address',
      addressRequest('add', 5, cidr('192.168.77.1/24'), 4),
      '30000000140005060400000000000000' + '0218000005000000' + '08000200c0a84d01' + '08000100c0a84d01' + '08000400c0a84dff',
    ],
    [
      'an address on that has no broadcast address (RFC 3021)',
      addressRequest('add', 5, cidr('192.168.77.1/31'), 4),
      '28000000140005060400000000000000' + '021f000005000000' + '08000200c0a84d01' + '08000100c0a84d01',
    ],
    [
      'an address off',
      addressRequest('remove', 5, cidr('192.168.77.1/24'), 4),
      '28000000150005000400000000000000' + '0218000005000000' + '08000200c0a84d01' + '08000100c0a84d01',
    ],
    ['a link up', linkUpRequest(5, 6), '20000000100005000600000000000000' + '00000000' + '05000000' + '01000000' + '01000000'],
  ])('%s', (_name, request, expected) => {
    expect(hex(request)).toBe(expected);
  });
});
