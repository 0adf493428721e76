import { existsSync, mkdirSync, readdirSync, readFileSync, renameSync, rmSync, statSync, truncateSync, writeFileSync } from 'node:fs';
import { basename, dirname, join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { afterAll, describe, expect, it } from 'vitest';
import { type Clock, monoMs, wallMs } from '../../src/base/clock.ts';
import type { Lease } from '../../src/dhcp/lease.ts';
import type { AppEvent } from '../../src/events/events.ts';
import { openLeaseStore } from '../../src/leases/open-store.ts';
import { SqliteLeaseStore } from '../../src/leases/sqlite-store.ts';
import { change } from '../support/lease-stores.ts';
import { leaseNumber, leaseNumbers, storeFile } from '../support/leases.ts';
import { removeScratch } from '../support/scratch.ts';

const PAGE = 4096;
const COUNT = 2000;
const NOON = Date.UTC(2023, 10, 15, 12);
const clock: Clock = { wall: () => wallMs(NOON), mono: () => monoMs(0) };

afterAll(removeScratch);

/** Opens, and closes again. */
function look(file: string, at: Clock = clock) {
  const events: AppEvent[] = [];
  const { store, leases, knowsAll } = openLeaseStore(file, at, (event) => void events.push(event));
  store.close();
  return { leases: [...leases].sort((a, b) => a.address - b.address), knowsAll, events };
}

async function made(leases: readonly Lease[]): Promise<string> {
  const file = storeFile();
  const store = new SqliteLeaseStore(file);
  await store.put(leases);
  store.close();
  return file;
}

/** What `kill -9` leaves: the file and its log, as they are while the store is open. */
async function killed(...groups: readonly (readonly Lease[])[]): Promise<string> {
  const file = storeFile();
  const store = new SqliteLeaseStore(file);
  for (const group of groups) await store.put(group);
  const left = ['', '-wal'].map((part) => [part, readFileSync(file + part)] as const);
  store.close();
  for (const [part, octets] of left) writeFileSync(file + part, octets);
  return file;
}

/** What is there that no store has while all is well. */
function besides(file: string): string[] {
  const usual = [basename(file), 'leases.journal', 'leases.db.lock'];
  return readdirSync(dirname(file)).filter((name) => !usual.includes(name));
}

describe('A store that is well', () => {
  it('gives all its leases, and knows all', async () => {
    const leases = leaseNumbers(COUNT);
    expect(look(await made(leases))).toEqual({ leases, knowsAll: true, events: [] });
  });

  it('gives them after `kill -9` too', async () => {
    const file = await killed(leaseNumbers(500), leaseNumbers(500, 500));
    expect(look(file)).toEqual({ leases: leaseNumbers(1000), knowsAll: true, events: [] });
  });

  it('is made when there is none, or an empty file: there was nothing to know', () => {
    const file = storeFile();
    expect(look(file)).toEqual({ leases: [], knowsAll: true, events: [] });
    expect(look(file)).toEqual({ leases: [], knowsAll: true, events: [] });
    writeFileSync(file, '');
    expect(look(file)).toEqual({ leases: [], knowsAll: true, events: [] });
  });

  it('of which the youngest lease is of tomorrow shows that the clock is behind, even without a stored time', async () => {
    const leases = [leaseNumber(1, { since: wallMs(NOON + 86_400_000) })];
    const { events } = look(await made(leases));
    expect(events).toEqual([{ type: 'clock.jumped', byMs: -86_400_000, when: 'stopped' }]);
  });

  it.each([
    ['without a stored time', 'DROP TABLE journal; DROP TABLE time; PRAGMA user_version = 1'],
    ['without a journal', 'DROP TABLE journal; PRAGMA user_version = 2'],
  ])('is taken over from the version %s', async (_what, backTo) => {
    const file = await made(leaseNumbers(3));
    const database = new DatabaseSync(file);
    database.exec(backTo);
    database.close();
    expect(look(file)).toEqual({ leases: leaseNumbers(3), knowsAll: true, events: [] });
    expect(new DatabaseSync(file).prepare('PRAGMA user_version').get()).toEqual({ user_version: 3 });
  });
});

interface Damage {
  readonly name: string;
  readonly harm: (file: string) => void;
  /** Leases that may be gone at most. */
  readonly lost: number;
}

/** Rows of a page of 4096 octets, about. */
const ROWS = 60;

const DAMAGES: readonly Damage[] = [
  { name: 'no database at all', harm: (file) => writeFileSync(file, 'no database, but long enough. '.repeat(500)), lost: COUNT },
  { name: 'full of zeros', harm: (file) => writeFileSync(file, new Uint8Array(20 * PAGE)), lost: COUNT },
  { name: 'its header overwritten', harm: (file) => change(file, (octets) => void octets.fill(0x55, 0, 100)), lost: 0 },
  { name: 'its first page zero', harm: (file) => change(file, (octets) => void octets.fill(0, 0, PAGE)), lost: 0 },
  { name: 'the root of the table zero', harm: (file) => change(file, (octets) => void octets.fill(0, PAGE, 2 * PAGE)), lost: 0 },
  { name: 'a page zero', harm: (file) => change(file, (octets) => void octets.fill(0, 9 * PAGE, 10 * PAGE)), lost: ROWS },
  { name: 'a page full of noise', harm: (file) => change(file, (octets) => noise(octets, 9 * PAGE, 10 * PAGE)), lost: ROWS },
  { name: 'half a page full of noise', harm: (file) => change(file, (octets) => noise(octets, 9.5 * PAGE, 10 * PAGE)), lost: ROWS },
  { name: 'a row that is no lease', harm: spoilText, lost: 1 },
  { name: 'cut off in the middle of a page', harm: (file) => truncateSync(file, 10.5 * PAGE), lost: COUNT - 7 * (ROWS / 2) },
  { name: 'cut off after some octets', harm: (file) => truncateSync(file, 50), lost: COUNT },
];

function noise(octets: Buffer, from: number, to: number): void {
  for (let at = from; at < to; at += 1) octets[at] = (at * 2_654_435_761) >>> 24;
}

function spoilText(file: string): void {
  change(file, (octets) => {
    const at = octets.indexOf('id:01000003e8');
    octets.fill(0xff, at, at + 13);
  });
}

describe('A damaged store', () => {
  it.each(DAMAGES)('$name: is set aside, and made anew of all that can be read', async ({ harm, lost }) => {
    const all = leaseNumbers(COUNT);
    const file = await made(all);
    harm(file);
    const damaged = readFileSync(file);
    const { leases, knowsAll, events } = look(file);
    const known = new Map(all.map((lease) => [lease.address, lease]));
    for (const lease of leases) expect(lease).toEqual(known.get(lease.address));
    expect(COUNT - leases.length).toBeLessThanOrEqual(lost);
    expect(knowsAll).toBe(false);
    const aside = `${file}.damaged-20231115T120000Z`;
    expect(events).toEqual([
      {
        type: 'store.rebuilt',
        why: expect.stringContaining('is damaged') as string,
        kept: leases.length,
        unreadable: expect.any(Number) as number,
        aside,
      },
    ]);
    expect(readFileSync(aside).equals(damaged)).toBe(true);
    expect(look(file), 'the next start').toEqual({ leases, knowsAll: true, events: [] });
  });

  it('keeps what was only in the log yet', async () => {
    const file = await killed(leaseNumbers(100), leaseNumbers(100, 100));
    expect(statSync(`${file}-wal`).size).toBeGreaterThan(0);
    writeFileSync(file, '');
    const { leases, events } = look(file);
    expect(leases).toEqual(leaseNumbers(200));
    expect(events).toMatchObject([{ type: 'store.rebuilt', kept: 200, unreadable: 0 }]);
  });

  it.each([
    ['a page', 24 + 100, 24 + 110],
    ['a frame and its header', 0, 24 + 4096],
  ])('loses no more than it has to when %s of the log is damaged in the middle', async (_what, from, to) => {
    const groups = Array.from({ length: 6 }, (_, group) => leaseNumbers(100, group * 1000));
    const file = await killed(...groups);
    const frames = (statSync(`${file}-wal`).size - 32) / (24 + PAGE);
    const at = 32 + Math.floor(frames / 2) * (24 + PAGE);
    change(`${file}-wal`, (octets) => void octets.fill(0, at + from, at + to));
    const { leases, events } = look(file);
    expect(events).toMatchObject([{ type: 'store.rebuilt', why: expect.stringContaining('-wal is damaged in the middle') as string }]);
    expect(leases.length).toBeGreaterThanOrEqual(600 - 100);
    expect(leases).toEqual(expect.arrayContaining(groups[5] ?? []));
  });

  it('is none when the last commit was cut short by a power failure, which may write its end before its middle', async () => {
    const file = await killed(leaseNumbers(100), leaseNumbers(300, 1000));
    const size = statSync(`${file}-wal`).size;
    change(`${file}-wal`, (octets) => void octets.fill(0, size - 2 * (24 + PAGE), size - (24 + PAGE)));
    expect(look(file)).toEqual({ leases: leaseNumbers(100), knowsAll: true, events: [] });
  });

  it('is set aside beside an earlier one of the same second', async () => {
    const file = await made(leaseNumbers(3));
    for (let time = 0; time < 2; time += 1) {
      change(file, (octets) => void octets.fill(0x55, 0, 100));
      expect(look(file).leases).toHaveLength(3);
    }
    expect(besides(file)).toEqual(['', '-2', '-2.journal'].map((ending) => `leases.db.damaged-20231115T120000Z${ending}`));
  });

  it('is found by a look through the whole file when the server did not end well', async () => {
    const file = await killed(leaseNumbers(COUNT));
    // A page that no lease is read from: SQLite alone would go on with it until it needs a free page.
    const database = new DatabaseSync(file);
    database.exec('PRAGMA wal_checkpoint(TRUNCATE); PRAGMA writable_schema = ON');
    const before = readFileSync(file);
    database.exec("UPDATE lease SET host_name = 'x' WHERE address = 167772160");
    const log = readFileSync(`${file}-wal`);
    database.close();
    before.writeUInt32BE(7, 32);
    before.writeUInt32BE(1, 36);
    writeFileSync(file, before);
    writeFileSync(`${file}-wal`, log.subarray(0, 32));
    const { leases, events } = look(file);
    expect(leases).toHaveLength(COUNT);
    expect(events).toMatchObject([{ type: 'store.rebuilt', kept: COUNT }]);
  });
});

describe('A start that a power failure interrupts while it rebuilds', () => {
  it('begins again as long as the new store is not complete', async () => {
    const file = await made(leaseNumbers(COUNT));
    change(file, (octets) => void octets.fill(0x55, 0, 100));
    writeFileSync(`${file}.rebuilding`, 'half of it');
    expect(look(file).leases).toEqual(leaseNumbers(COUNT));
    expect(besides(file)).toEqual(['leases.db.damaged-20231115T120000Z']);
  });

  it.each([
    ['before the damaged one is set aside', true],
    ['before the new one is in its place', false],
  ])('goes on %s', async (_when, isThere) => {
    const file = await made(leaseNumbers(5));
    renameSync(file, `${file}.rebuilt`);
    if (isThere) writeFileSync(file, 'damaged');
    const { leases, knowsAll, events } = look(file);
    expect({ leases, knowsAll }).toEqual({ leases: leaseNumbers(5), knowsAll: false });
    const aside = isThere ? ['leases.db.damaged-20231115T120000Z'] : [];
    expect(events).toMatchObject([{ type: 'store.rebuilt', kept: 5, aside: isThere ? `${dirname(file)}/${aside[0]}` : undefined }]);
    expect(besides(file)).toEqual(aside);
    expect(look(file)).toEqual({ leases: leaseNumbers(5), knowsAll: true, events: [] });
  });
});

describe('A store that cannot be written is not damaged: the start says why, and what to do', () => {
  it('held by another program', async () => {
    const file = await made(leaseNumbers(3));
    const other = new DatabaseSync(file);
    other.exec('PRAGMA locking_mode = EXCLUSIVE; BEGIN EXCLUSIVE');
    expect(() => look(file)).toThrow(/leases\.db: database is locked; another program holds it/);
    other.close();
    expect(look(file).leases).toEqual(leaseNumbers(3));
  });

  it('of a newer version', async () => {
    const file = await made(leaseNumbers(3));
    const database = new DatabaseSync(file);
    database.exec('PRAGMA user_version = 99');
    database.close();
    expect(() => look(file)).toThrow('newer version');
    expect(besides(file)).toEqual([]);
  });

  it('in a folder that is none', () => {
    const file = storeFile();
    rmSync(dirname(file), { recursive: true });
    expect(() => look(file)).toThrow('let the user that the server runs as write it');
    writeFileSync(dirname(file), '');
    expect(() => look(join(dirname(file), 'leases.db'))).toThrow();
    rmSync(dirname(file));
    mkdirSync(dirname(file));
    expect(look(file).leases).toEqual([]);
    expect(existsSync(file)).toBe(true);
  });
});

describe('Every state in which `kill -9` can leave the log', () => {
  it('gives all groups that were acknowledged, and the next one whole or not at all', async () => {
    const acknowledged = leaseNumbers(20);
    const next = [leaseNumber(3, { state: 'released' }), ...leaseNumbers(30, 300)];
    const before = await killed(acknowledged);
    const after = await killed(acknowledged, next);
    const from = statSync(`${before}-wal`).size;
    const main = readFileSync(after);
    const log = readFileSync(`${after}-wal`);
    expect(log.length).toBeGreaterThan(from + PAGE);
    const file = storeFile();
    const whole = new Map([...acknowledged, ...next].map((lease) => [lease.address, lease]));
    const outcomes = new Set<string>();
    for (const end of cutsBetween(from, log.length)) {
      writeFileSync(file, main);
      writeFileSync(`${file}-wal`, log.subarray(0, end));
      const { leases, events } = look(file);
      expect(events).toEqual([]);
      const isWhole = leases.length === whole.size;
      expect(leases, `after ${end} octets`).toEqual(isWhole ? [...whole.values()].sort((a, b) => a.address - b.address) : acknowledged);
      outcomes.add(isWhole ? 'whole' : 'nothing');
    }
    expect(outcomes).toEqual(new Set(['nothing', 'whole']));
  });

  /** At every write of SQLite (a frame's header, a page), and at places where a write was cut short. */
  function cutsBetween(from: number, to: number): number[] {
    const cuts: number[] = [];
    for (let at = from; at < to; at += PAGE + 24) cuts.push(at, at + 7, at + 24, at + 24 + PAGE / 2, at + 24 + PAGE - 1);
    return [...cuts.filter((cut) => cut < to), to];
  }
});
