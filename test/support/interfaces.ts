/** Interfaces for tests: a wired card, up, with a cable and no address, unless said otherwise. */
import type { InterfaceFacts } from '../../src/net/ports.ts';
import { mac } from './addresses.ts';

export function card(name: string, index: number, differences: Partial<InterfaceFacts> = {}): InterfaceFacts {
  return {
    name,
    index,
    mac: mac(`02:00:00:00:${octet((index >> 8) & 255)}:${octet(index & 255)}`),
    mtu: 1500,
    addresses: [],
    isUp: true,
    hasCarrier: true,
    isLoopback: false,
    isWireless: false,
    hasDefaultRoute: false,
    kind: 'physical',
    master: undefined,
    ...differences,
  };
}

export const loopback: InterfaceFacts = card('lo', 1, { mac: undefined, mtu: 65_536, isLoopback: true, kind: 'loopback' });

function octet(value: number): string {
  return value.toString(16).padStart(2, '0');
}
