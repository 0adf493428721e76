import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import {
  type AddressRange,
  type Ipv4,
  ipv4,
  isHostAddress,
  isInRange,
  parseCidr,
  parseIpv4,
  parseRange,
  rangeSize,
  showRange,
} from '../../src/base/addresses.ts';
import { defaultPools, poolsOf, rangesOf } from '../../src/config/pools.ts';

const cidr = (text: string) => parseCidr(text) ?? { address: ipv4(0), prefix: 32 };
const addresses = (...texts: string[]): Ipv4[] => texts.map((text) => parseIpv4(text) ?? ipv4(0));
const ranges = (...texts: string[]): AddressRange[] => texts.flatMap((text) => parseRange(text) ?? []);

describe('pools that nobody wrote down', () => {
  it.each<[string, string[], string[]]>([
    ['192.168.77.1/24', ['192.168.77.1'], ['192.168.77.128-192.168.77.254']],
    ['192.168.77.200/24', ['192.168.77.200'], ['192.168.77.128-192.168.77.199', '192.168.77.201-192.168.77.254']],
    ['192.168.77.1/24', ['192.168.77.254', '192.168.77.128', '192.168.77.254'], ['192.168.77.129-192.168.77.253']],
    ['10.0.0.1/8', [], ['10.128.0.0-10.255.255.254']],
    ['10.0.0.1/29', ['10.0.0.1'], ['10.0.0.4-10.0.0.6']],
    ['10.0.0.1/30', ['10.0.0.1'], ['10.0.0.2']],
    ['10.0.0.2/30', ['10.0.0.2'], ['10.0.0.1']],
    ['10.0.0.0/31', ['10.0.0.0'], ['10.0.0.1']],
    ['10.0.0.0/30', ['10.0.0.1', '10.0.0.2'], []],
    ['10.0.0.1/32', ['10.0.0.1'], []],
  ])('%s without %j', (subnet, taken, pools) => {
    expect(defaultPools(cidr(subnet), rangesOf(addresses(...taken))).map(showRange)).toEqual(pools);
  });

  it('hold host addresses only, none that is taken, and about half of them', () => {
    const subnet = fc.record({ address: fc.integer({ min: 0, max: 0xffff_ffff }).map(ipv4), prefix: fc.integer({ min: 8, max: 30 }) });
    fc.assert(
      fc.property(subnet, fc.array(fc.nat({ max: 300 }), { maxLength: 5 }), (network, offsets) => {
        const taken = offsets.map((offset) => ipv4(network.address + offset));
        const pools = defaultPools(network, rangesOf(taken));
        for (const pool of pools) {
          expect(isHostAddress(network, pool.first) && isHostAddress(network, pool.last)).toBe(true);
          expect(taken.some((address) => isInRange(pool, address))).toBe(false);
        }
        const size = pools.reduce((sum, pool) => sum + rangeSize(pool), 0);
        expect(size).toBeLessThanOrEqual(2 ** (32 - network.prefix));
        expect(size).toBeGreaterThanOrEqual(Math.min(2 ** (31 - network.prefix) - 1, 2) - taken.length);
      }),
    );
  });

  it('leave out ranges that overlap each other, reach over the end, or lie outside', () => {
    const taken = ranges('10.0.0.4-10.0.0.9', '10.0.0.8-10.0.0.10', '10.0.0.14-10.0.0.99', '9.0.0.0-10.0.0.3');
    expect(defaultPools(cidr('10.0.0.0/28'), taken).map(showRange)).toEqual(['10.0.0.11-10.0.0.13']);
  });

  it('follow the interface where the address is not configured', () => {
    expect(poolsOf({ pools: undefined }, cidr('10.9.0.7/24')).map(showRange)).toEqual(['10.9.0.128-10.9.0.254']);
    expect(poolsOf({ pools: undefined }, cidr('10.9.0.7/24'), ranges('10.9.0.120-10.9.0.139', '10.9.0.250')).map(showRange)).toEqual([
      '10.9.0.140-10.9.0.249',
      '10.9.0.251-10.9.0.254',
    ]);
    expect(poolsOf({ pools: [] }, cidr('10.9.0.7/24'))).toEqual([]);
  });
});
