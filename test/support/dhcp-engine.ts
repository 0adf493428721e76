/** An engine on a small site, with a store that answers at once unless a test holds it back. */
import { type AddressRange, parseCidr, parseMac, parseRange } from '../../src/base/addresses.ts';
import { type WallMs, wallMs } from '../../src/base/clock.ts';
import { invariant } from '../../src/base/result.ts';
import { type BootSettings, bootPolicyOf } from '../../src/boot/boot-plan.ts';
import { type DhcpEffect, DhcpEngine, type Ticket } from '../../src/dhcp/engine.ts';
import type { Lease } from '../../src/dhcp/lease.ts';
import type { DhcpPacket, Options } from '../../src/dhcp/packet.ts';
import type { Arrival } from '../../src/dhcp/request.ts';
import type { Host, Subnet } from '../../src/dhcp/subnet.ts';
import { ip, LAN } from './dhcp-client.ts';

export interface SubnetParts {
  readonly name?: string;
  readonly network?: string;
  readonly interface?: string | undefined;
  readonly pools?: readonly string[];
  readonly authoritative?: boolean;
  readonly options?: Options;
  readonly lease?: Subnet['lease'];
}

export function subnet(parts: SubnetParts = {}): Subnet {
  const network = parseCidr(parts.network ?? '10.0.0.0/24');
  invariant(network !== undefined, 'a network that can be read');
  return {
    name: parts.name ?? 'lan',
    network,
    interface: 'interface' in parts ? parts.interface : 'lan0',
    own: [ip('10.0.0.1')],
    pools: (parts.pools ?? ['10.0.0.100-10.0.0.199']).map(range),
    lease: parts.lease ?? { defaultSeconds: 3600, minSeconds: 60, maxSeconds: 7200 },
    authoritative: parts.authoritative ?? true,
    quarantineSeconds: 600,
    options: () => parts.options ?? new Map(),
  };
}

export function host(mac: string, parts: { name?: string; address?: string; bootFile?: string } = {}): Host {
  const parsed = parseMac(mac);
  invariant(parsed !== undefined, 'a MAC that can be read');
  return {
    mac: parsed,
    name: parts.name,
    address: parts.address === undefined ? undefined : ip(parts.address),
    bootFile: parts.bootFile,
    options: () => new Map(),
  };
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

  constructor(subnets: readonly Subnet[] = [subnet()], hosts: readonly Host[] = [], boot: BootSettings = NO_BOOT) {
    this.engine = new DhcpEngine(bootPolicyOf(boot));
    this.engine.configure({ subnets, hosts });
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

  #settle(effects: readonly DhcpEffect[]): DhcpEffect[] {
    return effects.flatMap((effect) => {
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
