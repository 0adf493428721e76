/**
 * Files as they go over the wire: the DATA packets of one block size, one after another, so that a block or a whole window is sent from where
 * it stands. An image is made in pieces as they are asked for, shared by all transfers of the same content, and forgotten piece by piece, least
 * used first, when all images together outgrow their budget: a file of any size streams through.
 */
import { err, invariant, ok, type Result } from '../base/result.ts';
import { laidOutOctets, layOutBlocks, rawPartOf, strideOf } from '../tftp/data-blocks.ts';
import type { OpenedFile } from './opened-file.ts';
import { PieceMemory, type WirePiece } from './piece-memory.ts';
import { type Refusal, refusal } from './refusal.ts';

/** Octets of a piece, or of one block where that is larger: enough to read at once, little enough to wait for. */
const PIECE_OCTETS = 256 * 1024;
/** What a piece costs beside its octets. */
const OVERHEAD_OCTETS = 512;

/** What is sent of a file: its octets, or what netascii makes of them. */
export type WireSource = Pick<OpenedFile, 'read'> & { readonly length: number };

/** Packets that stand one after another. */
export interface PacketRun {
  readonly piece: WirePiece;
  /** Where the first one begins, and how long all of them are. */
  readonly at: number;
  readonly octets: number;
  readonly count: number;
}

interface Held {
  readonly piece: WirePiece;
  /** Octets of its packets; the memory may be longer. */
  readonly octets: number;
  readonly image: WireImage;
  readonly index: number;
  /** Asked for since the last look at it. */
  isUsed: boolean;
}

/** All images. */
export class WireImages {
  readonly #budget: number;
  /** By content, and there by block size. */
  readonly #images = new Map<string, Map<number, WireImage>>();
  /** In the order in which they were made or last looked at. */
  readonly #held = new Set<Held>();
  #octets = 0;
  /** @internal Where pieces are made. */
  readonly memory = new PieceMemory(PIECE_OCTETS);

  /** @param budget octets that all images together may have; one piece that is sent from may go beyond. */
  constructor(budget: number) {
    this.#budget = budget;
  }

  /** Octets that are held. */
  get octets(): number {
    return this.#octets;
  }

  /**
   * The image of a content; `release` it when it is no longer sent from.
   * @param key equal keys, equal octets; undefined: an image for this one transfer.
   */
  take(key: string | undefined, length: number, blockSize: number): WireImage {
    let image = key === undefined ? undefined : this.#images.get(key)?.get(blockSize);
    if (image === undefined) {
      image = new WireImage(this, key, length, blockSize);
      if (key !== undefined) this.#remember(key, image);
    }
    image.users += 1;
    return image;
  }

  release(image: WireImage): void {
    image.users -= 1;
    if (image.users === 0 && image.key === undefined) for (const held of image.pieces()) this.#drop(held);
    this.#forgetIfEmpty(image);
  }

  /** @internal A piece was made. */
  hold(held: Held): void {
    this.#held.add(held);
    this.#octets += costOf(held);
    // Second chance: what was asked for since the last look is looked at again later.
    for (const oldest of this.#held) {
      if (this.#octets <= this.#budget) return;
      if (oldest === held) continue;
      if (oldest.isUsed) {
        oldest.isUsed = false;
        this.#held.delete(oldest);
        this.#held.add(oldest);
      } else this.#drop(oldest);
    }
  }

  #drop(held: Held): void {
    if (!this.#held.delete(held)) return;
    this.#octets -= costOf(held);
    held.image.forget(held.index);
    this.memory.giveBack(held.piece);
    this.#forgetIfEmpty(held.image);
  }

  #forgetIfEmpty(image: WireImage): void {
    if (image.key === undefined || image.users > 0 || !image.isEmpty) return;
    const ofContent = this.#images.get(image.key);
    ofContent?.delete(image.blockSize);
    if (ofContent?.size === 0) this.#images.delete(image.key);
  }

  #remember(key: string, image: WireImage): void {
    const ofContent = this.#images.get(key);
    if (ofContent === undefined) this.#images.set(key, new Map([[image.blockSize, image]]));
    else ofContent.set(image.blockSize, image);
  }
}

/** One content at one block size. */
export class WireImage {
  readonly key: string | undefined;
  readonly length: number;
  /** Octets from one packet to the next. */
  readonly stride: number;
  /** Transfers that send from it. */
  users = 0;
  readonly #images: WireImages;
  readonly blockSize: number;
  readonly #lastBlock: number;
  readonly #blocksAPiece: number;
  readonly #held: (Held | undefined)[] = [];
  #count = 0;

  constructor(images: WireImages, key: string | undefined, length: number, blockSize: number) {
    this.#images = images;
    this.key = key;
    this.length = length;
    this.stride = strideOf(blockSize);
    this.blockSize = blockSize;
    this.#lastBlock = Math.floor(length / blockSize) + 1;
    this.#blocksAPiece = Math.max(Math.floor(PIECE_OCTETS / this.stride), 1);
  }

  get isEmpty(): boolean {
    return this.#count === 0;
  }

  pieces(): Held[] {
    return this.#held.filter((held) => held !== undefined);
  }

  /** As many of the `count` packets from block `first` on as stand together; at least one. The rest is to be asked for after it. */
  run(first: number, count: number, source: WireSource): Result<PacketRun, Refusal> {
    const index = Math.floor((first - 1) / this.#blocksAPiece);
    let held = this.#held[index];
    if (held === undefined) {
      const made = this.#make(index, source);
      if (!made.ok) return made;
      held = made.value;
    }
    held.isUsed = true;
    const within = first - 1 - index * this.#blocksAPiece;
    const together = Math.min(count, this.#blocksAPiece - within, this.#lastBlock - first + 1);
    invariant(together > 0, 'blocks that the file does not have');
    const at = within * this.stride;
    const octets = Math.min(together * this.stride, held.octets - at);
    return ok({ piece: held.piece, at, octets, count: together });
  }

  /** @internal The piece is no longer held. */
  forget(index: number): void {
    delete this.#held[index];
    this.#count -= 1;
  }

  #make(index: number, source: WireSource): Result<Held, Refusal> {
    const first = index * this.#blocksAPiece + 1;
    const count = Math.min(this.#blocksAPiece, this.#lastBlock - first + 1);
    const from = (first - 1) * this.blockSize;
    const wanted = Math.min(count * this.blockSize, this.length - from);
    const octets = laidOutOctets(wanted, count);
    const piece = this.#images.memory.take(octets);
    const packets = piece.octets.subarray(0, octets);
    const read = source.read(rawPartOf(packets, count), from);
    // The client was promised its size.
    if (!read.ok || read.value !== wanted) {
      this.#images.memory.giveBack(piece);
      return read.ok ? err(refusal('fault', 'the file changed while it was read')) : read;
    }
    layOutBlocks(packets, first, count, this.blockSize);
    const held: Held = { piece, octets, image: this, index, isUsed: true };
    this.#held[index] = held;
    this.#count += 1;
    this.#images.hold(held);
    return ok(held);
  }
}

function costOf({ piece }: Held): number {
  return piece.octets.length + OVERHEAD_OCTETS;
}
