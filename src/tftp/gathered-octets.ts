/** Octets of many small packets on their way to the store, which takes them in larger pieces. Each is copied once: the packet's memory is not ours to keep. */

const LEAST_ROOM = 2048;
const NOTHING = new Uint8Array(0);

export class GatheredOctets {
  #octets = NOTHING;
  #length = 0;

  get length(): number {
    return this.#length;
  }

  /** Copies octets behind those that are here. */
  add(octets: Uint8Array): void {
    const needed = this.#length + octets.length;
    if (needed > this.#octets.length) {
      const grown = new Uint8Array(Math.max(needed, 2 * this.#octets.length, LEAST_ROOM));
      grown.set(this.#octets.subarray(0, this.#length));
      this.#octets = grown;
    }
    this.#octets.set(octets, this.#length);
    this.#length = needed;
  }

  /** Gives all of them away. */
  take(): Uint8Array {
    const all = this.#octets.subarray(0, this.#length);
    this.#octets = NOTHING;
    this.#length = 0;
    return all;
  }
}
