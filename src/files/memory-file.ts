/** A file that is made when it is asked for: its octets are in memory, and stay the same while it is open. */
import { createHash } from 'node:crypto';
import { ok, type Result } from '../base/result.ts';
import type { OpenedFile } from './opened-file.ts';
import type { Refusal } from './refusal.ts';

export class MemoryFile implements OpenedFile {
  readonly size: number;
  /** Two files of the same text are one, whoever they were made for. */
  readonly contentKey: string;
  readonly #octets: Uint8Array;

  constructor(octets: Uint8Array) {
    this.#octets = octets;
    this.size = octets.length;
    this.contentKey = `sha256:${createHash('sha256').update(octets).digest('hex')}`;
  }

  read(into: Uint8Array, offset: number): Result<number, Refusal> {
    const octets = this.#octets.subarray(offset, offset + into.length);
    into.set(octets);
    return ok(octets.length);
  }

  close(): void {
    // Nothing is held.
  }
}
