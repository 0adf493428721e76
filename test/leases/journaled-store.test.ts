import fs from 'node:fs';
import { syncBuiltinESMExports } from 'node:module';
import { join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { setImmediate as nextTurn, setTimeout as sleep } from 'node:timers/promises';
import { afterAll, afterEach, describe, expect, it } from 'vitest';
import { wallMs } from '../../src/base/clock.ts';
import type { Lease } from '../../src/dhcp/lease.ts';
import { BLOCK_OCTETS } from '../../src/leases/journal-record.ts';
import { readLeases } from '../../src/leases/read-leases.ts';
import { journalOf } from '../../src/leases/store-files.ts';
import { ALL_KNOWN, byAddress, close, closeAll, folded, HALF_BLOCKS, killedAfter, leftOf, look, open } from '../support/lease-stores.ts';
import { leaseNumber, leaseNumbers, storeFile } from '../support/leases.ts';
import { removeScratch } from '../support/scratch.ts';

afterEach(closeAll);
afterAll(removeScratch);

describe('What was put', () => {
  it('is in the journal at once, and there after `kill -9`, the latest of each address', async () => {
    const renewed = leaseNumber(3, { state: 'released' });
    const file = await killedAfter(leaseNumbers(10), [renewed], leaseNumbers(2, 20));
    expect(folded(file)).toBe(0);
    expect(look(file)).toEqual({ leases: byAddress([...leaseNumbers(10), renewed, ...leaseNumbers(2, 20)]), ...ALL_KNOWN });
    expect(folded(file), 'after an end in order').toBe(12);
  });

  it('is there after any number of starts that are killed as well', async () => {
    let file = await killedAfter(leaseNumbers(1));
    for (let start = 1; start < 5; start += 1) {
      const { store, leases, events } = open(file);
      expect({ leases, events }).toEqual({ leases: leaseNumbers(start), events: [] });
      await store.put([leaseNumber(start)]);
      file = leftOf(file);
    }
    expect(look(file).leases).toEqual(leaseNumbers(5));
  });

  it('is seen by those who read beside the server', async () => {
    const { store } = open(storeFile());
    await store.put(leaseNumbers(3), { leaseAt: wallMs(1000), wallAt: wallMs(61_000) });
    expect(readLeases(store.description)).toMatchObject(leaseNumbers(3).map(({ address, since }) => ({ address, since: since + 60_000 })));
  });

  it('is folded after a second of quiet, and the journal goes on', async () => {
    const { store, events } = open(storeFile());
    await store.put(leaseNumbers(70));
    await expect.poll(() => folded(store.description), { timeout: 5000 }).toBe(70);
    await store.put([leaseNumber(100)]);
    expect(look(leftOf(store.description)).leases).toEqual([...leaseNumbers(70), leaseNumber(100)]);
    expect(events).toEqual([]);
  });

  it('and is more than a half of the journal holds goes to the database, and nothing older comes after it', async () => {
    const { store } = open(storeFile());
    await store.put([leaseNumber(1, { hostName: 'older' })]);
    await store.put(leaseNumbers(30_000));
    expect(look(leftOf(store.description))).toEqual({ leases: leaseNumbers(30_000), ...ALL_KNOWN });
    await store.put([leaseNumber(1, { hostName: 'younger' })]);
    expect(look(leftOf(store.description)).leases[1]).toEqual(leaseNumber(1, { hostName: 'younger' }));
  });

  it('is never lost while halves change and are folded, whenever the server is killed: after every turn of the event loop', async () => {
    const { store } = open(storeFile());
    const file = store.description;
    const expected = new Map<number, Lease>();
    const put = async (lease: Lease): Promise<void> => {
      await store.put([lease]);
      expected.set(lease.address, lease);
    };
    for (let round = 0; round < 3; round += 1) {
      // Nobody gets a turn while the half is filled: then the fold goes slice by slice, with puts in between.
      for (let at = 0; at <= HALF_BLOCKS; at += 1) await put(leaseNumber((at * 7) % 900, { hostName: `round-${round}-${at}` }));
      for (let turn = 0; turn < 24; turn += 1) {
        await nextTurn();
        await put(leaseNumber(1000 + turn, { hostName: `turn-${round}-${turn}` }));
        if (turn % 3 !== round) continue;
        expect(look(leftOf(file)), `round ${round}, turn ${turn}`).toEqual({ leases: byAddress(expected.values()), ...ALL_KNOWN });
        expect(byAddress(readLeases(file))).toEqual(byAddress(expected.values()));
      }
    }
    expect(byAddress(store.load()), 'what the running store knows').toEqual(byAddress(expected.values()));
  }, 30_000);
});

describe('The order in which things get to the disk', () => {
  /** What `act` does: a half of the journal that is begun, a sync of the journal, one of SQLite's log. */
  async function traceOf(act: () => Promise<void>): Promise<string[]> {
    const trace: string[] = [];
    const calls = { writeSync: fs.writeSync, fdatasyncSync: fs.fdatasyncSync, fdatasync: fs.fdatasync };
    const isLog = (descriptor: number) => fs.readlinkSync(`/proc/self/fd/${descriptor}`).endsWith('-wal');
    const synced = (descriptor: number) => trace.push(isLog(descriptor) ? 'log synced' : 'journal synced');
    Object.assign(fs, {
      writeSync: (descriptor: number, octets: Uint8Array, from: number, length: number, at: number) => {
        trace.push(at % (HALF_BLOCKS * BLOCK_OCTETS) === 0 ? 'half begun' : 'written');
        return calls.writeSync(descriptor, octets, from, length, at);
      },
      fdatasyncSync: (descriptor: number) => {
        calls.fdatasyncSync(descriptor);
        synced(descriptor);
      },
      fdatasync: (descriptor: number, done: fs.NoParamCallback) => {
        calls.fdatasync(descriptor, (fault) => {
          synced(descriptor);
          done(fault);
        });
      },
    });
    syncBuiltinESMExports();
    try {
      await act();
    } finally {
      Object.assign(fs, calls);
      syncBuiltinESMExports();
    }
    return trace;
  }

  it.skipIf(process.platform !== 'linux').each([
    ['whether the fold gets its turns', 1],
    ['or has to be done at once', HALF_BLOCKS * 2],
  ])('no half is written again before SQLite’s log is synced with its leases, %s', async (_how, putsATurn) => {
    const { store } = open(storeFile());
    const trace = await traceOf(async () => {
      for (let put = 0; put < 4 * HALF_BLOCKS; put += 1) {
        await store.put([leaseNumber(put)]);
        if (put % putsATurn === 0) await nextTurn();
      }
    });
    const steps = trace.filter((step) => step === 'half begun' || step === 'log synced');
    // The first two halves were empty.
    expect(steps.filter((step) => step === 'half begun')).toHaveLength(4);
    for (const [index, step] of steps.entries())
      if (step === 'half begun') {
        const before = steps.slice(0, index);
        const begun = before.filter((one) => one === 'half begun').length;
        expect(before.filter((one) => one === 'log synced').length, steps.join()).toBeGreaterThanOrEqual(begun - 1);
      }
    expect(
      trace.filter((step) => step === 'journal synced'),
      'once a promise',
    ).toHaveLength(4 * HALF_BLOCKS);
  });

  it.skipIf(process.platform !== 'linux')('a start syncs the log of the run before, which may have ended in between', async () => {
    const file = await killedAfter(leaseNumbers(2));
    const trace = await traceOf(async () => {
      await open(file).store.put(leaseNumbers(1, 5));
    });
    expect(trace).toEqual(['log synced', 'written', 'journal synced']);
  });
});

describe('A running store', () => {
  it('whose database is held by another program promises on, says once that nothing is folded, and says when it is', async () => {
    const { store, events } = open(storeFile());
    await store.put(leaseNumbers(5));
    const other = new DatabaseSync(store.description);
    other.exec('BEGIN IMMEDIATE');
    await expect.poll(() => events.length, { timeout: 8000 }).toBe(1);
    await store.put(leaseNumbers(5, 5));
    await sleep(2500);
    expect(events).toMatchObject([
      { type: 'store.failed', operation: 'fold', detail: expect.stringContaining('another program holds it') as string, waiting: 0 },
    ]);
    expect(look(leftOf(store.description)).leases).toEqual(leaseNumbers(10));
    other.exec('ROLLBACK');
    other.close();
    await expect.poll(() => events.at(-1)?.type, { timeout: 8000 }).toBe('store.recovered');
    await expect.poll(() => folded(store.description), { timeout: 8000 }).toBe(10);
  }, 30_000);

  it('is nobody else’s: a second program is told so, and can have it afterwards', async () => {
    const { store } = open(storeFile());
    await store.put(leaseNumbers(1));
    expect(() => look(store.description)).toThrow(/leases\.db: database is locked; another program holds it/);
    close(store);
    expect(look(store.description).leases).toEqual(leaseNumbers(1));
  });

  it('that can have no journal says so, and does without', async () => {
    const file = storeFile();
    fs.mkdirSync(join(journalOf(file), 'in the way'), { recursive: true });
    const { store, events } = open(file);
    expect(events).toMatchObject([
      {
        type: 'server.limited',
        detail: expect.stringMatching(/leases\.journal cannot be used .*leases wait for the database instead/) as string,
      },
    ]);
    await store.put(leaseNumbers(3));
    expect(folded(file)).toBe(3);
    close(store);
    fs.rmSync(journalOf(file), { recursive: true });
    expect(look(file)).toEqual({ leases: leaseNumbers(3), ...ALL_KNOWN });
  });

  it('whose journal cannot be written any more takes what it has into the database, says so, and does without', async () => {
    const file = await killedAfter(leaseNumbers(3));
    const { openSync } = fs;
    const refuse = (path: string, flags: string) => {
      if (path === journalOf(file) && flags === 'r+') throw Object.assign(new Error('EACCES: permission denied, open'), { code: 'EACCES' });
      return openSync(path, flags);
    };
    Object.assign(fs, { openSync: refuse });
    syncBuiltinESMExports();
    try {
      const { store, leases, events, knowsAll } = open(file);
      expect({ leases, knowsAll }).toEqual({ leases: leaseNumbers(3), knowsAll: true });
      expect(events).toMatchObject([{ type: 'server.limited', detail: expect.stringContaining('EACCES') as string }]);
      await store.put([leaseNumber(1, { hostName: 'younger' })]);
      close(store);
    } finally {
      Object.assign(fs, { openSync });
      syncBuiltinESMExports();
    }
    const { store, leases, events } = open(file);
    expect({ leases, events }).toEqual({ leases: [leaseNumber(0), leaseNumber(1, { hostName: 'younger' }), leaseNumber(2)], events: [] });
    await store.put([leaseNumber(2, { hostName: 'youngest' })]);
    expect(look(leftOf(file)).leases[2]).toEqual(leaseNumber(2, { hostName: 'youngest' }));
  });

  it('promises nothing that the disk refused, and nothing of it comes back', async () => {
    const { store } = open(storeFile());
    await store.put(leaseNumbers(2));
    const { fdatasyncSync } = fs;
    const refuse = () => {
      throw Object.assign(new Error('ENOSPC: no space left on device, fdatasync'), { code: 'ENOSPC' });
    };
    Object.assign(fs, { fdatasyncSync: refuse });
    syncBuiltinESMExports();
    try {
      await expect(store.put([leaseNumber(7)])).rejects.toThrow(/leases\.journal: ENOSPC: .*; make room on the disk/);
      await expect(store.put([leaseNumber(8)]), 'as long as it lasts').rejects.toThrow();
    } finally {
      Object.assign(fs, { fdatasyncSync });
      syncBuiltinESMExports();
    }
    expect(byAddress(store.load())).toEqual(leaseNumbers(2));
    await store.put([leaseNumber(9)]);
    await store.put([leaseNumber(10)]);
    expect(look(leftOf(store.description))).toEqual({ leases: [...leaseNumbers(2), ...leaseNumbers(2, 9)], ...ALL_KNOWN });
  });
});
