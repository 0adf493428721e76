import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { wallMs } from '../../src/base/clock.ts';
import { answerNtp, type ClockState, judgeNtp, type NtpVerdict, tooOften } from '../../src/services/ntp-answer.ts';

const NOW = wallMs(Date.UTC(2026, 10, 28, 1, 2, 3) + 500);
const MOMENTS = { receivedAt: NOW, transmitAt: wallMs(NOW + 250) };
const SYNCHRONISED: ClockState = { isSynchronised: true, maxErrorSeconds: 0.25, leap: 0 };
const ALONE: ClockState = { isSynchronised: false, maxErrorSeconds: 16, leap: 0 };

function question(changes: { first?: number; poll?: number; length?: number } = {}): Uint8Array {
  const octets = new Uint8Array(80);
  octets[0] = changes.first ?? 0x23;
  octets[2] = changes.poll ?? 6;
  octets.set([1, 2, 3, 4, 5, 6, 7, 8], 40);
  return octets.subarray(0, changes.length ?? 48);
}

function answered(octets: Uint8Array, port = 5000): Extract<NtpVerdict, { kind: 'answer' }> {
  const verdict = judgeNtp(octets, port);
  if (verdict.kind !== 'answer') throw new Error(verdict.reason);
  return verdict;
}

const view = (octets: Uint8Array) => new DataView(octets.buffer, octets.byteOffset, octets.byteLength);
const text = (octets: Uint8Array) => String.fromCharCode(...octets.subarray(12, 16));

describe('who is answered', () => {
  test.each([
    ['RFC 5905 §7.3: a client of version 4', question(), 5000, 4],
    ['RFC 4330 §5: a client of version 3, as embedded gear is', question({ first: 0x1b }), 5000, 4],
    ['RFC 4330 §5: a symmetric active peer, as Windows is at times', question({ first: 0x19 }), 123, 2],
    ['RFC 5905 A.5.1: version 1 has no modes', question({ first: 0x08 }), 5000, 4],
    ['one with extension fields or a digest behind the header', question({ length: 68 }), 5000, 4],
  ])('%s', (_name, octets, port, mode) => {
    const reply = answerNtp(answered(octets, port), SYNCHRONISED, MOMENTS);
    expect(reply).toHaveLength(48);
    expect((reply[0] ?? 0) & 7).toBe(mode);
    expect((reply[0] ?? 0) & 0x38, 'its version').toBe((octets[0] ?? 0) & 0x38);
  });

  test.each([
    ['a control message (mode 6)', question({ first: 0x26 }), 'not a question for the time'],
    ['a private message (mode 7), as monlist is', question({ first: 0x17 }), 'not a question for the time'],
    ['another server’s answer', question({ first: 0x24 }), 'not a question for the time'],
    ['a broadcast', question({ first: 0x25 }), 'not a question for the time'],
    ['version 0', question({ first: 0x03 }), 'unknown version'],
    ['version 5', question({ first: 0x2b }), 'unknown version'],
    ['half a header', question({ length: 44 }), 'too short'],
    ['nothing', new Uint8Array(), 'too short'],
  ])('not %s', (_name, octets, reason) => {
    expect(judgeNtp(octets, 5000)).toEqual({ kind: 'ignore', reason });
  });

  test('version 1 without a mode from port 123 is no client', () => {
    expect(judgeNtp(question({ first: 0x08 }), 123).kind).toBe('ignore');
  });
});

describe('the answer', () => {
  test('RFC 5905 §7.3: repeats the client’s timestamp and poll, and has the times of arrival and leaving', () => {
    const reply = answerNtp(answered(question({ poll: 10 })), SYNCHRONISED, MOMENTS);
    expect(Array.from(reply.subarray(24, 32))).toEqual([1, 2, 3, 4, 5, 6, 7, 8]);
    expect(reply[2]).toBe(10);
    const seconds = NOW / 1000 - 0.5 + 2_208_988_800;
    expect([view(reply).getUint32(32), view(reply).getUint32(36)]).toEqual([seconds, 0x8000_0000]);
    expect([view(reply).getUint32(40), view(reply).getUint32(44)]).toEqual([seconds, 0xc000_0000]);
  });

  test('of a clock that is kept right: stratum 4 and what the kernel reckons it may be off by', () => {
    const reply = answerNtp(answered(question()), SYNCHRONISED, MOMENTS);
    expect([(reply[0] ?? 0) >> 6, reply[1]]).toEqual([0, 4]);
    expect(view(reply).getUint32(8) / 65_536).toBeCloseTo(0.251, 3);
  });

  test('of a clock that follows nobody: stratum 10, LOCL, and more dispersion', () => {
    const reply = answerNtp(answered(question()), ALONE, MOMENTS);
    expect([(reply[0] ?? 0) >> 6, reply[1], text(reply)]).toEqual([0, 10, 'LOCL']);
    expect(view(reply).getUint32(8) / 65_536).toBe(0.5);
  });

  test('of a clock that was never set is not to be used', () => {
    const early = wallMs(Date.UTC(2000, 0, 1));
    const reply = answerNtp(answered(question()), ALONE, { receivedAt: early, transmitAt: early });
    expect([(reply[0] ?? 0) >> 6, reply[1], text(reply)]).toEqual([3, 0, 'INIT']);
  });

  test.each([1, 2] as const)('tells of a leap second (%i)', (leap) => {
    expect((answerNtp(answered(question()), { ...SYNCHRONISED, leap }, MOMENTS)[0] ?? 0) >> 6).toBe(leap);
  });

  test('RFC 5905 §6: goes on in the era that begins in 2036', () => {
    const late = wallMs(Date.UTC(2036, 1, 7, 6, 28, 17));
    const reply = answerNtp(answered(question()), SYNCHRONISED, { receivedAt: late, transmitAt: late });
    expect(view(reply).getUint32(40)).toBe(1);
  });

  test('RFC 5905 §7.4: to who asks too often is the kiss RATE', () => {
    const reply = tooOften(answered(question()), MOMENTS);
    expect([(reply[0] ?? 0) >> 6, reply[1], text(reply), reply.length]).toEqual([3, 0, 'RATE', 48]);
    expect(Array.from(reply.subarray(24, 32)), 'so that nobody else can send it').toEqual([1, 2, 3, 4, 5, 6, 7, 8]);
  });
});

test('any octets are judged, and no answer is longer than its question', () => {
  fc.assert(
    fc.property(fc.uint8Array({ maxLength: 200 }), fc.nat(65_535), (octets, port) => {
      const verdict = judgeNtp(octets, port);
      if (verdict.kind === 'answer') expect(answerNtp(verdict, ALONE, MOMENTS).length).toBeLessThanOrEqual(octets.length);
    }),
  );
});
