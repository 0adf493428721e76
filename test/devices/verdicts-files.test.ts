/** What is said of devices by their transfers: the real TFTP server with a client in memory, in virtual time, after a lease of the real engine. */
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { wallMs } from '../../src/base/clock.ts';
import { invariant } from '../../src/base/result.ts';
import type { AppEvent } from '../../src/events/events.ts';
import type { SafePath } from '../../src/files/safe-path.ts';
import { ip, mac } from '../support/addresses.ts';
import { BIOS, DeviceBench, firmware, IPXE, PC, UEFI } from '../support/device-bench.ts';
import type { MessageParts } from '../support/dhcp-client.ts';
import { EngineBench, subnet } from '../support/dhcp-engine.ts';
import { type BenchClient, CLIENT, settle, TftpBench } from '../support/tftp-bench.ts';

const BOOT = { files: { 'uefi-x64': 'boot.efi', bios: 'boot.0' }, ipxe: 'boot.ipxe' } as never;
/** A PE file for this machine type, whose one section ends at octet 1024. */
function program(machine: number, size: number): Uint8Array {
  const octets = new Uint8Array(size);
  const view = new DataView(octets.buffer);
  view.setUint16(0, 0x5a4d, true);
  view.setUint32(60, 128, true);
  view.setUint32(128, 0x4550, true);
  view.setUint16(132, machine, true);
  view.setUint16(134, 1, true);
  view.setUint32(128 + 24 + 16, 512, true);
  view.setUint32(128 + 24 + 20, 512, true);
  return octets;
}

let tftp: TftpBench;
let bench: DeviceBench;
let client: BenchClient;

beforeEach(async () => {
  tftp = await TftpBench.open();
  const lan = subnet({ network: '192.168.77.0/24', own: [ip('10.0.0.1')], pools: ['192.168.77.100-192.168.77.199'], identity: 'mac' });
  bench = new DeviceBench(new EngineBench([lan], [], BOOT));
  bench.now = wallMs(Date.now());
  tftp.onEvent = (event) => bench.happen(event);
  client = await tftp.client();
});
afterEach(async () => {
  await pass(120);
  await tftp.end();
});

/** Time goes on for both servers, a second at a time. */
async function pass(seconds: number): Promise<void> {
  for (let second = 0; second < seconds; second += 1) {
    await vi.advanceTimersByTimeAsync(1000);
    bench.now = wallMs(Date.now());
    bench.pass(0);
    bench.book.tick();
  }
}

function bind(parts: MessageParts = {}): void {
  expect(bench.bind(PC, parts)).toBe('192.168.77.100');
  invariant(CLIENT === ip('192.168.77.100'), 'the client of the bench has that address');
}

/** Fetches a file whole, in blocks of 512. */
async function fetch(name: string): Promise<void> {
  await client.ask(name);
  const blocks = Math.floor((tftp.route.files.get(name)?.length ?? 0) / 512) + 1;
  for (let block = 1; block <= blocks; block += 1) await client.say({ type: 'ack', block });
}

