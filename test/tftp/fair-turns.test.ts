import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { type Ipv4, ipv4 } from '../../src/base/addresses.ts';
import { type MonoMs, monoMs } from '../../src/base/clock.ts';
import type { BandwidthSettings } from '../../src/tftp/bandwidth.ts';
import { FairTurns, type Waiting } from '../../src/tftp/fair-turns.ts';
import { ip } from '../support/addresses.ts';

const [DESK, LAB, BENCH] = [ip('192.168.77.21'), ip('192.168.77.22'), ip('192.168.77.23')];
const RATE = 100_000;

/** A transfer that has `left` octets to send in blocks. */
class Transfer implements Waiting {
  sent = 0;
  readonly sentAt: number[] = [];
  readonly client: Ipv4;
  left: number;
  readonly #block: number;
  readonly #line: Line;

  constructor(line: Line, client: Ipv4, left: number, block = 1468) {
    this.#line = line;
    this.client = client;
    this.left = left;
    this.#block = block;
  }

  get isDue(): boolean {
    return this.left > 0;
  }

  sendTurn(octets: number): number {
    const count = Math.min(Math.max(Math.floor(octets / this.#block), 1) * this.#block, this.left);
    this.left -= count;
    this.sent += count;
    this.sentAt.push(this.#line.now);
    return count;
  }
}

class Line {
  now: MonoMs = monoMs(0);
  readonly turns: FairTurns;
  #next: MonoMs | undefined;

  constructor(settings: Partial<BandwidthSettings>) {
    this.turns = new FairTurns({ bandwidth: undefined, bandwidthPerClient: undefined, ...settings });
  }

  add(...transfers: Transfer[]): void {
    for (const transfer of transfers) this.#next = this.turns.add(transfer, this.now);
  }

  /** Lets time pass, a millisecond at least from one run to the next. Returns the moment of the last turn. */
  until(at: number): number {
    let last: number = this.now;
    while (this.#next !== undefined && this.#next <= at) {
      this.now = monoMs(Math.max(Math.ceil(this.#next), this.now));
      last = this.now;
      this.#next = this.turns.run(this.now);
    }
    this.now = monoMs(at);
    return last;
  }
}

describe('turns', () => {
  test('without a bound everything goes at once', () => {
    const line = new Line({});
    const transfer = new Transfer(line, DESK, 1e6);
    line.add(transfer);
    expect(transfer.left).toBe(0);
    expect(line.turns.run(line.now)).toBeUndefined();
  });

  test.each<[string, Partial<BandwidthSettings>]>([
    ['all together', { bandwidth: RATE }],
    ['each client', { bandwidthPerClient: RATE }],
    ['both', { bandwidth: RATE * 7, bandwidthPerClient: RATE }],
  ])('keep to the rate of %s', (_name, settings) => {
    const line = new Line(settings);
    const transfer = new Transfer(line, DESK, RATE * 5);
    line.add(transfer);
    const end = line.until(10_000);
    expect(transfer.left).toBe(0);
    // A tenth of a second goes at once, and the last turn may be more than there is.
    expect(end).toBeGreaterThan(4_850);
    expect(end).toBeLessThan(4_950);
  });

  test('are shared among clients, whatever their windows and block sizes and however many transfers they have', () => {
    const line = new Line({ bandwidth: RATE });
    const many = Array.from({ length: 20 }, () => new Transfer(line, DESK, 1e9));
    const jumbo = new Transfer(line, LAB, 1e9, 2000);
    const small = new Transfer(line, BENCH, 1e9, 512);
    line.add(...many, jumbo, small);
    line.until(60_000);
    const ofDesk = many.reduce((sum, { sent }) => sum + sent, 0);
    for (const sent of [ofDesk, jumbo.sent, small.sent]) {
      expect(sent).toBeGreaterThan(RATE * 60 * 0.25);
      expect(sent).toBeLessThan(RATE * 60 * 0.45);
    }
    // And among the transfers of one client.
    for (const { sent } of many) expect(Math.abs(sent / ofDesk - 1 / 20)).toBeLessThan(0.01);
  });

  test('of a client that asks for one block after the other come as quickly as the others let them', () => {
    const line = new Line({ bandwidth: RATE });
    const greedy = [DESK, LAB].map((client) => new Transfer(line, client, 1e9));
    line.add(...greedy);
    const lockStep = new Transfer(line, BENCH, 0, 512);
    let blocks = 0;
    for (let at = 1; at <= 10_000; at++) {
      line.until(at);
      if (lockStep.isDue) continue;
      blocks += 1;
      lockStep.left = 512;
      line.add(lockStep);
    }
    // Two turns of 1468 octets between two of its own: 29 ms and what a block of its own takes.
    expect(blocks).toBeGreaterThan(10_000 / 40);
  });

  test('of a client that has used up its own rate are passed over, and the others have the rest', () => {
    const line = new Line({ bandwidth: RATE, bandwidthPerClient: RATE / 2 });
    const first = new Transfer(line, DESK, 1e9);
    line.add(first);
    line.until(10_000);
    expect(first.sent / (RATE * 5)).toBeCloseTo(1, 1);
    const second = new Transfer(line, LAB, 1468);
    line.add(second);
    expect(second.left).toBe(0);
  });

  test('are not held for a transfer that ended while it waited', () => {
    const line = new Line({ bandwidth: RATE });
    const [ended, other] = [new Transfer(line, DESK, 1e9), new Transfer(line, LAB, RATE)];
    line.add(ended, other);
    const before = ended.sent;
    ended.left = 0;
    line.until(3_000);
    expect([ended.sent, other.left]).toEqual([before, 0]);
  });

  test('any clients at any time: all of it goes, in order of time, and never faster than the rate', () => {
    const asked = fc.record({
      at: fc.integer({ min: 0, max: 3_000 }),
      client: fc.integer({ min: 1, max: 4 }),
      octets: fc.integer({ min: 1, max: 20_000 }),
      block: fc.constantFrom(8, 512, 1468, 8192),
    });
    fc.assert(
      fc.property(fc.array(asked, { minLength: 1, maxLength: 25 }), fc.boolean(), (all, isEach) => {
        const line = new Line({ bandwidth: 20_000, ...(isEach ? { bandwidthPerClient: 8_000 } : {}) });
        const transfers = all
          .toSorted((a, b) => a.at - b.at)
          .map(({ at, client, octets, block }) => {
            line.until(at);
            const transfer = new Transfer(line, ipv4(client), octets, block);
            line.add(transfer);
            return transfer;
          });
        const total = transfers.reduce((sum, { left, sent }) => sum + left + sent, 0);
        const end = line.until(1e7);
        expect(transfers.filter(({ isDue }) => isDue)).toEqual([]);
        const soonest = (total - 2_000 - 8_192) / 20;
        expect(end).toBeGreaterThanOrEqual(soonest);
        if (!isEach) expect(end).toBeLessThanOrEqual(3_000 + total / 20 + 10 * all.length);
      }),
      { numRuns: 150 },
    );
  });
});
