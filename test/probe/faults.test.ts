/** Devices that go wrong: what they do, and that the server survives and tells it. */
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { stringify } from 'yaml';
import { invariant } from '../../src/base/result.ts';
import type { Config } from '../../src/config/config.ts';
import type { Device } from '../../src/probe/device.ts';
import { DEVICES } from '../../src/probe/devices/index.ts';
import { FAULTS } from '../../src/probe/faults.ts';
import { configFrom } from '../support/config-text.ts';
import { DEVICE_BOOT, DEVICE_HOSTS, writeDeviceFiles } from '../support/device-site.ts';
import { type Rehearsal, rehearse } from '../support/rehearsal.ts';
import { removeScratch, scratch } from '../support/scratch.ts';

const NETWORK = { name: 'bench', interface: 'eth1', address: '192.168.77.1/24', pools: ['192.168.77.100-192.168.77.199'] };

let config: Config;

beforeAll(() => {
  const root = scratch('device-faults');
  writeDeviceFiles(root);
  config = configFrom(stringify({ networks: [NETWORK], hosts: DEVICE_HOSTS, boot: DEVICE_BOOT, tftp: { root }, http: { port: 8080 } }));
});

afterAll(removeScratch);

function faulty(deviceName: string, faultName: string): Device {
  const device = DEVICES.find(({ name }) => name === deviceName);
  const fault = FAULTS.find(({ name }) => name === faultName);
  invariant(device !== undefined && fault !== undefined, 'both are in the lists');
  return fault.of(device);
}

const saysOf = ({ lines }: Rehearsal, beginning: string) => lines.filter(({ way, text }) => way === 'says' && text.startsWith(beginning));
const told = ({ events }: Rehearsal) => events.map(({ type }) => type);

