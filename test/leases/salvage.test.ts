import { readFileSync, writeFileSync } from 'node:fs';
import { afterAll, describe, expect, it } from 'vitest';
import { wallMs } from '../../src/base/clock.ts';
import type { Lease } from '../../src/dhcp/lease.ts';
import { NEVER } from '../../src/dhcp/lease.ts';
import { encodeRecord } from '../../src/leases/journal-record.ts';
import { salvageLeases } from '../../src/leases/salvage.ts';
import { SqliteLeaseStore } from '../../src/leases/sqlite-store.ts';
import { leaseNumber, leaseNumbers, storeFile } from '../support/leases.ts';
import { Random } from '../support/random.ts';
import { removeScratch } from '../support/scratch.ts';

afterAll(removeScratch);

const NO_JOURNAL = new Uint8Array();
const TIME = { leaseAt: wallMs(5), wallAt: wallMs(1_800_000_000_000) };

/** The file and its log as they are while the store is open. */
async function octetsOf(groups: readonly (readonly Lease[])[]): Promise<{ readonly file: Uint8Array; readonly log: Uint8Array }> {
  const name = storeFile();
  const store = new SqliteLeaseStore(name);
  for (const group of groups) await store.put(group, TIME);
  const octets = { file: Uint8Array.from(readFileSync(name)), log: Uint8Array.from(readFileSync(`${name}-wal`)) };
  store.close();
  writeFileSync(name, octets.file);
  return octets;
}

function sorted(leases: readonly Lease[]): Lease[] {
  return leases.toSorted((a, b) => a.address - b.address);
}

describe('What is read without SQLite', () => {
  it('is what SQLite would read: every kind of value, in the file and in the log', async () => {
    const odd = [
      leaseNumber(0xf5ffffff, { mac: undefined, hostName: undefined, state: 'declined', expiresAt: NEVER }),
      leaseNumber(5, { hostName: 'Bürö 😀 "x";\u0000', state: 'released', since: wallMs(0), expiresAt: wallMs(1) }),
      leaseNumber(6, { hostName: 'x'.repeat(1500), client: `id:${'ab'.repeat(255)}` as Lease['client'] }),
      leaseNumber(7, { hostName: '', since: wallMs(127), expiresAt: wallMs(2 ** 40) }),
    ];
    const { file, log } = await octetsOf([leaseNumbers(3000), odd]);
    expect(log.length).toBeGreaterThan(0);
    const expected = new Map([...leaseNumbers(3000), ...odd].map((lease) => [lease.address, lease]));
    const { leases, unreadable, time } = salvageLeases(file, log, NO_JOURNAL);
    expect(sorted(leases)).toEqual(sorted([...expected.values()]));
    expect({ unreadable, time }).toEqual({ unreadable: 0, time: TIME });
  });

  it.each([
    ['the younger', [leaseNumber(1), leaseNumber(1, { state: 'released', since: wallMs(1_700_000_999_000) })]],
    ['the one that lasts longer', [leaseNumber(1), leaseNumber(1, { expiresAt: wallMs(1_800_000_000_000) })]],
  ])('of a record that is there twice is %s, whatever the order', async (_which, both) => {
    const lastPages = await Promise.all(
      both.map(async (lease) => (await octetsOf([[lease]])).log.slice(-4096 - 24 - 4096).subarray(0, 4096)),
    );
    for (const pages of [lastPages, lastPages.toReversed()])
      expect(salvageLeases(Buffer.concat([new Uint8Array(4096), ...pages]), new Uint8Array(), NO_JOURNAL).leases).toEqual([both[1]]);
  });
});

describe('What is read of the journal', () => {
  const ID = '0123456789abcdef';
  const [bound, released] = [leaseNumber(1), leaseNumber(1, { state: 'released', expiresAt: wallMs(1_700_000_100_000) })];
  const journal = (sequence: number, ...leases: readonly Lease[]) => encodeRecord(ID, sequence, { leases, time: undefined });

  it.each([
    ['newer than the database, is the truth', [journal(6, released)], [released], 0],
    ['older than the database, is not', [journal(5, leaseNumber(1, { expiresAt: NEVER }))], [bound], 0],
    [
      'older, still has what the database has lost',
      [journal(4, leaseNumber(2)), journal(5, leaseNumber(2, { hostName: 'later', since: wallMs(1_700_000_000_003) }))],
      [bound, leaseNumber(2, { hostName: 'later', since: wallMs(1_700_000_000_003) })],
      0,
    ],
    ['with a gap, is said to be unreadable there', [journal(6, released), journal(9, leaseNumber(3))], [released, leaseNumber(3)], 2],
  ])('%s', async (_what, records, expected, lost) => {
    const name = storeFile();
    const store = new SqliteLeaseStore(name);
    await store.put([bound]);
    store.beginJournal(ID);
    store.fold({ leases: [], folded: 5 }, true);
    const { leases, unreadable } = salvageLeases(readFileSync(name), readFileSync(`${name}-wal`), Buffer.concat(records));
    store.close();
    expect(sorted(leases)).toEqual(expected);
    expect(unreadable).toBe(lost);
  });
});

describe('Whatever the octets are', () => {
  it('nothing is thrown, and nothing is made up that is no lease', async () => {
    const { file, log } = await octetsOf([leaseNumbers(400), leaseNumbers(400, 200), leaseNumbers(400, 300), leaseNumbers(9)]);
    const random = new Random(26);
    let found = 0;
    for (let round = 0; round < 200; round += 1) {
      const [spoiltFile, spoiltLog] = [spoil(file, random), spoil(log, random)];
      const { leases } = salvageLeases(spoiltFile, spoiltLog, NO_JOURNAL);
      found += leases.length;
      for (const { address, client, state, expiresAt } of leases) {
        expect(address >>> 0).toBe(address);
        expect(client).toMatch(/^[\x21-\x7e]+$/);
        expect(['bound', 'released', 'declined']).toContain(state);
        expect(Number.isSafeInteger(expiresAt)).toBe(true);
      }
    }
    // Much of it survives.
    expect(found / 200).toBeGreaterThan(100);
  });

  function spoil(octets: Uint8Array, random: Random): Uint8Array {
    const spoilt = octets.slice(0, random.chance(0.2) ? random.below(octets.length) : octets.length);
    for (let times = random.below(40); times > 0; times -= 1) spoilt[random.below(spoilt.length)] = random.below(256);
    return spoilt;
  }
});
