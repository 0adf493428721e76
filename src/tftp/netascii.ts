/**
 * The netascii transfer mode (RFC 1350 §1, RFC 764): a line ends with CR LF, a bare CR is CR NUL; other octets pass as they are.
 * Both directions work on pieces of any size; where a pair straddles two blocks is the decoder's to remember.
 */

const NUL = 0;
const LF = 10;
const CR = 13;

/** A piece of a file as it goes over the wire: LF → CR LF, CR → CR NUL. Pieces need no memory of each other. */
export function encodeNetascii(octets: Uint8Array): Uint8Array {
  let extra = 0;
  for (const octet of octets) if (octet === LF || octet === CR) extra += 1;
  const wire = new Uint8Array(octets.length + extra);
  let at = 0;
  for (const octet of octets) {
    if (octet === LF) wire[at++] = CR;
    wire[at++] = octet;
    if (octet === CR) wire[at++] = NUL;
  }
  return wire;
}

/** Turns what comes over the wire back into the file. */
export class NetasciiDecoder {
  #heldCr = false;

  /** The octets of the file that are certain now; a CR at the very end waits for its other half. */
  decode(wire: Uint8Array): Uint8Array {
    const octets = new Uint8Array(wire.length + 1);
    let at = 0;
    for (const octet of wire) {
      if (this.#heldCr) {
        this.#heldCr = false;
        if (octet === LF || octet === NUL) {
          octets[at++] = octet === LF ? LF : CR;
          continue;
        }
        // A CR followed by anything else is not netascii, yet the octet was meant: keep it.
        octets[at++] = CR;
      }
      if (octet === CR) this.#heldCr = true;
      else octets[at++] = octet;
    }
    return octets.subarray(0, at);
  }

  /** What is left when the last block is in: a CR that nothing followed. */
  end(): Uint8Array {
    const left = this.#heldCr ? Uint8Array.of(CR) : new Uint8Array(0);
    this.#heldCr = false;
    return left;
  }
}
