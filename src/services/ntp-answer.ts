/** What a time server says to whom (RFC 5905 §7 and §9.2, RFC 4330 §5). Answers are never longer than what they answer. */
import { latin1Bytes } from '../base/bytes.ts';
import type { WallMs } from '../base/clock.ts';
import { encodeNtp, LEAP, type Leap, MODE, type NtpReply, type NtpRequest, readNtpRequest } from './ntp-packet.ts';

/** What this machine knows of its own clock. */
export interface ClockState {
  /** Some other program keeps it right. */
  readonly isSynchronised: boolean;
  /** How far it may be off by the kernel's reckoning, in seconds; only when it is synchronised. */
  readonly maxErrorSeconds: number;
  /** Of the month that ends. */
  readonly leap: Exclude<Leap, 3>;
}

/** When a request came in and when its answer leaves. */
export interface NtpMoments {
  readonly receivedAt: WallMs;
  readonly transmitAt: WallMs;
}

/** What is to be said: the time, that somebody asks too often, or nothing. */
export type NtpVerdict =
  | { readonly kind: 'answer'; readonly request: NtpRequest; readonly mode: number }
  | { readonly kind: 'ignore'; readonly reason: 'too short' | 'not a question for the time' | 'unknown version' };

/**
 * How the question is dealt with. Control and private messages (modes 6 and 7) have answers longer than themselves and get none, neither do answers of
 * other servers.
 */
export function judgeNtp(octets: Uint8Array, fromPort: number): NtpVerdict {
  const request = readNtpRequest(octets);
  if (request === undefined) return { kind: 'ignore', reason: 'too short' };
  if (request.version < 1 || request.version > 4) return { kind: 'ignore', reason: 'unknown version' };
  const mode = answeringMode(request, fromPort);
  return mode === undefined ? { kind: 'ignore', reason: 'not a question for the time' } : { kind: 'answer', request, mode };
}

/** RFC 4330 §5, RFC 5905 appendix A.5.1: version 1 has no modes, and its clients are known by their port. Windows asks as a peer at times. */
function answeringMode({ version, mode }: NtpRequest, fromPort: number): number | undefined {
  if (mode === MODE.client) return MODE.server;
  if (mode === MODE.symmetricActive) return MODE.symmetricPassive;
  return version === 1 && mode === 0 && fromPort !== NTP_PORT ? MODE.server : undefined;
}

const NTP_PORT = 123;

/**
 * The kernel does not say how far away the clock is that it follows. Servers that anybody can ask are of stratum 1 to 3, so who follows them is 4 at
 * the most, and nobody who has a better one prefers ours.
 */
const SYNCHRONISED_STRATUM = 4;
/** A clock that follows nobody, as other servers say it of theirs (`local stratum 10`). */
const LOCAL_STRATUM = 10;
/** Nothing is known of how wrong it is; clients take no server that says more than one second (RFC 5905 §11.1, MAXDIST). */
const LOCAL_DISPERSION_SECONDS = 0.5;
/** log2 of seconds: the clock is read in milliseconds. */
const PRECISION = -10;

/** Before this moment the clock was never set: 2025-01-01. */
const EARLIEST_CREDIBLE = 1_735_689_600_000;

/** The answer to a question that was judged to get one. */
export function answerNtp({ request, mode }: Extract<NtpVerdict, { kind: 'answer' }>, clock: ClockState, moments: NtpMoments): Uint8Array {
  return encodeNtp({ ...frameOf(request, mode, moments), ...standing(clock, moments.receivedAt) });
}

/** The kiss of death `RATE` (RFC 5905 §7.4): the client asks too often, and a good one asks less from now on. */
export function tooOften({ request, mode }: Extract<NtpVerdict, { kind: 'answer' }>, moments: NtpMoments): Uint8Array {
  return encodeNtp({ ...frameOf(request, mode, moments), ...NOT_TO_BE_USED, referenceId: latin1Bytes('RATE') });
}

function frameOf({ version, poll, transmit }: NtpRequest, mode: number, moments: NtpMoments) {
  return { version, mode, poll, origin: transmit, precision: PRECISION, rootDelaySeconds: 0, ...moments };
}

type Standing = Pick<NtpReply, 'leap' | 'stratum' | 'rootDispersionSeconds' | 'referenceId' | 'referenceAt'>;

/** Stratum 0 on the wire is 16, "unsynchronised" (RFC 5905 §7.3, figure 11). */
const NOT_TO_BE_USED = { leap: LEAP.unsynchronised, stratum: 0, rootDispersionSeconds: 0, referenceAt: undefined } as const;

function standing({ isSynchronised, maxErrorSeconds, leap }: ClockState, now: WallMs): Standing {
  if (now < EARLIEST_CREDIBLE) return { ...NOT_TO_BE_USED, referenceId: latin1Bytes('INIT') };
  if (!isSynchronised) {
    return {
      leap: LEAP.none,
      stratum: LOCAL_STRATUM,
      rootDispersionSeconds: LOCAL_DISPERSION_SECONDS,
      referenceId: latin1Bytes('LOCL'),
      referenceAt: now,
    };
  }
  return {
    leap,
    stratum: SYNCHRONISED_STRATUM,
    rootDispersionSeconds: maxErrorSeconds + 2 ** PRECISION,
    // Where it gets the time from is not known, save that it is something in this machine.
    referenceId: Uint8Array.of(127, 0, 0, 1),
    referenceAt: now,
  };
}
