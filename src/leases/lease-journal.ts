/**
 * The journal's file: what was promised and is not in the database yet. It is written full of zeros once and keeps its size, so that a sync
 * carries the octets and no news about the file. Two halves: while the leases of one are taken into the database, the other one is written.
 * It knows nothing of the database but the number of the last record that is safe there.
 */
import { closeSync, fdatasyncSync, fstatSync, fsyncSync, openSync, readlinkSync, rmSync, statSync, writeSync } from 'node:fs';
import { BLOCK_OCTETS, encodeRecord, type JournalGroup, type JournalRecord, scanJournal } from './journal-record.ts';
import { StoreDamage } from './lease-store.ts';
import { readAll, readPart, syncFolder } from './store-files.ts';

/** Some thousand leases in groups, or five hundred single ones. */
const HALF_OCTETS = 2 * 1024 * 1024;
export const JOURNAL_OCTETS = 2 * HALF_OCTETS;
const HEADS: readonly number[] = [0, HALF_OCTETS];
/** Leases say who is where: nothing for everybody. */
const FILE_MODE = 0o640;
/** What the file system says when octets that it had are gone. */
const GONE = 'EIO';

/** Which journal a database goes with, and how much of it the database has. */
export interface JournalMark {
  /** 16 hexadecimal digits. */
  readonly id: string;
  /** Sequence of the last record that is in the database as a whole. */
  readonly folded: number;
}

export class LeaseJournal {
  readonly #file: string;
  readonly #id: string;
  readonly #descriptor: number;
  /** Where the system says that the open file is; undefined on a system that does not say. */
  readonly #place: string | undefined;
  #half: number;
  #at: number;
  #last: number;

  /**
   * Opens a journal to write on behind its last record.
   * @param last the last record that is not in the database; undefined when all are.
   * @throws {Error} with the system's reason.
   */
  constructor(file: string, mark: JournalMark, last: JournalRecord | undefined) {
    this.#file = file;
    this.#id = mark.id;
    this.#descriptor = openSync(file, 'r+');
    this.#place = placeOf(this.#descriptor);
    this.#assertSame();
    this.#half = last === undefined ? 0 : halfOf(last.at);
    this.#at = last?.end ?? 0;
    this.#last = last?.sequence ?? mark.folded;
  }

  /**
   * Makes the file anew.
   * @throws {Error} with the system's reason.
   */
  static make(file: string): void {
    rmSync(file, { force: true });
    const descriptor = openSync(file, 'wx', FILE_MODE);
    try {
      const zeros = new Uint8Array(HALF_OCTETS / 2);
      for (let at = 0; at < JOURNAL_OCTETS; ) at += writeSync(descriptor, zeros, 0, Math.min(zeros.length, JOURNAL_OCTETS - at), at);
      fsyncSync(descriptor);
    } finally {
      closeSync(descriptor);
    }
    syncFolder(file);
  }

  /** As far as that is possible: one that no database goes with does no harm. */
  static remove(file: string): void {
    try {
      rmSync(file, { force: true });
    } catch {
      // What is in the way was the reason why there is no journal.
    }
  }

  /** Sequence of the last record. */
  get last(): number {
    return this.#last;
  }

