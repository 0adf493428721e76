import { describe, expect, test } from 'vitest';
import { pickInterface } from '../../src/net/picker.ts';
import type { InterfaceFacts } from '../../src/net/ports.ts';
import { cidr } from '../support/addresses.ts';
import { card, loopback } from '../support/interfaces.ts';

interface Case {
  readonly title: string;
  readonly wanted?: string;
  readonly subnet?: string;
  readonly taken?: readonly string[];
  readonly facts: readonly InterfaceFacts[];
  /** `name: why`, or the reason for waiting. */
  readonly outcome: string;
  /** Interfaces that would have to be set up. */
  readonly down?: readonly string[];
}

const uplink = card('eth0', 2, { hasDefaultRoute: true });
const wifi = card('wlan0', 3, { isWireless: true });

const automatic: readonly Case[] = [
  {
    title: 'the wired card beside the Wi-Fi that carries the default route',
    facts: [loopback, card('wlp3s0', 2, { isWireless: true, hasDefaultRoute: true }), card('enp0s31f6', 3)],
    outcome: 'enp0s31f6: the only free wired interface with a cable',
  },
  {
    title: 'nothing fits: each interface with what was seen',
    facts: [loopback, card('eth1', 4, { hasCarrier: false }), wifi, uplink],
    outcome: 'eth1 has no cable; wlan0 is wireless; eth0 carries the default route (name it in the configuration to serve there)',
  },
  {
    title: 'down, with the one that would have to be set up',
    facts: [uplink, card('eth1', 4, { isUp: false, hasCarrier: false })],
    outcome: 'eth0 carries the default route (name it in the configuration to serve there); eth1 is down',
    down: ['eth1'],
  },
  {
    title: 'only a card is set up as long as there is one, not some container’s cable',
    facts: [card('veth9', 4, { kind: 'veth', isUp: false }), card('eth1', 5, { isUp: false })],
    outcome: 'veth9 is down; eth1 is down',
    down: ['eth1'],
  },
  { title: 'nothing but the loopback', facts: [loopback], outcome: 'there is no network interface besides the loopback' },
  {
    title: 'container and VPN interfaces in one breath',
    facts: [
      uplink,
      card('docker0', 5, { kind: 'bridge' }),
      card('veth1', 6, { kind: 'veth', master: 5 }),
      card('tun0', 7, { kind: 'tun', mac: undefined }),
    ],
    outcome:
      'eth0 carries the default route (name it in the configuration to serve there); docker0, veth1 and tun0 are virtual or for something else',
  },
  {
    title: 'a card that is a port of a bridge is the bridge’s',
    facts: [card('eth1', 4, { master: 5 }), card('br0', 5, { kind: 'bridge' })],
    outcome: 'eth1 belongs to br0; br0 is virtual or for something else',
  },
  ...['bond', 'vlan', 'bridge', 'tun', 'dummy', 'virtual', 'other'].map((kind) => ({
    title: `never a ${kind}`,
    facts: [card('x0', 4, { kind })],
    outcome: 'x0 is virtual or for something else',
  })),
  {
    title: 'the lowest index of several, and the others are named',
    facts: [card('eth3', 6), card('eth1', 4), card('eth2', 5)],
    outcome: 'eth1: the first free wired interface with a cable; eth2 and eth3 would do as well',
  },
  {
    title: 'the one that has an address in the network goes first',
    subnet: '192.168.77.1/24',
    facts: [card('eth1', 4, { addresses: [cidr('10.0.0.1/8')] }), card('eth2', 5, { addresses: [cidr('192.168.77.9/24')] })],
    outcome: 'eth2: it has an address in 192.168.77.1/24; eth1 would do as well',
  },
  {
    title: 'an address in the network does not make the default route harmless',
    subnet: '192.168.77.1/24',
    facts: [card('eth0', 2, { hasDefaultRoute: true, addresses: [cidr('192.168.77.1/24')] }), card('eth1', 4)],
    outcome: 'eth1: the only free wired interface with a cable',
  },
  {
    title: 'the end of a virtual cable where there is no card (namespaces, containers)',
    facts: [loopback, card('lan0', 2, { kind: 'veth' })],
    outcome: 'lan0: the only free wired interface with a cable',
  },
  {
    title: 'a card before a virtual cable',
    facts: [card('veth1', 2, { kind: 'veth' }), card('eth1', 4)],
    outcome: 'eth1: the only free wired interface with a cable',
  },
  {
    title: 'not the one of another network',
    taken: ['eth1'],
    facts: [card('eth1', 4), card('eth2', 5)],
    outcome: 'eth2: the only free wired interface with a cable',
  },
  { title: 'all taken', taken: ['eth1'], facts: [card('eth1', 4)], outcome: 'eth1 is for another network' },
];

const named: readonly Case[] = [
  { title: 'a named card', wanted: 'eth1', facts: [uplink, card('eth1', 4)], outcome: 'eth1: named in the configuration' },
  {
    title: 'named counts more than the default route',
    wanted: 'eth0',
    facts: [uplink],
    outcome: 'eth0: named in the configuration, though it carries the default route',
  },
  {
    title: 'named counts more than the kind',
    wanted: 'br0',
    facts: [card('br0', 5, { kind: 'bridge' })],
    outcome: 'br0: named in the configuration',
  },
  { title: 'named counts more than the air', wanted: 'wlan0', facts: [wifi], outcome: 'wlan0: named in the configuration' },
  { title: 'missing', wanted: 'eth9', facts: [loopback, uplink, wifi], outcome: 'there is no interface eth9 (there is eth0 and wlan0)' },
  {
    title: 'missing, and no other',
    wanted: 'eth9',
    facts: [loopback],
    outcome: 'there is no interface eth9 (there is none besides the loopback)',
  },
  { title: 'down', wanted: 'eth1', facts: [card('eth1', 4, { isUp: false, hasCarrier: false })], outcome: 'eth1 is down', down: ['eth1'] },
  { title: 'no cable', wanted: 'eth1', facts: [card('eth1', 4, { hasCarrier: false })], outcome: 'eth1 has no cable' },
  { title: 'of another network', wanted: 'eth1', taken: ['eth1'], facts: [card('eth1', 4)], outcome: 'eth1 is for another network' },
];

describe.each([
  { kind: 'auto', cases: automatic },
  { kind: 'a name', cases: named },
])('$kind', ({ cases }) => {
  test.each(cases)('$title', ({ wanted = 'auto', subnet, taken = [], facts, outcome, down = [] }) => {
    const picked = pickInterface({ wanted, taken: new Set(taken), subnet: subnet === undefined ? undefined : cidr(subnet) }, facts);
    expect('waiting' in picked ? picked.waiting : `${picked.choice.name}: ${picked.why}`).toBe(outcome);
    expect('waiting' in picked ? picked.down.map(({ name }) => name) : []).toEqual(down);
  });
});
