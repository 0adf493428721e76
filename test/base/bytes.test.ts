import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { latin1Text, textBeforeNuls } from '../../src/base/bytes.ts';

describe('text without the NULs behind it (RFC 2132 §2)', () => {
  it.each([
    ['', ''],
    ['\0', ''],
    ['desk\0\0', 'desk'],
    ['\0de\0sk\0', '\0de\0sk'],
  ])('%j is %j', (text, wanted) => {
    expect(textBeforeNuls(Uint8Array.from(text, (letter) => letter.charCodeAt(0)))).toBe(wanted);
  });

  it('is all of it but those', () => {
    fc.assert(
      fc.property(fc.array(fc.constantFrom(0, 0, 65), { maxLength: 12 }), (octets) => {
        const bytes = Uint8Array.from(octets);
        const text = textBeforeNuls(bytes);
        expect(latin1Text(bytes)).toBe(text + '\0'.repeat(octets.length - text.length));
        expect(text.endsWith('\0')).toBe(false);
      }),
    );
  });

  it('is found at once in an option that is nothing but NULs and one octet behind them', () => {
    const octets = new Uint8Array(60_000);
    octets[59_999] = 65;
    for (let many = 0; many < 100; many++) expect(textBeforeNuls(octets)).toHaveLength(60_000);
  });
});
