import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { type WallMs, wallMs } from '../../src/base/clock.ts';
import { MOST_MOMENTS } from '../../src/devices/device.ts';
import { type BookLimits, DeviceBook } from '../../src/devices/device-book.ts';
import type { Moment } from '../../src/devices/moment.ts';
import type { AppEvent } from '../../src/events/events.ts';
import { SAMPLES } from '../events/samples.ts';
import { cidr, ip, mac } from '../support/addresses.ts';
import { BIOS, DeviceBench, PC } from '../support/device-bench.ts';
import { EngineBench, subnet } from '../support/dhcp-engine.ts';

const READ = { transfer: 1, protocol: 'tftp', direction: 'read', path: 'a' } as const;

function book(limits: BookLimits = { devices: 100, moments: 1000 }) {
  const told: AppEvent[] = [];
  let now = wallMs(1_000_000);
  const made = new DeviceBook({ identify: (subject) => subject, tell: (event) => told.push(event), now: () => now, limits });
  return {
    book: made,
    told,
    pass: (ms: number): WallMs => {
      now = wallMs(now + ms);
      return now;
    },
  };
}

const macOfNumber = (number: number) =>
  mac(`02:00:00:00:${(number >> 8).toString(16).padStart(2, '0')}:${(number & 255).toString(16).padStart(2, '0')}`);
const missed = (number: number, path: string): AppEvent => ({
  type: 'transfer.missed',
  mac: macOfNumber(number),
  protocol: 'tftp',
  path,
  lookedFor: `/srv/${path}`,
});

describe('the book of devices', () => {
  it('folds what comes again, and a transfer’s end into its beginning', () => {
    const { book: devices } = book();
    for (let n = 0; n < 5; n += 1) devices.take(missed(1, 'a'));
    devices.take({ ...READ, type: 'transfer.started', mac: macOfNumber(1) });
    devices.take({ ...READ, type: 'transfer.done', mac: macOfNumber(1), octets: 1, millis: 2 });
    const entries = devices.timeline(macOfNumber(1))?.entries ?? [];
    expect(entries.map(({ event, count }) => [event, count])).toEqual([
      ['transfer.missed', 5],
      ['transfer.done', 1],
    ]);
  });

  it('is bounded for one device, and in all: those not heard of for longest go first', () => {
    const { book: devices } = book({ devices: 10, moments: 300 });
    for (let n = 0; n < 500; n += 1) devices.take(missed(1, `a${n}`));
    expect(devices.timeline(macOfNumber(1))?.entries.length).toBeLessThanOrEqual(MOST_MOMENTS);
    for (let number = 2; number < 20; number += 1) devices.take(missed(number, 'a'));
    expect(devices.size.devices).toBe(10);
    expect(devices.timeline(macOfNumber(1))).toBeUndefined();
    expect(devices.timeline(macOfNumber(19))).toBeDefined();
    for (let number = 10; number < 20; number += 1) for (let n = 0; n < 100; n += 1) devices.take(missed(number, `b${n}`));
    expect(devices.size.moments).toBeLessThanOrEqual(300);
  });

  it('begins with the link, when that came up a moment before', () => {
    const { book: devices, pass } = book();
    devices.take({ type: 'network.up', network: 'lan', interface: 'eth1', address: cidr('10.0.0.1/24'), serving: 'DHCP' });
    pass(3000);
    devices.take({ type: 'dhcp.offered', mac: macOfNumber(1), address: ip('10.0.0.9'), network: 'lan', leaseSeconds: 60, why: 'free' });
    expect(devices.timeline(macOfNumber(1))?.entries.map(({ what }) => what)).toEqual(['link', 'DISCOVER → OFFER']);
  });

  it('tells once that a device is stuck, again for another cause, and after a long time', () => {
    const bench = new DeviceBench(new EngineBench([subnet({ identity: 'mac' })], [], { files: { bios: 'a.0' } } as never));
    const causes = () => bench.told.map((event) => event.type === 'device.stuck' && event.verdict);
    bench.bind(PC, BIOS);
    bench.pass(60);
    expect(causes()).toEqual(['boot-file-not-asked-for']);
    bench.bind(PC, BIOS);
    bench.pass(60);
    expect(causes()).toEqual(['boot-file-not-asked-for']);
    bench.happen({ ...missed(1, 'a.0'), mac: mac(PC) } as AppEvent);
    bench.pass(20);
    expect(causes()).toEqual(['boot-file-not-asked-for', 'file-missing']);
    bench.pass(1000);
    bench.bind(PC, BIOS);
    bench.pass(60);
    expect(causes()).toEqual(['boot-file-not-asked-for', 'file-missing', 'boot-file-not-asked-for']);
  });

  it('says the same of a device after a restart, and tells nothing of it again', () => {
    const bench = new DeviceBench(new EngineBench([subnet({ identity: 'mac' })], [], { files: { bios: 'a.0' } } as never));
    bench.bind(PC, BIOS);
    bench.pass(60);
    const moments = structuredClone(bench.book.takeChanged(100)) as Moment[];
    expect(bench.book.takeChanged(100)).toEqual([]);
    const told: AppEvent[] = [];
    const again = new DeviceBook({ identify: (subject) => subject, tell: (event) => told.push(event), now: () => bench.now });
    again.restore(moments);
    again.tick();
    expect(again.timeline(PC)).toMatchObject({
      device: { state: 'stuck', verdict: 'boot-file-not-asked-for' },
      entries: bench.book.timeline(PC)?.entries,
    });
    expect(told).toEqual([]);
    again.take(missed(7, 'x'));
    expect(again.timeline(macOfNumber(7))?.entries[0]?.id).toBe(Math.max(...moments.map(({ id }) => id)) + 1);
  });

  it('finds a device by MAC, address and name', () => {
    const bench = new DeviceBench();
    const address = bench.bind(PC, { options: [[12, new TextEncoder().encode('desk-101')]] });
    for (const called of [PC, '001b.5400.0001', address, 'DESK-101']) expect(bench.book.timeline(called)?.device.id, called).toBe(PC);
    expect(bench.book.timeline('nobody')).toBeUndefined();
  });

  it('finds one of which only an address is known by that, though another has the address by now', () => {
    const { book: devices } = book();
    const address = ip('10.0.0.5');
    devices.take({ type: 'transfer.missed', address, protocol: 'tftp', path: 'a', lookedFor: '/srv/a' });
    devices.take({ ...missed(1, 'b'), address } as AppEvent);
    expect(devices.list().map(({ id }) => devices.timeline(id)?.device.id)).toEqual(devices.list().map(({ id }) => id));
  });

  it('lists those that are stuck first', () => {
    const bench = new DeviceBench(new EngineBench([subnet({ pools: ['10.0.0.100-10.0.0.100'] })]));
    bench.bind('00:1b:54:00:00:02');
    bench.discover(PC);
    expect(bench.book.list().map(({ id, state }) => [id, state])).toEqual([
      [PC, 'stuck'],
      ['00:1b:54:00:00:02', 'booted'],
    ]);
  });
});

