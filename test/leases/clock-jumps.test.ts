/** What a clock that somebody sets does to the leases of the engine: nothing. */
import { describe, expect, it } from 'vitest';
import { type Clock, monoMs, wallMs } from '../../src/base/clock.ts';
import { LeaseClock } from '../../src/leases/lease-clock.ts';
import { message, sent, told } from '../support/dhcp-client.ts';
import { EngineBench } from '../support/dhcp-engine.ts';

const HOUR = 3_600_000;
const YEAR = 365 * 24 * HOUR;
const CLIENTS = 50;

class Site {
  readonly bench = new EngineBench();
  #wall = Date.UTC(2021, 0, 1);
  #mono = 0;
  readonly #machine: Clock = { wall: () => wallMs(this.#wall), mono: () => monoMs(this.#mono) };
  readonly #clock = new LeaseClock(this.#machine, undefined, () => undefined);

  constructor() {
    this.bench.now = this.#clock.wall();
    for (let number = 0; number < CLIENTS; number += 1) {
      const mac = `02:00:00:00:00:${number.toString(16).padStart(2, '0')}`;
      const [offer] = sent(this.bench.receive(message('DISCOVER', mac)));
      this.bench.receive(message('REQUEST', mac, { requested: offer?.address, server: '10.0.0.1' }));
    }
  }

  set(byMs: number): void {
    this.#wall += byMs;
  }

  /** Lets time pass; the number of leases that end meanwhile. */
  pass(ms: number): number {
    this.#wall += ms;
    this.#mono += ms;
    this.bench.now = this.#clock.wall();
    return told(this.bench.engine.expire(this.bench.now)).filter(({ type }) => type === 'lease.expired').length;
  }
}

describe.each([
  ['forward by five years', 5 * YEAR],
  ['back by five years', -5 * YEAR],
  ['forward by half an hour', HOUR / 2],
  ['back by half an hour', -HOUR / 2],
])('A clock that is set %s', (_how, jump) => {
  it('ends no lease early, and none late', () => {
    const site = new Site();
    expect(site.pass(HOUR / 2)).toBe(0);
    site.set(jump);
    expect(site.pass(0), 'at once').toBe(0);
    expect(site.pass(HOUR / 2 - 1000), 'a second before the end').toBe(0);
    expect(site.pass(2000), 'when they end').toBe(CLIENTS);
  });

  it('and back again, makes no difference either', () => {
    const site = new Site();
    for (const byMs of [jump, -jump, jump, -jump]) {
      site.set(byMs);
      expect(site.pass(HOUR / 5)).toBe(0);
    }
    expect(site.pass(HOUR / 5 + 1000)).toBe(CLIENTS);
  });
});
