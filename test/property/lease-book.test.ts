import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { showIpv4 } from '../../src/base/addresses.ts';
import type { DhcpEffect } from '../../src/dhcp/effects.ts';
import { isInForce } from '../../src/dhcp/lease.ts';
import { LAN_UNICAST, message, secondsOption, sent } from '../support/dhcp-client.ts';
import { EngineBench, host, subnet } from '../support/dhcp-engine.ts';

/**
 * The model: who was told by an ACK that he has which address until when. Whatever clients do, in whatever order, with a store
 * that works, fails or answers late, with restarts in between: no address is promised to two at a time.
 */
const MACS = Array.from({ length: 6 }, (_, at) => `02:00:00:00:00:0${at}`);
const POOL = ['10.0.0.100-10.0.0.102'];
const ADDRESSES = ['10.0.0.100', '10.0.0.101', '10.0.0.102', '10.0.0.103', '10.0.0.50', '192.168.9.9'];
const HOSTS = [host('02:00:00:00:00:00', { address: '10.0.0.101' })];

type Step =
  | { readonly do: 'discover' | 'select' | 'reboot' | 'renew' | 'release' | 'decline'; readonly mac: string; readonly address: string }
  | { readonly do: 'pass'; readonly seconds: number }
  | { readonly do: 'store'; readonly state: 'works' | 'fails' | 'waits' }
  | { readonly do: 'answer'; readonly outcome: 'stored' | 'failed' }
  | { readonly do: 'restart' };

const step: fc.Arbitrary<Step> = fc.oneof(
  {
    weight: 12,
    arbitrary: fc.record({
      do: fc.constantFrom('discover', 'select', 'select', 'reboot', 'renew', 'release', 'decline'),
      mac: fc.constantFrom(...MACS),
      address: fc.constantFrom(...ADDRESSES),
    }),
  },
  { weight: 2, arbitrary: fc.record({ do: fc.constant('pass'), seconds: fc.constantFrom(1, 31, 60, 1800, 4000) }) },
  { weight: 1, arbitrary: fc.record({ do: fc.constant('store'), state: fc.constantFrom('works', 'works', 'fails', 'waits') }) },
  { weight: 2, arbitrary: fc.record({ do: fc.constant('answer'), outcome: fc.constantFrom('stored', 'stored', 'failed') }) },
  { weight: 1, arbitrary: fc.record({ do: fc.constant('restart') }) },
) as fc.Arbitrary<Step>;

interface Promised {
  readonly mac: string;
  readonly until: number;
}

class Network {
  bench = freshBench();
  readonly promised = new Map<string, Promised>();
  readonly #offers = new Map<string, string>();

  run(one: Step): void {
    switch (one.do) {
      case 'pass':
        this.bench.pass(one.seconds);
        return;
      case 'store':
        this.bench.store = one.state;
        return;
      case 'answer':
        this.#see(this.bench.answerStore(one.outcome));
        return;
      case 'restart':
        this.#restart();
        return;
      default:
        this.#see(this.#ask(one));
    }
  }

  #ask({ do: what, mac, address }: Extract<Step, { mac: string }>): readonly DhcpEffect[] {
    const held = [...this.promised].find(([, promise]) => promise.mac === mac && promise.until > this.bench.now)?.[0] ?? address;
    switch (what) {
      case 'discover':
        return this.bench.receive(message('DISCOVER', mac, { requested: address }));
      case 'select':
        return this.bench.receive(message('REQUEST', mac, { requested: this.#offers.get(mac) ?? address, server: '10.0.0.1' }));
      case 'reboot':
        return this.bench.receive(message('REQUEST', mac, { requested: address }));
      case 'renew':
        return this.bench.receive(message('REQUEST', mac, { ciaddr: held }), LAN_UNICAST);
      case 'release':
        if (this.promised.get(held)?.mac === mac) this.promised.delete(held);
        return this.bench.receive(message('RELEASE', mac, { ciaddr: held }), LAN_UNICAST);
      case 'decline':
        if (this.promised.get(held)?.mac === mac) this.promised.delete(held);
        return this.bench.receive(message('DECLINE', mac, { requested: held }));
    }
  }

  #see(effects: readonly DhcpEffect[]): void {
    for (const { type, address, packet } of sent(effects)) {
      const mac = Array.from(packet.hardwareAddress.subarray(0, 6), (octet) => octet.toString(16).padStart(2, '0')).join(':');
      if (type === 'OFFER') this.#offers.set(mac, address);
      if (type !== 'ACK') continue;
      const before = this.promised.get(address);
      if (before !== undefined && before.until > this.bench.now) expect(before.mac, `${address} is promised to two`).toBe(mac);
      // An ACK for another address ends the promise of the one before.
      for (const [held, promise] of this.promised) if (promise.mac === mac) this.promised.delete(held);
      this.promised.set(address, { mac, until: this.bench.now + (secondsOption(packet, 51) ?? 0) * 1000 });
    }
  }

  /** As after `kill -9`: what the store holds is all that is left. */
  #restart(): void {
    const after = freshBench();
    after.now = this.bench.now;
    for (const [address, lease] of this.bench.stored) {
      after.stored.set(address, lease);
      after.engine.restore(lease, after.now);
    }
    this.bench = after;
  }
}

function freshBench(): EngineBench {
  return new EngineBench([subnet({ pools: POOL })], HOSTS);
}

describe('Whatever clients, store and time do', () => {
  it('no address is held by two clients', () => {
    fc.assert(
      fc.property(fc.array(step, { maxLength: 80 }), (steps) => {
        const network = new Network();
        for (const one of steps) network.run(one);
      }),
      { numRuns: 1500 },
    );
  });

  it('what was acknowledged is in the store', () => {
    fc.assert(
      fc.property(fc.array(step, { maxLength: 60 }), (steps) => {
        const network = new Network();
        for (const one of steps) network.run(one);
        for (const [address, { mac, until }] of network.promised) {
          if (until <= network.bench.now) continue;
          const stored = [...network.bench.stored.values()].find((lease) => showIpv4(lease.address) === address);
          expect(stored, address).toMatchObject({ mac, state: 'bound' });
        }
      }),
      { numRuns: 500 },
    );
  });

  it('the occupancy of the network is what its records say', () => {
    fc.assert(
      fc.property(fc.array(step, { maxLength: 80 }), (steps) => {
        const network = new Network();
        for (const one of steps) network.run(one);
        const { bench } = network;
        bench.answerStore('stored');
        bench.engine.expire(bench.now);
        const inForce = Array.from(bench.engine.leases()).filter((lease) => isInForce(lease, bench.now));
        const quarantined = inForce.filter(({ state }) => state === 'declined').length;
        const [counted = { bound: 0, quarantined: 0 }] = bench.engine.occupancy();
        expect(counted).toMatchObject({ bound: inForce.length - quarantined, quarantined });
      }),
      { numRuns: 500 },
    );
  });
});
