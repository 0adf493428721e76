/**
 * The embedded store: one SQLite file. Write-ahead log and `synchronous = FULL`: a commit is on the disk when it returns.
 * It blocks while it syncs, so it lives in the DHCP thread, where nobody else waits for it. A journal before it promises faster
 * (journaled-store.ts); what it has promised is taken in here by `fold`.
 */
import { closeSync, fdatasync, fdatasyncSync, openSync } from 'node:fs';
import type { WallMs } from '../base/clock.ts';
import type { Lease } from '../dhcp/lease.ts';
import type { TimeMark } from './lease-clock.ts';
import type { JournalMark } from './lease-journal.ts';
import { leaseReader } from './lease-row.ts';
import { type LeaseStore, StoreDamage } from './lease-store.ts';
import {
  BUSY_MS,
  identityOf,
  openDatabase,
  readMark,
  readTime,
  rowsOf,
  type StoreDatabase,
  type Transaction,
  write,
} from './sqlite-database.ts';
import { storeFault } from './sqlite-faults.ts';
import { beginRebuilding, endRebuilding, logOf, octetsOf } from './store-files.ts';

/** How a transaction is written: on the disk when it returns or not, and how long another program is waited for. */
const PROMISE = `PRAGMA synchronous = FULL; PRAGMA busy_timeout = ${BUSY_MS};`;
const FOLD = 'PRAGMA synchronous = NORMAL; PRAGMA busy_timeout = 0;';
const URGENT_FOLD = `PRAGMA synchronous = NORMAL; PRAGMA busy_timeout = ${BUSY_MS};`;
type Manner = typeof PROMISE | typeof FOLD | typeof URGENT_FOLD;

export class SqliteLeaseStore implements LeaseStore {
  readonly description: string;
  readonly #file: string;
  /** Undefined after a failed `recover`, until one works. */
  #opened: StoreDatabase | undefined;
  #manner: Manner = PROMISE;

  /**
   * Opens the file, or makes it.
   * @throws {StoreDamage} when it is no SQLite file, or a damaged one.
   * @throws {Error} when it cannot be opened otherwise, or comes from a newer version; the text says what to do.
   */
  constructor(file: string) {
    this.description = file;
    this.#file = file;
    this.#opened = openDatabase(file);
  }

  /** The time that was put last; undefined in a new store. */
  get time(): TimeMark | undefined {
    return this.#guarded(({ database }) => readTime(database));
  }

  /** Undefined when no journal goes with it: all leases are here. */
  get journal(): JournalMark | undefined {
    return this.#guarded(({ database }) => readMark(database));
  }

