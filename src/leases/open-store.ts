/**
 * Opens the lease store at the start, whatever state it is in. A damaged one is set aside, and a new one made of every lease that can
 * still be read: a server that does not start because of one bad page helps nobody.
 */
import { type Clock, wallMs } from '../base/clock.ts';
import type { Lease } from '../dhcp/lease.ts';
import type { Tell } from '../events/bus.ts';
import { JournaledLeaseStore, type StoreParts } from './journaled-store.ts';
import { LeaseClock, type TimeMark } from './lease-clock.ts';
import { assertOurs, readUsed, recordsBehind } from './lease-journal.ts';
import { type LeaseStore, StoreDamage } from './lease-store.ts';
import { salvageLeases } from './salvage.ts';
import { isLogBroken } from './sqlite-log.ts';
import { SqliteLeaseStore } from './sqlite-store.ts';
import { finishRebuilding, journalOf, logOf, octetsOf, readAll } from './store-files.ts';
import { StoreLock } from './store-lock.ts';

export interface OpenedStore {
  readonly store: LeaseStore;
  readonly leases: readonly Lease[];
  /** False in a store that was rebuilt: clients may hold leases that it does not know. */
  readonly knowsAll: boolean;
  /** The time that the leases' moments are in. */
  readonly clock: LeaseClock;
}

/** A store that needs no rebuilding. */
interface Sound {
  readonly store: JournaledLeaseStore;
  readonly leases: readonly Lease[];
}

/**
 * Opens the store of this file, or makes it. Tells `store.rebuilt` when it was damaged, `server.limited` when it has to do without a journal,
 * and what the clock has done.
 * @throws {Error} when it cannot be written: locked, read-only, no room, of a newer version. The text says what to do.
 */
export function openLeaseStore(file: string, machine: Clock, tell: Tell): OpenedStore {
  const lock = new StoreLock(file);
  lock.take();
  try {
    return openOrRebuild(file, lock, machine, tell);
  } catch (fault) {
    lock.release();
    throw fault;
  }
}

function openOrRebuild(file: string, lock: StoreLock, machine: Clock, tell: Tell): OpenedStore {
  const interrupted = finishRebuilding(file, machine.wall());
  const others = { lock, clock: machine, tell };
  try {
    const { store, leases } = openAndLoad(file, others);
    if (interrupted !== undefined) {
      const why = `${file} was damaged, and the start that found it so was interrupted`;
      tell({ type: 'store.rebuilt', why, kept: leases.length, unreadable: 0, aside: interrupted.aside });
    }
    return { store, leases, knowsAll: interrupted === undefined, clock: clockOf(store.time, leases, machine, tell) };
  } catch (fault) {
    if (!(fault instanceof StoreDamage)) throw fault;
    return rebuild(file, fault, others);
  }
}

function openAndLoad(file: string, others: Omit<StoreParts, 'sqlite'>): Sound {
  const log = octetsOf(logOf(file));
  // SQLite throws away a log without its file; with leases in it that is damage like any other.
  if (log > 0 && octetsOf(file) === 0) throw new StoreDamage(`${file} is gone, and its log is still there`);
  if (octetsOf(file) === 0 && readUsed(journalOf(file)).length > 0)
    throw new StoreDamage(`${file} is gone, and its journal is still there`);
  if (log > 0 && isLogBroken(readAll(logOf(file)))) throw new StoreDamage(`${logOf(file)} is damaged in the middle`);
  const sqlite = new SqliteLeaseStore(file);
  const store = new JournaledLeaseStore({ sqlite, ...others });
  try {
    // The last program that closes the file removes the log: it is still there when that did not happen.
    if (log > 0) sqlite.check();
    const mark = sqlite.journal;
    const journal = mark === undefined ? readUsed(journalOf(file)) : readAll(journalOf(file));
    assertOurs(journal, mark, journalOf(file));
    if (mark !== undefined) store.resume(mark, recordsBehind(journal, mark, journalOf(file)));
    const leases = [...store.load()];
    // What is damaged is kept as it was found: nothing is written before all is read.
    if (mark === undefined) store.begin();
    return { store, leases };
  } catch (fault) {
    store.abandon();
    throw fault;
  }
}

function rebuild(file: string, damage: StoreDamage, others: Omit<StoreParts, 'sqlite'>): OpenedStore {
  const { clock: machine, tell } = others;
  const { leases, unreadable, time } = salvageLeases(readAll(file), readAll(logOf(file)), readAll(journalOf(file)));
  const aside = SqliteLeaseStore.rebuild(file, leases, time, machine.wall());
  tell({ type: 'store.rebuilt', why: damage.message, kept: leases.length, unreadable, aside });
  const store = new JournaledLeaseStore({ sqlite: new SqliteLeaseStore(file), ...others });
  store.begin();
  return { store, leases, knowsAll: false, clock: clockOf(time, leases, machine, tell) };
}

/** Without a mark, as in a store of an older version, the youngest lease shows at least when the clock is behind. */
function clockOf(time: TimeMark | undefined, leases: readonly Lease[], machine: Clock, tell: Tell): LeaseClock {
  const latest = wallMs(leases.reduce((at, lease) => Math.max(at, lease.since), 0));
  const guess = latest > machine.wall() ? { leaseAt: latest, wallAt: latest } : undefined;
  return new LeaseClock(machine, time ?? guess, tell);
}
