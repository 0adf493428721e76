/**
 * A picture of a terminal: the octets that a program wrote to one become an SVG of what its window shows. The same octets give the same picture, and
 * it needs no particular font: every run of characters is fitted to the grid, and blocks are drawn.
 *
 * `node scripts/terminal-picture.ts CAPTURE PICTURE.svg [--columns 110] [--rows 32] [--theme dark|light] [--title TEXT] [--octets N]`
 */
import { readFileSync, writeFileSync } from 'node:fs';
import { parseArgs } from 'node:util';
import type { IBufferCell } from '@xterm/headless';
import { Screen } from '../test/support/screen.ts';

export interface PictureOptions {
  /** Of the terminal that the octets were written for. */
  readonly columns: number;
  readonly rows: number;
  readonly theme?: Theme;
  /** In the frame of the window. */
  readonly title?: string;
  /** Only so many of the octets: the screen of an earlier moment. */
  readonly octets?: number;
}

export type Theme = 'dark' | 'light';

interface Palette {
  readonly frame: string;
  readonly title: string;
  readonly background: string;
  readonly text: string;
  /** The sixteen of ANSI. */
  readonly ansi: readonly string[];
}

const PALETTES: Readonly<Record<Theme, Palette>> = {
  dark: {
    frame: '#2b3138',
    title: '#9aa4af',
    background: '#15191e',
    text: '#d7dde4',
    ansi: [
      ...['#3b434c', '#f47067', '#6bc46d', '#daaa3f', '#6cb6ff', '#dcbdfb', '#56d4dd', '#d7dde4'],
      ...['#8a96a3', '#ff938a', '#8ddb8c', '#eac55f', '#96d0ff', '#ebd6ff', '#7ee8ef', '#f2f5f8'],
    ],
  },
  light: {
    frame: '#dfe3e8',
    title: '#5b6670',
    background: '#ffffff',
    text: '#24292f',
    ansi: [
      ...['#24292f', '#c4222f', '#1a7f37', '#8a5a00', '#0a5fd0', '#7a3fd1', '#0e6f7a', '#5b6670'],
      ...['#66707a', '#a40e26', '#116329', '#633c01', '#0550ae', '#5e2fa8', '#0a5660', '#24292f'],
    ],
  },
};

/** Pixels of one character, and around the window's content. */
const CELL = { width: 8.4, height: 18, baseline: 13.4 };
const PADDING = 14;
const TITLE_BAR = 34;
const FONT = "ui-monospace, 'SF Mono', 'DejaVu Sans Mono', Menlo, Consolas, monospace";

/** How a cell is drawn; equal texts are equal styles. */
interface Style {
  readonly colour: string;
  readonly background: string;
  readonly attributes: string;
}

interface Run extends Style {
  readonly column: number;
  width: number;
  text: string;
}

/** The last screen (or that after the first `octets`) as an SVG. */
export async function terminalPicture(written: Uint8Array, options: PictureOptions): Promise<string> {
  const { columns, rows, octets = written.length } = options;
  const screen = new Screen({ columns, rows });
  await screen.write(written.subarray(0, octets));
  const palette = PALETTES[options.theme ?? 'dark'];
  const { active } = screen.terminal.buffer;
  const drawn: string[] = [];
  for (let row = 0; row < rows; row += 1) {
    const line = active.getLine(active.baseY + row);
    const cells = Array.from({ length: columns }, (_none, column) => line?.getCell(column));
    for (const run of runsOf(cells, palette)) drawn.push(...drawRun(run, row, palette));
  }
  screen.terminal.dispose();
  return frame(drawn, options, palette);
}

function runsOf(cells: readonly (IBufferCell | undefined)[], palette: Palette): readonly Run[] {
  const runs: Run[] = [];
  for (const [column, cell] of cells.entries()) {
    // The right half of a wide character.
    if (cell === undefined || cell.getWidth() === 0) continue;
    const text = cell.getChars() === '' ? ' ' : cell.getChars();
    const style = styleOf(cell, palette);
    const last = runs.at(-1);
    const isBlock = BLOCKS.has(text);
    const goesOn =
      last !== undefined && last.column + last.width === column && isSame(last, style) && isBlock === BLOCKS.has(last.text[0] ?? '');
    if (goesOn) {
      last.text += text;
      last.width += cell.getWidth();
    } else runs.push({ ...style, column, width: cell.getWidth(), text });
  }
  return runs;
}

function isSame(a: Style, b: Style): boolean {
  return a.colour === b.colour && a.background === b.background && a.attributes === b.attributes;
}

function styleOf(cell: IBufferCell, palette: Palette): Style {
  const front = cell.isFgDefault() ? palette.text : colourOf(cell.getFgColor(), cell.isFgRGB(), palette);
  const back = cell.isBgDefault() ? palette.background : colourOf(cell.getBgColor(), cell.isBgRGB(), palette);
  const attributes = [
    ...(cell.isBold() ? ['font-weight="bold"'] : []),
    ...(cell.isItalic() ? ['font-style="italic"'] : []),
    ...(cell.isUnderline() ? ['text-decoration="underline"'] : []),
    ...(cell.isDim() ? ['opacity="0.65"'] : []),
  ].join(' ');
  return cell.isInverse() ? { colour: back, background: front, attributes } : { colour: front, background: back, attributes };
}

/** Of the sixteen, the cube of 216, the 24 greys, or 24 bits. */
function colourOf(value: number, isRgb: boolean, palette: Palette): string {
  if (isRgb) return `#${value.toString(16).padStart(6, '0')}`;
  if (value < 16) return palette.ansi[value] ?? palette.text;
  if (value >= 232) return `#${(8 + (value - 232) * 10).toString(16).padStart(2, '0').repeat(3)}`;
  const levels = [0, 95, 135, 175, 215, 255];
  const parts = [Math.floor((value - 16) / 36), Math.floor((value - 16) / 6) % 6, (value - 16) % 6];
  return `#${parts.map((part) => (levels[part] ?? 0).toString(16).padStart(2, '0')).join('')}`;
}