describe('a boot file', () => {
  it.each<[name: string, parts: MessageParts, file: string, content: Uint8Array, verdict: string, words: RegExp]>([
    [
      'of a BIOS for UEFI',
      UEFI,
      'boot.efi',
      new Uint8Array(700),
      'boot-file-of-other-firmware',
      /uefi-x64.*no UEFI program.*`boot\.files\.uefi-x64`/,
    ],
    ['of UEFI for a BIOS', BIOS, 'boot.0', program(0x8664, 1024), 'boot-file-of-other-firmware', /is bios,.*a 64-bit UEFI program/],
    ['of another processor', UEFI, 'boot.efi', program(0xaa64, 1024), 'boot-file-of-other-firmware', /64-bit ARM/],
    ['of no octets', UEFI, 'boot.efi', new Uint8Array(0), 'boot-file-empty', /0 octets/],
    ['that was cut off', UEFI, 'boot.efi', program(0x8664, 900), 'boot-file-truncated', /124 B are missing/],
  ])('%s', async (_name, parts, file, content, verdict, words) => {
    tftp.route.files.set(file, content);
    bind(parts);
    await fetch(file);
    expect(bench.verdict(PC)).toMatchObject({ state: 'stuck', verdict });
    expect(bench.verdict(PC).sentence).toMatch(words);
  });

  it('that fits is loaded, and then it is booted', async () => {
    tftp.route.files.set('boot.efi', program(0x8664, 1024));
    bind(UEFI);
    await fetch('boot.efi');
    expect(bench.verdict(PC)).toMatchObject({ state: 'loading' });
    await pass(20);
    expect(bench.verdict(PC)).toMatchObject({ state: 'booted', sentence: 'It loaded boot.efi, and asks for nothing more.' });
    expect(bench.told).toEqual([]);
  });

  it('that is not there: did you mean', async () => {
    tftp.route.nearest = 'f1000' as SafePath;
    bind(UEFI);
    await client.ask('boot.efi');
    await pass(10);
    expect(bench.verdict(PC)).toMatchObject({ state: 'stuck', verdict: 'file-missing' });
    expect(bench.verdict(PC).sentence).toContain('did you mean f1000, which is there');
    expect(bench.told).toHaveLength(1);
  });

  it('that iPXE takes turns with', async () => {
    tftp.route.files.set('boot.0', new Uint8Array(100));
    bench = new DeviceBench(
      new EngineBench(
        [subnet({ network: '192.168.77.0/24', own: [ip('10.0.0.1')], pools: ['192.168.77.100-192.168.77.199'], identity: 'mac' })],
        [],
        {
          files: { bios: 'undionly.kpxe' },
        } as never,
      ),
    );
    bench.now = wallMs(Date.now());
    tftp.route.files.set('undionly.kpxe', new Uint8Array(100));
    for (let n = 0; n < 3; n += 1) {
      bind(BIOS);
      await fetch('undionly.kpxe');
      await pass(5);
    }
    expect(bench.verdict(PC)).toMatchObject({ state: 'stuck', verdict: 'ipxe-loop' });
    expect(bench.verdict(PC).sentence).toContain('undionly.kpxe was loaded 3 times');
  });

  it('that ends at once, again and again', async () => {
    tftp.route.files.set('boot.efi', program(0x8664, 1024));
    for (let n = 0; n < 3; n += 1) {
      bind(UEFI);
      await fetch('boot.efi');
      await pass(5);
    }
    expect(bench.verdict(PC)).toMatchObject({ state: 'stuck', verdict: 'boot-loop' });
  });

  it('is followed by iPXE and its script, and that is no loop', async () => {
    tftp.route.files.set('boot.efi', program(0x8664, 1024));
    tftp.route.files.set('boot.ipxe', new Uint8Array(30));
    bind(UEFI);
    await fetch('boot.efi');
    bind(IPXE);
    await fetch('boot.ipxe');
    await pass(20);
    expect(bench.verdict(PC)).toMatchObject({ state: 'booted', sentence: 'It loaded boot.ipxe, and asks for nothing more.' });
  });

  it('is shim, which does not find its second stage', async () => {
    tftp.route.files.set('boot.efi', program(0x8664, 1024));
    bind(UEFI);
    await fetch('boot.efi');
    await client.ask('grubx64.efi');
    await pass(10);
    expect(bench.verdict(PC)).toMatchObject({ state: 'stuck', verdict: 'shim-without-loader' });
  });
});

describe('a transfer', () => {
  it('tells how far it is, a few times a second at most', async () => {
    const size = 512 * 200;
    tftp.route.files.set('boot.efi', new Uint8Array(size));
    bind(UEFI);
    await client.ask('boot.efi');
    for (let block = 1; block <= 100; block += 1) {
      await vi.advanceTimersByTimeAsync(50);
      await client.say({ type: 'ack', block });
    }
    // What came last is told at the next look.
    await vi.advanceTimersByTimeAsync(500);
    bench.now = wallMs(Date.now());
    expect(bench.verdict(PC)).toMatchObject({ state: 'loading', percent: 50, sentence: 'It loads boot.efi, 50 % of 100 KiB so far.' });
    const told = tftp.events.filter(({ type }) => type === 'transfer.progressed');
    expect(told.length).toBeGreaterThan(5);
    expect(told.length).toBeLessThan(12);
    expect(bench.book.timeline(PC)?.entries.map(({ event }) => event)).not.toContain('transfer.progressed');
    await pass(60);
    expect(bench.verdict(PC)).toMatchObject({ state: 'stuck', verdict: 'stalled-midway' });
    expect(bench.verdict(PC).sentence).toContain('at 50 % of boot.efi');
  });

  it.each<[string, Readonly<Record<string, number>>, RegExp]>([
    ['large ones: they travel in fragments', { blksize: 8192 }, /fragments/],
    ['of a frame: the MTU on the way', { blksize: 1468 }, /MTU/],
    ['of 512 octets: a firewall', { blksize: 512 }, /firewall/],
  ])('gets no block over, %s (RFC 2348)', async (_name, options, words) => {
    tftp.configure({ maxBlockSize: 65464 });
    tftp.route.files.set('boot.efi', new Uint8Array(100_000));
    bind(UEFI);
    await client.ask('boot.efi', options);
    await client.say({ type: 'ack', block: 0 });
    await pass(90);
    expect(bench.verdict(PC)).toMatchObject({ state: 'stuck', verdict: 'first-block-lost' });
    expect(bench.verdict(PC).sentence).toMatch(words);
  });

  it('is only a question for the size (RFC 2349), and the file is not fetched', async () => {
    tftp.route.files.set('boot.efi', program(0x8664, 1024));
    bind(UEFI);
    await client.ask('boot.efi', { tsize: 0 });
    await client.say({ type: 'error', code: 8, message: 'User aborted' });
    expect(bench.verdict(PC).state).toBe('loading');
    await pass(20);
    expect(bench.verdict(PC)).toMatchObject({ state: 'stuck', verdict: 'size-only' });
  });

  it('is ended by the device', async () => {
    tftp.route.files.set('boot.efi', new Uint8Array(5000));
    bind(UEFI);
    await client.ask('boot.efi');
    await client.say({ type: 'ack', block: 1 });
    await client.say({ type: 'error', code: 3, message: 'Disk full' });
    await pass(20);
    expect(bench.verdict(PC)).toMatchObject({ state: 'stuck', verdict: 'broken-off' });
    expect(bench.verdict(PC).sentence).toContain('Disk full');
  });

  it('of a backup breaks off half-way; a whole one is stored', async () => {
    bind();
    await client.put('router.cfg');
    await client.say({ type: 'data', block: 1, octets: new Uint8Array(512) });
    await pass(90);
    expect(bench.verdict(PC)).toMatchObject({ state: 'stuck', verdict: 'backup-broken-off' });
    expect(bench.verdict(PC).sentence).toContain('memory/router.cfg.partial');
    const again = await tftp.client();
    await again.put('router.cfg');
    await again.say({ type: 'data', block: 1, octets: new Uint8Array(12) });
    await settle();
    expect(bench.verdict(PC)).toMatchObject({ state: 'loading' });
    await pass(20);
    expect(bench.verdict(PC)).toMatchObject({ state: 'provisioned', verdict: 'backed-up' });
  });
});

