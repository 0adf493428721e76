/**
 * What a simulated device is: a description of what its firmware says and a course of what it does with the answers. Descriptions know nothing of
 * this server's profiles: they are written from what vendors document and devices were seen to do, so that each can be held against the other.
 */
import type { Mac } from '../base/addresses.ts';
import type { TftpOption } from '../tftp/packet.ts';
import type { Course, Life } from './life.ts';
import type { Lease, Reply } from './reply.ts';

/** An option as it stands in a message. */
export type SentOption = readonly [code: number, value: Uint8Array];

/** How its firmware asks for an address. */
export interface DhcpTraits {
  /** The options of its DISCOVER in their order, without the message type, which stands first. */
  readonly options: (mac: Mac) => readonly SentOption[];
  /** Those of its REQUEST where they are not the same with 54 and 50 before them. */
  readonly request?: (options: readonly SentOption[], requested: SentOption, server: SentOption) => readonly SentOption[];
  /** It cannot take unicast before it has an address. */
  readonly broadcast?: true;
  /** secs of its first message. */
  readonly firstSeconds?: number;
  /** Octets that its messages are padded to; 300 where absent. */
  readonly leastOctets?: number;
  /** How long it waits after each DISCOVER, ms. */
  readonly patienceMs?: readonly number[];
  /** How long it listens for further offers once it has one, ms: firmware that boots waits for a proxy. */
  readonly collectMs?: number;
  /** Why it does not take an offer; undefined: it takes it. */
  readonly refuses?: (offer: Reply) => string | undefined;
  /** What it does instead of the ordinary exchange. */
  readonly habit?: DhcpHabit;
}

/** Ways in which a DHCP client goes wrong. */
export type DhcpHabit =
  | 'takes-other-offer'
  | 'ignores-offers'
  | 'repeats-discover'
  | 'port-held-back'
  | 'declines'
  | 'nak-loop'
  | 'wrong-network';

/** How it asks for files by TFTP. */
export interface TftpTraits {
  /** Options of its read requests, in their order. */
  readonly options?: (mac: Mac) => readonly TftpOption[];
  /** It asks for the size first, and breaks that off with this error. */
  readonly probe?: { readonly options: readonly TftpOption[]; readonly code: number; readonly message: string };
  readonly habit?: 'stalls-first-block' | 'stalls-midway' | 'size-probe-only';
}

/** How it asks for files by HTTP. */
export interface HttpTraits {
  readonly headers: (mac: Mac) => Readonly<Record<string, string>>;
  /** It looks at the size before it takes the file. */
  readonly asksHeadFirst?: true;
}

/** Where it stands in the end, in one sentence. */
export interface Verdict {
  readonly ok: boolean;
  readonly text: string;
}

/** A device that can be simulated. */
export interface Device {
  /** Its word on the command line. */
  readonly name: string;
  /** What it is, for lists. */
  readonly title: string;
  /** Its hardware address where none is given. */
  readonly mac: string;
  readonly dhcp: DhcpTraits;
  readonly tftp?: TftpTraits;
  readonly http?: HttpTraits;
  /** What it does with its address. Another device means that it has become that one: a loader that it started asks anew. */
  readonly boot: (life: Life, lease: Lease) => Course<Verdict | Device>;
}

export function well(text: string): Verdict {
  return { ok: true, text };
}

export function failed(text: string): Verdict {
  return { ok: false, text };
}
