import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { fitsGlob } from '../../src/boot/glob.ts';

describe('A pattern', () => {
  it.each([
    ['', '', true],
    ['', 'a', false],
    ['*', '', true],
    ['*', 'anything', true],
    ['?', 'a', true],
    ['?', '', false],
    ['PXEClient*', 'PXEClient:Arch:00007', true],
    ['PXEClient*', 'PXEClient', true],
    ['PXEClient', 'PXEClient:Arch:00007', false],
    ['pxeclient*', 'PXEClient', false],
    ['*-3PCC', 'CP-8851-3PCC', true],
    ['*a*b', 'xxaxxbxb', true],
    ['*a*b', 'xxaxxbxbc', false],
    ['a.c', 'abc', false],
    ['a[b]c', 'a[b]c', true],
  ])('%j fits %j: %s', (pattern, text, fits) => {
    expect(fitsGlob(pattern, text)).toBe(fits);
  });

  it('means what the regular expression of it means', () => {
    const letters = fc.array(fc.constantFrom('a', 'b', '?', '*'), { maxLength: 8 }).map((parts) => parts.join(''));
    const text = fc.array(fc.constantFrom('a', 'b'), { maxLength: 10 }).map((parts) => parts.join(''));
    fc.assert(
      fc.property(letters, text, (pattern, subject) => {
        const expression = new RegExp(`^${pattern.replaceAll('?', '.').replaceAll('*', '.*')}$`);
        expect(fitsGlob(pattern, subject)).toBe(expression.test(subject));
      }),
      { numRuns: 2000 },
    );
  });

  it('takes no time to speak of for a text that was made to take long', () => {
    const begun = performance.now();
    expect(fitsGlob(`${'*a'.repeat(200)}b`, 'a'.repeat(4000))).toBe(false);
    expect(performance.now() - begun).toBeLessThan(1000);
  });
});
