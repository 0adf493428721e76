import fc from 'fast-check';
import { expect, test } from 'vitest';
import type { AppEvent } from '../../src/events/events.ts';
import { DeviceDirectory } from '../../src/observe/directory.ts';
import { ip, mac } from '../support/addresses.ts';

const DESK = mac('00:1b:54:aa:bb:cc');
const LAB = mac('dc:a6:32:00:00:01');
const A = ip('192.168.77.101');
const B = ip('192.168.77.102');

const bound = (address: typeof A, who: typeof DESK, hostName?: string): AppEvent => ({
  type: 'lease.bound',
  address,
  mac: who,
  hostName,
  network: 'bench',
  leaseSeconds: 3600,
  how: 'new',
});
const offered = (address: typeof A, who: typeof DESK, hostName?: string): AppEvent => ({
  type: 'dhcp.offered',
  address,
  mac: who,
  hostName,
  network: 'bench',
  leaseSeconds: 3600,
  why: 'free',
});
const informed = (address: typeof A, who: typeof DESK): AppEvent => ({ type: 'dhcp.informed', address, mac: who, network: 'bench' });
const released = (address: typeof A, who: typeof DESK): AppEvent => ({
  type: 'lease.released',
  address,
  mac: who,
  network: 'bench',
  by: 'client',
});
const expired = (address: typeof A): AppEvent => ({ type: 'lease.expired', address, network: 'bench' });
const declined = (address: typeof A, who: typeof DESK): AppEvent => ({
  type: 'lease.declined',
  address,
  mac: who,
  network: 'bench',
  quarantineSeconds: 60,
});

const nobody = { address: A, mac: undefined, hostName: undefined };

test.each<[name: string, events: readonly AppEvent[], holderOfA: object]>([
  ['nobody at first', [], nobody],
  ['the device that was offered it', [offered(A, DESK, 'desk')], { address: A, mac: DESK, hostName: 'desk', isLeased: true }],
  ['the device that took it', [bound(A, DESK, 'desk')], { address: A, mac: DESK, hostName: 'desk', isLeased: true }],
  ['the last of two', [bound(A, DESK, 'desk'), bound(A, LAB)], { address: A, mac: LAB, hostName: undefined, isLeased: true }],
  ['nobody after a release', [bound(A, DESK), released(A, DESK)], nobody],
  [
    'its holder after a release by another device',
    [bound(A, DESK), released(A, LAB)],
    { address: A, mac: DESK, hostName: undefined, isLeased: true },
  ],
  ['nobody after it ran out', [bound(A, DESK), expired(A)], nobody],
  ['nobody after a decline: a stranger has it', [bound(A, DESK), declined(A, DESK)], nobody],
  ['who informed us, while nobody has a lease', [informed(A, LAB)], { address: A, mac: LAB, hostName: undefined }],
  [
    'its holder, whatever another device says in an INFORM',
    [bound(A, DESK), informed(A, LAB)],
    { address: A, mac: DESK, hostName: undefined, isLeased: true },
  ],
  [
    'the same device under the name it gave before: a boot ROM gives none',
    [bound(B, DESK, 'desk'), released(B, DESK), bound(A, DESK)],
    { address: A, mac: DESK, hostName: 'desk', isLeased: true },
  ],
])('an address belongs to %s', (_name, events, holder) => {
  const directory = new DeviceDirectory();
  for (const event of events) directory.listener(event);
  expect(directory.whoHas(A)).toEqual(holder);
});

test("the configuration's name wins over the client's", () => {
  const directory = new DeviceDirectory([{ mac: DESK, name: 'desk-101' }, { mac: LAB }]);
  directory.listener(bound(A, DESK, 'SEP001B54AABBCC'));
  directory.listener(bound(B, LAB, 'raspberrypi'));
  expect(directory.whoHas(A).hostName).toBe('desk-101');
  expect(directory.whoHas(B).hostName).toBe('raspberrypi');
  expect(directory.identify({ mac: DESK }).hostName).toBe('desk-101');
});

test('another device that uses an address does not get the name of its holder', () => {
  const directory = new DeviceDirectory();
  directory.listener(bound(A, DESK, 'desk'));
  expect(directory.identify({ address: A, mac: LAB })).toEqual({ address: A, mac: LAB, hostName: undefined });
});

test('the classes of a client are those of its last lease or offer, and no INFORM gives any', () => {
  const directory = new DeviceDirectory();
  directory.listener({ ...offered(A, DESK), classes: ['phones'] } as AppEvent);
  expect(directory.whoHas(A)).toMatchObject({ isLeased: true, classes: ['phones'] });
  directory.listener({ ...bound(A, DESK), classes: ['lab', 'all'] } as AppEvent);
  expect(directory.whoHas(A).classes).toEqual(['lab', 'all']);
  directory.listener(bound(A, DESK));
  expect(directory.whoHas(A).classes).toBeUndefined();
  directory.listener({ ...informed(B, DESK), classes: ['phones'] } as AppEvent);
  expect(directory.whoHas(B)).toEqual({ address: B, mac: DESK, hostName: undefined });
});

test('leases of the last run are known from the start', () => {
  const directory = new DeviceDirectory();
  directory.learn([{ address: A, mac: DESK, hostName: 'desk' }, { mac: LAB }]);
  expect(directory.whoHas(A)).toEqual({ address: A, mac: DESK, hostName: 'desk', isLeased: true });
});

test('control characters in names are written out, and long names are cut', () => {
  const directory = new DeviceDirectory();
  directory.listener(bound(A, DESK, '\x1b]0;owned\x07'));
  directory.listener(bound(B, LAB, 'x'.repeat(255)));
  expect(directory.whoHas(A).hostName).toBe('\\x1b]0;owned\\x07');
  expect(directory.whoHas(B).hostName).toHaveLength(64);
});

test('however many devices come, no more than the capacity is kept, and the newest are', () => {
  fc.assert(
    fc.property(fc.array(fc.integer({ min: 1, max: 40 }), { minLength: 1, maxLength: 100 }), (hosts) => {
      const directory = new DeviceDirectory([], 10);
      for (const host of hosts) directory.listener(bound(ip(`10.0.0.${host}`), DESK));
      const known = Array.from({ length: 40 }, (_, at) => directory.whoHas(ip(`10.0.0.${at + 1}`))).filter((who) => who.mac !== undefined);
      expect(known.length).toBe(Math.min(10, new Set(hosts).size));
      expect(directory.whoHas(ip(`10.0.0.${hosts.at(-1)}`)).mac).toBe(DESK);
    }),
  );
});

test('a name that the configuration gives later is used at once, and one that it gives no more is forgotten', () => {
  const directory = new DeviceDirectory([{ mac: DESK, name: 'desk-101' }]);
  directory.listener(bound(A, DESK, 'desk-101'));
  directory.listener(bound(B, LAB, 'raspberry'));
  directory.name([{ mac: LAB, name: 'lab-7' }]);
  expect([directory.whoHas(A).hostName, directory.whoHas(B).hostName]).toEqual([undefined, 'lab-7']);
  directory.name([]);
  expect(directory.whoHas(B).hostName).toBe('raspberry');
});
