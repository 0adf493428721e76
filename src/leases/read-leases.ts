/** The leases of a store for those who look at it beside the running server. */
import { DatabaseSync } from 'node:sqlite';
import { type WallMs, wallMs } from '../base/clock.ts';
import { type Lease, NEVER } from '../dhcp/lease.ts';
import { readGroup, scanJournal } from './journal-record.ts';
import type { TimeMark } from './lease-clock.ts';
import type { JournalMark } from './lease-journal.ts';
import { leaseReader } from './lease-row.ts';
import { readMark, readTime, rowsOf } from './sqlite-database.ts';
import { storeFault } from './sqlite-faults.ts';
import { journalOf, readAll } from './store-files.ts';

/** The server folds once a second at most when somebody has the time to look. */
const ATTEMPTS = 5;

/**
 * The leases in a store's file by the machine's clock, those that are only in its journal included, read without touching it: a running
 * server may be writing meanwhile.
 * @throws {Error} when it cannot be opened or is no lease store.
 */
export function readLeases(file: string): Lease[] {
  const database = new DatabaseSync(file, { readOnly: true });
  try {
    let found = readOnce(database, file);
    for (let attempt = 1; attempt < ATTEMPTS && !isSame(found.mark, readMark(database)); attempt += 1) found = readOnce(database, file);
    const { leases, time } = found;
    const aheadMs = time === undefined ? 0 : time.wallAt - time.leaseAt;
    return [...leases.values()].map((lease) => moved(lease, aheadMs));
  } catch (fault) {
    throw storeFault(fault, file);
  } finally {
    database.close();
  }
}

/** While the mark stays what it was, no part of the journal is written over that the database does not have. */
function readOnce(database: DatabaseSync, file: string) {
  const leases = new Map<number, Lease>();
  const mark = readMark(database);
  const read = leaseReader();
  for (const row of rowsOf(database)) {
    const lease = read(row);
    if (lease !== undefined) leases.set(lease.address, lease);
  }
  let time: TimeMark | undefined = readTime(database);
  const records = mark === undefined ? [] : scanJournal(readAll(journalOf(file)));
  for (const record of records) {
    if (record.journal !== mark?.id || record.sequence <= mark.folded) continue;
    const group = readGroup(record, read);
    for (const lease of group?.leases ?? []) leases.set(lease.address, lease);
    time = group?.time ?? time;
  }
  return { leases, time, mark };
}

function isSame(a: JournalMark | undefined, b: JournalMark | undefined): boolean {
  return a?.id === b?.id && a?.folded === b?.folded;
}

function moved(lease: Lease, byMs: number): Lease {
  const { since, expiresAt } = lease;
  const move = (at: WallMs) => wallMs(at + byMs);
  return { ...lease, since: move(since), expiresAt: expiresAt === NEVER ? NEVER : move(expiresAt) };
}
