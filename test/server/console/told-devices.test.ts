import { expect, it } from 'vitest';
import { wallMs } from '../../../src/base/clock.ts';
import { DeviceBook } from '../../../src/devices/device-book.ts';
import { DeviceDirectory } from '../../../src/observe/directory.ts';
import { ToldDevices } from '../../../src/server/console/told-devices.ts';
import { ip, mac } from '../../support/addresses.ts';
import { configFrom } from '../../support/config-text.ts';

const PHONE = mac('00:1b:54:aa:bb:cc');
const SWITCH = mac('00:00:5e:00:53:09');

function told() {
  const directory = new DeviceDirectory();
  const book = new DeviceBook({ identify: (subject) => directory.identify(subject), tell: () => undefined, now: () => wallMs(1_000) });
  const { hosts } = configFrom(`
networks: [{ interface: eth1, address: 192.168.77.1/24 }]
hosts: [{ mac: "${PHONE}", name: desk-101, profile: cisco-sip }]
`);
  const devices = new ToldDevices({ book, directory, vendorOf: (of) => (of === PHONE ? 'Cisco' : undefined), hosts: () => hosts });
  const bound = { type: 'lease.bound', network: 'bench', leaseSeconds: 60, how: 'new' } as const;
  const happen = (event: Parameters<typeof book.take>[0]): void => {
    directory.listener(event);
    book.take(event);
  };
  return { devices, happen, bound };
}

it('devices have their maker, and the family that the configuration gives or that was recognised', () => {
  const { devices, happen, bound } = told();
  happen({ ...bound, mac: PHONE, address: ip('192.168.77.21'), profile: 'cisco-spa' });
  happen({ ...bound, mac: SWITCH, address: ip('192.168.77.100'), profile: 'onie', model: 'x', serial: 'y' });
  const byId = new Map(devices.list().map((device) => [device.id, device]));
  expect(byId.get(PHONE)).toMatchObject({ vendor: 'Cisco', profile: 'cisco-sip', address: '192.168.77.21' });
  expect(byId.get(SWITCH)).toMatchObject({ vendor: undefined, profile: 'onie' });
  expect(devices.timeline(SWITCH)).toMatchObject({ device: { profile: 'onie' }, entries: [{ event: 'lease.bound' }] });
  expect(devices.timeline('nobody')).toBeUndefined();
});

it('what changes about devices is told to whoever listens', () => {
  const { devices, happen, bound } = told();
  let calls = 0;
  const feed = devices.subscribe(() => {
    calls += 1;
  });
  expect(feed.take()).toBeUndefined();
  happen({ ...bound, mac: PHONE, address: ip('192.168.77.21') });
  expect([calls, feed.take()]).toMatchObject([
    1,
    { changes: [{ device: { id: PHONE, vendor: 'Cisco' }, entry: { count: 1 } }], missed: 0 },
  ]);
  feed.close();
  happen({ ...bound, mac: PHONE, address: ip('192.168.77.21'), how: 'renewed' });
  expect(calls).toBe(1);
});
