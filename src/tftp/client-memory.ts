/**
 * What transfers have taught about each client: sizes of blocks and windows that do not reach it, so that its next try gets smaller ones.
 * Fragments that a firmware drops, an MTU on the way and a short receive queue look the same from here: silence.
 */
import type { Ipv4, Mac } from '../base/addresses.ts';
import { after, type MonoMs } from '../base/clock.ts';

/** Who is remembered: a device by its MAC, wherever that is known. */
export type ClientKey = Mac | Ipv4;

/** The most that reaches a client, in octets of a block and in blocks of a window. */
export interface Sizes {
  readonly blockSize: number;
  readonly window: number;
}

/** What was learned just now: one size that was too large, and the one that is tried next. */
export interface Lesson {
  readonly size: 'block' | 'window';
  readonly tooLarge: number;
  readonly next: number;
}

/** How a window went: what it really held, which is less than was agreed where the file is short. */
export interface Tried {
  /** Octets of its largest block. */
  readonly blockSize: number;
  /** Blocks. */
  readonly window: number;
}

/** How a transfer went as a whole. */
export interface Reception extends Tried {
  /** Blocks that arrived. */
  readonly acknowledged: number;
  /** Windows that did not arrive whole, though something arrived later. */
  readonly windowsLost: number;
  /** The client has it all, and said so. */
  readonly isWhole: boolean;
}

/** In a frame of Ethernet with headers of IPv4, UDP and TFTP: 1500 − 20 − 8 − 4. More travels in fragments. */
const UNFRAGMENTED = 1468;
/** What every client takes (RFC 1350 §2). */
const PLAIN = 512;
/** Single losses are a line's, not a size's: this many windows, and this share of all, have to be lost. */
const MANY_LOST = { windows: 4, share: 1 / 4 };
/** A cable is replaced, a firmware updated: after a day everything is tried anew. */
const REMEMBERED_MS = 24 * 3_600_000;
const MOST_CLIENTS = 4_096;
const UNLIMITED: Sizes = { blockSize: Number.POSITIVE_INFINITY, window: Number.POSITIVE_INFINITY };

interface Learned extends Sizes {
  readonly until: MonoMs;
}

export class ClientMemory {
  /** The one learned of last is the last. */
  readonly #learned = new Map<ClientKey, Learned>();

  /** What the client is known to take; undefined: nothing was learned, which is nearly always so. */
  sizesOf(client: ClientKey, now: MonoMs): Sizes | undefined {
    const known = this.#learned.get(client);
    if (known === undefined || known.until > now) return known;
    this.#learned.delete(client);
    return undefined;
  }

  /** Nobody is remembered: there is nothing to ask for. */
  get isEmpty(): boolean {
    return this.#learned.size === 0;
  }

  /** The client has acknowledged none of these blocks though they were sent again and again. Undefined: nothing is left to make smaller. */
  stalled(client: ClientKey, { blockSize, window }: Tried, now: MonoMs): Lesson | undefined {
    if (blockSize > PLAIN) return this.#learn(client, 'block', blockSize, blockSize > UNFRAGMENTED ? UNFRAGMENTED : PLAIN, now);
    return window > 1 ? this.#learn(client, 'window', window, Math.floor(window / 2), now) : undefined;
  }

  /**
   * A transfer is over. One that went well with more than was learned has shown that wrong (the client was only slow): it is forgotten.
   */
  concluded(client: ClientKey, reception: Reception, now: MonoMs): Lesson | undefined {
    const { window, acknowledged, windowsLost } = reception;
    const windows = acknowledged / window + windowsLost;
    if (window > 1 && windowsLost >= MANY_LOST.windows && windowsLost >= windows * MANY_LOST.share) {
      return this.#learn(client, 'window', window, Math.floor(window / 2), now);
    }
    if (reception.isWhole && !this.isEmpty) this.#trust(client, reception, now);
    return undefined;
  }

  #learn(client: ClientKey, size: Lesson['size'], tooLarge: number, next: number, now: MonoMs): Lesson | undefined {
    const known = this.sizesOf(client, now) ?? UNLIMITED;
    const learned = size === 'block' ? { ...known, blockSize: next } : { ...known, window: next };
    // A second transfer that began before the lesson teaches it once more.
    if (learned.blockSize >= known.blockSize && learned.window >= known.window) return undefined;
    this.#remember(client, learned, now);
    return { size, tooLarge, next };
  }

  #trust(client: ClientKey, { blockSize, window }: Reception, now: MonoMs): void {
    const known = this.sizesOf(client, now);
    if (known === undefined || (blockSize <= known.blockSize && window <= known.window)) return;
    const rest = {
      blockSize: blockSize > known.blockSize ? UNLIMITED.blockSize : known.blockSize,
      window: window > known.window ? UNLIMITED.window : known.window,
    };
    this.#learned.delete(client);
    if (rest.blockSize < UNLIMITED.blockSize || rest.window < UNLIMITED.window) this.#remember(client, rest, now);
  }

  #remember(client: ClientKey, { blockSize, window }: Sizes, now: MonoMs): void {
    this.#learned.delete(client);
    this.#learned.set(client, { blockSize, window, until: after(now, REMEMBERED_MS) });
    const [oldest] = this.#learned.size > MOST_CLIENTS ? this.#learned.keys() : [];
    if (oldest !== undefined) this.#learned.delete(oldest);
  }
}
