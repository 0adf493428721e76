import { describe, expect, it } from 'vitest';
import { parseIdentifier } from '../../src/config/identifiers.ts';
import { macPatternFault } from '../../src/config/patterns.ts';

describe('An identifier', () => {
  it.each<[unknown, string | undefined]>([
    ['01:00:1b:54:aa:bb:cc', '01001b54aabbcc'],
    ['00 04 00 0A', '0004000a'],
    ['0x0004000a', '0004000a'],
    ['access-1', '6163636573732d31'],
    ['\0cisco', '00636973636f'],
    ['cafe', '63616665'],
    [{ hex: 'cafe' }, 'cafe'],
    [{ text: 'ab:cd' }, '61623a6364'],
    [[1, 2, 255], '0102ff'],
    [{ base64: 'AQI=' }, '0102'],
    ['', undefined],
    [{ hex: 'caf' }, undefined],
    [{ hex: '00', text: 'x' }, undefined],
    ['x'.repeat(256), undefined],
    [5, undefined],
    [undefined, undefined],
  ])('%j is %s', (written, identifier) => {
    expect(parseIdentifier(written)).toBe(identifier);
  });
});

describe('A pattern of MAC addresses', () => {
  it.each([
    ['dc:a6:32:*', undefined],
    ['*', undefined],
    ['001b.54aa.bb??', undefined],
    ['DC-A6-32-01-02-03', undefined],
    ['dc:a6:32', 'must have the 12 digits of a MAC address, or a * for those that are left out'],
    ['dc:a6:32:01:02:03:04:*', 'must have the 12 digits of a MAC address, or a * for those that are left out'],
    ['raspberry*', 'must be a MAC address with wildcards such as dc:a6:32:*'],
  ])('%s: %s', (pattern, fault) => {
    expect(macPatternFault(pattern)).toBe(fault);
  });
});
