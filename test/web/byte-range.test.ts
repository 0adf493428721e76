import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { askedRange } from '../../src/web/byte-range.ts';

const part = (first: number, octets: number) => ({ first, octets });

describe('a Range field, for a file of 1000 octets (RFC 9110 §14)', () => {
  it.each([
    ['nothing', undefined, 'whole'],
    ['the first 500', 'bytes=0-499', part(0, 500)],
    ['one octet', 'bytes=0-0', part(0, 1)],
    ['the last one by its number', 'bytes=999-999', part(999, 1)],
    ['from the middle on: what curl and EDK2 resume with', 'bytes=500-', part(500, 500)],
    ['an end beyond the file', 'bytes=500-5000', part(500, 500)],
    ['the last 100 (§14.1.2)', 'bytes=-100', part(900, 100)],
    ['more than there is at the end (§14.1.2)', 'bytes=-5000', part(0, 1000)],
    ['all of it', 'bytes=0-', part(0, 1000)],
    ['another case of the unit (§14.1)', 'Bytes=0-1', part(0, 2)],
    ['blanks around', ' bytes= 0-1 ', part(0, 2)],
    ['an empty element of the list (§5.6.1)', 'bytes=,0-1,', part(0, 2)],
    ['a beginning behind the file (§15.5.17)', 'bytes=1000-', 'unsatisfiable'],
    ['a beginning beyond all numbers', `bytes=${'9'.repeat(400)}-`, 'unsatisfiable'],
    ['the last none (§14.1.2)', 'bytes=-0', 'unsatisfiable'],
    ['several: the whole file may be the answer (§14.2)', 'bytes=0-1,5-6', 'whole'],
    ['an end before the beginning (§14.1.1)', 'bytes=5-2', 'whole'],
    ['a unit that nobody knows (§14.1)', 'lines=0-5', 'whole'],
    ['no numbers', 'bytes=-', 'whole'],
    ['words', 'bytes=a-b', 'whole'],
    ['a sign', 'bytes=+1-2', 'whole'],
    ['no unit', '0-5', 'whole'],
    ['an empty list', 'bytes=', 'whole'],
  ] as const)('%s', (_name, field, expected) => {
    expect(askedRange(field, 1000)).toEqual(expected);
  });

  it.each([
    ['bytes=0-', 'unsatisfiable'],
    ['bytes=-5', 'whole'],
    ['bytes=-0', 'unsatisfiable'],
    [undefined, 'whole'],
  ] as const)('of an empty file: %s', (field, expected) => {
    expect(askedRange(field, 0)).toBe(expected);
  });

  it('any text gives the whole, nothing, or a part that the file has', () => {
    const number = fc.oneof(fc.constant(''), fc.nat(2000).map(String), fc.bigInt({ min: 0n, max: 10n ** 30n }).map(String), fc.string());
    const likely = fc.tuple(number, number).map(([from, to]) => `bytes=${from}-${to}`);
    fc.assert(
      fc.property(fc.oneof(likely, fc.string(), fc.string({ unit: 'binary' })), fc.nat(1500), (field, size) => {
        const asked = askedRange(field, size);
        if (typeof asked === 'string') expect(['whole', 'unsatisfiable']).toContain(asked);
        else {
          expect(asked.first).toBeGreaterThanOrEqual(0);
          expect(asked.octets).toBeGreaterThan(0);
          expect(asked.first + asked.octets).toBeLessThanOrEqual(size);
        }
      }),
    );
  });
});
