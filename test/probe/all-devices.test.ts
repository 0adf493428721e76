/** Every device at a site that has everything for it: same engines, same catalogue, no network. */
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { stringify } from 'yaml';
import type { Config } from '../../src/config/config.ts';
import { DEVICES } from '../../src/probe/devices/index.ts';
import { configFrom } from '../support/config-text.ts';
import { DEVICE_BOOT, DEVICE_HOSTS, DEVICE_VERDICTS, writeDeviceFiles } from '../support/device-site.ts';
import { rehearse } from '../support/rehearsal.ts';
import { removeScratch, scratch } from '../support/scratch.ts';

const NETWORK = { name: 'bench', interface: 'eth1', address: '192.168.77.1/24', pools: ['192.168.77.100-192.168.77.199'] };

let config: Config;
let bare: Config;

beforeAll(() => {
  const [root, empty] = [scratch('device-site'), scratch('nothing')];
  writeDeviceFiles(root);
  config = configFrom(stringify({ networks: [NETWORK], hosts: DEVICE_HOSTS, boot: DEVICE_BOOT, tftp: { root }, http: { port: 8080 } }));
  bare = configFrom(stringify({ networks: [NETWORK], tftp: { root: empty } }));
});

afterAll(removeScratch);

describe('A device with everything at hand', () => {
  it.each(DEVICES)('$name: $title', async (device) => {
    const { verdict, lines } = await rehearse(device, config);
    expect(verdict).toEqual({ ok: true, text: DEVICE_VERDICTS[device.name] });
    expect(lines.some(({ way, text }) => way === 'hears' && text.startsWith('ACK'))).toBe(true);
  });
});

describe('A device with nothing for it', () => {
  it.each(DEVICES)('$name says what is missing', async (device) => {
    const { verdict } = await rehearse(device, bare);
    // An address is all that a PC wants.
    expect(verdict.ok).toBe(device.name === 'debian-pc');
    expect(verdict.text).toMatch(/^(?:has the address|no |got no|it |its |finds |found |iPXE got no |the answer names)/);
  });
});
