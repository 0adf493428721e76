import { describe, expect, it } from 'vitest';
import { monoMs, wallMs } from '../../src/base/clock.ts';
import type { Lease } from '../../src/dhcp/lease.ts';
import type { ClientKey } from '../../src/dhcp/request.ts';
import type { AppEvent } from '../../src/events/events.ts';
import { GroupCommit } from '../../src/leases/group-commit.ts';
import type { LeaseStore } from '../../src/leases/lease-store.ts';
import { ip } from '../support/addresses.ts';

function lease(last: number): Lease {
  return {
    address: ip(`10.0.0.${last}`),
    network: 'lan',
    client: 'id:01' as ClientKey,
    mac: undefined,
    hostName: undefined,
    state: 'bound',
    since: wallMs(0),
    expiresAt: wallMs(1),
  };
}

/** A store whose disk a test can fill, and that remembers its groups. */
class FakeStore implements LeaseStore {
  readonly description = 'fake';
  readonly groups: number[][] = [];
  isFull = false;
  load(): Iterable<Lease> {
    return [];
  }
  async put(leases: readonly Lease[]): Promise<void> {
    await Promise.resolve();
    if (this.isFull) throw new Error('database or disk is full');
    this.groups.push(leases.map(({ address }) => address & 255));
  }
  close(): void {}
}

function bench() {
  const store = new FakeStore();
  const events: AppEvent[] = [];
  const outcomes: string[] = [];
  let now = 0;
  const commits = new GroupCommit(store, { wall: () => wallMs(now), mono: () => monoMs(now) }, (event) => events.push(event));
  const add = (last: number) => commits.add(lease(last), (outcome) => outcomes.push(`${last} ${outcome}`));
  return { store, events, outcomes, commits, add, pass: (ms: number) => (now += ms) };
}

describe('Group commit', () => {
  it('puts all that comes in one turn in one transaction', async () => {
    const { store, outcomes, commits, add } = bench();
    for (const last of [1, 2, 3]) add(last);
    expect(outcomes).toEqual([]);
    await commits.drained();
    expect(store.groups).toEqual([[1, 2, 3]]);
    expect(outcomes).toEqual(['1 stored', '2 stored', '3 stored']);
  });

  it('puts what comes while the store is busy in the next', async () => {
    const { store, commits, add } = bench();
    commits.add(lease(1), () => add(2));
    await commits.drained();
    expect(store.groups).toEqual([[1], [2]]);
  });

  it('tells everybody of a group that it failed, goes on, and says when it works again', async () => {
    const { store, events, outcomes, commits, add, pass } = bench();
    store.isFull = true;
    add(1);
    add(2);
    await commits.drained();
    pass(5000);
    store.isFull = false;
    add(3);
    await commits.drained();
    expect(outcomes).toEqual(['1 failed', '2 failed', '3 stored']);
    expect(events).toEqual([
      { type: 'store.failed', operation: 'put', detail: 'database or disk is full', waiting: 2 },
      { type: 'store.recovered', failedForMs: 5000 },
    ]);
  });

  it('has nothing to wait for when nothing was added', async () => {
    await expect(bench().commits.drained()).resolves.toBeUndefined();
  });
});
