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

/** Lines of words, at most `most` of them; the last one is cut where that is not enough. A word is broken where it is wider than a line. */
export function wrap(text: string, columns: number, most: number): readonly string[] {
  const words = plainText(text, Number.MAX_SAFE_INTEGER).split(' ');
  const pieces = words.flatMap((word) => piecesOf(word, columns).map((piece, at) => ({ piece, gap: at === 0 ? ' ' : '' })));
  const lines: string[] = [];
  let line = '';
  for (const [at, { piece, gap }] of pieces.entries()) {
    const longer = line === '' ? piece : line + gap + piece;
    if (widthOf(longer) <= columns || line === '') {
      line = longer;
      continue;
    }
    if (lines.length === most - 1)
      return [
        ...lines,
        cutEnd(
          pieces.slice(at).reduce((rest, next) => rest + next.gap + next.piece, line),
          columns,
        ),
      ];
    lines.push(line);
    line = piece;
  }
  return [...lines, cutEnd(line, columns)];
}

function piecesOf(word: string, columns: number): readonly string[] {
  if (widthOf(word) <= columns) return [word];
  const pieces: string[] = [];
  let rest = letters(word);
  while (rest.length > 0) {
    // A letter that is wider than the line is a piece, too.
    const taken = Math.max(1, take(rest, columns).length);
    pieces.push(rest.slice(0, taken).join(''));
    rest = rest.slice(taken);
  }
  return pieces;
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
