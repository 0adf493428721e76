/**
 * A day of a thousand clients in two networks, in virtual time: they join, renew, roam, give their address back or vanish, while the
 * store fails now and then and the server is killed. The model knows who was promised what, and until when.
 */
import { describe, expect, it } from 'vitest';
import { after, type WallMs } from '../../src/base/clock.ts';
import type { Subnet } from '../../src/dhcp/subnet.ts';
import { ip } from '../support/addresses.ts';
import { LAN_UNICAST, message, type Seen, secondsOption, sent } from '../support/dhcp-client.ts';
import { EngineBench, subnet } from '../support/dhcp-engine.ts';
import { Random } from '../support/random.ts';

const DAY_SECONDS = 86_400;
const CLIENTS = 1000;
const SUBNETS: readonly Subnet[] = [
  // Not enough for everybody in one place: addresses have to change hands.
  subnet({ name: 'lan', network: '10.0.0.0/22', pools: ['10.0.0.10-10.0.2.200'] }),
  subnet({ name: 'far', network: '10.8.0.0/22', interface: undefined, pools: ['10.8.0.10-10.8.2.200'] }),
];
const RELAYS = [undefined, '10.8.0.1'] as const;

interface Client {
  readonly mac: string;
  /** Where it is plugged in. */
  place: 0 | 1;
  state: 'off' | 'looking' | 'bound';
  /** What it was given last, and how long it may use it. */
  address: string | undefined;
  until: WallMs;
}

interface Promised {
  readonly client: Client;
  readonly until: WallMs;
}

class Day {
  readonly #random: Random;
  readonly #clients: readonly Client[];
  /** By second: whose turn it is. */
  readonly #turns: Client[][] = Array.from({ length: DAY_SECONDS + 1 }, () => []);
  readonly #promised = new Map<string, Promised>();
  #bench = new EngineBench(SUBNETS);
  #second = 0;
  #storeChangesAt = 0;
  readonly counts = { bound: 0, renewed: 0, roamed: 0, refused: 0, unanswered: 0, restarts: 0, failures: 0 };

