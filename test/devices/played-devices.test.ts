/** What is said of simulated devices: the packets of whole firmware, through the same engines and the same catalogue, without a network. */
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { stringify } from 'yaml';
import { type WallMs, wallMs } from '../../src/base/clock.ts';
import { invariant } from '../../src/base/result.ts';
import type { Config } from '../../src/config/config.ts';
import type { DeviceSummary } from '../../src/devices/api.ts';
import { DeviceBook } from '../../src/devices/device-book.ts';
import { DeviceDirectory } from '../../src/observe/directory.ts';
import { DEVICES } from '../../src/probe/devices/index.ts';
import { configFrom } from '../support/config-text.ts';
import { DEVICE_BOOT, DEVICE_HOSTS, writeDeviceFiles } from '../support/device-site.ts';
import { rehearse } from '../support/rehearsal.ts';
import { removeScratch, scratch } from '../support/scratch.ts';

const NETWORK = { name: 'bench', interface: 'eth1', address: '192.168.77.1/24', pools: ['192.168.77.100-192.168.77.199'] };
/** By then it is known that nothing more comes. */
const QUIET_SECONDS = 30;

let config: Config;
let bare: Config;

beforeAll(() => {
  const [root, empty] = [scratch('device-site'), scratch('nothing')];
  writeDeviceFiles(root);
  config = configFrom(stringify({ networks: [NETWORK], hosts: DEVICE_HOSTS, boot: DEVICE_BOOT, tftp: { root }, http: { port: 8080 } }));
  bare = configFrom(stringify({ networks: [NETWORK], tftp: { root: empty } }));
});
afterAll(removeScratch);

/** Where the device stands when it is through, and has been quiet. */
async function standing(device: (typeof DEVICES)[number], site: Config): Promise<DeviceSummary> {
  const directory = new DeviceDirectory();
  let now = wallMs(0);
  const book = new DeviceBook({ identify: (subject) => directory.identify(subject), tell: () => undefined, now: () => now });
  await rehearse(device, site, (event, at: WallMs) => {
    now = at;
    directory.listener(event);
    book.take(event);
  });
  for (let second = 0; second < QUIET_SECONDS; second += 1) {
    now = wallMs(now + 1000);
    book.tick();
  }
  const timeline = book.timeline(device.mac);
  invariant(timeline !== undefined, `${device.name} was heard of`);
  return timeline.device;
}

/** What is said of each that has everything and speaks TFTP alone: of what is asked by HTTP a rehearsal tells nothing. */
const CONTENT: Readonly<Record<string, string>> = {
  'cisco-7962': 'provisioned',
  'cisco-spa504g': 'provisioned',
  'polycom-vvx': 'provisioned',
  'yealink-t48': 'provisioned',
  grandstream: 'provisioned',
  mitel: 'provisioned',
  fanvil: 'provisioned',
  panasonic: 'provisioned',
  catalyst: 'provisioned',
  nexus: 'provisioned',
  juniper: 'provisioned',
  'aruba-cx': 'provisioned',
  comware: 'provisioned',
  dell: 'provisioned',
  extreme: 'booted',
  mikrotik: 'booted',
  pi4: 'booted',
  'uefi-arm64': 'booted',
  uboot: 'booted',
  'debian-pc': 'has-address',
};

/** What is said of each that finds nothing; the others ask nobody, as they were told of nothing. */
const STUCK: Readonly<Record<string, string>> = {
  'cisco-7962': 'file-missing',
  'cisco-8851': 'file-missing',
  'cisco-spa504g': 'file-missing',
  'polycom-vvx': 'file-missing',
  'yealink-t48': 'file-missing',
  grandstream: 'file-missing',
  mitel: 'file-missing',
  fanvil: 'file-missing',
  panasonic: 'file-missing',
  nexus: 'offers-ignored',
  onie: 'onie-searching',
  pi4: 'file-missing',
  'pxe-bios': 'file-missing',
  'uefi-x64': 'file-missing',
  'uefi-arm64': 'file-missing',
  ipxe: 'file-missing',
  uboot: 'file-missing',
};

describe('a device with everything at hand is well', () => {
  it.each(DEVICES.filter(({ name }) => CONTENT[name] !== undefined))('$name', async (device) => {
    const { verdict, sentence } = await standing(device, config);
    expect(verdict, sentence).toBe(CONTENT[device.name]);
  });
});

describe('a device that finds nothing is stuck, and it is said why', () => {
  it.each(DEVICES.filter(({ name }) => STUCK[name] !== undefined))('$name', async (device) => {
    const { state, verdict, sentence } = await standing(device, bare);
    expect({ state, verdict }, sentence).toEqual({ state: 'stuck', verdict: STUCK[device.name] });
  });
});

it('the tables name devices that there are', () => {
  const names = DEVICES.map(({ name }) => name);
  expect(names).toEqual(expect.arrayContaining([...Object.keys(CONTENT), ...Object.keys(STUCK)]));
});