it('a file that the device may not send is refused', async () => {
  tftp.route.files.set('router.cfg', new Uint8Array(10));
  bind();
  await client.put('router.cfg');
  expect(bench.verdict(PC)).toMatchObject({ state: 'stuck', verdict: 'file-refused' });
  expect(bench.verdict(PC).sentence).toContain('It may not send router.cfg');
});

describe('a phone', () => {
  const SEP = 'SEP001B54000001.cnf.xml';

  it('asks for its trust list and then for nothing', async () => {
    bind();
    await client.ask('CTLSEP001B54000001.tlv');
    await client.ask('ITLSEP001B54000001.tlv');
    await pass(20);
    expect(bench.verdict(PC)).toMatchObject({ state: 'stuck', verdict: 'phone-stops-at-trust-list' });
  });

  it('has its configuration, and is then silent: registration is not seen from here', async () => {
    tftp.route.files.set(SEP, new Uint8Array(100));
    bind();
    await client.ask('CTLSEP001B54000001.tlv');
    await fetch(SEP);
    await pass(20);
    expect(bench.verdict(PC)).toMatchObject({ state: 'provisioned', verdict: 'provisioned' });
    await pass(120);
    expect(bench.verdict(PC)).toMatchObject({ state: 'provisioned', verdict: 'phone-configured-and-silent' });
  });

  it('fetches its configuration again and again', async () => {
    tftp.route.files.set(SEP, new Uint8Array(100));
    bind();
    for (let n = 0; n < 4; n += 1) await fetch(SEP);
    expect(bench.verdict(PC)).toMatchObject({ state: 'stuck', verdict: 'configuration-not-taken' });
  });

  it('asks for firmware that is not there', async () => {
    tftp.route.files.set(SEP, new Uint8Array(100));
    bind();
    await fetch(SEP);
    await client.ask('SIP42.9-4-2SR3-1S.loads');
    await pass(10);
    expect(bench.verdict(PC)).toMatchObject({ state: 'stuck', verdict: 'firmware-missing' });
  });

  it.each([
    ['the file before it, told late on a busy machine', 1, 'firmware-missing'],
    ['a file that it asked for afterwards', 2, 'loading'],
  ])('asks for firmware that is not there, and then comes %s', async (_what, transfer, verdict) => {
    bind();
    const about = { mac: mac(PC), address: CLIENT, protocol: 'tftp' } as const;
    bench.happen(
      { ...about, type: 'transfer.missed', path: 'SIP42.9-4-2SR3-1S.loads', lookedFor: '/srv/SIP42.9-4-2SR3-1S.loads', lastTransfer: 1 },
      { ...about, type: 'transfer.done', transfer, direction: 'read', path: SEP, octets: 100, millis: 1 },
    );
    await pass(10);
    expect(bench.verdict(PC).verdict).toBe(verdict);
  });
});

describe('a switch with ONIE', () => {
  it('looks for an installer under one name after another', async () => {
    bind(firmware('onie_vendor:x86_64-kvm_x86_64-r0', 0x5555));
    for (const name of ['onie-installer-x86_64-kvm_x86_64-r0', 'onie-installer-x86_64-kvm_x86_64', 'onie-installer'])
      await client.ask(name);
    expect(bench.verdict(PC)).toMatchObject({ state: 'stuck', verdict: 'onie-searching' });
    expect(bench.verdict(PC).sentence).toContain('3 names');
  });
});

it('files that carry an address alone belong to who has it by its lease', () => {
  bind();
  const event: AppEvent = { type: 'transfer.missed', protocol: 'http', path: 'x', lookedFor: '/srv/x', address: CLIENT };
  bench.happen(event);
  expect(bench.book.timeline(PC)?.entries.at(-1)).toMatchObject({ event: 'transfer.missed' });
  bench.happen({ ...event, address: ip('192.168.77.9') });
  expect(bench.book.timeline('192.168.77.9')?.device).toMatchObject({ id: '192.168.77.9', mac: undefined });
  expect(bench.book.timeline(PC)?.device.mac).toBe(mac(PC));
});