/** The part of its cell that a block fills: left, top, width, height. */
type Block = readonly [number, number, number, number];

/** Block elements are drawn, as fonts leave gaps between them. */
const BLOCKS: ReadonlyMap<string, Block> = new Map<string, Block>([
  ['█', [0, 0, 1, 1]],
  ['▀', [0, 0, 1, 0.5]],
  ['▄', [0, 0.5, 1, 0.5]],
  ...[...'▉▊▋▌▍▎▏'].map((block, at): [string, Block] => [block, [0, 0, (7 - at) / 8, 1]]),
]);

/** One that renderers do not take for the same as its neighbour. */
const BLANK = '\u00a0';

function drawRun(run: Run, row: number, palette: Palette): readonly string[] {
  const [x, y] = [PADDING + run.column * CELL.width, TITLE_BAR + PADDING + row * CELL.height];
  const width = run.width * CELL.width;
  const drawn: string[] = [];
  if (run.background !== palette.background) drawn.push(rectangle(x, y, width, CELL.height, run.background));
  if (BLOCKS.has(run.text[0] ?? '')) {
    drawn.push(...drawBlocks(run, x, y));
  } else if (run.text.trim() !== '') {
    const text = run.text.trim();
    // Blanks are one column each.
    const textX = x + (run.text.length - run.text.trimStart().length) * CELL.width;
    const textWidth = width - (run.text.length - text.length) * CELL.width;
    const attributes = run.attributes === '' ? '' : ` ${run.attributes}`;
    drawn.push(
      `<text x="${px(textX)}" y="${px(y + CELL.baseline)}" textLength="${px(textWidth)}" lengthAdjust="spacingAndGlyphs" fill="${run.colour}"${attributes}>${escaped(text).replaceAll(' ', BLANK)}</text>`,
    );
  }
  return drawn;
}

/** Equal neighbours are one rectangle. */
function drawBlocks({ text, colour }: Run, x: number, y: number): readonly string[] {
  const drawn: string[] = [];
  for (const [sameBlocks] of text.matchAll(/(.)\1*/gu)) {
    const [left, top, width, height] = BLOCKS.get(sameBlocks[0] ?? '') ?? [0, 0, 1, 1];
    const count = width === 1 ? sameBlocks.length : 1;
    for (let at = 0; at < sameBlocks.length; at += count) {
      drawn.push(rectangle(x + (left + at) * CELL.width, y + top * CELL.height, width * count * CELL.width, height * CELL.height, colour));
    }
    x += sameBlocks.length * CELL.width;
  }
  return drawn;
}

function rectangle(x: number, y: number, width: number, height: number, colour: string): string {
  return `<rect x="${px(x)}" y="${px(y)}" width="${px(width)}" height="${px(height)}" fill="${colour}" shape-rendering="crispEdges"/>`;
}

function frame(
  drawn: readonly string[],
  { columns, rows, title = '' }: PictureOptions,
  { frame: edge, title: ink, background }: Palette,
): string {
  const [width, height] = [columns * CELL.width + 2 * PADDING, rows * CELL.height + 2 * PADDING + TITLE_BAR];
  const buttons = ['#f47067', '#daaa3f', '#6bc46d'].map((colour, at) => `<circle cx="${20 + at * 20}" cy="17" r="6" fill="${colour}"/>`);
  return [
    `<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 ${px(width)} ${px(height)}" width="${px(width)}" height="${px(height)}" font-family="${FONT}" font-size="14" role="img">`,
    `<title>${escaped(title === '' ? 'A terminal' : title)}</title>`,
    `<rect width="${px(width)}" height="${px(height)}" rx="10" fill="${edge}"/>`,
    `<path d="M1 ${TITLE_BAR}H${px(width - 1)}V${px(height - 10)}a9 9 0 0 1 -9 9H10a9 9 0 0 1 -9 -9Z" fill="${background}"/>`,
    ...buttons,
    `<text x="${px(width / 2)}" y="22" text-anchor="middle" font-size="13" fill="${ink}">${escaped(title)}</text>`,
    ...drawn,
    '</svg>',
    '',
  ].join('\n');
}

/** Two decimals are enough, and the same everywhere. */
function px(value: number): string {
  return String(Math.round(value * 100) / 100);
}

function escaped(text: string): string {
  return text.replace(/&/g, '&amp;').replace(/</g, '&lt;').replace(/>/g, '&gt;').replace(/"/g, '&quot;');
}

if (import.meta.main) {
  const { values, positionals } = parseArgs({
    allowPositionals: true,
    options: {
      columns: { type: 'string', default: '110' },
      rows: { type: 'string', default: '32' },
      theme: { type: 'string', default: 'dark' },
      title: { type: 'string' },
      octets: { type: 'string' },
    },
  });
  const [capture, picture] = positionals;
  const theme = values.theme === 'light' ? 'light' : 'dark';
  if (capture === undefined || picture === undefined) {
    console.error(
      'node scripts/terminal-picture.ts CAPTURE PICTURE.svg [--columns 110] [--rows 32] [--theme dark|light] [--title TEXT] [--octets N]',
    );
    process.exitCode = 2;
  } else {
    const svg = await terminalPicture(readFileSync(capture), {
      columns: Number(values.columns),
      rows: Number(values.rows),
      theme,
      ...(values.title !== undefined && { title: values.title }),
      ...(values.octets !== undefined && { octets: Number(values.octets) }),
    });
    writeFileSync(picture, svg);
  }
}
