/** Stores that a test opens, kills and opens again. */
import fs from 'node:fs';
import { basename, dirname, join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { type Clock, monoMs, wallMs } from '../../src/base/clock.ts';
import type { Lease } from '../../src/dhcp/lease.ts';
import type { AppEvent } from '../../src/events/events.ts';
import { BLOCK_OCTETS } from '../../src/leases/journal-record.ts';
import { JOURNAL_OCTETS } from '../../src/leases/lease-journal.ts';
import type { LeaseStore } from '../../src/leases/lease-store.ts';
import { openLeaseStore } from '../../src/leases/open-store.ts';
import { journalOf, logOf } from '../../src/leases/store-files.ts';
import { storeFile } from './leases.ts';

export const HALF_BLOCKS = JOURNAL_OCTETS / BLOCK_OCTETS / 2;
/** What a start says of a store that is well. */
export const ALL_KNOWN = { knowsAll: true, events: [] };

const clock: Clock = { wall: () => wallMs(1_800_000_000_000), mono: () => monoMs(performance.now()) };
const opened: LeaseStore[] = [];

/** A start; `closeAll` ends what is still open after a test. */
export function open(file: string) {
  const events: AppEvent[] = [];
  const { store, leases, knowsAll } = openLeaseStore(file, clock, (event) => void events.push(event));
  opened.push(store);
  return { store, events, knowsAll, leases: byAddress(leases) };
}

export function closeAll(): void {
  for (const store of opened.splice(0)) store.close();
}

/** Opens, and closes again. */
export function look(file: string) {
  const { store, ...found } = open(file);
  close(store);
  return found;
}

export function close(store: LeaseStore): void {
  opened.splice(opened.indexOf(store), 1);
  store.close();
}

/** Sorted, the last of each address. */
export function byAddress(leases: Iterable<Lease>): Lease[] {
  return [...new Map([...leases].map((lease) => [lease.address, lease])).values()].sort((a, b) => a.address - b.address);
}

/** What `kill -9` leaves now, in a folder of its own. */
export function leftOf(file: string): string {
  const copy = storeFile();
  for (const part of [file, logOf(file), journalOf(file)])
    if (fs.existsSync(part)) fs.copyFileSync(part, join(dirname(copy), basename(part)));
  return copy;
}

/** What is left of a store that was killed after these groups, each in a record of its own. */
export async function killedAfter(...groups: readonly (readonly Lease[])[]): Promise<string> {
  const { store } = open(storeFile());
  for (const group of groups) await store.put(group);
  return leftOf(store.description);
}

/** How many leases are in the database alone. */
export function folded(file: string): number {
  const database = new DatabaseSync(file, { readOnly: true });
  const { count } = database.prepare('SELECT count(*) AS count FROM lease').get() as { count: number };
  database.close();
  return count;
}

export function change(file: string, act: (octets: Buffer) => void): void {
  const octets = fs.readFileSync(file);
  act(octets);
  fs.writeFileSync(file, octets);
}
