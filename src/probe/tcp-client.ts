/**
 * One connection of a device that has no kernel to make it: TCP as a client that sends one request and takes the answer in order (RFC 9293).
 * What arrives out of order is left to the sender to repeat, which on one wire is rare.
 */
import { after, type MonoMs } from '../base/clock.ts';

/** What a segment says, without the addresses. */
export interface TcpSegment {
  readonly fromPort: number;
  readonly toPort: number;
  readonly sequence: number;
  readonly acknowledgement: number;
  readonly flags: number;
  readonly payload: Uint8Array;
}

export const TCP_FLAG = { fin: 1, syn: 2, rst: 4, psh: 8, ack: 16 } as const;

/** Octets that may be on the way to it. */
export const TCP_WINDOW = 16 * 1024;
const REPEAT_MS = 1000;
const MOST_REPEATS = 5;
const NOTHING = new Uint8Array();

/** What the connection has to say. */
export type TcpEffect =
  | { readonly do: 'segment'; readonly segment: TcpSegment }
  | { readonly do: 'data'; readonly octets: Uint8Array }
  /** The other side has said all. */
  | { readonly do: 'finished' }
  | { readonly do: 'failed'; readonly why: string };

export interface TcpParts {
  readonly fromPort: number;
  readonly toPort: number;
  readonly firstSequence: number;
  /** It fits one segment. */
  readonly request: Uint8Array;
}

export class TcpClient {
  readonly #parts: TcpParts;
  #phase: 'connecting' | 'open' | 'closed' = 'connecting';
  /** The next octet of ours, and the next of theirs. */
  #ours: number;
  #theirs = 0;
  #isAcknowledged = false;
  #repeatAt: MonoMs | undefined;
  #repeats = 0;

  constructor(parts: TcpParts) {
    this.#parts = parts;
    this.#ours = parts.firstSequence;
  }

  /** When `timeout` is to be told. */
  get deadline(): MonoMs | undefined {
    return this.#phase === 'closed' ? undefined : this.#repeatAt;
  }

  start(now: MonoMs): TcpEffect[] {
    this.#repeatAt = after(now, REPEAT_MS);
    return [this.#segment(TCP_FLAG.syn, this.#parts.firstSequence)];
  }

  receive(segment: TcpSegment, now: MonoMs): TcpEffect[] {
    if (this.#phase === 'closed') return [];
    const { flags } = segment;
    if ((flags & TCP_FLAG.rst) !== 0)
      return this.#fail(this.#phase === 'connecting' ? 'nobody listens at this port' : 'the connection was broken off');
    if (this.#phase === 'connecting') return this.#onAccepted(segment, now);
    return this.#onSegment(segment);
  }

  timeout(now: MonoMs): TcpEffect[] {
    if (this.#phase === 'closed' || this.#repeatAt === undefined || now < this.#repeatAt) return [];
    this.#repeats += 1;
    if (this.#repeats > MOST_REPEATS) return this.#fail('the web server does not answer');
    this.#repeatAt = after(now, REPEAT_MS);
    return this.#phase === 'connecting' ? [this.#segment(TCP_FLAG.syn, this.#parts.firstSequence)] : [this.#requestSegment()];
  }

  #onAccepted({ flags, sequence, acknowledgement }: TcpSegment, now: MonoMs): TcpEffect[] {
    const { firstSequence, request } = this.#parts;
    const isAccepted = (flags & TCP_FLAG.syn) !== 0 && (flags & TCP_FLAG.ack) !== 0 && acknowledgement === wrap(firstSequence + 1);
    if (!isAccepted) return [];
    this.#phase = 'open';
    this.#theirs = wrap(sequence + 1);
    this.#repeats = 0;
    this.#repeatAt = after(now, REPEAT_MS);
    this.#ours = wrap(firstSequence + 1 + request.length);
    return [this.#requestSegment()];
  }

  #onSegment({ flags, sequence, acknowledgement, payload }: TcpSegment): TcpEffect[] {
    if ((flags & TCP_FLAG.ack) !== 0 && acknowledgement === this.#ours) {
      this.#isAcknowledged = true;
      this.#repeatAt = undefined;
    }
    const isEnd = (flags & TCP_FLAG.fin) !== 0;
    if (payload.length === 0 && !isEnd) return [];
    // A repetition, or what follows a gap: the sender learns where it stands.
    if (sequence !== this.#theirs) return [this.#segment(TCP_FLAG.ack, this.#ours)];
    this.#theirs = wrap(sequence + payload.length + (isEnd ? 1 : 0));
    const effects: TcpEffect[] = payload.length === 0 ? [] : [{ do: 'data', octets: payload }];
    if (!isEnd) return [...effects, this.#segment(TCP_FLAG.ack, this.#ours)];
    this.#phase = 'closed';
    return [...effects, this.#segment(TCP_FLAG.fin | TCP_FLAG.ack, this.#ours), { do: 'finished' }];
  }

  #requestSegment(): TcpEffect {
    const { firstSequence, request } = this.#parts;
    return this.#segment(TCP_FLAG.psh | TCP_FLAG.ack, wrap(firstSequence + 1), this.#isAcknowledged ? NOTHING : request);
  }

  #segment(flags: number, sequence: number, payload: Uint8Array = NOTHING): TcpEffect {
    const { fromPort, toPort } = this.#parts;
    return { do: 'segment', segment: { fromPort, toPort, sequence, acknowledgement: this.#theirs, flags, payload } };
  }

  #fail(why: string): TcpEffect[] {
    this.#phase = 'closed';
    return [{ do: 'failed', why }];
  }
}

/** Sequence numbers are counted modulo 2^32. */
function wrap(number: number): number {
  return number >>> 0;
}
