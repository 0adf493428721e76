/**
 * Puts leases into a store in groups: all that come while the store is busy, or in one turn of the event loop, share one
 * transaction and one sync. Each is told when its group is durable, or that it is not.
 */
import { type Clock, type MonoMs, monoMs } from '../base/clock.ts';
import type { Lease } from '../dhcp/lease.ts';
import type { Tell } from '../events/bus.ts';
import type { TimeMark } from './lease-clock.ts';
import { type LeaseStore, StoreDamage } from './lease-store.ts';

export type CommitOutcome = 'stored' | 'failed';

/** What a store can be made anew from, and the time that is stored with the leases. */
export interface CommitSources {
  /** All leases that were ever stored. */
  readonly leases: () => Iterable<Lease>;
  readonly mark: () => TimeMark;
}

interface Waiting {
  readonly lease: Lease;
  readonly settle: (outcome: CommitOutcome) => void;
}

export class GroupCommit {
  readonly #store: LeaseStore;
  readonly #clock: Clock;
  readonly #tell: Tell;
  readonly #sources: CommitSources | undefined;
  #waiting: Waiting[] = [];
  #wantsMark = false;
  #flushing: Promise<void> | undefined;
  #failingSince: MonoMs | undefined;

  /** @param sources absent: the time is not kept, and a damaged store stays one. */
  constructor(store: LeaseStore, clock: Clock, tell: Tell, sources?: CommitSources) {
    this.#store = store;
    this.#clock = clock;
    this.#tell = tell;
    this.#sources = sources;
  }

  /** Adds a lease to the next group; `settle` is called once, later. */
  add(lease: Lease, settle: (outcome: CommitOutcome) => void): void {
    this.#waiting.push({ lease, settle });
    this.#flushing ??= this.#flushAll();
  }

  /** Puts the time into the next group. Call it now and then: it finds a store that went away or works again before a client has to. */
  keepTime(): void {
    if (this.#sources === undefined) return;
    this.#wantsMark = true;
    this.#flushing ??= this.#flushAll();
  }

  /** Resolves when all that was added is settled. */
  async drained(): Promise<void> {
    await this.#flushing;
  }

  async #flushAll(): Promise<void> {
    // Let this turn's other datagrams join the group.
    await new Promise((resolve) => setImmediate(resolve));
    while (this.#waiting.length > 0 || this.#wantsMark) {
      const group = this.#waiting;
      const time = this.#wantsMark ? this.#sources?.mark() : undefined;
      this.#waiting = [];
      this.#wantsMark = false;
      const outcome = await this.#flush(group, time);
      for (const { settle } of group) settle(outcome);
    }
    this.#flushing = undefined;
  }

  async #flush(group: readonly Waiting[], time: TimeMark | undefined): Promise<CommitOutcome> {
    try {
      const leases = group.map(({ lease }) => lease);
      try {
        await this.#store.put(leases, time);
      } catch (fault) {
        await this.#recover(fault);
        await this.#store.put(leases, time);
      }
      if (this.#failingSince !== undefined) {
        this.#tell({ type: 'store.recovered', failedForMs: this.#clock.mono() - this.#failingSince });
        this.#failingSince = undefined;
      }
      return 'stored';
    } catch (fault) {
      this.#failingSince ??= monoMs(this.#clock.mono());
      this.#tell({ type: 'store.failed', operation: 'put', detail: messageOf(fault), waiting: group.length });
      return 'failed';
    }
  }

  /** The lease book knows all that was in the store: nothing has to be lost with it. Throws when that is not what is wrong, or does not help. */
  async #recover(fault: unknown): Promise<void> {
    if (!(fault instanceof StoreDamage) || this.#store.recover === undefined || this.#sources === undefined) throw fault;
    const leases = [...this.#sources.leases()];
    const aside = await this.#store.recover(leases, this.#clock.wall());
    this.#tell({ type: 'store.rewritten', why: fault.message, leases: leases.length, aside });
  }
}

function messageOf(fault: unknown): string {
  return fault instanceof Error ? fault.message : String(fault);
}
