/**
 * A file as netascii sends it (RFC 1350 §1): longer than it is on the disk, by as much as it has line ends. One look through the whole file
 * tells how long, and where each part begins; after that any octet of it can be found again.
 */
import { setImmediate as nextTurn } from 'node:timers/promises';
import { err, ok, type Result } from '../base/result.ts';
import { encodeNetascii } from '../tftp/netascii.ts';
import type { OpenedFile } from './opened-file.ts';
import { type Refusal, refusal } from './refusal.ts';
import type { WireSource } from './wire-image.ts';

/** Octets of the file in a part. */
const PART_OCTETS = 64 * 1024;
/** Parts that are looked through before others have their turn. */
const PARTS_A_TURN = 8;

/** Looks through the file; at once where it is short. */
export function netasciiSource(file: OpenedFile): Result<WireSource, Refusal> | Promise<Result<WireSource, Refusal>> {
  const source = new NetasciiSource(file);
  return file.size <= PARTS_A_TURN * PART_OCTETS ? source.lookThrough() : source.lookThroughInTurns();
}

class NetasciiSource implements WireSource {
  readonly #file: OpenedFile;
  /** Where each part begins on the wire, and where the last one ends. */
  readonly #starts: number[] = [0];
  #lastPart: { readonly index: number; readonly wire: Uint8Array } | undefined;

  constructor(file: OpenedFile) {
    this.#file = file;
  }

  get length(): number {
    return this.#starts.at(-1) ?? 0;
  }

  /** Goes on for some parts; the source itself when that was all. */
  lookThrough(parts = Number.POSITIVE_INFINITY): Result<WireSource, Refusal> {
    const all = Math.ceil(this.#file.size / PART_OCTETS);
    for (let n = 0; n < parts && this.#starts.length <= all; n++) {
      const wire = this.#part(this.#starts.length - 1);
      if (!wire.ok) return wire;
      this.#starts.push(this.length + wire.value.length);
    }
    return ok(this);
  }

  async lookThroughInTurns(): Promise<Result<WireSource, Refusal>> {
    const all = Math.ceil(this.#file.size / PART_OCTETS);
    while (this.#starts.length <= all) {
      const looked = this.lookThrough(PARTS_A_TURN);
      if (!looked.ok) return looked;
      await nextTurn();
    }
    return ok(this);
  }

  read(into: Uint8Array, offset: number): Result<number, Refusal> {
    let filled = 0;
    while (filled < into.length && offset + filled < this.length) {
      const index = this.#partAt(offset + filled);
      const wire = this.#part(index);
      if (!wire.ok) return wire;
      const start = this.#starts[index] ?? 0;
      // A file that was rewritten meanwhile may have other line ends: what follows would be out of place.
      if (start + wire.value.length !== this.#starts[index + 1]) return err(refusal('fault', 'the file changed while it was read'));
      const from = offset + filled - start;
      const taken = wire.value.subarray(from, from + into.length - filled);
      into.set(taken, filled);
      filled += taken.length;
    }
    return ok(filled);
  }

  #partAt(offset: number): number {
    let [low, high] = [0, this.#starts.length - 2];
    while (low < high) {
      const middle = Math.ceil((low + high) / 2);
      if ((this.#starts[middle] ?? 0) <= offset) low = middle;
      else high = middle - 1;
    }
    return low;
  }

  #part(index: number): Result<Uint8Array, Refusal> {
    if (this.#lastPart?.index === index) return ok(this.#lastPart.wire);
    const octets = new Uint8Array(Math.min(PART_OCTETS, this.#file.size - index * PART_OCTETS));
    const read = this.#file.read(octets, index * PART_OCTETS);
    if (!read.ok) return read;
    if (read.value !== octets.length) return err(refusal('fault', 'the file changed while it was read'));
    const wire = encodeNetascii(octets);
    this.#lastPart = { index, wire };
    return ok(wire);
  }
}
