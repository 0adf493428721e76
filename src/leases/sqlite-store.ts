/**
 * The embedded store: one SQLite file. Write-ahead log and `synchronous = FULL`: a commit is on the disk when it returns.
 * It blocks while it syncs, so it lives in the DHCP thread, where nobody else waits for it.
 */
import { statSync } from 'node:fs';
import { DatabaseSync, type StatementSync } from 'node:sqlite';
import { type WallMs, wallMs } from '../base/clock.ts';
import { type Lease, NEVER } from '../dhcp/lease.ts';
import type { TimeMark } from './lease-clock.ts';
import { LEASE_COLUMNS, leaseReader, rowOf } from './lease-row.ts';
import { type LeaseStore, StoreDamage } from './lease-store.ts';
import { storeFault } from './sqlite-faults.ts';
import { beginRebuilding, endRebuilding, logOf } from './store-files.ts';

const SCHEMA_VERSION = 2;
const LEASE_TABLE = `
  CREATE TABLE lease (
    address    INTEGER PRIMARY KEY,
    network    TEXT    NOT NULL,
    client     TEXT    NOT NULL,
    mac        TEXT,
    host_name  TEXT,
    state      TEXT    NOT NULL CHECK (state IN ('bound', 'released', 'declined')),
    since      INTEGER NOT NULL,
    expires_at INTEGER NOT NULL
  ) STRICT;
`;
/** Since version 2: one row. */
const TIME_TABLE = `
  CREATE TABLE time (
    one      INTEGER PRIMARY KEY CHECK (one = 1),
    lease_at INTEGER NOT NULL,
    wall_at  INTEGER NOT NULL
  ) STRICT;
`;
const COLUMNS = LEASE_COLUMNS.join(', ');
const PUT = `
  INSERT INTO lease (${COLUMNS}) VALUES (?, ?, ?, ?, ?, ?, ?, ?)
  ON CONFLICT (address) DO UPDATE SET ${LEASE_COLUMNS.slice(1)
    .map((column) => `${column} = excluded.${column}`)
    .join(', ')}
`;
/**
 * How long another program that is writing may hold the file before a commit is given up. Nobody is served meanwhile, and
 * clients repeat what got no answer after four seconds.
 */
const BUSY_MS = 1000;
/** The write-ahead log goes back to this once a slow reader has let go of it. */
const LOG_OCTETS = 8 * 1024 * 1024;

/** An open file, and which file that is. */
interface Opened {
  readonly database: DatabaseSync;
  readonly begin: StatementSync;
  readonly commit: StatementSync;
  readonly putLease: StatementSync;
  readonly putTime: StatementSync;
  readonly identity: string;
}

export class SqliteLeaseStore implements LeaseStore {
  readonly description: string;
  readonly #file: string;
  /** Undefined after a failed `recover`, until one works. */
  #opened: Opened | undefined;

  /**
   * Opens the file, or makes it.
   * @throws {StoreDamage} when it is no SQLite file, or a damaged one.
   * @throws {Error} when it cannot be opened otherwise, or comes from a newer version; the text says what to do.
   */
  constructor(file: string) {
    this.description = file;
    this.#file = file;
    this.#opened = open(file);
  }

  /** The time that was put last; undefined in a new store. */
  get time(): TimeMark | undefined {
    return this.#guarded(({ database }) => readTime(database));
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
    this.#guarded((opened) => write(opened, leases, time));
  }

