/**
 * The embedded store: one SQLite file. Write-ahead log and `synchronous = FULL`: a commit is on the disk when it returns.
 * It blocks while it syncs, so it lives in the DHCP thread, where nobody else waits for it.
 */
import { DatabaseSync, type SQLOutputValue, type StatementSync } from 'node:sqlite';
import { ipv4, type Mac } from '../base/addresses.ts';
import { wallMs } from '../base/clock.ts';
import type { Lease, LeaseState } from '../dhcp/lease.ts';
import type { ClientKey } from '../dhcp/request.ts';
import type { LeaseStore } from './lease-store.ts';

const SCHEMA_VERSION = 1;
const SCHEMA = `
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
  PRAGMA user_version = ${SCHEMA_VERSION};
`;
const PUT = `
  INSERT INTO lease (address, network, client, mac, host_name, state, since, expires_at) VALUES (?, ?, ?, ?, ?, ?, ?, ?)
  ON CONFLICT (address) DO UPDATE SET network = excluded.network, client = excluded.client, mac = excluded.mac,
    host_name = excluded.host_name, state = excluded.state, since = excluded.since, expires_at = excluded.expires_at
`;
/** How long a second program (`bootlace leases`) may hold the file before we give up on a commit. */
const BUSY_MS = 2000;

export class SqliteLeaseStore implements LeaseStore {
  readonly description: string;
  readonly #database: DatabaseSync;
  readonly #put: StatementSync;

  /**
   * Opens the file, or makes it.
   * @throws {Error} when it cannot be opened, is no SQLite file or comes from a newer version.
   */
  constructor(file: string) {
    this.description = file;
    this.#database = new DatabaseSync(file);
    try {
      this.#database.exec(`PRAGMA busy_timeout = ${BUSY_MS}; PRAGMA journal_mode = WAL; PRAGMA synchronous = FULL;`);
      this.#prepareSchema(file);
      this.#put = this.#database.prepare(PUT);
    } catch (fault) {
      this.#database.close();
      throw fault;
    }
  }

  *load(): Iterable<Lease> {
    for (const row of this.#database.prepare('SELECT * FROM lease').iterate()) yield leaseOf(row);
  }

  // Asynchronous as the port is, for stores across a network; here a throw becomes the rejection.
  async put(leases: readonly Lease[]): Promise<void> {
    this.#database.exec('BEGIN IMMEDIATE');
    try {
      for (const lease of leases) {
        const { address, network, client, mac, hostName, state, since, expiresAt } = lease;
        this.#put.run(address, network, client, mac ?? null, hostName ?? null, state, since, expiresAt);
      }
      this.#database.exec('COMMIT');
    } catch (fault) {
      if (this.#database.isTransaction) this.#database.exec('ROLLBACK');
      throw fault;
    }
  }

  close(): void {
    this.#database.close();
  }

  #prepareSchema(file: string): void {
    const version = Number(this.#database.prepare('PRAGMA user_version').get()?.['user_version'] ?? 0);
    if (version > SCHEMA_VERSION)
      throw new Error(`${file} was written by a newer version of Bootlace (format ${version}, this one knows ${SCHEMA_VERSION})`);
    if (version === 0) this.#database.exec(`BEGIN IMMEDIATE; ${SCHEMA} COMMIT`);
  }
}

/** The table is ours and STRICT: its types are what the schema says. */
function leaseOf(row: Record<string, SQLOutputValue>): Lease {
  return {
    address: ipv4(Number(row['address'])),
    network: String(row['network']),
    client: String(row['client']) as ClientKey,
    mac: row['mac'] === null ? undefined : (String(row['mac']) as Mac),
    hostName: row['host_name'] === null ? undefined : String(row['host_name']),
    state: String(row['state']) as LeaseState,
    since: wallMs(Number(row['since'])),
    expiresAt: wallMs(Number(row['expires_at'])),
  };
}

/**
 * The leases in a store's file, read without touching it: a running server may be writing meanwhile.
 * @throws {Error} when it cannot be opened or is no lease store.
 */
export function readLeases(file: string): Lease[] {
  const database = new DatabaseSync(file, { readOnly: true });
  try {
    return database.prepare('SELECT * FROM lease').all().map(leaseOf);
  } finally {
    database.close();
  }
}
