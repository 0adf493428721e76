/** What a start makes of a journal that is torn, damaged, gone or another store's. */
import fs from 'node:fs';
import fc from 'fast-check';
import { afterAll, afterEach, describe, expect, it } from 'vitest';
import { BLOCK_OCTETS, scanJournal } from '../../src/leases/journal-record.ts';
import { JOURNAL_OCTETS } from '../../src/leases/lease-journal.ts';
import { journalOf, logOf } from '../../src/leases/store-files.ts';
import { ALL_KNOWN, change, close, closeAll, HALF_BLOCKS, killedAfter, leftOf, look, open } from '../support/lease-stores.ts';
import { leaseNumber, leaseNumbers, storeFile } from '../support/leases.ts';
import { removeScratch } from '../support/scratch.ts';

afterEach(closeAll);
afterAll(removeScratch);

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
