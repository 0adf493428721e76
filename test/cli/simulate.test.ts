import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { stringify } from 'yaml';
import { simulateCommand } from '../../src/cli/simulate.ts';
import { DEVICES } from '../../src/probe/devices/index.ts';
import { FAULTS } from '../../src/probe/faults.ts';
import { DEVICE_BOOT, DEVICE_HOSTS, DEVICE_VERDICTS, writeDeviceFiles } from '../support/device-site.ts';
import { MemoryOutput } from '../support/memory-output.ts';
import { removeScratch, scratch } from '../support/scratch.ts';

let file = '';
beforeAll(() => {
  const folder = scratch('simulate');
  file = join(folder, 'config.yaml');
  writeDeviceFiles(join(folder, 'tftp'));
  const config = {
    networks: [
      { name: 'bench', interface: 'eth1', address: '192.168.77.1/24' },
      { name: 'own', interface: 'eth2' },
      { name: 'floor-2', subnet: '10.88.0.0/24' },
    ],
    hosts: DEVICE_HOSTS,
    classes: [{ name: 'bad', match: { mac: '66:*' }, deny: true }],
    boot: DEVICE_BOOT,
    tftp: { root: './tftp' },
    http: { port: 8080 },
  };
  writeFileSync(file, stringify(config));
});
afterAll(removeScratch);

async function simulated(...args: readonly string[]): Promise<MemoryOutput> {
  const output = new MemoryOutput();
  await simulateCommand(output).parseAsync([...args, '--config', file], { from: 'user' });
  return output;
}

describe('bootlace simulate', () => {
  it('lists every device and every fault', async () => {
    const { lines } = await simulated('--list');
    for (const { name } of [...DEVICES, ...FAULTS]) expect(lines.some((line) => line.startsWith(name))).toBe(true);
    const json = JSON.parse((await simulated('--list', '--json')).lines.join('\n')) as { devices: unknown[]; faults: unknown[] };
    expect([json.devices.length, json.faults.length]).toEqual([DEVICES.length, FAULTS.length]);
  });

  it('tells the dialogue with its options by name, and the verdict in one sentence', async () => {
    const output = await simulated('cisco-7962', '--offline');
    expect(output.lines[0]).toBe('Cisco IP Phone 7962G, SIP firmware with the hardware address 00:1b:54:aa:bb:cc');
    const text = output.lines.join('\n');
    expect(text).toMatch(/→ DISCOVER from 00:1b:54:aa:bb:cc\n.* 53 DHCP Message Type: DISCOVER\n/);
    expect(text).toMatch(/ 60 Vendor Class Identifier: "Cisco Systems, Inc\. IP Phone CP-7962G"\n/);
    expect(text).toMatch(/· takes the server from option 150 \(TFTP Server Addresses\): 192\.168\.77\.1\n/);
    expect(text).toMatch(/← CTLSEP001B54AABBCC\.tlv: error 1, File not found\n/);
    expect(output.lines.at(-1)).toBe(`cisco-7962 ${DEVICE_VERDICTS['cisco-7962']}`);
    expect(output.hasFailed).toBe(false);
  });

  it('tells it as lines of JSON', async () => {
    const { lines } = await simulated('debian-pc', '--offline', '--json', '--mac', '52:54:00:00:00:07');
    const steps = lines.map((line) => JSON.parse(line) as Record<string, unknown>);
    expect(steps[0]).toMatchObject({ atMs: 0, way: 'says', text: 'DISCOVER from 52:54:00:00:00:07' });
    expect(steps.at(-1)).toMatchObject({ verdict: { ok: true }, device: 'debian-pc', mac: '52:54:00:00:00:07' });
  });

  it('says why the server keeps silent, and fails', async () => {
    const output = await simulated('debian-pc', '--offline', '--mac', '66:54:00:00:00:07');
    expect(output.lines.at(-1)).toBe('debian-pc no DHCP server answered (the server: class bad gets no answer)');
    expect(output.exitCode).toBe(1);
  });

  it('fails with what a fault made of it', async () => {
    const output = await simulated('pxe-bios', '--offline', '--fault', 'loops-rom-ipxe');
    expect(output.lines.at(-1)).toMatch(/goes round in circles.*set boot\.ipxe/);
    expect(output.exitCode).toBe(1);
  });

  it.each([
    ['own', /network own takes the address of its interface/],
    ['floor-2', /network floor-2 is behind a relay: simulate a device there with --server/],
    ['attic', /no network is called attic; they are bench, own, floor-2/],
  ])('cannot rehearse the network %s, and says why', async (network, why) => {
    await expect(simulated('debian-pc', '--offline', '--network', network)).rejects.toThrow(why);
  });
});
