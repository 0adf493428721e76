import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { ipv4, type Mac } from '../../src/base/addresses.ts';
import { invariant } from '../../src/base/result.ts';
import { internetChecksum, udpFrame } from '../../src/net/linux/raw-frame.ts';
import type { RawDatagram } from '../../src/net/ports.ts';

const server = '02:00:5e:10:00:01' as Mac;
const client = '00:1b:54:aa:bb:cc' as Mac;

function datagram(payload: Uint8Array): RawDatagram {
  return {
    from: { address: ipv4(0xc0a84d01), port: 67 },
    to: { address: ipv4(0xc0a84d64), port: 68 },
    hardwareAddress: client,
    payload,
  };
}

function frameOf(payload: Uint8Array, mtu = 1500): Uint8Array {
  const frame = udpFrame(server, datagram(payload), mtu);
  invariant(frame.ok, 'the payload fits');
  return frame.value;
}

function hex(bytes: Uint8Array): string {
  return Buffer.from(bytes).toString('hex');
}

/** Sums up as a receiver does: with the checksum field in place the result is zero. */
function receivedIpChecksum(frame: Uint8Array): number {
  return internetChecksum(frame.subarray(14, 34));
}

function receivedUdpChecksum(frame: Uint8Array): number {
  const length = ((frame[38] ?? 0) << 8) | (frame[39] ?? 0);
  const pseudoHeader = [...frame.subarray(26, 34), 0, 17, length >> 8, length & 255];
  return internetChecksum(Uint8Array.of(...pseudoHeader, ...frame.subarray(34, 34 + length)));
}

describe('internetChecksum', () => {
  test('the example of RFC 1071 §3', () => {
    expect(internetChecksum(Buffer.from('0001f203f4f5f6f7', 'hex'))).toBe(0xffff - 0xddf2);
  });

  test('an odd last octet counts as the upper half of its word (RFC 1071 §1)', () => {
    expect(internetChecksum(Uint8Array.of(0x12))).toBe(0xffff - 0x1200);
  });
});

describe('udpFrame', () => {
  test('is Ethernet II, IPv4 and UDP, padded to the shortest frame (RFC 894, 791, 768)', () => {
    const frame = frameOf(Uint8Array.of(0xab));
    expect(frame).toHaveLength(60);
    expect(hex(frame.subarray(0, 24))).toBe('001b54aabbcc' + '02005e100001' + '0800' + '4500001d' + '00004000' + '4011');
    expect(hex(frame.subarray(26, 40))).toBe('c0a84d01' + 'c0a84d64' + '0043' + '0044' + '0009');
    expect(frame[42]).toBe(0xab);
    expect(frame.subarray(43).every((octet) => octet === 0)).toBe(true);
  });

  test('both checksums are right for any payload', () => {
    fc.assert(
      fc.property(fc.uint8Array({ maxLength: 1472 }), (payload) => {
        const frame = frameOf(payload);
        expect(receivedIpChecksum(frame)).toBe(0);
        expect(receivedUdpChecksum(frame)).toBe(0);
        expect(frame.subarray(42, 42 + payload.length)).toEqual(payload);
      }),
    );
  });

  test('a UDP checksum of zero is sent as ffff, as zero means none (RFC 768)', () => {
    const withoutSum = frameOf(Uint8Array.of(0, 0)).subarray(40, 42);
    // Two more octets that hold the sum itself bring the whole to zero.
    const frame = frameOf(Uint8Array.from(withoutSum));
    expect(hex(frame.subarray(40, 42))).toBe('ffff');
  });

  test('fills the MTU to the last octet, and is refused one octet later', () => {
    expect(frameOf(new Uint8Array(1472))).toHaveLength(1514);
    expect(udpFrame(server, datagram(new Uint8Array(1473)), 1500)).toEqual({
      ok: false,
      error: { fault: 'too-long', octets: 1501, mtu: 1500 },
    });
  });

  test('is refused where the length field ends, however large the MTU', () => {
    expect(udpFrame(server, datagram(new Uint8Array(65_508)), 100_000).ok).toBe(false);
  });
});
