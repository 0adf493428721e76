/** An engine on a small site, with a store that answers at once unless a test holds it back. */
import { type AddressRange, type Ipv4, type Mac, parseRange, showIpv4 } from '../../src/base/addresses.ts';
import { type WallMs, wallMs } from '../../src/base/clock.ts';
import { invariant } from '../../src/base/result.ts';
import { type BootSettings, bootPolicyOf } from '../../src/boot/boot-plan.ts';
import type { DhcpEffect, ProbeId, Ticket } from '../../src/dhcp/effects.ts';
import { DhcpEngine } from '../../src/dhcp/engine.ts';
import type { Lease } from '../../src/dhcp/lease.ts';
import type { DhcpPacket, Options } from '../../src/dhcp/packet.ts';
import type { Arrival } from '../../src/dhcp/request.ts';
import type { ClientClass, Host, HostKey, Site, Subnet } from '../../src/dhcp/subnet.ts';
import { cidr, ip, mac } from './addresses.ts';
import { LAN } from './dhcp-client.ts';

/** What of a subnet a test says otherwise; the network and the pools as text. */
export interface SubnetParts extends Partial<Omit<Subnet, 'network' | 'pools' | 'options'>> {
  readonly network?: string;
  readonly pools?: readonly string[];
  readonly options?: Options;
}

export function subnet(parts: SubnetParts = {}): Subnet {
  const { network, pools, options, ...rest } = parts;
  return {
    name: 'lan',
    service: 'full',
    interface: 'lan0',
    own: [ip('10.0.0.1')],
    lease: { defaultSeconds: 3600, minSeconds: 60, maxSeconds: 7200 },
    authoritative: true,
    identity: 'client-id',
    bootp: 'reserved',
    rapidCommit: false,
    checksConflicts: false,
    quarantineSeconds: 600,
    ...rest,
    network: cidr(network ?? '10.0.0.0/24'),
    pools: (pools ?? ['10.0.0.100-10.0.0.199']).map(range),
    options: () => options ?? new Map(),
  };
}

export interface HostParts extends Partial<Omit<Host, 'key' | 'address' | 'options'>> {
  readonly address?: string;
  readonly options?: Options;
}

/** A host by its MAC, or by something else. */
export function host(key: string | HostKey, parts: HostParts = {}): Host {
  const { address, options, ...rest } = parts;
  return {
    key: typeof key === 'string' ? { mac: mac(key) } : key,
    name: undefined,
    bootFile: undefined,
    lease: undefined,
    ...rest,
    address: address === undefined ? undefined : ip(address),
    options: () => options ?? new Map(),
  };
}

export interface ClassParts extends Partial<Omit<ClientClass, 'pools' | 'options'>> {
  readonly pools?: readonly string[];
  readonly options?: Options;
}

/** A class; without `fits` everybody is in it. */
export function clientClass(name: string, parts: ClassParts = {}): ClientClass {
  const { pools, options, ...rest } = parts;
  return {
    name,
    fits: () => true,
    deny: false,
    lease: undefined,
    bootFile: undefined,
    ...rest,
    pools: pools?.map(range),
    options: () => options ?? new Map(),
  };
}

/** A site with these subnets and nothing else. */
export function site(subnets: readonly Subnet[], more: Partial<Site> = {}): Site {
  return { subnets, hosts: [], classes: [], leasequeryFrom: [], ...more };
}

function range(text: string): AddressRange {
  const parsed = parseRange(text);
  invariant(parsed !== undefined, `${text} is no range`);
  return parsed;
}

export const NO_BOOT: BootSettings = { files: {}, ipxe: undefined };

/** The engine with a clock of its own and a store that a test can hold back or break. */
export class EngineBench {
  readonly engine: DhcpEngine;
  /** What the store holds. */
  readonly stored = new Map<number, Lease>();
  store: 'works' | 'fails' | 'waits' = 'works';
  now: WallMs = wallMs(1_000_000_000_000);
  readonly #waiting: { readonly ticket: Ticket; readonly lease: Lease }[] = [];

  /** Addresses that a stranger answers for, and who; the rest is silent. */
  readonly strangers = new Map<string, Mac>();
  /** Probes that were asked for; answered at once unless a test holds them back. */
  readonly probes: string[] = [];
  wire: 'answers' | 'waits' = 'answers';
  readonly #unanswered: { readonly id: ProbeId; readonly address: Ipv4 }[] = [];

  constructor(
    subnets: readonly Subnet[] = [subnet()],
    hosts: readonly Host[] = [],
    boot: BootSettings = NO_BOOT,
    more: Partial<Site> = {},
  ) {
    this.engine = new DhcpEngine(bootPolicyOf(boot));
    this.engine.configure(site(subnets, { hosts, ...more }));
  }

  /** All effects of a message, those after its commits included. */
  receive(packet: DhcpPacket, via: Arrival = LAN): DhcpEffect[] {
    return this.#settle(this.engine.receive(packet, via, this.now));
  }

  release(address: string): DhcpEffect[] {
    return this.#settle(this.engine.release(ip(address), this.now));
  }

  /** Lets time pass. */
  pass(seconds: number): DhcpEffect[] {
    this.now = wallMs(this.now + seconds * 1000);
    return this.engine.expire(this.now);
  }

  /** Answers what waits in a store that `waits`. */
  answerStore(outcome: 'stored' | 'failed'): DhcpEffect[] {
    return this.#waiting.splice(0).flatMap(({ ticket, lease }) => {
      if (outcome === 'stored') this.stored.set(lease.address, lease);
      return this.engine.settled(ticket, outcome, this.now);
    });
  }

  /** A stranger plugs in with this address. */
  meet(address: string, stranger: string): void {
    this.strangers.set(address, mac(stranger));
  }

  /** Answers the probes that wait on a wire that `waits`. */
  answerProbes(): DhcpEffect[] {
    return this.#unanswered
      .splice(0)
      .flatMap(({ id, address }) => this.#settle(this.engine.probed(id, this.strangers.get(showIpv4(address)), this.now)));
  }

  #settle(effects: readonly DhcpEffect[]): DhcpEffect[] {
    return effects.flatMap((effect) => {
      if (effect.do === 'probe') {
        this.probes.push(showIpv4(effect.address));
        this.#unanswered.push(effect);
        return this.wire === 'answers' ? this.answerProbes() : [effect];
      }
      if (effect.do !== 'commit') return [effect];
      if (this.store === 'waits') {
        this.#waiting.push(effect);
        return [effect];
      }
      if (this.store === 'works') this.stored.set(effect.lease.address, effect.lease);
      return this.engine.settled(effect.ticket, this.store === 'works' ? 'stored' : 'failed', this.now);
    });
  }
}
