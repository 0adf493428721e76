/**
 * The timelines of devices on the disk, in an SQLite file of their own. They are there to look things up: what is written last may be lost when
 * the power fails, so that no write ever waits for the disk, and a file that is damaged is set aside and begun anew.
 */

import { existsSync, renameSync, rmSync } from 'node:fs';
import { DatabaseSync, type StatementSync } from 'node:sqlite';
import { type WallMs, wallMs } from '../base/clock.ts';
import type { Moment } from '../devices/moment.ts';
import { entryOf } from '../devices/moment-text.ts';
import type { AppEvent } from '../events/events.ts';

/** What is kept. */
export interface Retention {
  readonly keepSeconds: number;
  readonly maxOctets: number;
}

const SCHEMA_VERSION = 1;
const SCHEMA = `
  CREATE TABLE moment (
    id      INTEGER PRIMARY KEY,
    device  TEXT    NOT NULL,
    at      INTEGER NOT NULL,
    last_at INTEGER NOT NULL,
    count   INTEGER NOT NULL,
    event   TEXT    NOT NULL,
    first   TEXT
  ) STRICT;
  PRAGMA user_version = ${SCHEMA_VERSION};
`;
const COLUMNS = 'id, device, at, last_at, count, event, first';
const BUSY_MS = 200;
/** The write-ahead log goes back to this. */
const LOG_OCTETS = 4 * 1024 * 1024;
/** A part that goes when there is too much, so that it is not too much again at once. */
const PRUNED_SHARE = 0.1;

export class TimelineStore {
  readonly #database: DatabaseSync;
  readonly #put: StatementSync;

  private constructor(database: DatabaseSync) {
    this.#database = database;
    this.#put = database.prepare(`REPLACE INTO moment (${COLUMNS}) VALUES (?, ?, ?, ?, ?, ?, ?)`);
  }

  /**
   * Opens the file, or makes it. One that is damaged, or of a newer version, is set aside: `onAside` hears where and why.
   * @throws {Error} when it cannot be written at all.
   */
  static open(file: string, onAside: (aside: string, why: string) => void): TimelineStore {
    try {
      return new TimelineStore(openDatabase(file));
    } catch (fault) {
      if (!existsSync(file)) throw fault;
      const aside = setAside(file);
      onAside(aside, fault instanceof Error ? fault.message : String(fault));
      return new TimelineStore(openDatabase(file));
    }
  }

  /** The newest `most` moments, the oldest of them first. */
  load(most: number): readonly Moment[] {
    return newest(this.#database, most);
  }

  /** Adds them, or puts them in the place of those of the same number. */
  write(moments: readonly Moment[]): void {
    if (moments.length === 0) return;
    this.#transact(() => {
      for (const { id, device, at, lastAt, count, event, first } of moments)
        this.#put.run(id, device, at, lastAt, count, JSON.stringify(event), first === event ? null : JSON.stringify(first));
    });
  }

  /** Removes what is too old, and the oldest of what is too much. */
  prune({ keepSeconds, maxOctets }: Retention, now: WallMs): void {
    this.#database.prepare('DELETE FROM moment WHERE last_at < ?').run(now - keepSeconds * 1000);
    if (this.#octets() <= maxOctets) return;
    const count = Number(this.#database.prepare('SELECT count(*) AS count FROM moment').get()?.['count'] ?? 0);
    this.#database
      .prepare('DELETE FROM moment WHERE id IN (SELECT id FROM moment ORDER BY id LIMIT ?)')
      .run(Math.ceil(count * PRUNED_SHARE));
  }

  close(): void {
    this.#database.close();
  }

  /** Octets in use; pages that are free are used again. */
  #octets(): number {
    const pragma = (name: string): number => Number(this.#database.prepare(`PRAGMA ${name}`).get()?.[name] ?? 0);
    return (pragma('page_count') - pragma('freelist_count')) * pragma('page_size');
  }

  #transact(act: () => void): void {
    this.#database.exec('BEGIN');
    try {
      act();
      this.#database.exec('COMMIT');
    } catch (fault) {
      if (this.#database.isTransaction) this.#database.exec('ROLLBACK');
      throw fault;
    }
  }
}

/**
 * The timelines of a file, beside a server that may be writing to it; the oldest moment first.
 * @throws {Error} when it cannot be read.
 */
export function readTimelines(file: string, most = Number.MAX_SAFE_INTEGER): readonly Moment[] {
  const database = new DatabaseSync(file, { readOnly: true });
  try {
    return newest(database, most);
  } finally {
    database.close();
  }
}

function openDatabase(file: string): DatabaseSync {
  const database = new DatabaseSync(file);
  try {
    database.exec(
      `PRAGMA busy_timeout = ${BUSY_MS}; PRAGMA journal_mode = WAL; PRAGMA synchronous = OFF; PRAGMA journal_size_limit = ${LOG_OCTETS};`,
    );
    const version = Number(database.prepare('PRAGMA user_version').get()?.['user_version'] ?? 0);
    if (version > SCHEMA_VERSION) throw new Error(`it was written by a newer version of Bootlace (format ${version})`);
    if (version === 0) database.exec(SCHEMA);
    // Reads every page: a damaged one is found now, and not when a device is looked for.
    const found = database.prepare('PRAGMA quick_check(1)').get()?.['quick_check'];
    if (found !== 'ok') throw new Error(String(found));
    return database;
  } catch (fault) {
    database.close();
    throw fault;
  }
}

/** One is kept, for who wants to look at it. */
function setAside(file: string): string {
  const aside = `${file}.damaged`;
  rmSync(aside, { force: true });
  renameSync(file, aside);
  for (const part of ['-wal', '-shm']) rmSync(`${file}${part}`, { force: true });
  return aside;
}

function newest(database: DatabaseSync, most: number): readonly Moment[] {
  const rows = database.prepare(`SELECT ${COLUMNS} FROM moment ORDER BY id DESC LIMIT ?`).all(most);
  return rows.flatMap((row) => momentOf(row) ?? []).reverse();
}

/** Undefined for what another version wrote and this one cannot show. */
function momentOf(row: Readonly<Record<string, unknown>>): Moment | undefined {
  try {
    const event = JSON.parse(String(row['event'])) as AppEvent;
    const first = typeof row['first'] === 'string' ? (JSON.parse(row['first']) as AppEvent) : event;
    const moment: Moment = {
      id: Number(row['id']),
      device: String(row['device']),
      at: wallMs(Number(row['at'])),
      lastAt: wallMs(Number(row['last_at'])),
      count: Number(row['count']),
      first,
      event,
    };
    entryOf(moment);
    return moment;
  } catch {
    return undefined;
  }
}
