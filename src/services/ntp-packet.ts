/** The header of NTP and SNTP (RFC 5905 §7.3, RFC 4330 §4): 48 octets; what follows them (extensions, a digest) is left alone. */
import { ByteWriter } from '../base/bytes.ts';
import { type WallMs, wallMs } from '../base/clock.ts';

export const NTP_OCTETS = 48;

/** RFC 5905 figure 10. */
export const MODE = { symmetricActive: 1, symmetricPassive: 2, client: 3, server: 4 } as const;

/** RFC 5905 figure 9. */
export const LEAP = { none: 0, longMinute: 1, shortMinute: 2, unsynchronised: 3 } as const;

export type Leap = (typeof LEAP)[keyof typeof LEAP];

/** What of a request matters for the answer. */
export interface NtpRequest {
  readonly version: number;
  readonly mode: number;
  /** log2 of seconds, as it came; it is sent back. */
  readonly poll: number;
  /** The 8 octets of the client's transmit timestamp: a nonce for all that we know. */
  readonly transmit: Uint8Array;
}

/** Reads a datagram; undefined when it is too short for a header. */
export function readNtpRequest(octets: Uint8Array): NtpRequest | undefined {
  const [first] = octets;
  if (first === undefined || octets.length < NTP_OCTETS) return undefined;
  return { version: (first >> 3) & 7, mode: first & 7, poll: octets[2] ?? 0, transmit: octets.subarray(40, 48) };
}

export interface NtpReply {
  readonly leap: Leap;
  readonly version: number;
  readonly mode: number;
  readonly stratum: number;
  readonly poll: number;
  /** log2 of seconds. */
  readonly precision: number;
  readonly rootDelaySeconds: number;
  readonly rootDispersionSeconds: number;
  /** Four octets. */
  readonly referenceId: Uint8Array;
  readonly referenceAt: WallMs | undefined;
  /** The client's own, as it came. */
  readonly origin: Uint8Array;
  readonly receivedAt: WallMs;
  readonly transmitAt: WallMs;
}

export function encodeNtp(reply: NtpReply): Uint8Array {
  const writer = new ByteWriter(NTP_OCTETS)
    .u8((reply.leap << 6) | (reply.version << 3) | reply.mode)
    .u8(reply.stratum)
    .u8(reply.poll)
    .u8(reply.precision & 0xff)
    .u32(shortFormat(reply.rootDelaySeconds))
    .u32(shortFormat(reply.rootDispersionSeconds))
    .field(reply.referenceId, 4);
  timestamp(writer, reply.referenceAt ?? wallMs(0));
  writer.field(reply.origin, 8);
  timestamp(writer, reply.receivedAt);
  timestamp(writer, reply.transmitAt);
  return writer.done();
}

/** 16 bits of seconds, 16 of their parts (RFC 5905 §6). */
function shortFormat(seconds: number): number {
  return Math.min(Math.round(Math.max(seconds, 0) * 65_536), 0xffff_ffff);
}

/** Seconds from 1900, where NTP begins to count, to 1970. */
const SECONDS_TO_1970 = 2_208_988_800;
const ERA_SECONDS = 2 ** 32;

/** 32 bits of seconds, 32 of their parts (RFC 5905 §6); from 2036 on the seconds begin anew. Moments before 1970 and none at all are 0. */
function timestamp(writer: ByteWriter, at: WallMs): void {
  if (at <= 0) {
    writer.zeros(8);
    return;
  }
  const seconds = Math.floor(at / 1000);
  writer.u32((seconds + SECONDS_TO_1970) % ERA_SECONDS).u32(Math.floor(((at - seconds * 1000) / 1000) * ERA_SECONDS));
}
