/** Which words of two lines are marked as different. */
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { type LinePart, linePartsOf } from '../../../src/web/ui/src/views/backups/line-parts.ts';

/** Changed parts in brackets. */
const marked = (parts: readonly LinePart[]): string => parts.map(({ text, isChanged }) => (isChanged ? `[${text}]` : text)).join('');

describe('parts of a line that changed', () => {
  test.each([
    [
      'a word between others',
      ' description room 3',
      ' description printer in room 3',
      ' description room 3',
      ' description [printer in ]room 3',
    ],
    ['a number as a whole', 'ntp server 10.0.0.12', 'ntp server 10.0.0.13', 'ntp server 10.0.0.[12]', 'ntp server 10.0.0.[13]'],
    ['words beside each other as one', 'mode access', 'no trunk', '[mode access]', '[no trunk]'],
    ['nothing against something', '', 'end', '', '[end]'],
    ['letters beyond ASCII', 'Büro 1', 'Büro 2', 'Büro [1]', 'Büro [2]'],
  ])('%s', (_name, left, right, shownLeft, shownRight) => {
    const [a, b] = linePartsOf(left, right);
    expect([marked(a), marked(b)]).toEqual([shownLeft, shownRight]);
  });

  test('joined they are the lines again, also of lines that are too long to compare', () => {
    const line = fc.oneof(
      fc.string(),
      fc.array(fc.constantFrom('vlan', ' ', '10', '.'), { maxLength: 900 }).map((words) => words.join('')),
    );
    fc.assert(
      fc.property(line, line, (left, right) => {
        const [a, b] = linePartsOf(left, right);
        expect([a, b].map((parts) => parts.map(({ text }) => text).join(''))).toEqual([left, right]);
      }),
    );
  });
});
