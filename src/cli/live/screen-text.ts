/** Text in columns of a terminal: what is wide takes two of them, and what is too long is cut. */
import stringWidth from 'string-width';
import { plainText } from '../../events/plain-text.ts';

const NARROW = /^[\x20-\x7e]*$/;
const graphemes = new Intl.Segmenter(undefined, { granularity: 'grapheme' });

/** Columns that the text takes; escape sequences take none. */
export function widthOf(text: string): number {
  return NARROW.test(text) ? text.length : stringWidth(text);
}

/** Text of somebody else, harmless, in at most so many columns; its end gives way. */
export function cutEnd(text: string, columns: number): string {
  const harmless = plainText(text, Number.MAX_SAFE_INTEGER);
  if (widthOf(harmless) <= columns) return harmless;
  return columns < 1 ? '' : `${take(letters(harmless), columns - 1).join('')}…`;
}

/** As `cutEnd`, but the beginning gives way: of a path the name of the file matters. */
export function cutStart(text: string, columns: number): string {
  const harmless = plainText(text, Number.MAX_SAFE_INTEGER);
  if (widthOf(harmless) <= columns) return harmless;
  return columns < 1
    ? ''
    : `…${take(letters(harmless).toReversed(), columns - 1)
        .toReversed()
        .join('')}`;
}

/** With blanks behind it, so that it takes as many columns. */
export function pad(text: string, columns: number): string {
  return text + ' '.repeat(Math.max(0, columns - widthOf(text)));
}

/** With blanks before it. */
export function padStart(text: string, columns: number): string {
  return ' '.repeat(Math.max(0, columns - widthOf(text))) + text;
}

/** Lines of whole words, at most `most` of them; the last one is cut where that is not enough. */
export function wrap(text: string, columns: number, most: number): readonly string[] {
  const lines: string[] = [];
  let line = '';
  const words = text.split(' ');
  for (const [at, word] of words.entries()) {
    const longer = line === '' ? word : `${line} ${word}`;
    if (widthOf(longer) <= columns || line === '') {
      line = longer;
      continue;
    }
    if (lines.length === most - 1) return [...lines, cutEnd([line, ...words.slice(at)].join(' '), columns)];
    lines.push(cutEnd(line, columns));
    line = word;
  }
  return [...lines, cutEnd(line, columns)];
}

function letters(text: string): readonly string[] {
  return Array.from(graphemes.segment(text), ({ segment }) => segment);
}

function take(parts: readonly string[], columns: number): readonly string[] {
  let used = 0;
  const end = parts.findIndex((part) => {
    used += widthOf(part);
    return used > columns;
  });
  return end < 0 ? parts : parts.slice(0, end);
}
