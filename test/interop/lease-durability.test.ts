/** Leases outlive `kill -9` at every step, a full disk, a read-only one and a damaged file. */
import { execFileSync } from 'node:child_process';
import { copyFileSync, existsSync, readdirSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { basename, dirname, join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { showIpv4 } from '../../src/base/addresses.ts';
import { type Clock, monoMs, wallMs } from '../../src/base/clock.ts';
import { isInForce, type Lease } from '../../src/dhcp/lease.ts';
import type { AppEvent } from '../../src/events/events.ts';
import { GroupCommit } from '../../src/leases/group-commit.ts';
import { openLeaseStore } from '../../src/leases/open-store.ts';
import { journalOf } from '../../src/leases/store-files.ts';
import { Appliance, bench } from '../support/appliance.ts';
import { Dhclient } from '../support/dhcp-clients.ts';
import { leaseNumbers, storeFile } from '../support/leases.ts';
import { eventually, Program } from '../support/program.ts';
import { removeScratch, scratch } from '../support/scratch.ts';
import { leaveNothing } from '../support/tidy.ts';
import { describeWith } from '../support/tools.ts';
import { plugLaptop, VirtualSwitch } from '../support/virtual-switch.ts';

const NOW = wallMs(1_800_000_000_000);
const clock: Clock = { wall: () => NOW, mono: () => monoMs(0) };

/** What a start finds. */
function restart(file: string): { readonly leases: readonly Lease[]; readonly events: readonly AppEvent[] } {
  const events: AppEvent[] = [];
  const { store, leases } = openLeaseStore(file, clock, (event) => void events.push(event));
  store.close();
  return { leases, events };
}

async function killedAt(file: string, step: number): Promise<string> {
  const program = new Program([process.execPath, join(import.meta.dirname, 'lease-programs', 'kill-at.ts'), file, String(step)]);
  const { signal, stdout } = await program.finished();
  expect(signal, program.output).toBe('SIGKILL');
  return stdout;
}

describe('`kill -9` at every step from a REQUEST to its ACK', () => {
  afterAll(removeScratch);

  it('loses no lease that was acknowledged', async () => {
    const whole = await killedAt(storeFile(), 0);
    const steps = Number(/STEPS (\d+)/.exec(whole)?.[1]);
    // The opening, four bursts (4 commits, a record and its sync, 4 times settled, 4 ACKs), and as many folds: BEGIN, 4 rows, COMMIT and a sync at least.
    expect(steps).toBeGreaterThan(10 + 4 * (4 + 2 + 4 + 4 + 7));
    const seen = new Set<string>();
    const examine = async (step: number): Promise<void> => {
      const file = storeFile();
      const stdout = await killedAt(file, step);
      const acknowledged = [...stdout.matchAll(/ACK (\S+) (\S+)/g)].map(([, address, mac]) => `${address} ${mac}`);
      const { leases, events } = restart(file);
      const stored = leases
        .filter((lease) => isInForce(lease, NOW))
        .map(({ address, mac }) => `${showIpv4(address)} ${mac?.replaceAll(':', '')}`);
      expect(events, `after step ${step}`).toEqual([]);
      expect(stored, `after step ${step}`).toEqual(expect.arrayContaining(acknowledged));
      // A group is there as a whole or not at all.
      expect(stored.length % 4, `after step ${step}`).toBe(0);
      seen.add(`${acknowledged.length} of ${stored.length}`);
    };
    const all = Array.from({ length: steps }, (_, at) => at + 1);
    for (let at = 0; at < all.length; at += 2) await Promise.all(all.slice(at, at + 2).map(examine));
    // It died before the first record, between a record and its ACKs, and between one ACK and the next.
    expect([...seen]).toEqual(expect.arrayContaining(['0 of 0', '0 of 4', '3 of 4', '4 of 4', '8 of 12', '12 of 12', '16 of 16']));
  });
});

describeWith(['mount', 'umount'], 'The disk of the lease store', () => {
  let disk: string;
  const mounted: string[] = [];

  function newDisk(options: string): string {
    disk = scratch('disk');
    execFileSync('mount', ['-t', 'tmpfs', '-o', options, 'tmpfs', disk]);
    mounted.push(disk);
    return join(disk, 'leases.db');
  }

  afterAll(() => {
    for (const place of mounted) execFileSync('umount', [place]);
    removeScratch();
  });

  it.each([
    ['has room for no journal', '600k', 200_000, /full|I\/O/, ['server.limited', 'store.failed put']],
    ['has room for a journal, which goes on for a while', '10m', 5_500_000, /full|I\/O/, ['store.failed fold', 'store.failed put']],
  ])(
    'full, when it %s: promises nothing that is not stored, keeps what is, and goes on by itself when there is room again',
    async (_what, size, fillerOctets, reason, told) => {
      const file = newDisk(`size=${size}`);
      const filler = join(disk, 'filler');
      writeFileSync(filler, new Uint8Array(fillerOctets));
      const events: AppEvent[] = [];
      const tell = (event: AppEvent) => void events.push(event);
      const { store } = openLeaseStore(file, clock, tell);
      const book = new Map<number, Lease>();
      const mark = () => ({ leaseAt: NOW, wallAt: NOW });
      const commits = new GroupCommit(store, clock, tell, { leases: () => book.values(), mark });
      const put = async (leases: readonly Lease[]): Promise<Set<string>> => {
        const outcomes = new Set<string>();
        for (const lease of leases)
          commits.add(lease, (outcome) => {
            outcomes.add(outcome);
            if (outcome === 'stored') book.set(lease.address, lease);
          });
        await commits.drained();
        return outcomes;
      };
      let next = 0;
      let outcome = new Set<string>();
      while (!outcome.has('failed') && next < 100_000) {
        outcome = await put(leaseNumbers(50, next));
        next += 50;
      }
      expect([...outcome]).toEqual(['failed']);
      expect(events.map((event) => `${event.type}${'operation' in event ? ` ${event.operation}` : ''}`)).toEqual(told);
      expect(events.at(-1)).toMatchObject({ waiting: 50, detail: expect.stringMatching(reason) as string });
      expect([...(await put(leaseNumbers(50, next)))], 'still full').toEqual(['failed']);

      // As after `kill -9` on the full disk, on a disk with room.
      const copy = storeFile();
      for (const part of [file, `${file}-wal`, journalOf(file)])
        if (existsSync(part)) copyFileSync(part, join(dirname(copy), basename(part)));
      const { leases } = restart(copy);
      expect(new Set(leases.map(({ address }) => address)), 'all that was acknowledged').toEqual(new Set(book.keys()));

      rmSync(filler);
      commits.keepTime();
      await commits.drained();
      expect(events.at(-1)).toMatchObject({ type: 'store.recovered' });
      expect([...(await put(leaseNumbers(50, next)))]).toEqual(['stored']);
      store.close();
      expect(new Set(restart(file).leases.map(({ address }) => address))).toEqual(new Set(book.keys()));
    },
  );

  it('full before the start: the start says so', () => {
    const file = newDisk('size=64k');
    writeFileSync(join(disk, 'filler'), new Uint8Array(statSync(disk).blksize * 16));
    expect(() => restart(file)).toThrow(/leases\.db: .*; (make room on the disk|look whether the disk is full or broken)/);
  });

  it('read-only: the start says so, and writes when it is not any more', () => {
    const file = newDisk('size=8m');
    const { store } = openLeaseStore(file, clock, () => undefined);
    store.close();
    execFileSync('mount', ['-o', 'remount,ro', disk]);
    expect(() => restart(file)).toThrow('on a disk that is not mounted read-only');
    execFileSync('mount', ['-o', 'remount,rw', disk]);
    expect(restart(file)).toEqual({ leases: [], events: [] });
  });
});

describeWith(['dhclient'], 'A running appliance', () => {
  let ethernet: VirtualSwitch;
  let appliance: Appliance;
  let database: string;

  beforeAll(() => {
    ethernet = new VirtualSwitch();
    appliance = new Appliance(plugLaptop(ethernet).laptop, { networks: [bench()] });
    database = join(appliance.directory, 'data', 'leases.db');
  });

  afterAll(async () => {
    await appliance.stop();
    leaveNothing(ethernet);
  });

  it('whose store is destroyed keeps what is there of it, and gives every client that comes back its address', async () => {
    await appliance.start();
    const clients = ['first', 'second'].map((name) => new Dhclient(ethernet.plug(name)));
    const given: string[] = [];
    for (const client of clients) {
      client.start();
      await eventually('an address', () => client.addresses.length === 1);
      given.push(...client.addresses);
      await client.vanish();
    }
    expect(given).toEqual(['192.168.77.100/24', '192.168.77.101/24']);
    await appliance.kill();
    for (const part of [database, `${database}-wal`, journalOf(database)]) writeFileSync(part, new Uint8Array(statSync(part).size));

    const from = appliance.mark();
    await appliance.start();
    expect(appliance.events('store.rebuilt', {}, from)).toMatchObject([{ level: 'error', kept: 0 }]);
    expect(readdirSync(join(database, '..')).some((name) => name.startsWith('leases.db.damaged-'))).toBe(true);
    // The second first: by chance it would get the address of the other.
    for (const at of [1, 0]) {
      clients[at]?.start();
      await eventually('an address', () => clients[at]?.addresses.length === 1);
      expect(clients[at]?.addresses).toEqual([given[at]]);
    }
    expect(appliance.events('lease.refused', {}, from)).toEqual([]);
    expect(appliance.events('dhcp.offered', {}, from), 'both by INIT-REBOOT').toEqual([]);
  });

  it('whose file is deleted writes it anew with all leases at the next renewal', async () => {
    const from = appliance.mark();
    rmSync(database);
    const third = new Dhclient(ethernet.plug('third'));
    third.start();
    await appliance.event('lease.bound', { address: '192.168.77.102' }, from);
    expect(appliance.events('store.rewritten', {}, from)).toMatchObject([{ leases: 2 }]);
    await appliance.kill();
    const again = appliance.mark();
    await appliance.start();
    expect(appliance.events('store.opened', {}, again)).toMatchObject([{ leases: 3 }]);
  });
});