  constructor(seed: number) {
    this.#random = new Random(seed);
    this.#clients = Array.from({ length: CLIENTS }, (_, number) => ({
      mac: `02:00:00:00:${(number >> 8).toString(16).padStart(2, '0')}:${(number & 255).toString(16).padStart(2, '0')}`,
      place: this.#random.chance(0.5) ? 0 : 1,
      state: 'off',
      address: undefined,
      until: this.#bench.now,
    }));
    // As after a power failure in the building: all at once.
    for (const client of this.#clients) this.#later(client, this.#random.below(60));
  }

  run(): void {
    for (; this.#second < DAY_SECONDS; this.#second += 1) {
      this.#bench.pass(1);
      this.#troubleStore();
      if (this.#random.chance(1 / 5000)) this.#restart();
      for (const client of this.#turns[this.#second] ?? []) this.#turn(client);
    }
    this.#compareWithStore();
  }

  #troubleStore(): void {
    if (this.#second < this.#storeChangesAt) return;
    const fails = this.#bench.store === 'works' && this.#random.chance(0.3);
    if (fails) this.counts.failures += 1;
    this.#bench.store = fails ? 'fails' : 'works';
    this.#storeChangesAt = this.#second + (fails ? 20 + this.#random.below(200) : 300 + this.#random.below(1200));
  }

  /** As after `kill -9`: what the store holds is all that is left. */
  #restart(): void {
    this.counts.restarts += 1;
    this.#compareWithStore();
    const next = new EngineBench(SUBNETS);
    next.now = this.#bench.now;
    next.store = this.#bench.store;
    for (const [address, lease] of this.#bench.stored) {
      next.stored.set(address, lease);
      next.engine.restore(lease, next.now);
    }
    this.#bench = next;
  }

  #turn(client: Client): void {
    switch (client.state) {
      case 'off':
        client.state = 'looking';
        this.#look(client);
        return;
      case 'looking':
        this.#look(client);
        return;
      case 'bound':
        this.#live(client);
        return;
    }
  }

  /** INIT-REBOOT with an address that it remembers, else DISCOVER. */
  #look(client: Client): void {
    if (client.address !== undefined && this.#random.chance(0.7)) {
      const [answer] = this.#ask(client, 'REQUEST', { requested: client.address });
      if (answer?.type === 'ACK') {
        this.#bind(client, answer);
        return;
      }
      if (answer?.type !== 'NAK') {
        this.#retry(client);
        return;
      }
      client.address = undefined;
    }
    const [offer] = this.#ask(client, 'DISCOVER', {});
    if (offer?.type !== 'OFFER') {
      this.#retry(client);
      return;
    }
    // Some are slow, and some do not come back.
    if (this.#random.chance(0.02)) {
      this.#retry(client);
      return;
    }
    const [answer] = this.#ask(client, 'REQUEST', { requested: offer.address, server: '10.0.0.1' });
    if (answer?.type === 'ACK') this.#bind(client, answer);
    else this.#retry(client);
  }

  #live(client: Client): void {
    const { address } = client;
    if (address === undefined || client.until <= this.#bench.now) {
      client.state = 'looking';
      this.#look(client);
      return;
    }
    const dice = this.#random.next();
    if (dice < 0.03) {
      this.#leave(client);
      return;
    }
    if (dice < 0.05) {
      this.#promised.delete(address);
      this.#bench.receive(message('RELEASE', client.mac, { ciaddr: address, server: '10.0.0.1' }), LAN_UNICAST);
      client.address = undefined;
      this.#leave(client);
      return;
    }
    if (dice < 0.12) {
      this.counts.roamed += 1;
      client.place = client.place === 0 ? 1 : 0;
      client.state = 'looking';
      this.#look(client);
      return;
    }
    const packet = message('REQUEST', client.mac, { ciaddr: address });
    const [answer] = this.#see(client, sent(this.#bench.receive(packet, LAN_UNICAST)));
    if (answer?.type === 'ACK') {
      this.counts.renewed += 1;
      this.#bind(client, answer);
    } else if (answer?.type === 'NAK') {
      client.address = undefined;
      client.state = 'looking';
      this.#later(client, 1);
    } else this.#later(client, Math.max(Math.round((client.until - this.#bench.now) / 2000), 60));
  }

  #leave(client: Client): void {
    client.state = 'off';
    this.#later(client, 60 + this.#random.below(3 * 3600));
  }

  #retry(client: Client): void {
    this.counts.unanswered += 1;
    this.#later(client, 4 + this.#random.below(60));
  }

  #bind(client: Client, ack: Seen): void {
    this.counts.bound += 1;
    client.state = 'bound';
    client.address = ack.address;
    const seconds = secondsOption(ack.packet, 51) ?? 0;
    client.until = after(this.#bench.now, seconds * 1000);
    this.#later(client, Math.round(seconds / 2) + this.#random.below(60));
  }

  #ask(client: Client, type: 'DISCOVER' | 'REQUEST', parts: { requested?: string; server?: string }): readonly Seen[] {
    return this.#see(client, sent(this.#bench.receive(message(type, client.mac, { ...parts, giaddr: RELAYS[client.place] }))));
  }

  #see(client: Client, answers: readonly Seen[]): readonly Seen[] {
    for (const { type, address, packet } of answers) {
      if (type === 'NAK') this.counts.refused += 1;
      if (type !== 'ACK') continue;
      const before = this.#promised.get(address);
      if (before !== undefined && before.client !== client && before.until > this.#bench.now)
        expect.fail(`${address} was given to ${client.mac} in second ${this.#second}, and is promised to ${before.client.mac}`);
      const until = after(this.#bench.now, (secondsOption(packet, 51) ?? 0) * 1000);
      const stored = this.#bench.stored.get(ip(address));
      if (stored?.mac !== client.mac || stored.state !== 'bound' || stored.expiresAt < until)
        expect.fail(`${address} was acknowledged to ${client.mac} in second ${this.#second} without its record`);
      // Another address in this network takes the place of the one before.
      const { address: former } = client;
      if (former !== undefined && former !== address && isSameNetwork(former, address) && this.#promised.get(former)?.client === client)
        this.#promised.delete(former);
      this.#promised.set(address, { client, until });
    }
    return answers;
  }

  #compareWithStore(): void {
    for (const [address, { client, until }] of this.#promised) {
      if (until <= this.#bench.now) continue;
      const stored = this.#bench.stored.get(ip(address));
      if (stored?.mac !== client.mac || stored.state !== 'bound' || stored.expiresAt < until)
        expect.fail(`${address} is promised to ${client.mac} and not in the store in second ${this.#second}`);
    }
  }

  #later(client: Client, seconds: number): void {
    this.#turns[this.#second + Math.max(seconds, 1)]?.push(client);
  }
}

function isSameNetwork(a: string, b: string): boolean {
  return a.startsWith('10.0.') === b.startsWith('10.0.');
}

describe('A day of a thousand clients', () => {
  it.each([1, 2, 3])('no address is held by two, and what was acknowledged is stored (seed %i)', { timeout: 30_000 }, (seed) => {
    const day = new Day(seed);
    day.run();
    // So much has to have happened for the day to prove anything.
    expect(day.counts.renewed).toBeGreaterThan(10_000);
    for (const [what, count] of Object.entries(day.counts)) expect(count, what).toBeGreaterThan(what === 'restarts' ? 5 : 10);
  });
});