  async recover(leases: Iterable<Lease>, now: WallMs): Promise<string | undefined> {
    closeQuietly(this.#opened);
    this.#opened = undefined;
    const aside = SqliteLeaseStore.rebuild(this.#file, leases, undefined, now);
    this.#opened = open(this.#file);
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
    const made = open(begun);
    try {
      write(made, leases, time);
    } finally {
      made.database.close();
    }
    return endRebuilding(file, now);
  }

  close(): void {
    this.#opened?.database.close();
    this.#opened = undefined;
  }

  #guarded<Value>(act: (opened: Opened) => Value): Value {
    const opened = this.#inPlace();
    try {
      return act(opened);
    } catch (fault) {
      throw storeFault(fault, this.#file);
    }
  }

  /** What is written to a file that was deleted or replaced under us is gone with the process: SQLite does not notice. */
  #inPlace(): Opened {
    if (this.#opened === undefined) throw new StoreDamage(`${this.#file} is not open`);
    if (this.#opened.identity !== identityOf(this.#file)) throw new StoreDamage(`${this.#file} was deleted or replaced by somebody else`);
    return this.#opened;
  }
}

function open(file: string): Opened {
  let database: DatabaseSync | undefined;
  try {
    database = new DatabaseSync(file);
    database.exec(
      `PRAGMA busy_timeout = ${BUSY_MS}; PRAGMA journal_mode = WAL; PRAGMA synchronous = FULL; PRAGMA journal_size_limit = ${LOG_OCTETS};`,
    );
    prepareSchema(database, file);
    return {
      database,
      begin: database.prepare('BEGIN IMMEDIATE'),
      commit: database.prepare('COMMIT'),
      putLease: database.prepare(PUT),
      putTime: database.prepare('REPLACE INTO time (one, lease_at, wall_at) VALUES (1, ?, ?)'),
      identity: identityOf(file),
    };
  } catch (fault) {
    database?.close();
    throw storeFault(fault, file);
  }
}

function prepareSchema(database: DatabaseSync, file: string): void {
  const version = versionOf(database);
  if (version > SCHEMA_VERSION)
    throw new Error(`${file} was written by a newer version of Bootlace (format ${version}, this one knows ${SCHEMA_VERSION})`);
  if (version === SCHEMA_VERSION) return;
  const missing = version === 0 ? LEASE_TABLE + TIME_TABLE : TIME_TABLE;
  database.exec(`BEGIN IMMEDIATE; ${missing} PRAGMA user_version = ${SCHEMA_VERSION}; COMMIT`);
}

function versionOf(database: DatabaseSync): number {
  return Number(database.prepare('PRAGMA user_version').get()?.['user_version'] ?? 0);
}

function rollBack(database: DatabaseSync): void {
  try {
    if (database.isTransaction) database.exec('ROLLBACK');
  } catch {
    // The fault that led here says more.
  }
}

function closeQuietly(opened: Opened | undefined): void {
  try {
    opened?.database.close();
  } catch {
    // What could be wrong with it is the reason why it is closed.
  }
}

/** All or nothing. */
function write({ database, begin, commit, putLease, putTime }: Opened, leases: Iterable<Lease>, time: TimeMark | undefined): void {
  // A rollback can fail like everything else on a bad disk; then it is made up for here.
  if (database.isTransaction) database.exec('ROLLBACK');
  begin.run();
  try {
    for (const lease of leases) putLease.run(...rowOf(lease));
    if (time !== undefined) putTime.run(time.leaseAt, time.wallAt);
    commit.run();
  } catch (fault) {
    rollBack(database);
    throw fault;
  }
}

/** File and log, as far as they are there: other numbers are other files. */
function identityOf(file: string): string {
  return [file, logOf(file)]
    .map((part) => {
      const stat = statSync(part, { throwIfNoEntry: false });
      return stat === undefined ? 'none' : `${stat.dev}:${stat.ino}`;
    })
    .join();
}

function rowsOf(database: DatabaseSync): Iterable<readonly unknown[]> {
  const statement = database.prepare(`SELECT ${COLUMNS} FROM lease`);
  statement.setReturnArrays(true);
  // With `setReturnArrays` a row is an array, which the declared type does not know.
  return statement.iterate() as Iterable<unknown> as Iterable<readonly unknown[]>;
}

function readTime(database: DatabaseSync): TimeMark | undefined {
  const row = database.prepare('SELECT lease_at, wall_at FROM time').get();
  return row === undefined ? undefined : { leaseAt: wallMs(Number(row['lease_at'])), wallAt: wallMs(Number(row['wall_at'])) };
}

/**
 * The leases in a store's file by the machine's clock, read without touching it: a running server may be writing meanwhile.
 * @throws {Error} when it cannot be opened or is no lease store.
 */
export function readLeases(file: string): Lease[] {
  const database = new DatabaseSync(file, { readOnly: true });
  try {
    const time = versionOf(database) < SCHEMA_VERSION ? undefined : readTime(database);
    const aheadMs = time === undefined ? 0 : time.wallAt - time.leaseAt;
    const read = leaseReader();
    const leases: Lease[] = [];
    for (const row of rowsOf(database)) {
      const lease = read(row);
      if (lease !== undefined) leases.push(moved(lease, aheadMs));
    }
    return leases;
  } catch (fault) {
    throw storeFault(fault, file);
  } finally {
    database.close();
  }
}

function moved(lease: Lease, byMs: number): Lease {
  const { since, expiresAt } = lease;
  return { ...lease, since: wallMs(since + byMs), expiresAt: expiresAt === NEVER ? NEVER : wallMs(expiresAt + byMs) };
}
