import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { ipv4, type Mac } from '../../src/base/addresses.ts';
import { arpProbe, readArpReply } from '../../src/net/arp-packet.ts';

const OURS = '02:00:5e:10:00:01' as Mac;
const THEIRS = '00:1b:54:aa:bb:cc' as Mac;
const ADDRESS = ipv4(0xc0a84d64);

function octets(...parts: readonly string[]): Uint8Array {
  return Uint8Array.from(Buffer.from(parts.join(''), 'hex'));
}

/** The answer of a host to us, with one part changed. */
function reply(change: { type?: string; hardware?: string; protocol?: string; lengths?: string; operation?: string } = {}): Uint8Array {
  const { type = '0806', hardware = '0001', protocol = '0800', lengths = '0604', operation = '0002' } = change;
  const ethernet = ['02005e100001', '001b54aabbcc', type];
  return octets(...ethernet, hardware, protocol, lengths, operation, '001b54aabbcc', 'c0a84d64', '02005e100001', '00000000');
}

describe('arpProbe', () => {
  test('asks everybody and names no sender address (RFC 826, RFC 5227 §2.1.1), in the shortest frame', () => {
    const question = octets('0001', '0800', '06', '04', '0001', '02005e100001', '00000000', '000000000000', 'c0a84d64');
    const frame = arpProbe(OURS, ADDRESS);
    expect(frame).toHaveLength(60);
    expect(frame.subarray(0, 42)).toEqual(Uint8Array.of(...octets('ffffffffffff', '02005e100001', '0806'), ...question));
    expect(frame.subarray(42).every((octet) => octet === 0)).toBe(true);
  });

  test('is no answer itself', () => {
    expect(readArpReply(arpProbe(OURS, ADDRESS))).toBeUndefined();
  });
});

describe('readArpReply', () => {
  test('says who has which address, with or without the padding of Ethernet', () => {
    const padded = new Uint8Array(60);
    padded.set(reply());
    for (const frame of [reply(), padded]) expect(readArpReply(frame)).toEqual({ address: ADDRESS, mac: THEIRS });
  });

  test.each([
    ['another protocol of Ethernet', { type: '0800' }],
    ['another kind of hardware', { hardware: '0006' }],
    ['another protocol address', { protocol: '86dd' }],
    ['other lengths', { lengths: '0804' }],
    ['a question', { operation: '0001' }],
    ['RARP', { operation: '0004' }],
  ])('takes %s for no answer', (_what, change) => {
    expect(readArpReply(reply(change))).toBeUndefined();
  });

  test('takes a frame that is cut off anywhere for no answer', () => {
    for (let length = 0; length < 42; length += 1) expect(readArpReply(reply().subarray(0, length))).toBeUndefined();
  });

  test('never throws, whatever the octets', () => {
    fc.assert(fc.property(fc.uint8Array({ maxLength: 100 }), (frame) => void readArpReply(frame)));
  });
});
