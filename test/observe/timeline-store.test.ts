import { existsSync, mkdtempSync, openSync, rmSync, writeFileSync, writeSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { wallMs } from '../../src/base/clock.ts';
import type { Moment } from '../../src/devices/moment.ts';
import type { AppEvent } from '../../src/events/events.ts';
import { readTimelines, TimelineStore } from '../../src/observe/timeline-store.ts';
import { ip, mac } from '../support/addresses.ts';

const PC = mac('00:1b:54:00:00:01');
const DAY_MS = 86_400_000;
const NOW = wallMs(1_800_000_000_000);

let folder = '';
let file = '';
let store: TimelineStore | undefined;
const set: string[] = [];
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'bootlace-timelines-'));
  file = join(folder, 'timelines.db');
  set.length = 0;
});
afterEach(() => {
  store?.close();
  store = undefined;
  rmSync(folder, { recursive: true });
});

function open(): TimelineStore {
  store = TimelineStore.open(file, (aside, why) => set.push(`${aside}: ${why}`));
  return store;
}

function reopen(): TimelineStore {
  store?.close();
  return open();
}

function moment(id: number, parts: Partial<Moment> = {}): Moment {
  const event: AppEvent = {
    type: 'transfer.missed',
    mac: PC,
    address: ip('10.0.0.9'),
    protocol: 'tftp',
    path: `f${id}`,
    lookedFor: '/srv',
  };
  return { id, device: PC, at: NOW, lastAt: NOW, count: 1, first: event, event, ...parts };
}

describe('the store of timelines', () => {
  it('gives back what was written, the newest in the order in which it happened', () => {
    open().write([moment(1), moment(2), moment(3)]);
    expect(reopen().load(2)).toEqual([moment(2), moment(3)]);
    expect(readTimelines(file)).toHaveLength(3);
  });

  it('keeps a moment that comes again in its place', () => {
    const first = moment(1).event;
    open().write([moment(1)]);
    reopen().write([moment(1, { count: 5, event: { ...first } as AppEvent, first })]);
    expect(reopen().load(10)).toEqual([moment(1, { count: 5 })]);
  });

  it('removes what is too old', () => {
    open().write([moment(1, { lastAt: wallMs(NOW - 3 * DAY_MS) }), moment(2)]);
    store?.prune({ keepSeconds: 2 * 86_400, maxOctets: 1e9 }, NOW);
    expect(store?.load(10).map(({ id }) => id)).toEqual([2]);
  });

  it('removes the oldest when it is too much, until it is not', () => {
    open().write(Array.from({ length: 5000 }, (_, at) => moment(at + 1)));
    for (let round = 0; round < 20; round += 1) store?.prune({ keepSeconds: 86_400, maxOctets: 500_000 }, NOW);
    const left = store?.load(10_000).map(({ id }) => id) ?? [];
    expect(left.length).toBeGreaterThan(500);
    expect(left.length).toBeLessThan(3000);
    expect(left.at(-1)).toBe(5000);
  });

  it.each<[string, () => void]>([
    ['is none', () => writeFileSync(file, 'this is no database, and it is long enough to be looked at'.repeat(20))],
    [
      'was damaged in the middle',
      () => {
        open().write(Array.from({ length: 2000 }, (_, at) => moment(at + 1)));
        store?.close();
        store = undefined;
        writeSync(openSync(file, 'r+'), Buffer.alloc(20_000, 0xff), 0, 20_000, 8192);
      },
    ],
    [
      'is of a newer version',
      () => {
        const database = new DatabaseSync(file);
        database.exec('PRAGMA user_version = 99');
        database.close();
      },
    ],
  ])('that %s is set aside and begun anew', (_name, damage) => {
    damage();
    open().write([moment(1)]);
    expect(set).toHaveLength(1);
    expect(existsSync(`${file}.damaged`)).toBe(true);
    expect(reopen().load(10)).toEqual([moment(1)]);
  });

  it('passes over what this version cannot show', () => {
    open().write([moment(1), moment(2, { event: { type: 'from.the-future' } as never })]);
    expect(reopen().load(10)).toEqual([moment(1)]);
  });
});
