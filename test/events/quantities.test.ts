import { expect, test } from 'vitest';
import { showMillis, showRate, showSeconds, showSize } from '../../src/events/quantities.ts';

test.each([
  [0, '0 s'],
  [59, '59 s'],
  [60, '1 min'],
  [90, '1 min 30 s'],
  [3600, '1 h'],
  [3661, '1 h 1 min'],
  [86_400, '1 d'],
  [90_061, '1 d 1 h'],
  [86_401, '1 d'],
  [0xffffffff, 'ever'],
])('%d s is %s', (seconds, text) => {
  expect(showSeconds(seconds)).toBe(text);
});

test.each([
  [0, 'under 1 ms'],
  [1, '1 ms'],
  [9.4, '9 ms'],
  [9.6, '0.01 s'],
  [30, '0.03 s'],
  [990, '0.99 s'],
  [999, '1 s'],
  [1000, '1 s'],
  [4210, '4.2 s'],
  [59_990, '1 min'],
  [80_000, '1 min 20 s'],
])('%d ms is %s', (millis, text) => {
  expect(showMillis(millis)).toBe(text);
});

test.each([
  [0, '0 B'],
  [1023, '1023 B'],
  [1024, '1 KiB'],
  [43_110, '42.1 KiB'],
  [1_048_575, '1 MiB'],
  [41_943_040, '40 MiB'],
  [5 * 2 ** 40, '5 TiB'],
])('%d octets are %s', (octets, text) => {
  expect(showSize(octets)).toBe(text);
});

test('a rate needs octets and a time that was measurable', () => {
  expect(showRate(1_048_576, 500)).toBe('2 MiB/s');
  expect(showRate(1_048_576, 1)).toBeUndefined();
  expect(showRate(0, 500)).toBeUndefined();
});
