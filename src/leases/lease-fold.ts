/**
 * The way of leases from the journal into the database: a slice at a time, between other turns of the event loop, in the order of
 * their addresses. What keeps it from working is told once, and it is tried again; nobody waits for it but the journal, when it is full.
 */
import type { Ipv4 } from '../base/addresses.ts';
import type { Clock, MonoMs } from '../base/clock.ts';
import type { Lease } from '../dhcp/lease.ts';
import type { Tell } from '../events/bus.ts';
import type { JournalGroup } from './journal-record.ts';
import type { TimeMark } from './lease-clock.ts';
import { StoreDamage } from './lease-store.ts';
import type { SqliteLeaseStore } from './sqlite-store.ts';

/** Rows of one transaction: a fraction of a millisecond, which is what a client may wait for it. */
const SLICE_ROWS = 32;
const RETRY_MS = 1000;
/** SQLite's own measure for a checkpoint. */
const LOG_OCTETS_IN_QUIET = 4 * 1024 * 1024;
/** Somebody has to wait for a checkpoint then, once in some ten thousand leases. */
const LOG_OCTETS_AT_MOST = 32 * 1024 * 1024;

/** Leases that are in the journal and not in the database yet, the latest of each address. */
export class Unfolded {
  readonly leases = new Map<Ipv4, Lease>();
  time: TimeMark | undefined;

  add({ leases, time }: JournalGroup): void {
    for (const lease of leases) this.leases.set(lease.address, lease);
    this.time = time ?? this.time;
  }

  get isEmpty(): boolean {
    return this.leases.size === 0 && this.time === undefined;
  }
}

interface Batch {
  readonly unfolded: Unfolded;
  /** By address: neighbours share a page, and so each page is written once or twice. */
  readonly rows: readonly Lease[];
  /** Sequence of the last journal record that is in the database at the end. */
  readonly upTo: number;
  done: number;
  /** All is in the database, as soon as its log is synced. */
  isWhole: boolean;
}

export class LeaseFold {
  readonly #sqlite: SqliteLeaseStore;
  readonly #clock: Clock;
  readonly #tell: Tell;
  #batch: Batch | undefined;
  #next: NodeJS.Immediate | undefined;
  #retry: NodeJS.Timeout | undefined;
  #failingSince: MonoMs | undefined;
  #damage: StoreDamage | undefined;

  constructor(sqlite: SqliteLeaseStore, clock: Clock, tell: Tell) {
    this.#sqlite = sqlite;
    this.#clock = clock;
    this.#tell = tell;
  }

  /** What is on its way. */
  get unfolded(): Unfolded | undefined {
    return this.#batch?.unfolded;
  }

  /** What the database was found to be while nobody asked. */
  get damage(): StoreDamage | undefined {
    return this.#damage;
  }

  /** Begins to take these in, and says how much of the journal the database has with them. The batch before has to be through. */
  start(unfolded: Unfolded, upTo: number): void {
    const rows = [...unfolded.leases.values()].sort((a, b) => a.address - b.address);
    this.#batch = { unfolded, rows, upTo, done: 0, isWhole: false };
    this.#schedule();
  }

  /**
   * Takes in the rest of what is on its way; it is durable when this returns.
   * @throws {Error} when the database cannot be written; it may be tried again.
   */
  finish(): void {
    const batch = this.#batch;
    if (batch === undefined) return;
    while (!batch.isWhole) this.#step(batch, true);
    this.#sqlite.syncLog();
    this.#through();
  }

  /** Writes the log into the database's file when it is worth it. Stops this thread for some milliseconds. */
  tidy(): void {
    this.#orLater(() => this.#checkpointBeyond(LOG_OCTETS_IN_QUIET));
  }

  /** Forgets what is on its way, and what was wrong. */
  drop(): void {
    this.#cancel();
    this.#batch = undefined;
    this.#failingSince = undefined;
    this.#damage = undefined;
  }

  #schedule(): void {
    this.#next = setImmediate(() => this.#goOn());
  }

  #goOn(): void {
    const batch = this.#batch;
    if (batch === undefined) return;
    this.#orLater(() => {
      if (!batch.isWhole) this.#step(batch, false);
      if (!batch.isWhole) return this.#schedule();
      this.#sqlite.syncLogLater((fault) => {
        if (this.#batch === batch) this.#orLater(() => this.#synced(fault));
      });
    });
  }

  #synced(fault: StoreDamage | undefined): void {
    if (fault !== undefined) throw fault;
    this.#through();
    this.#checkpointBeyond(LOG_OCTETS_AT_MOST);
  }

  /** One slice; with the last one the database says what it has. */
  #step(batch: Batch, isUrgent: boolean): void {
    const { rows, done, unfolded, upTo } = batch;
    const leases = rows.slice(done, done + SLICE_ROWS);
    const isLast = done + SLICE_ROWS >= rows.length;
    this.#sqlite.fold(isLast ? { leases, time: unfolded.time, folded: upTo } : { leases }, isUrgent);
    batch.done += SLICE_ROWS;
    batch.isWhole = isLast;
  }

  #through(): void {
    this.#cancel();
    this.#batch = undefined;
    if (this.#failingSince === undefined) return;
    this.#tell({ type: 'store.recovered', failedForMs: this.#clock.mono() - this.#failingSince });
    this.#failingSince = undefined;
  }

  #checkpointBeyond(octets: number): void {
    if (this.#sqlite.logOctets > octets) this.#sqlite.checkpoint();
  }

  #orLater(act: () => void): void {
    try {
      act();
    } catch (fault) {
      if (fault instanceof StoreDamage) {
        this.#damage = fault;
        return;
      }
      if (this.#failingSince === undefined) {
        this.#failingSince = this.#clock.mono();
        this.#tell({ type: 'store.failed', operation: 'fold', detail: fault instanceof Error ? fault.message : String(fault), waiting: 0 });
      }
      this.#retry = setTimeout(() => this.#goOn(), RETRY_MS).unref();
    }
  }

  #cancel(): void {
    clearImmediate(this.#next);
    clearTimeout(this.#retry);
  }
}
