import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import type { Mac } from '../../src/base/addresses.ts';
import { wallMs } from '../../src/base/clock.ts';
import { type Lease, NEVER } from '../../src/dhcp/lease.ts';
import type { ClientKey } from '../../src/dhcp/request.ts';
import { readLeases } from '../../src/leases/read-leases.ts';
import { SqliteLeaseStore } from '../../src/leases/sqlite-store.ts';
import { ip } from '../support/addresses.ts';

let folder: string;
let file: string;
beforeEach(() => {
  folder = mkdtempSync(path.join(tmpdir(), 'bootlace-store-'));
  file = path.join(folder, 'leases.db');
});
afterEach(() => rmSync(folder, { recursive: true }));

function lease(address: string, more: Partial<Lease> = {}): Lease {
  return {
    address: ip(address),
    network: 'lan',
    client: 'id:0102' as ClientKey,
    mac: '02:00:00:00:00:01' as Mac,
    hostName: 'desk',
    state: 'bound',
    since: wallMs(1_700_000_000_000),
    expiresAt: wallMs(1_700_000_360_000),
    ...more,
  };
}

describe('The embedded lease store', () => {
  it('gives back after reopening what was put, the latest of each address', async () => {
    const first = lease('10.0.0.5');
    const odd = lease('255.255.255.254', { mac: undefined, hostName: undefined, state: 'declined', expiresAt: NEVER });
    const released = lease('10.0.0.5', { state: 'released', hostName: 'Bürö "x";\u0000' });
    const store = new SqliteLeaseStore(file);
    await store.put([first, odd]);
    await store.put([released]);
    store.close();
    const reopened = new SqliteLeaseStore(file);
    expect([...reopened.load()]).toEqual([released, odd]);
    expect(readLeases(file)).toEqual([released, odd]);
    reopened.close();
  });

  it('writes all leases of a group or none', async () => {
    const store = new SqliteLeaseStore(file);
    await expect(store.put([lease('10.0.0.5'), lease('10.0.0.6', { state: 'wrong' as Lease['state'] })])).rejects.toThrow('CHECK');
    expect([...store.load()]).toEqual([]);
    await store.put([lease('10.0.0.7')]);
    expect([...store.load()]).toHaveLength(1);
    store.close();
  });

  it('has every commit on the disk: write-ahead log, synchronous = FULL', () => {
    const store = new SqliteLeaseStore(file);
    store.close();
    const database = new DatabaseSync(file);
    expect(database.prepare('PRAGMA journal_mode').get()).toEqual({ journal_mode: 'wal' });
    database.close();
  });

  it('keeps the time, and shows leases by the clock of the machine', async () => {
    const store = new SqliteLeaseStore(file);
    expect(store.time).toBeUndefined();
    const endless = lease('10.0.0.6', { expiresAt: NEVER });
    await store.put([lease('10.0.0.5'), endless], { leaseAt: wallMs(1_000), wallAt: wallMs(61_000) });
    await store.put([], { leaseAt: wallMs(2_000), wallAt: wallMs(62_000) });
    expect(store.time).toEqual({ leaseAt: 2_000, wallAt: 62_000 });
    store.close();
    expect(readLeases(file)).toMatchObject([
      { since: 1_700_000_060_000, expiresAt: 1_700_000_420_000 },
      { since: 1_700_000_060_000, expiresAt: NEVER },
    ]);
    expect([...new SqliteLeaseStore(file).load()]).toEqual([lease('10.0.0.5'), endless]);
  });

  it('refuses a file that is none of ours', () => {
    writeFileSync(file, 'this is no database, but long enough to be taken for one. '.repeat(20));
    expect(() => new SqliteLeaseStore(file)).toThrow('not a database');
    expect(() => readLeases(file)).toThrow(`${file} is damaged`);
  });

  it('refuses a file of a newer version', () => {
    const database = new DatabaseSync(file);
    database.exec('PRAGMA user_version = 99');
    database.close();
    expect(() => new SqliteLeaseStore(file)).toThrow('newer version');
  });
});
