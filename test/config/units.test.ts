import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { parseDuration, parsePortRange, parseRate, parseSize, showDuration } from '../../src/config/units.ts';

describe('durations', () => {
  it.each<[string | number, number]>([
    ['90s', 90],
    ['15m', 900],
    ['15min', 900],
    ['1h', 3600],
    ['1h30m', 5400],
    ['1 h 30 m', 5400],
    ['1D', 86_400],
    ['2w', 1_209_600],
    ['0s', 0],
    ['3600', 3600],
    [3600, 3600],
    [4_294_967_294, 4_294_967_294],
  ])('%j is %i seconds', (written, seconds) => {
    expect(parseDuration(written)).toBe(seconds);
  });

  it.each(['', 'h', '1x', '1.5h', '-1h', 'h1', '1h x', 'forever', 4_294_967_295, -1, 1.5, Number.NaN, Number.POSITIVE_INFINITY])(
    '%j is none',
    (written) => {
      expect(parseDuration(written)).toBeUndefined();
    },
  );

  it('are read as they are shown', () => {
    fc.assert(
      fc.property(fc.integer({ min: 0, max: 0xffff_fffe }), (seconds) => {
        expect(parseDuration(showDuration(seconds))).toBe(seconds);
      }),
    );
  });

  it.each([
    [0, '0s'],
    [90, '1m30s'],
    [3600, '1h'],
    [90_061, '1d1h1m1s'],
  ])('%i seconds are shown as %s', (seconds, shown) => {
    expect(showDuration(seconds)).toBe(shown);
  });
});

describe('sizes', () => {
  it.each<[string | number, number]>([
    ['512', 512],
    [512, 512],
    ['512B', 512],
    ['500kB', 500_000],
    ['64MiB', 67_108_864],
    ['64 mib', 67_108_864],
    ['1.5GiB', 1_610_612_736],
    ['1TB', 1_000_000_000_000],
  ])('%j is %i octets', (written, octets) => {
    expect(parseSize(written)).toBe(octets);
  });

  it.each(['', 'MiB', '64M', '64 parsecs', '-1kB', '1,5kB', '99999999TiB', '1 constructor', Number.NaN])('%j is none', (written) => {
    expect(parseSize(written)).toBeUndefined();
  });
});

describe('a rate', () => {
  it.each([
    ['10MiB/s', 10 * 1024 ** 2],
    ['500 kB/s', 500_000],
    ['100Mbit/s', 12_500_000],
    ['1.5 Gbit/s', 187_500_000],
    ['512B/s', 512],
    ['0B/s', undefined],
    ['1bit/s', undefined],
    ['10MiB', undefined],
    ['/s', undefined],
    ['-1kB/s', undefined],
  ])('%s is %s octets a second', (written, octets) => expect(parseRate(written)).toBe(octets));
});

describe('a range of ports', () => {
  it.each([
    ['50000-50063', { first: 50_000, last: 50_063 }],
    ['1024 - 1024', { first: 1024, last: 1024 }],
    ['65535', { first: 65_535, last: 65_535 }],
    ['1023-1030', undefined],
    ['50001-50000', undefined],
    ['60000-65536', undefined],
    ['69', undefined],
    ['a-b', undefined],
  ])('%s is %j', (written, range) => expect(parsePortRange(written)).toEqual(range));
});
