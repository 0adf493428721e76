/** One failure of the lab: what is set up for it, which device goes wrong in it, and what is to be said of that device. */
import type { DeviceState } from '../../src/devices/verdict.ts';
import type { Section } from '../../test/support/appliance.ts';

/** What `bootlace devices` is to say. */
export interface Expected {
  /** The rule, as in `docs/devices.md`. */
  readonly verdict: string;
  readonly state: DeviceState;
}

/** A device on a port of its own. */
export interface Station {
  /** One of `bootlace simulate --list`. */
  readonly device: string;
  readonly mac: string;
  readonly faults?: readonly string[];
  /** How long it stays off at first, ms. */
  readonly afterMs?: number;
  /** How often it is switched on. */
  readonly times?: number;
  /** Octets that fit into a frame at its port of the switch; 1500 otherwise. */
  readonly mtu?: number;
  /** It is behind a relay agent that has this address. */
  readonly relay?: string;
}

export interface Scenario extends Station {
  /** That of the verdict, with what tells it from another of the same verdict. */
  readonly name: string;
  /** What goes wrong, in one line. */
  readonly title: string;
  readonly expected: Expected;
  /** What the configuration says of the device, beside its MAC and its name. */
  readonly host?: Section;
  /** A class of the configuration, for it and its companions alone: `match` is made of their MACs. */
  readonly group?: Section;
  /** Files below the root that are there for it, by their names. */
  readonly files?: Readonly<Record<string, string | Uint8Array>>;
  /** Devices that belong to the story. */
  readonly companions?: readonly Station[];
  /** Somebody on the wire who has these addresses without having asked for them. */
  readonly stranger?: { readonly mac: string; readonly addresses: readonly string[]; readonly expected: Expected };
  /** A second DHCP server on the wire with this address, which gives that one to this device alone; without dnsmasq the device only says that it took it. */
  readonly rival?: { readonly address: string; readonly gives: string };
}

export function stuck(verdict: string): Expected {
  return { verdict, state: 'stuck' };
}
