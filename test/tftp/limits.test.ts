import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { ipv4 } from '../../src/base/addresses.ts';
import { monoMs } from '../../src/base/clock.ts';
import { Bandwidth } from '../../src/tftp/bandwidth.ts';
import { ClientLimits } from '../../src/tftp/client-limits.ts';
import { TokenBucket } from '../../src/tftp/token-bucket.ts';
import { ip } from '../support/addresses.ts';

const DESK = ip('192.168.77.21');
const LAB = ip('192.168.77.22');

describe('a token bucket', () => {
  test('lets a burst go at once, and the rest as it fills', () => {
    const bucket = new TokenBucket(1_000, 100);
    const takes = [
      [0, 60, 0],
      [0, 40, 0],
      [0, 50, 50],
      [0, 50, 100],
      [100, 10, 110],
      [300, 100, 300],
      [300, 1, 301],
      [9_000, 500, 9_400],
      [9_000, 100, 9_500],
    ] as const;
    for (const [at, octets, when] of takes) expect([at, bucket.take(octets, monoMs(at))]).toEqual([at, when]);
  });

  test('takes all or nothing where nothing is promised', () => {
    const bucket = new TokenBucket(10, 2);
    expect([0, 0, 0, 99, 100, 100].map((at) => bucket.tryTake(1, monoMs(at)))).toEqual([true, true, false, false, true, false]);
  });

  test('never lets more go in any span than the rate allows, and a burst', () => {
    const step = fc.record({ wait: fc.integer({ min: 0, max: 500 }), octets: fc.integer({ min: 1, max: 2_000 }) });
    fc.assert(
      fc.property(fc.array(step, { minLength: 1, maxLength: 60 }), (steps) => {
        const bucket = new TokenBucket(1_000, 100);
        let now = 0;
        const sent = steps.map(({ wait, octets }) => {
          now += wait;
          return { at: bucket.take(octets, monoMs(now)), octets };
        });
        for (const [from, first] of sent.entries()) {
          // What goes at the first moment itself may have waited for it.
          const octets = sent.slice(from + 1).reduce((sum, each) => sum + each.octets, 0);
          const last = sent.at(-1) ?? first;
          expect(octets).toBeLessThanOrEqual(100 + (last.at - first.at) + 1e-6);
        }
      }),
    );
  });
});

describe('bandwidth', () => {
  test('is that of the client, and of all together', () => {
    const both = new Bandwidth({ bandwidth: 10_000, bandwidthPerClient: 1_000 });
    const start = monoMs(0);
    both.take(DESK, 200, start);
    expect([both.readyAt(start), both.clientReadyAt(DESK, start), both.clientReadyAt(LAB, start)]).toEqual([0, 100, 0]);
    for (let n = 0; n < 10; n++) both.take(ipv4(DESK + 10 + n), 100, start);
    expect([both.readyAt(start), both.clientReadyAt(LAB, start)]).toEqual([20, 0]);
  });

  test('has no bound where none is set', () => {
    const none = new Bandwidth({ bandwidth: undefined, bandwidthPerClient: undefined });
    none.take(DESK, 1e12, monoMs(7));
    expect([none.readyAt(monoMs(7)), none.clientReadyAt(DESK, monoMs(7))]).toEqual([7, 7]);
  });

  test('of another rate begins anew, of the same rate it goes on', () => {
    const bandwidth = new Bandwidth({ bandwidth: 1_000, bandwidthPerClient: undefined });
    bandwidth.take(DESK, 200, monoMs(0));
    bandwidth.adopt({ bandwidth: 1_000, bandwidthPerClient: 500 });
    expect(bandwidth.readyAt(monoMs(0))).toBe(100);
    bandwidth.adopt({ bandwidth: 2_000, bandwidthPerClient: 500 });
    expect(bandwidth.readyAt(monoMs(0))).toBe(0);
    bandwidth.adopt({ bandwidth: undefined, bandwidthPerClient: undefined });
    bandwidth.take(DESK, 1e9, monoMs(0));
    expect(bandwidth.readyAt(monoMs(0))).toBe(0);
  });
});

describe('what one client may ask for', () => {
  const settings = { maxTransfersPerClient: 2, maxRequestsPerClient: 10 };

  test('is so many requests a second; others may ask all the while', () => {
    const limits = new ClientLimits();
    const asked = Array.from({ length: 25 }, () => limits.refusal(DESK, settings, monoMs(0)));
    expect(asked.filter((refusal) => refusal === undefined)).toHaveLength(20);
    expect(asked.at(-1)).toBe('it asks more than 10 times a second (tftp.maxRequestsPerClient)');
    expect(limits.refusal(LAB, settings, monoMs(0))).toBeUndefined();
    expect(limits.refusal(DESK, settings, monoMs(99))).toBeDefined();
    expect(limits.refusal(DESK, settings, monoMs(200))).toBeUndefined();
    expect(limits.refusal(DESK, { ...settings, maxRequestsPerClient: 1_000 }, monoMs(200))).toBeUndefined();
  });

  test('is so many transfers at one time', () => {
    const limits = new ClientLimits();
    limits.begin(DESK);
    limits.begin(LAB);
    expect(limits.refusal(DESK, settings, monoMs(0))).toBeUndefined();
    limits.begin(DESK);
    expect(limits.refusal(DESK, settings, monoMs(0))).toBe('it has 2 transfers at one time (tftp.maxTransfersPerClient)');
    limits.end(DESK);
    expect(limits.refusal(DESK, settings, monoMs(0))).toBeUndefined();
  });
});
