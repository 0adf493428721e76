import fs from 'node:fs';
import { syncBuiltinESMExports } from 'node:module';
import { basename, dirname, join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { setImmediate as nextTurn, setTimeout as sleep } from 'node:timers/promises';
import fc from 'fast-check';
import { afterAll, afterEach, describe, expect, it } from 'vitest';
import { type Clock, monoMs, wallMs } from '../../src/base/clock.ts';
import type { Lease } from '../../src/dhcp/lease.ts';
import type { AppEvent } from '../../src/events/events.ts';
import { BLOCK_OCTETS, scanJournal } from '../../src/leases/journal-record.ts';
import { JOURNAL_OCTETS } from '../../src/leases/lease-journal.ts';
import type { LeaseStore } from '../../src/leases/lease-store.ts';
import { openLeaseStore } from '../../src/leases/open-store.ts';
import { readLeases } from '../../src/leases/read-leases.ts';
import { journalOf, logOf } from '../../src/leases/store-files.ts';
import { leaseNumber, leaseNumbers, storeFile } from '../support/leases.ts';
import { removeScratch } from '../support/scratch.ts';

const HALF_BLOCKS = JOURNAL_OCTETS / BLOCK_OCTETS / 2;
const clock: Clock = { wall: () => wallMs(1_800_000_000_000), mono: () => monoMs(performance.now()) };
const opened: LeaseStore[] = [];

afterEach(() => {
  for (const store of opened.splice(0)) store.close();
});
afterAll(removeScratch);

function open(file: string) {
  const events: AppEvent[] = [];
  const { store, leases, knowsAll } = openLeaseStore(file, clock, (event) => void events.push(event));
  opened.push(store);
  return { store, events, knowsAll, leases: byAddress(leases) };
}

/** Opens, and closes again. */
function look(file: string) {
  const { store, ...found } = open(file);
  close(store);
  return found;
}

function close(store: LeaseStore): void {
  opened.splice(opened.indexOf(store), 1);
  store.close();
}

function byAddress(leases: Iterable<Lease>): Lease[] {
  return [...new Map([...leases].map((lease) => [lease.address, lease])).values()].sort((a, b) => a.address - b.address);
}

/** What `kill -9` leaves now, in a folder of its own. */
function leftOf(file: string): string {
  const copy = storeFile();
  for (const part of [file, logOf(file), journalOf(file)])
    if (fs.existsSync(part)) fs.copyFileSync(part, join(dirname(copy), basename(part)));
  return copy;
}

function change(file: string, act: (octets: Buffer) => void): void {
  const octets = fs.readFileSync(file);
  act(octets);
  fs.writeFileSync(file, octets);
}

/** What is in the database alone. */
function folded(file: string): number {
  const database = new DatabaseSync(file, { readOnly: true });
  const { count } = database.prepare('SELECT count(*) AS count FROM lease').get() as { count: number };
  database.close();
  return count;
}

/** Leaves a store that was killed after these groups, each in a record of its own. */
async function killedAfter(...groups: readonly (readonly Lease[])[]): Promise<string> {
  const { store } = open(storeFile());
  for (const group of groups) await store.put(group);
  return leftOf(store.description);
}

const ALL_KNOWN = { knowsAll: true, events: [] };

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

describe('A journal after a power failure', () => {
  it('ends before a record that was cut short, and is written on there', async () => {
    const whole = [leaseNumbers(4), leaseNumbers(100, 10)];
    const file = await killedAfter(...whole, leaseNumbers(100, 200));
    // The last record has several blocks, of which any can be missing.
    const { at, end } = scanJournal(fs.readFileSync(journalOf(file))).at(-1) ?? { at: 0, end: 0 };
    expect(end - at).toBeGreaterThan(2 * BLOCK_OCTETS);
    for (let missing = at; missing < end; missing += BLOCK_OCTETS) {
      const copy = leftOf(file);
      change(journalOf(copy), (octets) => void octets.fill(0, missing, missing + BLOCK_OCTETS));
      const { store, leases, events } = open(copy);
      expect({ leases, events }, `without octets from ${missing}`).toEqual({ leases: whole.flat(), events: [] });
      await store.put([leaseNumber(500)]);
      expect(look(leftOf(copy)).leases).toEqual([...whole.flat(), leaseNumber(500)]);
    }
  });

  it('whatever bit is flipped: loses at most the group that it is in, and tells it unless that was the last', async () => {
    const groups = [leaseNumbers(3), leaseNumbers(2, 10), leaseNumbers(2, 20)];
    const file = await killedAfter(...groups);
    const journal = fs.readFileSync(journalOf(file));
    fc.assert(
      fc.property(fc.nat(2), fc.nat(600), fc.nat(7), (group, at, bit) => {
        const copy = leftOf(file);
        const spoilt = Buffer.from(journal);
        const octet = group * BLOCK_OCTETS + at;
        spoilt[octet] = (spoilt[octet] ?? 0) ^ (1 << bit);
        fs.writeFileSync(journalOf(copy), spoilt);
        const { leases, knowsAll, events } = look(copy);
        const left = groups.filter((_, index) => index !== group).flat();
        if (leases.length === groups.flat().length) expect({ leases, events }).toEqual({ leases: groups.flat(), events: [] });
        else {
          expect(leases).toEqual(left);
          expect(knowsAll).toBe(group === 2);
          expect(events).toMatchObject(group === 2 ? [] : [{ type: 'store.rebuilt', kept: left.length, unreadable: 1 }]);
        }
      }),
      { numRuns: 60 },
    );
  }, 30_000);

  it('of which the last record of one half is gone is damaged when the other half has any', async () => {
    const { store } = open(storeFile());
    const count = HALF_BLOCKS + 3;
    for (let at = 0; at < count; at += 1) await store.put([leaseNumber(at)]);
    const file = leftOf(store.description);
    expect(look(leftOf(file))).toEqual({ leases: leaseNumbers(count), ...ALL_KNOWN });
    change(journalOf(file), (octets) => void octets.fill(0x55, (HALF_BLOCKS - 1) * BLOCK_OCTETS, HALF_BLOCKS * BLOCK_OCTETS));
    const { leases, knowsAll, events } = look(file);
    expect(leases).toEqual(leaseNumbers(count).filter((_, at) => at !== HALF_BLOCKS - 1));
    expect(knowsAll).toBe(false);
    expect(events).toMatchObject([{ type: 'store.rebuilt', why: expect.stringContaining('record 512 is missing') as string }]);
  });
});

describe('A database and a journal that do not go together', () => {
  /** Three leases in the database, two in the journal. */
  async function unfinished(): Promise<string> {
    const file = storeFile();
    const first = open(file);
    await first.store.put(leaseNumbers(3));
    close(first.store);
    const { store } = open(file);
    await store.put(leaseNumbers(2, 10));
    return leftOf(file);
  }

  const accidents: readonly { name: string; harm: (file: string) => Promise<void> | void; why: string; kept: number }[] = [
    { name: 'the journal deleted', harm: (file) => fs.rmSync(journalOf(file)), why: 'leases.journal is gone', kept: 3 },
    {
      name: 'the journal cut off',
      harm: (file) => fs.truncateSync(journalOf(file), 3 * BLOCK_OCTETS),
      why: 'its length is 12288 octets',
      kept: 5,
    },
    {
      name: 'the journal of another store',
      harm: async (file) => fs.copyFileSync(journalOf(await killedAfter(leaseNumbers(4, 20))), journalOf(file)),
      why: 'belongs to another lease store',
      kept: 7,
    },
    {
      name: 'the database and its log deleted',
      harm: (file) => {
        for (const part of [file, logOf(file)]) fs.rmSync(part);
      },
      why: 'leases.db is gone, and its journal is still there',
      kept: 2,
    },
    {
      name: 'the database destroyed',
      harm: (file) => {
        for (const part of [file, logOf(file)]) fs.writeFileSync(part, 'no database, but long enough. '.repeat(500));
      },
      why: 'leases.db is damaged',
      kept: 2,
    },
    {
      name: 'a database that was put back',
      harm: async (file) => {
        const other = storeFile();
        const { store } = open(other);
        await store.put(leaseNumbers(1, 30));
        close(store);
        fs.rmSync(logOf(file));
        fs.copyFileSync(other, file);
      },
      why: 'belongs to another lease store',
      kept: 3,
    },
  ];
  it.each(accidents)('$name: all that can be read is kept, and it is told', async ({ harm, why, kept }) => {
    const file = await unfinished();
    await harm(file);
    const { leases, knowsAll, events } = look(file);
    expect(events).toMatchObject([{ type: 'store.rebuilt', kept, why: expect.stringContaining(why) as string }]);
    expect(knowsAll).toBe(false);
    expect(look(file), 'the next start').toEqual({ leases, ...ALL_KNOWN });
  });

  it('a database that is older than the journal is not taken for the whole truth', async () => {
    const { store } = open(storeFile());
    const file = store.description;
    await store.put(leaseNumbers(2));
    const older = leftOf(file);
    for (let at = 0; at < 3 * HALF_BLOCKS; at += 1) await store.put([leaseNumber(10 + (at % 5), { hostName: `put-${at}` })]);
    const left = leftOf(file);
    fs.copyFileSync(older, left);
    fs.rmSync(logOf(left));
    expect(look(left)).toMatchObject({ knowsAll: false, events: [{ type: 'store.rebuilt' }] });
  });

  it('after an end in order the database alone is the store: another journal, or none, makes no difference', async () => {
    const { store } = open(storeFile());
    await store.put(leaseNumbers(5));
    close(store);
    const file = store.description;
    for (const harm of [
      () => fs.rmSync(journalOf(file)),
      () => fs.writeFileSync(journalOf(file), new Uint8Array(12_345)),
      () => fs.writeFileSync(journalOf(file), 'something else '.repeat(1000)),
    ]) {
      harm();
      expect(look(file)).toEqual({ leases: leaseNumbers(5), ...ALL_KNOWN });
      expect(fs.statSync(journalOf(file)).size).toBe(JOURNAL_OCTETS);
    }
    fs.rmSync(file);
    expect(look(file), 'deleted, to begin anew').toEqual({ leases: [], ...ALL_KNOWN });
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
