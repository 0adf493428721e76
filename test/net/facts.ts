/** Interfaces for tests: a wired card, up, with a cable and no address, unless said otherwise. */
import { type Cidr, type Mac, parseCidr } from '../../src/base/addresses.ts';
import { invariant } from '../../src/base/result.ts';
import type { InterfaceFacts } from '../../src/net/ports.ts';

export function card(name: string, index: number, differences: Partial<InterfaceFacts> = {}): InterfaceFacts {
  return {
    name,
    index,
    mac: `02:00:00:00:00:${index.toString(16).padStart(2, '0')}` as Mac,
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

export function cidr(text: string): Cidr {
  const parsed = parseCidr(text);
  invariant(parsed, `${text} is a CIDR`);
  return parsed;
}