  /** @throws {StoreDamage} when the file is another one now: what is written to a deleted one is gone with the process. */
  assertInPlace(): void {
    // Without a look at the file itself: once its times were read, Linux stores new ones with the next write, which makes that half as long again.
    const place = this.#place === undefined ? undefined : placeOf(this.#descriptor);
    if (place === undefined) this.#assertSame();
    else if (place !== this.#place) throw this.#gone();
  }

  /**
   * Writes a group behind the last one; it is on the disk when this returns. False when this half has no room for it.
   * @throws {StoreDamage} when the disk has lost octets of the file.
   * @throws {Error} when it cannot be written; it may be on the disk all the same, so `pass` it before anything else.
   */
  append(group: JournalGroup): boolean {
    const octets = encodeRecord(this.#id, this.#last + 1, group);
    if (this.#at + octets.length > (this.#half + 1) * HALF_OCTETS) return false;
    try {
      for (let done = 0; done < octets.length; ) done += writeSync(this.#descriptor, octets, done, octets.length - done, this.#at + done);
      fdatasyncSync(this.#descriptor);
    } catch (fault) {
      throw journalFault(fault, this.#file);
    }
    this.#at += octets.length;
    this.#last += 1;
    return true;
  }

  /** Goes on at the start of the other half. All that is there has to be in the database by then. */
  turn(): void {
    this.#half = 1 - this.#half;
    this.#at = this.#half * HALF_OCTETS;
  }

  /** Never uses the next number: a record that was not promised may have it. */
  pass(): void {
    this.#last += 1;
  }

  /** Makes it empty: a database without a mark goes with it. */
  wipe(): void {
    for (const at of HEADS) writeSync(this.#descriptor, new Uint8Array(BLOCK_OCTETS), 0, BLOCK_OCTETS, at);
    fdatasyncSync(this.#descriptor);
  }

  close(): void {
    closeSync(this.#descriptor);
  }

  #assertSame(): void {
    const [ours, theirs] = [fstatSync(this.#descriptor), statSync(this.#file, { throwIfNoEntry: false })];
    if (ours.dev !== theirs?.dev || ours.ino !== theirs.ino) throw this.#gone();
  }

  #gone(): StoreDamage {
    return new StoreDamage(`${this.#file} was deleted or replaced by somebody else`);
  }
}

/** Linux names the place of an open file, another one when it is moved, and marks it when it is deleted or another file takes its place. */
function placeOf(descriptor: number): string | undefined {
  try {
    return readlinkSync(`/proc/self/fd/${descriptor}`);
  } catch {
    return undefined;
  }
}

/**
 * The records that the database does not have, in order. A record that is not whole ends them, as a power failure leaves it behind.
 * @throws {StoreDamage} when there are later ones behind it, or when records of before are gone.
 */
export function recordsBehind(octets: Uint8Array, { id, folded }: JournalMark, file: string): JournalRecord[] {
  const records = scanJournal(octets).filter(({ journal, sequence }) => journal === id && sequence > folded);
  const gap = records.findIndex(({ sequence }, index) => sequence !== folded + 1 + index);
  if (gap >= 0) throw new StoreDamage(`${file} is damaged: record ${folded + 1 + gap} is missing, and later ones are there`);
  return records;
}

/**
 * The octets of a journal; none of one that was never used or was closed well: its halves begin with zeros, whatever of an earlier time is behind
 * them. Such a one is not read as a whole, since most starts find one.
 */
export function readUsed(file: string): Uint8Array {
  if (HEADS.every((head) => (readPart(file, head, 1)[0] ?? 0) === 0)) return new Uint8Array();
  const octets = readAll(file);
  const records = scanJournal(octets);
  const isUsed = HEADS.some((head) => octets[head] !== 0 && records.some(({ at }) => halfOf(at) === halfOf(head)));
  return isUsed ? octets : new Uint8Array();
}

/**
 * Looks whether a journal's octets belong to the database with this mark.
 * @throws {StoreDamage} when they are not there, or belong to another one: what it has promised may be in none of both.
 */
export function assertOurs(octets: Uint8Array, mark: JournalMark | undefined, file: string): void {
  if (mark !== undefined && octets.length === 0) throw new StoreDamage(`${file} is gone`);
  if (mark !== undefined && octets.length !== JOURNAL_OCTETS)
    throw new StoreDamage(`${file} is damaged: its length is ${octets.length} octets`);
  // Behind a half's first record there can be some of an earlier journal in the same file.
  const isOthers = scanJournal(octets).some(({ at, journal }) => HEADS.includes(at) && journal !== mark?.id);
  if (isOthers) throw new StoreDamage(`${file} belongs to another lease store`);
}

/** Which half a place is in: 0 or 1. */
export function halfOf(at: number): number {
  return Math.floor(at / HALF_OCTETS);
}

const REMEDIES: Readonly<Record<string, string>> = {
  ENOSPC: 'make room on the disk',
  EDQUOT: 'make room on the disk',
  EROFS: 'let the user that the server runs as write it, on a disk that is not mounted read-only',
};

function journalFault(fault: unknown, file: string): unknown {
  if (!(fault instanceof Error) || !('code' in fault) || typeof fault.code !== 'string') return fault;
  if (fault.code === GONE) return new StoreDamage(`${file} is damaged: ${fault.message}`, { cause: fault });
  const remedy = REMEDIES[fault.code];
  return remedy === undefined ? fault : new Error(`${file}: ${fault.message}; ${remedy}`, { cause: fault });
}
