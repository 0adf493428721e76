/**
 * Memory for pieces of images, used again and again. V8 looks through its whole heap for garbage whenever 64 MiB of ordinary memory were taken, which
 * a single large file is, and gives memory back when it has found out that nobody needs it. Here both are known: shared memory is not counted by V8,
 * and what is no longer held serves the next piece.
 */

/** Memory that packets are sent from. */
export interface WirePiece {
  readonly octets: Uint8Array;
  /** Where that is for the kernel, noted by the socket that sends from it first. */
  address: number | undefined;
}

export class PieceMemory {
  readonly #octets: number;
  readonly #free: WirePiece[] = [];
  #resting: WirePiece[] = [];

  /** @param octets of each. */
  constructor(octets: number) {
    this.#octets = octets;
  }

  /** Room for `length` octets, of any content; longer where that is used again later. */
  take(length: number): WirePiece {
    // Smaller ones are as many as there are phones: a place of this size for each would be mostly empty.
    if (length > this.#octets || length < this.#octets / 2) return { octets: Buffer.allocUnsafeSlow(length), address: undefined };
    return this.#free.pop() ?? { octets: new Uint8Array(new SharedArrayBuffer(this.#octets)), address: undefined };
  }

  /** Nothing is put into it before the end of this turn of the event loop: until then a socket may have to send what is in it. */
  giveBack(memory: WirePiece): void {
    if (!(memory.octets.buffer instanceof SharedArrayBuffer)) return;
    if (this.#resting.push(memory) > 1) return;
    setImmediate(() => {
      this.#free.push(...this.#resting);
      this.#resting = [];
    });
  }
}
