/** An engine on a small site, with a store that answers at once unless a test holds it back. */
import { type AddressRange, type Ipv4, type Mac, parseRange, showIpv4 } from '../../src/base/addresses.ts';
import { type WallMs, wallMs } from '../../src/base/clock.ts';
import { invariant } from '../../src/base/result.ts';
import { BootPlanner } from '../../src/boot/boot-plan.ts';
import { type BootSettings, type BootSource, NO_BOOT_SETTINGS } from '../../src/boot/boot-settings.ts';
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
  readonly boot?: BootParts;
  readonly network?: string;
  readonly pools?: readonly string[];
  readonly options?: Options;
}

export function subnet(parts: SubnetParts = {}): Subnet {
  const { network, pools, options, boot, ...rest } = parts;
  const made: Subnet = {
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
  return saying(made, boot);
}

/** What is said about booting; what is left out is not said. */
export type BootParts = Partial<BootSettings>;

/** Subnets, hosts and classes of tests may say something about booting, which the engine itself does not see. */
const boots = new WeakMap<object, BootParts>();

function saying<Thing extends object>(thing: Thing, boot: BootParts | undefined): Thing {
  if (boot !== undefined) boots.set(thing, boot);
  return thing;
}

function bootOf(thing: object): BootSettings {
  return { ...NO_BOOT_SETTINGS, ...boots.get(thing) };
}

export interface HostParts extends Partial<Omit<Host, 'key' | 'address' | 'options'>> {
  readonly boot?: BootParts;
  readonly address?: string;
  readonly options?: Options;
}

/** A host by its MAC, or by something else. */
export function host(key: string | HostKey, parts: HostParts = {}): Host {
  const { address, options, boot, ...rest } = parts;
  const made: Host = {
    key: typeof key === 'string' ? { mac: mac(key) } : key,
    name: undefined,
    lease: undefined,
    ...rest,
    address: address === undefined ? undefined : ip(address),
    options: () => options ?? new Map(),
  };
  return saying(made, boot);
}

export interface ClassParts extends Partial<Omit<ClientClass, 'pools' | 'options'>> {
  readonly boot?: BootParts;
  readonly pools?: readonly string[];
  readonly options?: Options;
}

/** A class; without `fits` everybody is in it. */
export function clientClass(name: string, parts: ClassParts = {}): ClientClass {
  const { pools, options, boot, ...rest } = parts;
  const made: ClientClass = {
    name,
    fits: () => true,
    deny: false,
    lease: undefined,
    ...rest,
    pools: pools?.map(range),
    options: () => options ?? new Map(),
  };
  return saying(made, boot);
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

/** The source of a boot planner for a site of tests. */
export function bootSource(boot: BootParts, { subnets, hosts, classes }: Site, http: BootSource['http'] = { port: undefined }): BootSource {
  return {
    boot: { ...NO_BOOT_SETTINGS, ...boot },
    networks: subnets.map((one) => ({ name: one.name, boot: bootOf(one) })),
    hosts: hosts.map((one) => ({ key: one.key, name: one.name, boot: bootOf(one) })),
    classes: classes.map((one) => ({ name: one.name, boot: bootOf(one) })),
    http,
  };
}

export const NO_BOOT: BootSource = bootSource({}, site([]));

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
    boot: BootParts = {},
    more: Partial<Site> = {},
    http?: BootSource['http'],
  ) {
    const served = site(subnets, { hosts, ...more });
    this.engine = new DhcpEngine(new BootPlanner(bootSource(boot, served, http)));
    this.engine.configure(served);
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
