/**
 * The lease store of a server: SQLite with a journal before it. What is promised goes into the journal, one write and one sync of a file that
 * never grows, and a little later into the database, while nobody waits for it (ADR 14). Until it is safe there it is in memory
 * here as well. Where there can be no journal, each group waits for SQLite.
 */
import { randomBytes } from 'node:crypto';
import type { Clock, WallMs } from '../base/clock.ts';
import type { Lease } from '../dhcp/lease.ts';
import type { Tell } from '../events/bus.ts';
import { type JournalGroup, type JournalRecord, readGroup } from './journal-record.ts';
import type { TimeMark } from './lease-clock.ts';
import { LeaseFold, Unfolded } from './lease-fold.ts';
import { halfOf, JOURNAL_OCTETS, type JournalMark, LeaseJournal } from './lease-journal.ts';
import { leaseReader } from './lease-row.ts';
import { type LeaseStore, StoreDamage } from './lease-store.ts';
import type { SqliteLeaseStore } from './sqlite-store.ts';
import { journalOf, octetsOf } from './store-files.ts';
import type { StoreLock } from './store-lock.ts';

/** After so long without a group the journal's leases are folded, and some milliseconds matter to nobody. */
const QUIET_MS = 1000;

/** What it is made of. They are its own from then on. */
export interface StoreParts {
  readonly sqlite: SqliteLeaseStore;
  /** Taken. */
  readonly lock: StoreLock;
  readonly clock: Clock;
  readonly tell: Tell;
}

export class JournaledLeaseStore implements LeaseStore {
  readonly description: string;
  readonly #sqlite: SqliteLeaseStore;
  readonly #lock: StoreLock;
  readonly #clock: Clock;
  readonly #tell: Tell;
  /** The half that is not written to, until it is in the database. */
  readonly #fold: LeaseFold;
  /** Undefined where there can be none. */
  #journal: LeaseJournal | undefined;
  /** What the half holds that is written to. */
  #current = new Unfolded();
  /** A group was refused that may be in the journal all the same. */
  #isSoiled = false;
  #lastPutAt = 0;
  #quiet: NodeJS.Timeout | undefined;

  /** Without a journal, until there is one. */
  constructor({ sqlite, lock, clock, tell }: StoreParts) {
    this.description = sqlite.description;
    this.#sqlite = sqlite;
    this.#lock = lock;
    this.#clock = clock;
    this.#tell = tell;
    this.#fold = new LeaseFold(sqlite, clock, tell);
  }

  /** Puts an empty journal before a database that has none; where there can be none, that is told. */
  begin(): void {
    const file = journalOf(this.description);
    const id = randomBytes(8).toString('hex');
    try {
      if (octetsOf(file) !== JOURNAL_OCTETS) LeaseJournal.make(file);
      this.#journal = new LeaseJournal(file, { id, folded: 0 }, undefined);
      this.#sqlite.beginJournal(id);
      this.#sqlite.holdCheckpoints();
    } catch (fault) {
      this.#doWithout(fault);
      // The room may be what the database needs.
      LeaseJournal.remove(file);
    }
  }

  /**
   * Goes on with the journal that the database has.
   * @param records those that are not in the database (`recordsBehind`).
   * @throws {StoreDamage} when one of them holds no leases.
   * @throws {Error} when neither the journal can be written nor the database.
   */
  resume(mark: JournalMark, records: readonly JournalRecord[]): void {
    // The run before may have ended between a fold and its sync: what the database has of it must be safe before the journal is written over.
    this.#sqlite.syncLog();
    const last = records.at(-1);
    const upTo = this.#takeUp(mark, records);
    try {
      this.#journal = new LeaseJournal(journalOf(this.description), mark, last);
      this.#sqlite.holdCheckpoints();
      this.#awaitQuiet(QUIET_MS);
    } catch (fault) {
      this.#foldAll(last?.sequence ?? upTo);
      this.#doWithout(fault);
    }
  }

  /** The time that was put last; undefined in a new store. */
  get time(): TimeMark | undefined {
    return this.#current.time ?? this.#fold.unfolded?.time ?? this.#sqlite.time;
  }

