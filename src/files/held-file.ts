/** A file descriptor that several transfers share: what is in demand is opened once. */
import { closeSync, fstatSync, readSync, type Stats } from 'node:fs';
import { type WallMs, wallMs } from '../base/clock.ts';
import { err, ok, type Result } from '../base/result.ts';
import type { OpenedFile } from './opened-file.ts';
import { type Refusal, refusal, refusalOf } from './refusal.ts';

/**
 * How long after a change another one may leave a file or folder with the same time: the kernel's clock for files ticks up to every
 * 10 ms, FAT's every 2 s, which shows in whole seconds.
 */
export function grainMs(changedMs: number): number {
  return changedMs % 1000 === 0 ? 2_100 : 20;
}

/** Closed when the last holder lets go. Whoever makes one holds it. */
export class HeldFile {
  readonly size: number;
  readonly #contentKey: string;
  readonly #fd: number;
  readonly #facts: Stats;
  /** From this moment on a change shows in the key. */
  readonly #settledAt: number;
  #holders = 1;

  /** @param facts what the system says of the open descriptor `fd`. */
  constructor(fd: number, facts: Stats) {
    this.#fd = fd;
    this.#facts = facts;
    this.size = facts.size;
    this.#contentKey = `${facts.dev}:${facts.ino}:${facts.size}:${facts.mtimeMs}:${facts.ctimeMs}`;
    this.#settledAt = facts.ctimeMs + grainMs(facts.ctimeMs);
  }

  /** True when `facts` are of this very file, with this content. A device and inode are not enough: inodes are used again. */
  is(facts: Stats): boolean {
    const own = this.#facts;
    return (
      facts.ino === own.ino &&
      facts.mtimeMs === own.mtimeMs &&
      facts.ctimeMs === own.ctimeMs &&
      facts.size === own.size &&
      facts.dev === own.dev &&
      facts.mode === own.mode
    );
  }

  /** True when nobody has written to the open file since, or cut it off. Another file may have its name by now. */
  isUnchanged(): boolean {
    const { size, mtimeMs } = fstatSync(this.#fd);
    return size === this.#facts.size && mtimeMs === this.#facts.mtimeMs;
  }

  /** The file for one more holder. */
  share(): OpenedFile {
    this.#holders += 1;
    return new SharedFile(this, this.#fd, wallMs(this.#facts.mtimeMs), Date.now() < this.#settledAt ? undefined : this.#contentKey);
  }

  letGo(): void {
    this.#holders -= 1;
    if (this.#holders > 0) return;
    try {
      closeSync(this.#fd);
    } catch {
      // Read-only: there is nothing that a failed close could lose.
    }
  }
}

class SharedFile implements OpenedFile {
  readonly size: number;
  readonly contentKey: string | undefined;
  readonly modifiedAt: WallMs;
  readonly #fd: number;
  /** Undefined once this holder has closed it: the descriptor's number may be another file's by then. */
  #held: HeldFile | undefined;

  constructor(held: HeldFile, fd: number, modifiedAt: WallMs, contentKey: string | undefined) {
    this.size = held.size;
    this.contentKey = contentKey;
    this.modifiedAt = modifiedAt;
    this.#held = held;
    this.#fd = fd;
  }

  get descriptor(): number | undefined {
    return this.#held === undefined ? undefined : this.#fd;
  }

  isUnchanged(): boolean {
    return this.#held?.isUnchanged() === true;
  }

  read(into: Uint8Array, offset: number): Result<number, Refusal> {
    if (this.#held === undefined) return err(refusal('fault', 'the file is closed'));
    try {
      let filled = 0;
      while (filled < into.length) {
        const count = readSync(this.#fd, into, filled, into.length - filled, offset + filled);
        if (count === 0) break;
        filled += count;
      }
      return ok(filled);
    } catch (error) {
      return err(refusalOf(error));
    }
  }

  close(): void {
    const held = this.#held;
    this.#held = undefined;
    held?.letGo();
  }
}