describe('A device that', () => {
  it('takes the offer of another server is bound by nobody here', async () => {
    const rehearsal = await rehearse(faulty('debian-pc', 'takes-other-offer'), config);
    expect(rehearsal.verdict).toMatchObject({ ok: false, text: expect.stringContaining('took the offer of another server') as string });
    expect(told(rehearsal)).not.toContain('lease.bound');
  });

  it('ignores offers asks again and never for the address', async () => {
    const rehearsal = await rehearse(faulty('pxe-bios', 'ignores-offers'), config);
    expect(rehearsal.verdict.text).toBe('it was offered an address 4 times and took none');
    expect(saysOf(rehearsal, 'DISCOVER')).toHaveLength(4);
    expect(saysOf(rehearsal, 'REQUEST')).toHaveLength(0);
  });

  it('hears no offer says how long it has waited (RFC 2131 §2, secs)', async () => {
    const rehearsal = await rehearse(faulty('debian-pc', 'repeats-discover'), config);
    expect(saysOf(rehearsal, 'DISCOVER').map(({ text }) => / (\d+) s after/.exec(text)?.[1])).toEqual([undefined, '2', '6', '14']);
  });

  it('is held back by its switch port is heard once, and late (RFC 2131 §2, secs)', async () => {
    const rehearsal = await rehearse(faulty('pxe-bios', 'port-held-back'), config);
    expect(saysOf(rehearsal, 'DISCOVER').map(({ text }) => / (\d+) s after/.exec(text)?.[1])).toEqual(['28']);
    expect(told(rehearsal)).toContain('dhcp.offered');
    expect(rehearsal.verdict.ok).toBe(false);
  });

  it('comes from another network is told once to begin anew (RFC 2131 §4.3.2)', async () => {
    const rehearsal = await rehearse(faulty('debian-pc', 'wrong-network'), config);
    expect(rehearsal.verdict.text).toBe('it insisted on 203.0.113.33 and was refused once');
    expect(told(rehearsal).filter((type) => type === 'lease.refused')).toHaveLength(1);
  });

  it('shares its MAC with another says its own machine identifier (RFC 4578 §2.3)', async () => {
    const machines = async (device: Device) =>
      (await rehearse(device, config)).events.flatMap((event) => (event.type === 'dhcp.offered' ? [event.machine] : []));
    const [own] = await machines(faulty('uefi-x64', 'ignores-offers'));
    const [other] = await machines(faulty('uefi-x64', 'other-machine'));
    expect([own, other]).toEqual([expect.any(Number), expect.any(Number)]);
    expect(other).not.toBe(own);
  });

  it('wants no boot file asks for none (RFC 2132 §9.8)', async () => {
    const { events } = await rehearse(faulty('pxe-bios', 'wants-no-boot'), config);
    expect(events.find(({ type }) => type === 'lease.bound')).toMatchObject({ asksForFile: false });
  });

  it('keeps the trust list of another site asks for nothing after it', async () => {
    const rehearsal = await rehearse(faulty('cisco-7962', 'stops-at-trust-list'), config);
    expect(saysOf(rehearsal, 'RRQ').map(({ text }) => text)).toEqual(['RRQ CTLSEP001B54AABBCC.tlv to 192.168.77.1']);
  });

  it('declines each address makes the server give another (RFC 2131 §4.3.3)', async () => {
    const rehearsal = await rehearse(faulty('debian-pc', 'declines'), config);
    expect(rehearsal.verdict.ok).toBe(false);
    const declined = saysOf(rehearsal, 'DECLINE').map(({ text }) => text);
    expect(new Set(declined).size).toBe(4);
    expect(told(rehearsal).filter((type) => type === 'lease.declined')).toHaveLength(4);
  });

  it('insists on an address of another network is refused each time (RFC 2131 §4.3.2)', async () => {
    const rehearsal = await rehearse(faulty('debian-pc', 'nak-loop'), config);
    expect(rehearsal.verdict.text).toBe('it insisted on 203.0.113.33 and was refused 4 times');
    expect(told(rehearsal).filter((type) => type === 'lease.refused')).toHaveLength(4);
  });

  it('falls silent after its ACK asks for no file', async () => {
    const rehearsal = await rehearse(faulty('cisco-7962', 'silent-after-ack'), config);
    expect(rehearsal.verdict).toEqual({ ok: false, text: 'it has its address and never asked for a file' });
    expect(saysOf(rehearsal, 'RRQ')).toHaveLength(0);
  });

  it('loses the first block agrees on a size and acknowledges nothing of the file', async () => {
    const rehearsal = await rehearse(faulty('uefi-arm64', 'stalls-first-block'), config);
    expect(rehearsal.verdict.text).toContain('its first block never arrived');
    expect(told(rehearsal)).not.toContain('transfer.done');
  });

  it('falls silent in the middle of a file breaks it off', async () => {
    const rehearsal = await rehearse(faulty('onie', 'stalls-midway'), withoutUrl());
    expect(rehearsal.verdict.ok).toBe(false);
    expect(rehearsal.lines.some(({ text }) => text.includes('it fell silent after 3 packets'))).toBe(true);
  });

  it('asks for the size only is declined, which is no failure', async () => {
    const rehearsal = await rehearse(faulty('uefi-arm64', 'size-probe-only'), config);
    expect(rehearsal.verdict.text).toContain('asked for the size and never for the file');
    expect(told(rehearsal)).toContain('transfer.declined');
    expect(told(rehearsal)).not.toContain('transfer.failed');
  });

  it('runs an iPXE that does not say so is given iPXE again and again', async () => {
    const rehearsal = await rehearse(faulty('pxe-bios', 'loops-rom-ipxe'), config);
    expect(rehearsal.verdict.text).toContain('it goes round in circles');
    expect(saysOf(rehearsal, 'RRQ undionly.kpxe').length).toBeGreaterThanOrEqual(5);
  });

  it.each([
    ['uefi-x64', 'got undionly.kpxe (70,000 octets) and cannot start it: it is no program for UEFI'],
    ['pxe-bios', 'got ipxe.efi (200,000 octets) and cannot start it: it is a program for UEFI, and this is a BIOS'],
  ])('says another architecture than it has cannot start what it gets: %s', async (name, text) => {
    const { verdict } = await rehearse(faulty(name, 'wrong-architecture-file'), config);
    expect(verdict).toEqual({ ok: false, text });
  });

  it('breaks its backup off is refused here, where nothing is kept', async () => {
    const rehearsal = await rehearse(faulty('catalyst', 'backup-half-way'), config);
    expect(rehearsal.verdict.text).toContain('its backup access-1-confg broke off half way');
    expect(told(rehearsal)).toContain('transfer.refused');
  });

  it('has no clock sends its line and boots all the same (RFC 3164 §4.1.2)', async () => {
    const rehearsal = await rehearse(faulty('catalyst', 'wrong-clock-syslog'), config);
    expect(rehearsal.verdict.ok).toBe(true);
    expect(saysOf(rehearsal, 'syslog')).toHaveLength(1);
  });

  function withoutUrl(): Config {
    return { ...config, hosts: config.hosts.filter(({ name }) => name !== 'onie'), http: { ...config.http, port: undefined } };
  }
});

describe('Every fault', () => {
  it.each(FAULTS)('$name ends, and with a verdict', async ({ of }) => {
    const device = DEVICES.find(({ name }) => name === 'uefi-x64');
    invariant(device !== undefined, 'it is in the list');
    const { verdict } = await rehearse(of(device), config);
    expect(verdict.text).not.toBe('');
  });
});
