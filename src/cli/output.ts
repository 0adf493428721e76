/** Where commands write, and in which colours. The only place that knows of stdout, stderr and the exit code. */
import process from 'node:process';

/** What a command writes to. Lines are given without their end. */
export interface Output {
  /** What was asked for. */
  line(text: string): void;
  /** What was asked for, octet by octet. */
  octets(content: Uint8Array): void;
  /** What went wrong on the way, or should be known beside it. */
  note(text: string): void;
  /** A note for the moment: it takes the place of the last such one, on a terminal only. Empty: only takes that one away. */
  redraw(text: string): void;
  /** The width of the terminal that notes go to; undefined when they go elsewhere. */
  readonly columns: number | undefined;
  /** Whether `line` and `note` go to something that shows colours. */
  readonly colour: { readonly line: boolean; readonly note: boolean };
  /** Whether `line` and `octets` go to a terminal, which control characters can steer. */
  readonly isTerminal: boolean;
  /** The command did not succeed: this exit code, or 1, once everything is written. */
  fail(exitCode?: 1 | 2): void;
}

/** The process's own streams. `NO_COLOR` and `FORCE_COLOR` decide about colours before the terminal does. */
export function processOutput(): Output {
  for (const stream of [process.stdout, process.stderr]) if (!stream.listeners('error').includes(onFault)) stream.on('error', onFault);
  const { columns } = process.stderr;
  const isDrawable = process.stderr.isTTY && process.env['TERM'] !== 'dumb';
  return {
    redraw: (text) => void (isDrawable && process.stderr.write(`\r\u001b[2K${text}`)),
    columns: isDrawable ? columns : undefined,
    line: (text) => void process.stdout.write(`${text}\n`),
    octets: (content) => void process.stdout.write(content),
    note: (text) => void process.stderr.write(`${text}\n`),
    colour: { line: hasColour(process.stdout), note: hasColour(process.stderr) },
    isTerminal: process.stdout.isTTY,
    fail: (exitCode = 1) => {
      process.exitCode = exitCode;
    },
  };
}

/** Who reads may go away early, as `head` does: then the rest is not wanted, and nothing is wrong. */
function onFault(fault: Error): void {
  if (!('code' in fault) || fault.code !== 'EPIPE') throw fault;
}

function hasColour(stream: { readonly isTTY?: boolean }): boolean {
  const { NO_COLOR, FORCE_COLOR } = process.env;
  if (NO_COLOR !== undefined && NO_COLOR !== '') return false;
  if (FORCE_COLOR !== undefined && FORCE_COLOR !== '' && FORCE_COLOR !== '0') return true;
  return stream.isTTY === true && process.env['TERM'] !== 'dumb';
}

/** Terminal codes, where the output shows colours. */
const STYLES = {
  bold: '\u001b[1m',
  dim: '\u001b[2m',
  red: '\u001b[31m',
  green: '\u001b[32m',
  yellow: '\u001b[33m',
  cyan: '\u001b[36m',
} as const;

/** The text in a style; as it is where there are no colours. */
export function paint(style: keyof typeof STYLES, text: string, hasColours: boolean): string {
  return hasColours && text !== '' ? `${STYLES[style]}${text}\u001b[0m` : text;
}

/** Rows as columns with two spaces between them; the first row is the heading. */
export function showTable(rows: readonly (readonly string[])[]): string {
  const widths: number[] = [];
  for (const row of rows) for (const [at, cell] of row.entries()) widths[at] = Math.max(widths[at] ?? 0, cell.length);
  return rows
    .map((row) =>
      row
        .map((cell, at) => cell.padEnd(widths[at] ?? 0))
        .join('  ')
        .trimEnd(),
    )
    .join('\n');
}
