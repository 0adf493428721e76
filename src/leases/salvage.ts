/** Gets out of a damaged store what can still be read, record by record. */
import type { Ipv4 } from '../base/addresses.ts';
import { wallMs } from '../base/clock.ts';
import type { Lease } from '../dhcp/lease.ts';
import { readGroup, scanJournal } from './journal-record.ts';
import type { TimeMark } from './lease-clock.ts';
import type { JournalMark } from './lease-journal.ts';
import { LEASE_COLUMNS, leaseReader } from './lease-row.ts';
import { findRecords, type StoredRecord } from './sqlite-pages.ts';

export interface Salvaged {
  readonly leases: readonly Lease[];
  /** Pages and records that are there and cannot be read; how many leases were on a page is not known. */
  readonly unreadable: number;
  readonly time: TimeMark | undefined;
}

/** Columns of the tables `time` (the number of its one row, two moments) and `journal` (the same, its id and what is folded). */
const MARK_COLUMNS = 3;

/** Takes the octets of the store's file, of its write-ahead log and of its journal, whatever they hold. */
export function salvageLeases(file: Uint8Array, log: Uint8Array, journal: Uint8Array): Salvaged {
  const read = leaseReader();
  const fromDatabase = salvageDatabase(file, log, read);
  const { leases, mark } = fromDatabase;
  let { time, unreadable } = fromDatabase;
  const others = new Map<Ipv4, Lease>();
  let last = mark?.folded ?? 0;
  for (const record of scanJournal(journal)) {
    const isUnfolded = record.journal === mark?.id && record.sequence > last;
    if (isUnfolded) {
      unreadable += record.sequence - last - 1;
      last = record.sequence;
    }
    const group = readGroup(record, read);
    if (group === undefined) {
      unreadable += 1;
      continue;
    }
    for (const lease of group.leases)
      if (isUnfolded) leases.set(lease.address, lease);
      else if (isLater(lease, others.get(lease.address))) others.set(lease.address, lease);
    if (isUnfolded || time === undefined) time = group.time ?? time;
  }
  // What the database had of the journal it knows better, save what was on its bad pages. How much it had, it may not be able to say.
  for (const lease of others.values()) {
    const known = leases.get(lease.address);
    if (known === undefined || (mark === undefined && isLater(lease, known))) leases.set(lease.address, lease);
  }
  return { leases: [...leases.values()], unreadable, time };
}

function salvageDatabase(file: Uint8Array, log: Uint8Array, read: ReturnType<typeof leaseReader>) {
  const { records, unreadable } = findRecords(file, log);
  const leases = new Map<Ipv4, Lease>();
  let time: TimeMark | undefined;
  let mark: JournalMark | undefined;
  let noLeases = 0;
  for (const record of records) {
    if (record.values.length === MARK_COLUMNS) {
      time = timeOf(record) ?? time;
      mark = markOf(record) ?? mark;
    }
    if (record.values.length !== LEASE_COLUMNS.length) continue;
    // The first column is the row's number: SQLite does not write it twice.
    const lease = read([record.rowId, ...record.values.slice(1)]);
    if (lease === undefined) noLeases += 1;
    else if (isLater(lease, leases.get(lease.address))) leases.set(lease.address, lease);
  }
  return { leases, time, mark, unreadable: unreadable + noLeases };
}

function timeOf({ values: [, leaseAt, wallAt] }: StoredRecord): TimeMark | undefined {
  if (typeof leaseAt !== 'number' || typeof wallAt !== 'number') return undefined;
  return { leaseAt: wallMs(leaseAt), wallAt: wallMs(wallAt) };
}

function markOf({ values: [, id, folded] }: StoredRecord): JournalMark | undefined {
  return typeof id === 'string' && typeof folded === 'number' ? { id, folded } : undefined;
}

/** A page that was left behind can hold an older record of an address. */
function isLater(lease: Lease, other: Lease | undefined): boolean {
  return other === undefined || lease.since > other.since || (lease.since === other.since && lease.expiresAt > other.expiresAt);
}
