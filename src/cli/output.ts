/** Where commands write, and in which colours. The only place that knows of stdout, stderr and the exit code. */
import process from 'node:process';

/** What a command writes to. Lines are given without their end. */
export interface Output {
  /** What was asked for. */
  line(text: string): void;
  /** What went wrong on the way, or should be known beside it. */
  note(text: string): void;
  /** Whether `line` and `note` go to something that shows colours. */
  readonly colour: { readonly line: boolean; readonly note: boolean };
  /** The command did not succeed: exit code 1, once everything is written. */
  fail(): void;
}

/** The process's own streams. `NO_COLOR` and `FORCE_COLOR` decide about colours before the terminal does. */
export function processOutput(): Output {
  return {
    line: (text) => void process.stdout.write(`${text}\n`),
    note: (text) => void process.stderr.write(`${text}\n`),
    colour: { line: hasColour(process.stdout), note: hasColour(process.stderr) },
    fail: () => {
      process.exitCode = 1;
    },
  };
}

function hasColour(stream: { readonly isTTY?: boolean }): boolean {
  const { NO_COLOR, FORCE_COLOR } = process.env;
  if (NO_COLOR !== undefined && NO_COLOR !== '') return false;
  if (FORCE_COLOR !== undefined && FORCE_COLOR !== '' && FORCE_COLOR !== '0') return true;
  return stream.isTTY === true && process.env['TERM'] !== 'dumb';
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
