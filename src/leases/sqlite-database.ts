/** A lease database that is open: its tables, its statements, and which file it is. */
import { statSync } from 'node:fs';
import { DatabaseSync, type StatementSync } from 'node:sqlite';
import { wallMs } from '../base/clock.ts';
import type { Lease } from '../dhcp/lease.ts';
import type { TimeMark } from './lease-clock.ts';
import type { JournalMark } from './lease-journal.ts';
import { LEASE_COLUMNS, rowOf } from './lease-row.ts';
import { storeFault } from './sqlite-faults.ts';
import { logOf } from './store-files.ts';

const SCHEMA_VERSION = 3;
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
/** One row. */
const TIME_TABLE = `
  CREATE TABLE time (
    one      INTEGER PRIMARY KEY CHECK (one = 1),
    lease_at INTEGER NOT NULL,
    wall_at  INTEGER NOT NULL
  ) STRICT;
`;
/** One row while leases may be in a journal only, none when all are here. */
const JOURNAL_TABLE = `
  CREATE TABLE journal (
    one    INTEGER PRIMARY KEY CHECK (one = 1),
    id     TEXT    NOT NULL,
    folded INTEGER NOT NULL
  ) STRICT;
`;
/** What each version has brought, from 1. */
const TABLES = [LEASE_TABLE, TIME_TABLE, JOURNAL_TABLE];
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
export const BUSY_MS = 1000;
/** The write-ahead log goes back to this once a slow reader has let go of it. */
export const LOG_OCTETS = 8 * 1024 * 1024;

export interface StoreDatabase {
  readonly database: DatabaseSync;
  readonly begin: StatementSync;
  readonly commit: StatementSync;
  readonly putLease: StatementSync;
  readonly putTime: StatementSync;
  readonly putFolded: StatementSync;
  /** Which file it is, as of `identityOf`. */
  readonly identity: string;
}

/** One transaction: leases, and what else there is to say. */
export interface Transaction {
  readonly leases: Iterable<Lease>;
  readonly time?: TimeMark | undefined;
  /** Sequence of the last journal record that is in the database with this. */
  readonly folded?: number | undefined;
}

/**
 * Opens the file, or makes it.
 * @throws {StoreDamage} when it is no SQLite file, or a damaged one.
 * @throws {Error} when it cannot be opened otherwise, or comes from a newer version.
 */
export function openDatabase(file: string): StoreDatabase {
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
      putFolded: database.prepare('UPDATE journal SET folded = ?'),
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
  database.exec(`BEGIN IMMEDIATE; ${TABLES.slice(version).join('')} PRAGMA user_version = ${SCHEMA_VERSION}; COMMIT`);
}

/** 0 for a file without tables. */
export function versionOf(database: DatabaseSync): number {
  return Number(database.prepare('PRAGMA user_version').get()?.['user_version'] ?? 0);
}

/** All or nothing. */
export function write(
  { database, begin, commit, putLease, putTime, putFolded }: StoreDatabase,
  { leases, time, folded }: Transaction,
): void {
  // A rollback can fail like everything else on a bad disk; then it is made up for here.
  if (database.isTransaction) database.exec('ROLLBACK');
  begin.run();
  try {
    for (const lease of leases) putLease.run(...rowOf(lease));
    if (time !== undefined) putTime.run(time.leaseAt, time.wallAt);
    if (folded !== undefined) putFolded.run(folded);
    commit.run();
  } catch (fault) {
    rollBack(database);
    throw fault;
  }
}

function rollBack(database: DatabaseSync): void {
  try {
    if (database.isTransaction) database.exec('ROLLBACK');
  } catch {
    // The fault that led here says more.
  }
}

/** File and log, as far as they are there: other numbers are other files. */
export function identityOf(file: string): string {
  return [file, logOf(file)]
    .map((part) => {
      const stat = statSync(part, { throwIfNoEntry: false });
      return stat === undefined ? 'none' : `${stat.dev}:${stat.ino}`;
    })
    .join();
}

export function rowsOf(database: DatabaseSync): Iterable<readonly unknown[]> {
  const statement = database.prepare(`SELECT ${COLUMNS} FROM lease`);
  statement.setReturnArrays(true);
  // With `setReturnArrays` a row is an array, which the declared type does not know.
  return statement.iterate() as Iterable<unknown> as Iterable<readonly unknown[]>;
}

/** Undefined in a new database, and in one of version 1. */
export function readTime(database: DatabaseSync): TimeMark | undefined {
  if (versionOf(database) < 2) return undefined;
  const row = database.prepare('SELECT lease_at, wall_at FROM time').get();
  return row === undefined ? undefined : { leaseAt: wallMs(Number(row['lease_at'])), wallAt: wallMs(Number(row['wall_at'])) };
}

/** Undefined when no journal goes with it. */
export function readMark(database: DatabaseSync): JournalMark | undefined {
  if (versionOf(database) < 3) return undefined;
  const row = database.prepare('SELECT id, folded FROM journal').get();
  return row === undefined ? undefined : { id: String(row['id']), folded: Number(row['folded']) };
}
