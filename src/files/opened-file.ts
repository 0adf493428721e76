/** A file that is open for reading, wherever it comes from. */
import type { WallMs } from '../base/clock.ts';
import type { Result } from '../base/result.ts';
import type { Refusal } from './refusal.ts';

/** An open file. Its size does not change while it is open, whatever happens on disk. */
export interface OpenedFile {
  readonly size: number;
  /**
   * What its content goes by: equal keys, equal octets (device, inode, size, mtime and ctime to a quarter of a microsecond). Undefined for content that
   * was made for this request alone, and for a file that changed so lately that the next change may not show in its times.
   */
  readonly contentKey: string | undefined;
  /** When its content changed last, by the clock of its file system; undefined where there is no such thing. */
  readonly modifiedAt?: WallMs | undefined;
  /** The system's number for it, for calls that send from it within the kernel; valid until `close`. Undefined where there is none. */
  readonly descriptor?: number | undefined;
  /** False when somebody has written to it, or cut it off, since it was opened. Where it is absent nobody can. */
  isUnchanged?(): boolean;
  /** Copies up to `into.length` octets from `offset` to `into`; how many; fewer only at the file's end. */
  read(into: Uint8Array, offset: number): Result<number, Refusal>;
  /** Never throws; more than once does no harm. */
  close(): void;
}
