/** What the explaining costs: an event that becomes part of a timeline, a verdict, and a write of the store. */
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { type Ipv4, ipv4, type Mac } from '../src/base/addresses.ts';
import { wallMs } from '../src/base/clock.ts';
import { DeviceBook } from '../src/devices/device-book.ts';
import type { AppEvent } from '../src/events/events.ts';
import { DeviceDirectory } from '../src/observe/directory.ts';
import { TimelineStore } from '../src/observe/timeline-store.ts';
import type { Figure } from './round.ts';

const DEVICES = 1000;
const ROUNDS = 20;
const FIRST = ipv4(0x0a4d1000);

/** A boot: offer, lease, size probe, three files, a miss that is normal. */
function bootOf(number: number): readonly AppEvent[] {
  const mac = `02:00:00:00:${(number >> 8).toString(16).padStart(2, '0')}:${(number & 255).toString(16).padStart(2, '0')}` as Mac;
  const address = ipv4(FIRST + number) as Ipv4;
  const bootFile = 'ipxe.efi';
  const file = (transfer: number, name: string): AppEvent => ({
    ...{ type: 'transfer.done', mac, address, protocol: 'tftp', direction: 'read', octets: 1_000_000, millis: 90, resent: 0 },
    ...{ transfer, path: name, program: 'efi-x64' },
  });
  const asking = { vendorClass: 'PXEClient:Arch:00007:UNDI:003016', loader: 'pxe', architecture: 'uefi-x64', seconds: 4, machine: number };
  const probe = { protocol: 'tftp', direction: 'read', path: bootFile, reason: 'the client ended it: error 8', transfer: 1 } as const;
  return [
    { type: 'dhcp.offered', mac, address, network: 'bench', leaseSeconds: 3600, bootFile, why: 'a free address; uefi-x64', ...asking },
    { type: 'lease.bound', mac, address, network: 'bench', leaseSeconds: 3600, bootFile, how: 'new', loader: 'pxe', asksForFile: true },
    { type: 'transfer.declined', mac, address, ...probe },
    file(2, bootFile),
    { type: 'transfer.missed', mac, address, protocol: 'tftp', path: 'autoexec.ipxe', lookedFor: '/srv/autoexec.ipxe', expected: 'iPXE' },
    file(3, 'vmlinuz'),
    file(4, 'initrd.img'),
  ];
}

export function timelines(): Figure[] {
  const directory = new DeviceDirectory();
  const events = Array.from({ length: DEVICES }, (_, number) => bootOf(number));
  let now = 1_800_000_000_000;
  const book = new DeviceBook({
    identify: (subject) => directory.identify(subject),
    tell: () => undefined,
    now: () => wallMs(now),
  });
  const taken: number[] = [];
  const judged: number[] = [];
  const written: number[] = [];
  const folder = mkdtempSync(path.join(tmpdir(), 'bootlace-bench-'));
  const store = TimelineStore.open(path.join(folder, 'timelines.db'), () => undefined);
  for (let round = 0; round < ROUNDS; round += 1) {
    // As they come in a storm: one step of all, and then the next.
    const count = DEVICES * (events[0]?.length ?? 0);
    const began = process.cpuUsage();
    for (let step = 0; step < count / DEVICES; step += 1) {
      for (const boot of events) {
        const event = boot[step];
        if (event !== undefined) book.take(event);
      }
      now += 1000;
    }
    taken.push(microsSince(began) / count);
    const beganJudging = process.cpuUsage();
    for (let tick = 0; tick < DEVICES / 250; tick += 1) book.tick();
    judged.push(microsSince(beganJudging) / DEVICES);
    for (let batch = book.takeChanged(500); batch.length > 0; batch = book.takeChanged(500)) {
      const beganWriting = process.cpuUsage();
      store.write(batch);
      written.push(microsSince(beganWriting) / batch.length);
    }
    now += 60_000;
  }
  store.close();
  rmSync(folder, { recursive: true });
  return [
    { what: 'an event into its timeline', value: `${median(taken).toFixed(2)} µs` },
    { what: 'a verdict, when something has happened', value: `${median(judged).toFixed(1)} µs` },
    { what: 'a moment into the store, of 500 at once', value: `${median(written).toFixed(1)} µs` },
  ];
}

function microsSince(began: NodeJS.CpuUsage): number {
  const { user, system } = process.cpuUsage(began);
  return user + system;
}

function median(values: readonly number[]): number {
  return values.toSorted((a, b) => a - b)[Math.floor(values.length / 2)] ?? 0;
}
