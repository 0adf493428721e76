import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { nearestName } from '../../src/base/near-name.ts';

const KEYS = ['name', 'interface', 'address', 'subnet', 'mode', 'pools', 'leaseTime', 'options'];

describe('did you mean', () => {
  it.each([
    ['intreface', 'interface'],
    ['Interface', 'interface'],
    ['interfaces', 'interface'],
    ['pool', 'pools'],
    ['lease-time', 'leaseTime'],
    ['adress', 'address'],
    ['mdoe', 'mode'],
  ])('%s: %s', (slip, meant) => {
    expect(nearestName(slip, KEYS)).toBe(meant);
  });

  it.each(['', 'x', 'gateway', 'dns', 'zone'.repeat(40)])('%j: nothing', (word) => {
    expect(nearestName(word, KEYS)).toBeUndefined();
  });

  it('finds a name again after one letter was lost', () => {
    fc.assert(
      fc.property(fc.constantFrom('interface', 'authoritative', 'maxBlockSize'), fc.nat(), (name, at) => {
        const cut = at % name.length;
        expect(nearestName(name.slice(0, cut) + name.slice(cut + 1), [...KEYS, 'authoritative', 'maxBlockSize'])).toBe(name);
      }),
    );
  });
});
