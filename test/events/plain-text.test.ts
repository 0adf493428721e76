import fc from 'fast-check';
import { expect, test } from 'vitest';
import { plainText } from '../../src/events/plain-text.ts';

test.each([
  ['desk-101', 'desk-101'],
  ['Büro 3 – 二階', 'Büro 3 – 二階'],
  ['bell\x07', 'bell\\x07'],
  ['tab\tbreak\n', 'tab\\x09break\\x0a'],
  ['C1 \x9b31m', 'C1 \\x9b31m'],
  ['bidi \u202egnp.exe', 'bidi \\u202egnp.exe'],
  ['half \ud83d', 'half \\ud83d'],
  ['whole 😀', 'whole 😀'],
  ['tag \u{e0041}', 'tag \\u{e0041}'],
])('%j is shown as %j', (text, shown) => {
  expect(plainText(text)).toBe(shown);
});

test('long text is cut', () => {
  expect(plainText('x'.repeat(50), 10)).toBe('xxxxxxxxx…');
});

const STEERS_A_TERMINAL = /[\p{Cc}\p{Cf}\p{Zl}\p{Zp}\p{Cs}]/u;

test('whatever the text, nothing that steers a terminal is left, and saying it twice changes nothing', () => {
  fc.assert(
    fc.property(fc.string({ unit: 'binary', maxLength: 100 }), (text) => {
      const shown = plainText(text);
      expect(STEERS_A_TERMINAL.test(shown)).toBe(false);
      expect(plainText(shown, 10_000)).toBe(shown);
    }),
  );
});
