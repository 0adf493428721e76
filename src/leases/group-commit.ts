/**
 * Puts leases into a store in groups: all that come while the store is busy, or in one turn of the event loop, share one
 * transaction and one sync. Each is told when its group is durable, or that it is not.
 */
import { type Clock, type MonoMs, monoMs } from '../base/clock.ts';
import type { Lease } from '../dhcp/lease.ts';
import type { Tell } from '../events/bus.ts';
import type { LeaseStore } from './lease-store.ts';

export type CommitOutcome = 'stored' | 'failed';

interface Waiting {
  readonly lease: Lease;
  readonly settle: (outcome: CommitOutcome) => void;
}

export class GroupCommit {
  readonly #store: LeaseStore;
  readonly #clock: Clock;
  readonly #tell: Tell;
  #waiting: Waiting[] = [];
  #flushing: Promise<void> | undefined;
  #failingSince: MonoMs | undefined;

  constructor(store: LeaseStore, clock: Clock, tell: Tell) {
    this.#store = store;
    this.#clock = clock;
    this.#tell = tell;
  }

  /** Adds a lease to the next group; `settle` is called once, later. */
  add(lease: Lease, settle: (outcome: CommitOutcome) => void): void {
    this.#waiting.push({ lease, settle });
    this.#flushing ??= this.#flushAll();
  }

  /** Resolves when all that was added is settled. */
  async drained(): Promise<void> {
    await this.#flushing;
  }

  async #flushAll(): Promise<void> {
    // Let this turn's other datagrams join the group.
    await new Promise((resolve) => setImmediate(resolve));
    while (this.#waiting.length > 0) {
      const group = this.#waiting;
      this.#waiting = [];
      const outcome = await this.#flush(group);
      for (const { settle } of group) settle(outcome);
    }
    this.#flushing = undefined;
  }

  async #flush(group: readonly Waiting[]): Promise<CommitOutcome> {
    try {
      await this.#store.put(group.map(({ lease }) => lease));
      if (this.#failingSince !== undefined) {
        this.#tell({ type: 'store.recovered', failedForMs: this.#clock.mono() - this.#failingSince });
        this.#failingSince = undefined;
      }
      return 'stored';
    } catch (fault) {
      this.#failingSince ??= monoMs(this.#clock.mono());
      this.#tell({
        type: 'store.failed',
        operation: 'put',
        detail: fault instanceof Error ? fault.message : String(fault),
        waiting: group.length,
      });
      return 'failed';
    }
  }
}