  *load(): Iterable<Lease> {
    const unfolded = new Map([...(this.#fold.unfolded?.leases ?? []), ...this.#current.leases]);
    for (const lease of this.#sqlite.load()) {
      const later = unfolded.get(lease.address);
      unfolded.delete(lease.address);
      yield later ?? lease;
    }
    yield* unfolded.values();
  }

  // Asynchronous as the port is; here a throw becomes the rejection.
  async put(leases: readonly Lease[], time?: TimeMark): Promise<void> {
    if (leases.length === 0 && time === undefined) return;
    if (this.#fold.damage !== undefined) throw this.#fold.damage;
    this.#sqlite.assertInPlace();
    const journal = this.#journal;
    if (journal === undefined) return this.#sqlite.put(leases, time);
    journal.assertInPlace();
    this.#lastPutAt = this.#clock.mono();
    if (this.#isSoiled) this.#cleanUp(journal);
    const group: JournalGroup = { leases, time };
    if (!this.#append(journal, group)) {
      this.#turn(journal);
      if (!this.#append(journal, group)) {
        // More than a half holds. Nothing that the journal has of these addresses may come after it.
        this.#fold.finish();
        return this.#sqlite.put(leases, time);
      }
    }
    this.#current.add(group);
    this.#awaitQuiet(QUIET_MS);
  }

  async recover(leases: Iterable<Lease>, now: WallMs): Promise<string | undefined> {
    this.#letGo();
    const aside = await this.#sqlite.recover(leases, now);
    this.#lock.take();
    this.begin();
    return aside;
  }

  /** Takes all into the database, so that its file alone is the store. What cannot be taken in now stays in the journal for the next start. */
  close(): void {
    try {
      if (this.#journal !== undefined) this.#end(this.#journal);
    } catch (fault) {
      this.#tell({ type: 'store.failed', operation: 'fold', detail: messageOf(fault), waiting: 0 });
    }
    this.abandon();
    this.#lock.release();
  }

  /** Closes the files as they are. */
  abandon(): void {
    this.#letGo();
    this.#sqlite.close();
  }

  /** Gives the sequence up to which the leases are in the database soon: the records of the half that is written next are those behind it. */
  #takeUp(mark: JournalMark, records: readonly JournalRecord[]): number {
    const currentHalf = halfOf(records.at(-1)?.at ?? 0);
    const sealed = new Unfolded();
    let upTo = mark.folded;
    const read = leaseReader();
    for (const record of records) {
      const group = readGroup(record, read);
      if (group === undefined)
        throw new StoreDamage(`${journalOf(this.description)} is damaged: record ${record.sequence} holds no leases`);
      const isSealed = halfOf(record.at) !== currentHalf;
      (isSealed ? sealed : this.#current).add(group);
      if (isSealed) upTo = record.sequence;
    }
    if (upTo > mark.folded) this.#fold.start(sealed, upTo);
    return upTo;
  }

  #doWithout(fault: unknown): void {
    this.#letGo();
    const journal = journalOf(this.description);
    this.#tell({ type: 'server.limited', detail: `${journal} cannot be used (${messageOf(fault)}); leases wait for the database instead` });
  }

  #append(journal: LeaseJournal, group: JournalGroup): boolean {
    this.#isSoiled = true;
    const isWritten = journal.append(group);
    this.#isSoiled = false;
    return isWritten;
  }

  /** Writes on in the other half; what this one has is folded meanwhile. */
  #turn(journal: LeaseJournal): void {
    this.#fold.finish();
    journal.turn();
    if (this.#current.isEmpty) return;
    this.#fold.start(this.#current, journal.last);
    this.#current = new Unfolded();
  }

  /** What was refused must not come back: its number is passed over, and all that was promised before it goes into the database. */
  #cleanUp(journal: LeaseJournal): void {
    this.#foldAll(journal.last + 1);
    journal.pass();
    journal.turn();
    this.#isSoiled = false;
  }

  #end(journal: LeaseJournal): void {
    this.#foldAll(journal.last + (this.#isSoiled ? 1 : 0));
    journal.wipe();
    this.#sqlite.endJournal();
  }

  #foldAll(upTo: number): void {
    this.#fold.finish();
    this.#fold.start(this.#current, upTo);
    this.#current = new Unfolded();
    this.#fold.finish();
  }

  #awaitQuiet(afterMs: number): void {
    this.#quiet ??= setTimeout(() => this.#onQuiet(), afterMs).unref();
  }

  #onQuiet(): void {
    this.#quiet = undefined;
    const restMs = this.#lastPutAt + QUIET_MS - this.#clock.mono();
    if (restMs > 0) this.#awaitQuiet(restMs);
    else if (this.#fold.unfolded !== undefined) this.#awaitQuiet(QUIET_MS);
    else if (this.#journal === undefined || this.#current.isEmpty) this.#fold.tidy();
    else {
      this.#turn(this.#journal);
      this.#awaitQuiet(QUIET_MS);
    }
  }

  /** Closes the journal's file as it is, and forgets what it holds. */
  #letGo(): void {
    clearTimeout(this.#quiet);
    this.#quiet = undefined;
    this.#fold.drop();
    this.#current = new Unfolded();
    this.#isSoiled = false;
    this.#journal?.close();
    this.#journal = undefined;
  }
}

function messageOf(fault: unknown): string {
  return fault instanceof Error ? fault.message : String(fault);
}
