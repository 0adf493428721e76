/** Which lines the first screen stands for, and when it is due. */
import { describe, expect, test } from 'vitest';
import { StartUp } from '../../../src/cli/live/start-up.ts';
import { defaultConfig } from '../../../src/config/resolve.ts';
import type { AppEvent } from '../../../src/events/events.ts';
import { cidr, ip } from '../../support/addresses.ts';

const SERVER = ip('192.168.77.1');
const CONFIG = { ...defaultConfig('/home/me'), http: { port: 8080 }, services: { syslog: undefined, ntp: true, dns: undefined } };
const up = (name: string): AppEvent => ({
  type: 'network.up',
  network: name,
  interface: name,
  address: cidr('192.168.77.1/24'),
  serving: 'DHCP',
});
const HTTP: AppEvent = { type: 'http.ready', interface: 'eth1', address: SERVER, port: 8080 };
const NTP: AppEvent = { type: 'service.unavailable', service: 'ntp', interface: 'eth1', address: SERVER, port: 123, why: 'chronyd has it' };
const READY: AppEvent = { type: 'server.ready', networks: 1 };

describe('The start', () => {
  test.each<[what: string, events: readonly AppEvent[], isComplete: boolean]>([
    ['nothing', [], false],
    ['only the server', [READY], true],
    ['a network without its ports', [up('eth1'), READY], false],
    ['a network with one of two ports', [up('eth1'), HTTP, READY], false],
    ['a network with its ports, one of which cannot be had', [up('eth1'), HTTP, NTP, READY], true],
    ['the ports after the server', [up('eth1'), READY, NTP, HTTP], true],
    ['the ports of one of two networks', [up('eth1'), up('eth2'), HTTP, NTP, READY], false],
    ['everything but the server', [up('eth1'), HTTP, NTP], false],
  ])('is complete or not with %s', (_what, events, isComplete) => {
    const start = new StartUp(CONFIG);
    for (const event of events) expect(start.hold(event)).toBe(true);
    expect(start.isComplete).toBe(isComplete);
    expect(start.takeHeld()).toEqual(events);
    expect(start.takeHeld()).toEqual([]);
  });

  test('leaves everything to the log that the first screen does not say', () => {
    const start = new StartUp(CONFIG);
    expect(start.hold({ type: 'server.limited', detail: 'no raw frames' })).toBe(false);
    expect(start.hold({ type: 'server.fault', where: 'a socket', detail: 'gone' })).toBe(false);
    expect(start.takeHeld()).toEqual([]);
  });

  test('keeps where the page is', () => {
    const start = new StartUp(CONFIG);
    start.hold({ type: 'web.ready', address: SERVER, port: 8067, tokenFile: '/data/web-token' });
    expect(start.page).toMatchObject({ address: SERVER, port: 8067, tokenFile: '/data/web-token' });
  });
});
