/**
 * Block numbers. The wire has 16 bits, which roll over from 65535 to 0; a transfer counts without end.
 * `SendWindow` is the sender's view (RFC 7440 §4), `placeOf` the receiver's.
 */
const NUMBERS = 65536;

/** The number that an absolute block has on the wire. */
export function wireBlock(block: number): number {
  return block % NUMBERS;
}

/** What an ACK means to a sender. */
export type AckMeaning =
  /** Of a block that was acknowledged before, or was never sent. */
  | 'stray'
  /** Of the last acknowledged block once more. */
  | 'repeated'
  /** Of everything that was sent. */
  | 'all'
  /** Of the first part of what was sent: the receiver misses the next block. */
  | 'part';

/** The blocks between the last acknowledged one and the last one sent. */
export class SendWindow {
  readonly #size: number;
  readonly #last: number;
  #acknowledged = 0;
  #sent = 0;
  /** Absolute number of the last block that was ever sent: after `rewind` it lies ahead, and what comes of it still counts. */
  #furthest = 0;

  /**
   * @param size blocks that may be under way, 1…65535.
   * @param last absolute number of the last block that there is.
   */
  constructor(size: number, last: number) {
    this.#size = size;
    this.#last = last;
  }

  /** Absolute number of the last block that the receiver has. */
  get acknowledged(): number {
    return this.#acknowledged;
  }

  /** Absolute number of the last block that was sent. */
  get sent(): number {
    return this.#sent;
  }

  /** Absolute number of the last block that was sent before any `rewind`. */
  get furthest(): number {
    return this.#furthest;
  }

  /** Blocks under way. */
  get inFlight(): number {
    return this.#sent - this.#acknowledged;
  }

  /** Blocks that may be sent now. */
  get due(): number {
    return Math.max(Math.min(this.#acknowledged + this.#size, this.#last) - this.#sent, 0);
  }

  /** Counts those that may be sent now as sent, up to `most` of them, and says how many blocks that is. */
  advance(most: number = Number.POSITIVE_INFINITY): number {
    const count = Math.min(this.due, most);
    this.#sent += count;
    if (this.#sent > this.#furthest) this.#furthest = this.#sent;
    return count;
  }

  /** Takes an ACK with its number on the wire. After `part` the blocks behind it count as not sent. */
  acknowledge(wire: number): AckMeaning {
    const ahead = (wire - wireBlock(this.#acknowledged) + NUMBERS) % NUMBERS;
    if (ahead > this.#furthest - this.#acknowledged) return 'stray';
    if (ahead === 0) return 'repeated';
    this.#acknowledged += ahead;
    this.rewind();
    return this.#acknowledged === this.#furthest ? 'all' : 'part';
  }

  /** Everything that is not acknowledged counts as not sent, so that it is sent again. */
  rewind(): void {
    this.#sent = this.#acknowledged;
  }
}

/**
 * Where a DATA block lies, seen from a receiver that awaits the absolute block `next`: the one awaited, `ahead` of it (so that
 * one before it is lost), or `behind` (had already). More than a window ahead cannot be, so it is behind.
 */
export function placeOf(wire: number, next: number, window: number): 'next' | 'ahead' | 'behind' {
  const distance = (wire - wireBlock(next) + NUMBERS) % NUMBERS;
  if (distance === 0) return 'next';
  return distance < window ? 'ahead' : 'behind';
}
