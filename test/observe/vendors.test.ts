import { expect, test } from 'vitest';
import { vendorLookup } from '../../src/observe/vendors.ts';
import { mac } from '../support/addresses.ts';

const REGISTRY = {
  '001B54': 'Cisco Systems, Inc\n80 West Tasman Drive\nSan Jose CA 94568\nUnited States',
  '70B3D5': 'IEEE Registration Authority\n445 Hoes Lane',
  '70B3D5001': 'Acme Radio GmbH\nSomewhere',
  '1006480': 'Tiny Phones Ltd\nElsewhere',
  '0050C2': 'Private',
};
const vendorOf = vendorLookup(() => REGISTRY);

test.each([
  ['a block of 24 bits', '00:1b:54:aa:bb:cc', 'Cisco'],
  ['a block of 28 bits', '10:06:48:00:00:01', 'Tiny Phones'],
  ['a block of 36 bits', '70:b3:d5:00:1a:bc', 'Acme Radio'],
  ['the rest of a split block', '70:b3:d5:00:2a:bc', undefined],
  ['a registrant without a name', '00:50:c2:00:00:01', undefined],
  ['a prefix that nobody has', '00:00:0f:00:00:01', undefined],
  ['a made-up address, IEEE 802 §8.2', 'd2:11:22:33:44:55', 'private MAC'],
  ['a virtual machine', '52:54:00:12:34:56', 'QEMU'],
  ['a group address', '01:00:5e:00:00:01', undefined],
  ['the broadcast address', 'ff:ff:ff:ff:ff:ff', undefined],
  ['no address', '00:00:00:00:00:00', undefined],
])('%s: %s is %s', (_what, address, vendor) => {
  expect(vendorOf(mac(address))).toBe(vendor);
});

test('the registry is read once, and not before somebody asks', () => {
  let loads = 0;
  const lookup = vendorLookup(() => {
    loads += 1;
    return REGISTRY;
  });
  expect(loads).toBe(0);
  lookup(mac('00:1b:54:00:00:01'));
  lookup(mac('00:1b:54:00:00:02'));
  expect(loads).toBe(1);
});

test('a registry that cannot be read means that nobody is known', () => {
  const lookup = vendorLookup(() => {
    throw new Error('Cannot find module');
  });
  expect(lookup(mac('00:1b:54:00:00:01'))).toBeUndefined();
  expect(lookup(mac('d2:1b:54:00:00:01'))).toBe('private MAC');
});

test.each([
  ['00:1b:54:aa:bb:cc', 'Cisco'],
  ['dc:a6:32:00:00:01', 'Raspberry Pi'],
  ['00:50:56:00:00:01', 'VMware'],
])('the installed registry knows %s as %s', (address, vendor) => {
  expect(vendorLookup()(mac(address))).toBe(vendor);
});
