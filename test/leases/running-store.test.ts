/** What happens to the file while the server runs. */
import { appendFileSync, copyFileSync, readdirSync, readFileSync, renameSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { dirname } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { afterAll, describe, expect, it } from 'vitest';
import { monoMs, wallMs } from '../../src/base/clock.ts';
import type { Lease } from '../../src/dhcp/lease.ts';
import type { AppEvent } from '../../src/events/events.ts';
import { GroupCommit } from '../../src/leases/group-commit.ts';
import type { LeaseStore } from '../../src/leases/lease-store.ts';
import { openLeaseStore } from '../../src/leases/open-store.ts';
import { readLeases } from '../../src/leases/read-leases.ts';
import { SqliteLeaseStore } from '../../src/leases/sqlite-store.ts';
import { journalOf } from '../../src/leases/store-files.ts';
import { leaseNumber, leaseNumbers, storeFile } from '../support/leases.ts';
import { removeScratch } from '../support/scratch.ts';

afterAll(removeScratch);

const NOON = wallMs(Date.UTC(2026, 10, 20, 12));

const clock = { wall: () => NOON, mono: () => monoMs(0) };
type Kind = 'SQLite alone' | 'SQLite behind its journal';

/** A store, and the book of what it has acknowledged. */
class Running {
  readonly file = storeFile();
  readonly book = new Map<number, Lease>();
  readonly events: AppEvent[] = [];
  readonly store: LeaseStore;
  readonly commits: GroupCommit;

  constructor(kind: Kind) {
    const tell = (event: AppEvent) => void this.events.push(event);
    this.store = kind === 'SQLite alone' ? new SqliteLeaseStore(this.file) : openLeaseStore(this.file, clock, tell).store;
    this.commits = new GroupCommit(this.store, clock, tell, {
      leases: () => this.book.values(),
      mark: () => ({ leaseAt: NOON, wallAt: NOON }),
    });
  }

  async put(...leases: readonly Lease[]): Promise<readonly string[]> {
    const outcomes: string[] = [];
    for (const lease of leases)
      this.commits.add(lease, (outcome) => {
        outcomes.push(outcome);
        if (outcome === 'stored') this.book.set(lease.address, lease);
      });
    await this.commits.drained();
    return outcomes;
  }

  /** What another start would find, sorted. */
  stored(): readonly Lease[] {
    return readLeases(this.file).sort((a, b) => a.address - b.address);
  }

  get names(): readonly string[] {
    return readdirSync(dirname(this.file)).filter((name) => !/-(wal|shm)$/.test(name));
  }
}

function removeAll(file: string): void {
  for (const part of [file, `${file}-wal`, `${file}-shm`, journalOf(file)]) rmSync(part, { force: true });
}

/** By another file of the same octets. */
function replace(file: string): void {
  copyFileSync(file, `${file}.copy`);
  renameSync(`${file}.copy`, file);
}

const ASIDE = 'leases.db.damaged-20261120T120000Z';

describe('The file of a running server', () => {
  const accidents: readonly { name: string; harm: (file: string) => void; aside: boolean }[] = [
    { name: 'deleted', harm: (file) => rmSync(file), aside: true },
    { name: 'deleted with its log', harm: removeAll, aside: false },
    { name: 'its log deleted', harm: (file) => rmSync(`${file}-wal`), aside: true },
    { name: 'moved away', harm: (file) => renameSync(file, `${file}.moved`), aside: true },
    { name: 'deleted with its folder', harm: (file) => rmSync(dirname(file), { recursive: true }), aside: false },
    { name: 'replaced by an older copy', harm: replace, aside: true },
  ];
  const kinds: readonly Kind[] = ['SQLite alone', 'SQLite behind its journal'];
  const journalAccidents: typeof accidents = [
    { name: 'its journal deleted', harm: (file) => rmSync(journalOf(file)), aside: true },
    { name: 'its journal replaced', harm: (file) => replace(journalOf(file)), aside: true },
  ];
  it.each([
    ...kinds.flatMap((kind) => accidents.map((accident) => ({ kind, ...accident }))),
    ...journalAccidents.map((accident) => ({ kind: 'SQLite behind its journal' as const, ...accident })),
  ])('$kind, $name: is written anew from memory, and nobody waits for it', async ({ kind, harm, aside }) => {
    const running = new Running(kind);
    await running.put(...leaseNumbers(200));
    // Into the file, so that there is something to spoil; and again into the log.
    new DatabaseSync(running.file).exec('PRAGMA wal_checkpoint(TRUNCATE)');
    await running.put(leaseNumber(300));
    harm(running.file);
    expect(await running.put(...leaseNumbers(40, 400))).toEqual(Array.from({ length: 40 }, () => 'stored'));
    expect(running.events).toEqual([
      {
        type: 'store.rewritten',
        why: expect.stringMatching(/leases\.(db|journal) was deleted or replaced by somebody else$/) as string,
        leases: 201,
        aside: aside ? `${dirname(running.file)}/${ASIDE}` : undefined,
      },
    ]);
    expect(running.stored()).toEqual([...leaseNumbers(200), leaseNumber(300), ...leaseNumbers(40, 400)]);
    expect(await running.put(leaseNumber(500)), 'and the next').toEqual(['stored']);
    expect(running.events).toHaveLength(1);
    expect(running.stored()).toHaveLength(242);
    running.store.close();
  });

  it('overwritten with something else: is written anew as soon as SQLite finds out', async () => {
    const running = new Running('SQLite alone');
    // More than SQLite keeps in its memory.
    await running.put(...leaseNumbers(50_000));
    new DatabaseSync(running.file).exec('PRAGMA wal_checkpoint(TRUNCATE)');
    writeFileSync(running.file, 'something else '.repeat(1000));
    expect(await running.put(leaseNumber(7), leaseNumber(25_000), leaseNumber(49_999))).toEqual(['stored', 'stored', 'stored']);
    expect(running.events).toMatchObject([
      {
        type: 'store.rewritten',
        why: expect.stringContaining('is damaged: ') as string,
        leases: 50_000,
        aside: expect.any(String) as string,
      },
    ]);
    expect(running.stored()).toHaveLength(50_000);
    running.store.close();
  });

  it('deleted while nobody wants anything: is found when the time is stored', async () => {
    const running = new Running('SQLite alone');
    await running.put(leaseNumber(1));
    rmSync(running.file);
    running.commits.keepTime();
    await running.commits.drained();
    expect(running.events).toMatchObject([{ type: 'store.rewritten', leases: 1 }]);
    expect(running.stored()).toEqual([leaseNumber(1)]);
    running.store.close();
  });

  it('cannot be written anew either: promises nothing, and tries again', async () => {
    const running = new Running('SQLite alone');
    await running.put(leaseNumber(1));
    const folder = dirname(running.file);
    rmSync(folder, { recursive: true });
    writeFileSync(folder, 'in the way');
    expect(await running.put(leaseNumber(2))).toEqual(['failed']);
    expect(await running.put(leaseNumber(2))).toEqual(['failed']);
    rmSync(folder);
    expect(await running.put(leaseNumber(2))).toEqual(['stored']);
    expect(running.events.map(({ type }) => type)).toEqual(['store.failed', 'store.failed', 'store.rewritten', 'store.recovered']);
    expect(running.stored()).toEqual([leaseNumber(1), leaseNumber(2)]);
    running.store.close();
  });

  it('held by another program: promises nothing, and works when it is let go of', async () => {
    const running = new Running('SQLite alone');
    await running.put(leaseNumber(1));
    const other = new DatabaseSync(running.file);
    other.exec('BEGIN IMMEDIATE');
    expect(await running.put(leaseNumber(2))).toEqual(['failed']);
    other.exec('ROLLBACK');
    expect(await running.put(leaseNumber(2))).toEqual(['stored']);
    expect(running.events).toEqual([
      { type: 'store.failed', operation: 'put', detail: expect.stringContaining('another program holds it') as string, waiting: 1 },
      { type: 'store.recovered', failedForMs: 0 },
    ]);
    other.close();
    running.store.close();
  });

  it('read by another program for as long as it likes: works on', async () => {
    const running = new Running('SQLite alone');
    await running.put(...leaseNumbers(100));
    const reader = new DatabaseSync(running.file, { readOnly: true });
    const rows = reader.prepare('SELECT * FROM lease').iterate();
    rows.next();
    expect(await running.put(leaseNumber(500))).toEqual(['stored']);
    expect([...rows]).toHaveLength(99);
    reader.close();
    expect(running.stored()).toHaveLength(101);
    running.store.close();
  });

  it('has a log that does not grow for ever', async () => {
    const running = new Running('SQLite alone');
    for (let round = 0; round < 25; round += 1) await running.put(...leaseNumbers(5000, (round % 2) * 5000));
    expect(statSync(`${running.file}-wal`).size).toBeLessThan(10 * 1024 * 1024);
    running.store.close();
  });

  it('touched, but still the same: nothing is said', async () => {
    const running = new Running('SQLite alone');
    await running.put(leaseNumber(1));
    appendFileSync(running.file, '');
    readFileSync(running.file);
    expect(await running.put(leaseNumber(2))).toEqual(['stored']);
    expect(running.events).toEqual([]);
    running.store.close();
  });
});
