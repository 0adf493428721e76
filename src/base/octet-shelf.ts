/** Octets that live shortly, side by side in blocks: a buffer of its own for each message costs more than everything else that is done with it. */

/** A block is given back when nothing that was cut from it is used any more. */
const BLOCK_OCTETS = 64 * 1024;
/** Longer ones would leave too much of a block unused. */
const LONGEST = BLOCK_OCTETS / 8;

export class OctetShelf {
  #block = new Uint8Array();
  #used = 0;

  /** Room for `length` octets that nobody else has, all zero. What is kept for long has to be copied, as it keeps the whole block. */
  take(length: number): Uint8Array {
    if (length > LONGEST) return new Uint8Array(length);
    if (this.#used + length > this.#block.length) {
      this.#block = new Uint8Array(BLOCK_OCTETS);
      this.#used = 0;
    }
    const from = this.#used;
    this.#used += length;
    return this.#block.subarray(from, this.#used);
  }
}
