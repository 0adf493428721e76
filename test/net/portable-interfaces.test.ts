import { networkInterfaces } from 'node:os';
import { describe, expect, test } from 'vitest';
import { commandToAdd, portableInterfaces } from '../../src/net/portable/interfaces.ts';
import { cidr } from '../support/addresses.ts';
import { card } from '../support/interfaces.ts';

describe('portableInterfaces', () => {
  test('shows what Node shows, and keeps each number', async () => {
    const interfaces = await portableInterfaces();
    const facts = interfaces.list();
    expect(facts.map(({ name }) => name)).toEqual(Object.keys(networkInterfaces()));
    expect(facts.find(({ isLoopback }) => isLoopback)).toMatchObject({
      kind: 'loopback',
      mac: undefined,
      isUp: true,
      hasDefaultRoute: false,
    });
    expect(new Set(facts.map(({ index }) => index)).size).toBe(facts.length);
    expect(interfaces.list().map(({ index }) => index)).toEqual(facts.map(({ index }) => index));
  });

  test('says the command for what it cannot do', async () => {
    const interfaces = await portableInterfaces('darwin');
    expect(() => interfaces.addAddress(card('en5', 4), cidr('192.168.77.1/24'))).toThrow('ifconfig en5 alias 192.168.77.1/24');
    expect(() => interfaces.bringUp(card('en5', 4))).toThrow('en5 is down');
    expect(() => interfaces.removeAddress(card('en5', 4), cidr('192.168.77.1/24'))).not.toThrow();
  });
});

test.each([
  ['darwin', 'ifconfig en5 alias 192.168.77.1/24'],
  ['win32', 'netsh interface ipv4 add address "en5" 192.168.77.1/24'],
  ['linux', 'ip address add 192.168.77.1/24 dev en5'],
  ['freebsd', 'ifconfig en5 inet 192.168.77.1/24 alias'],
])('the command of %s', (platform, command) => {
  expect(commandToAdd(platform, 'en5', cidr('192.168.77.1/24'))).toBe(command);
});