  *load(): Iterable<Lease> {
    const { database } = this.#inPlace();
    const read = leaseReader();
    try {
      for (const row of rowsOf(database)) {
        const lease = read(row);
        if (lease === undefined) throw new StoreDamage(`${this.#file} is damaged: a row is no lease`);
        yield lease;
      }
    } catch (fault) {
      throw storeFault(fault, this.#file);
    }
  }

  /**
   * Looks through the whole file, some milliseconds for ten thousand leases.
   * @throws {StoreDamage} when something is wrong with it.
   */
  check(): void {
    this.#guarded(({ database }) => {
      const verdict = database.prepare('PRAGMA quick_check(1)').get()?.['quick_check'];
      if (verdict !== 'ok') throw new StoreDamage(`${this.#file} is damaged: ${String(verdict)}`);
    });
  }

  // Asynchronous as the port is, for stores across a network; here a throw becomes the rejection.
  async put(leases: readonly Lease[], time?: TimeMark): Promise<void> {
    this.#write(PROMISE, { leases, time });
  }

  /** From when this returns a journal goes with the database. */
  beginJournal(id: string): void {
    this.#guarded(({ database }) => database.prepare('INSERT INTO journal (one, id, folded) VALUES (1, ?, 0)').run(id));
  }

  /** All is here, and no journal is needed any more. */
  endJournal(): void {
    this.#take(PROMISE);
    this.#guarded(({ database }) => database.exec('DELETE FROM journal'));
  }

  /** From now on the log grows until `checkpoint`: SQLite's own checkpoints stop whoever commits at that moment. */
  holdCheckpoints(): void {
    this.#guarded(({ database }) => database.exec('PRAGMA wal_autocheckpoint = 0'));
  }

  /**
   * Takes in what a journal has promised. It is durable after the next `syncLog` or `syncLogLater`, and never in another order: SQLite
   * reads a log up to the first frame that its chain of check sums does not hold.
   * @param isUrgent somebody waits for it: another program that holds the file is waited for. Otherwise it fails at once, and nobody waits.
   */
  fold(transaction: Transaction, isUrgent: boolean): void {
    this.#write(isUrgent ? URGENT_FOLD : FOLD, transaction);
  }

  /** @throws {StoreDamage} when the disk did not take it: what it has lost then cannot be told. */
  syncLog(): void {
    const log = this.#openLog();
    try {
      fdatasyncSync(log);
    } catch (fault) {
      throw notSynced(fault, this.#file);
    } finally {
      closeSync(log);
    }
  }

  /** The same without stopping this thread; `done` gets the fault. It is not called when the store is closed meanwhile. */
  syncLogLater(done: (fault: StoreDamage | undefined) => void): void {
    const log = this.#openLog();
    const opened = this.#opened;
    fdatasync(log, (fault) => {
      closeSync(log);
      if (this.#opened === opened) done(fault === null ? undefined : notSynced(fault, this.#file));
    });
  }

  /** Octets of the write-ahead log. */
  get logOctets(): number {
    return octetsOf(logOf(this.#file));
  }

  /** Writes the log's pages into the file, as far as no reader needs the old ones. Stops this thread for some milliseconds. */
  checkpoint(): void {
    this.#guarded(({ database }) => database.exec('PRAGMA wal_checkpoint(PASSIVE)'));
  }

  async recover(leases: Iterable<Lease>, now: WallMs): Promise<string | undefined> {
    closeQuietly(this.#opened);
    this.#opened = undefined;
    const aside = SqliteLeaseStore.rebuild(this.#file, leases, undefined, now);
    this.#opened = openDatabase(this.#file);
    this.#manner = PROMISE;
    return aside;
  }

  /**
   * Makes a new file of these leases and puts it into the place of the old one, which is set aside under the name that comes back.
   * Every step may be the last one before a power failure: the new file is made under another name, and once all leases are in it,
   * the next start carries the rest to the end (`finishRebuilding`).
   * @throws {Error} with a text for the operator.
   */
  static rebuild(file: string, leases: Iterable<Lease>, time: TimeMark | undefined, now: WallMs): string | undefined {
    const begun = beginRebuilding(file);
    const made = openDatabase(begun);
    try {
      write(made, { leases, time });
    } finally {
      made.database.close();
    }
    return endRebuilding(file, now);
  }

  close(): void {
    this.#opened?.database.close();
    this.#opened = undefined;
  }

  /** @throws {StoreDamage} when the file was deleted or replaced under us: what is written then is gone with the process, and SQLite does not notice. */
  assertInPlace(): void {
    this.#inPlace();
  }

  /** SQLite locks the database and the log's index, never the log: closing this descriptor lets go of none of its locks. */
  #openLog(): number {
    this.#inPlace();
    return openSync(logOf(this.#file), 'r+');
  }

  #write(manner: Manner, transaction: Transaction): void {
    this.#take(manner);
    this.#guarded((opened) => write(opened, transaction));
  }

  #take(manner: Manner): void {
    if (this.#manner === manner) return;
    this.#guarded(({ database }) => database.exec(manner));
    this.#manner = manner;
  }

  #guarded<Value>(act: (opened: StoreDatabase) => Value): Value {
    const opened = this.#inPlace();
    try {
      return act(opened);
    } catch (fault) {
      throw storeFault(fault, this.#file);
    }
  }

  #inPlace(): StoreDatabase {
    if (this.#opened === undefined) throw new StoreDamage(`${this.#file} is not open`);
    if (this.#opened.identity !== identityOf(this.#file)) throw new StoreDamage(`${this.#file} was deleted or replaced by somebody else`);
    return this.#opened;
  }
}

function notSynced(fault: unknown, file: string): StoreDamage {
  const reason = fault instanceof Error ? fault.message : String(fault);
  return new StoreDamage(`${logOf(file)} is damaged: ${reason}`, { cause: fault });
}

function closeQuietly(opened: StoreDatabase | undefined): void {
  try {
    opened?.database.close();
  } catch {
    // What could be wrong with it is the reason why it is closed.
  }
}
