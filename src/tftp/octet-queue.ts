/** Octets that wait to be cut into blocks, or to be stored. Pieces are kept as they came; taking copies once. */
import { invariant } from '../base/result.ts';

export class OctetQueue {
  readonly #pieces: Uint8Array[] = [];
  /** Octets of the first piece that were taken already. */
  #taken = 0;
  #length = 0;

  /** Octets in the queue. */
  get length(): number {
    return this.#length;
  }

  /** Adds a piece; the queue keeps it, so its owner must not write to it any more. */
  push(piece: Uint8Array): void {
    if (piece.length === 0) return;
    this.#pieces.push(piece);
    this.#length += piece.length;
  }

  /** Moves the first octets into `target` from `at` on, as many as it has room for. */
  takeInto(target: Uint8Array, at = 0): void {
    const end = target.length;
    invariant(end - at <= this.#length, 'more octets taken than the queue holds');
    let to = at;
    while (to < end) {
      const piece = this.#pieces[0];
      invariant(piece !== undefined, 'a queue shorter than its length');
      const count = Math.min(end - to, piece.length - this.#taken);
      target.set(piece.subarray(this.#taken, this.#taken + count), to);
      to += count;
      this.#taken += count;
      if (this.#taken === piece.length) {
        this.#pieces.shift();
        this.#taken = 0;
      }
    }
    this.#length -= end - at;
  }

  /** Moves everything out as one piece. */
  takeAll(): Uint8Array {
    const all = new Uint8Array(this.#length);
    this.takeInto(all);
    return all;
  }
}
