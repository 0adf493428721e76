import { describe, expect, it } from 'vitest';
import { decodeDomainNames, encodeDomainNames } from '../../src/dhcp/domain-names.ts';

const ascii = (text: string): number[] => Array.from(text, (character) => character.charCodeAt(0));

describe('domain names, RFC 1035 §3.1 and §4.1.4', () => {
  it('points to an ending that stands further left (RFC 3397 §2)', () => {
    const octets = Uint8Array.of(3, ...ascii('eng'), 5, ...ascii('bench'), 3, ...ascii('lan'), 0, 5, ...ascii('sales'), 0xc0, 4);
    expect(encodeDomainNames(['eng.bench.lan', 'sales.bench.lan'])).toEqual({ ok: true, value: octets });
    expect(decodeDomainNames(octets)).toEqual({ ok: true, value: ['eng.bench.lan', 'sales.bench.lan'] });
  });

  it('points to a whole name, and takes upper and lower case as the same', () => {
    expect(encodeDomainNames(['bench.lan', 'BENCH.lan'])).toEqual({
      ok: true,
      value: Uint8Array.of(5, ...ascii('bench'), 3, ...ascii('lan'), 0, 0xc0, 0),
    });
  });

  it.each<[string, number[], RegExp]>([
    ['nothing', [], /is empty/],
    ['no end', [3, ...ascii('lan')], /ends within/],
    ['a label that is cut off', [5, ...ascii('lan')], /ends within/],
    ['half a pointer', [3, ...ascii('lan'), 0xc0], /ends within/],
    ['a pointer to itself', [0xc0, 0], /itself or forward/],
    ['a pointer forward', [0xc0, 2, 3, ...ascii('lan'), 0], /itself or forward/],
    ['pointers in a circle', [1, 97, 0xc0, 4, 1, 98, 0xc0, 0], /itself or forward/],
    ['a root alone', [0], /empty domain name/],
    ['a label type that nobody uses', [0x80, 1], /unknown kind/],
    ['control characters', [1, 7, 0], /characters/],
    ['a dot within a label', [3, ...ascii('a.b'), 0], /characters/],
    ['more than 255 octets', [...Array.from({ length: 5 }, () => [63, ...ascii('a'.repeat(63))]).flat(), 0], /255 octets/],
  ])('refuses %s', (_, octets, fault) => {
    const decoded = decodeDomainNames(Uint8Array.from(octets));
    expect(decoded.ok ? 'accepted' : decoded.error).toMatch(fault);
  });
});