describe('a subscription', () => {
  it('is told that something waits, once, and gives what has come', () => {
    const { book: devices } = book();
    let calls = 0;
    const subscription = devices.subscribe(() => {
      calls += 1;
    });
    devices.take(missed(1, 'a'));
    devices.take(missed(1, 'b'));
    expect(calls).toBe(1);
    expect(subscription.take().changes.map(({ entry }) => entry?.text)).toEqual([
      'no file a (looked for /srv/a)',
      'no file b (looked for /srv/b)',
    ]);
    expect(subscription.take()).toEqual({ changes: [], missed: 0 });
    devices.take(missed(1, 'c'));
    expect(calls).toBe(2);
    subscription.close();
    devices.take(missed(1, 'd'));
    expect(subscription.take().changes).toEqual([]);
  });

  it('that is slow loses the oldest, and is told how many', () => {
    const { book: devices } = book({ devices: 3000, moments: 10_000 });
    const subscription = devices.subscribe(() => {});
    for (let number = 0; number < 2500; number += 1) devices.take(missed(number, 'a'));
    const { changes, missed: lost } = subscription.take();
    expect(changes.length + lost).toBe(2500);
    expect(lost).toBeGreaterThan(0);
  });

  it('gets the steps of one file as one, as long as nobody looks', () => {
    const { book: devices } = book();
    const subscription = devices.subscribe(() => {});
    for (let octets = 0; octets < 50; octets += 1)
      devices.take({ ...READ, type: 'transfer.progressed', mac: macOfNumber(1), octets, size: 100 });
    expect(subscription.take().changes).toHaveLength(1);
  });
});

/** Any event of the catalogue, of one of a few devices. */
const anyEvent: fc.Arbitrary<AppEvent> = fc
  .record({
    sample: fc.constantFrom(...Object.values(SAMPLES).flatMap((samples) => samples.map(([event]) => event as AppEvent))),
    number: fc.integer({ min: 0, max: 30 }),
    has: fc.constantFrom('mac', 'address', 'both', 'as it is'),
    text: fc.string({ maxLength: 40, unit: 'binary' }),
    count: fc.integer({ min: 0, max: 5_000_000 }),
  })
  .map(({ sample, number, has, text, count }) => ({
    ...sample,
    ...('path' in sample && { path: text }),
    ...('octets' in sample && { octets: count }),
    ...('reason' in sample && text.length > 20 && { reason: text }),
    ...(has === 'mac' && !sample.type.startsWith('network') && { mac: macOfNumber(number), address: undefined }),
    ...(has === 'address' && sample.type.startsWith('transfer') && { mac: undefined, address: ip(`10.0.0.${number}`) }),
    ...(has === 'both' && sample.type.startsWith('lease') && { mac: macOfNumber(number), address: ip(`10.0.0.${number}`) }),
  })) as fc.Arbitrary<AppEvent>;

it('whatever happens, nothing throws, memory stays within bounds, and each device has one sentence', () => {
  fc.assert(
    fc.property(fc.array(fc.tuple(anyEvent, fc.constantFrom(0, 10, 1000, 20_000, 700_000)), { maxLength: 300 }), (events) => {
      const { book: devices, pass } = book({ devices: 12, moments: 120 });
      const subscription = devices.subscribe(() => {});
      for (const [event, ms] of events) {
        devices.take(event);
        devices.tick(pass(ms));
      }
      const { size } = devices;
      expect(size.devices).toBeLessThanOrEqual(12);
      expect(size.moments).toBeLessThanOrEqual(120);
      const all = devices.list();
      expect(all.reduce((sum, { id }) => sum + (devices.timeline(id)?.entries.length ?? 0), 0)).toBe(size.moments);
      for (const { sentence, state } of all) {
        expect(sentence).toMatch(/^[^\p{Cc}]{10,}$/u);
        expect(sentence.length).toBeLessThanOrEqual(600);
        if (sentence.length < 600) expect(sentence.endsWith('.')).toBe(true);
        expect(state).toMatch(/^(?:waiting|addressing|loading|booted|provisioned|stuck)$/);
      }
      expect(JSON.stringify(subscription.take())).toBeTypeOf('string');
    }),
    { numRuns: 200 },
  );
});
