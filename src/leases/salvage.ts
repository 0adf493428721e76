/** Gets out of a damaged store what can still be read, record by record. */
import { wallMs } from '../base/clock.ts';
import type { Lease } from '../dhcp/lease.ts';
import type { TimeMark } from './lease-clock.ts';
import { LEASE_COLUMNS, leaseReader } from './lease-row.ts';
import { findRecords, type StoredRecord } from './sqlite-pages.ts';

export interface Salvaged {
  readonly leases: readonly Lease[];
  /** Pages and records that are there and cannot be read; how many leases were on a page is not known. */
  readonly unreadable: number;
  readonly time: TimeMark | undefined;
}

/** Columns of the table `time`: the number of its one row, and the two moments. */
const TIME_COLUMNS = 3;

/** Takes the octets of the store's file and of its write-ahead log, whatever they hold. */
export function salvageLeases(file: Uint8Array, log: Uint8Array): Salvaged {
  const { records, unreadable } = findRecords(file, log);
  const read = leaseReader();
  const leases = new Map<number, Lease>();
  let time: TimeMark | undefined;
  let noLeases = 0;
  for (const record of records) {
    if (record.values.length === TIME_COLUMNS) time = timeOf(record) ?? time;
    if (record.values.length !== LEASE_COLUMNS.length) continue;
    // The first column is the row's number: SQLite does not write it twice.
    const lease = read([record.rowId, ...record.values.slice(1)]);
    if (lease === undefined) noLeases += 1;
    else if (isLater(lease, leases.get(lease.address))) leases.set(lease.address, lease);
  }
  return { leases: [...leases.values()], unreadable: unreadable + noLeases, time };
}

function timeOf({ values: [, leaseAt, wallAt] }: StoredRecord): TimeMark | undefined {
  if (typeof leaseAt !== 'number' || typeof wallAt !== 'number') return undefined;
  return { leaseAt: wallMs(leaseAt), wallAt: wallMs(wallAt) };
}

/** A page that was left behind can hold an older record of an address. */
function isLater(lease: Lease, other: Lease | undefined): boolean {
  return other === undefined || lease.since > other.since || (lease.since === other.since && lease.expiresAt > other.expiresAt);
}
