/** What is wrong with a configuration, where, and what to do: the value that is passed on, and its text for a terminal. */

/** Keys and list positions from the root: `['networks', 0, 'pools', 1]`. */
export type Path = readonly (string | number)[];

export type Severity = 'error' | 'warning';

/** Something found in a configuration, by its path; where that stands in the file is not known yet. */
export interface Finding {
  readonly severity: Severity;
  readonly path: Path;
  /** What the caret goes under. */
  readonly at: 'key' | 'value';
  readonly message: string;
  /** What to do about it. */
  readonly hint?: string | undefined;
}

/** Something that has to be put right before the file can be used. */
export function error(path: Path, message: string, hint?: string, at: Finding['at'] = 'value'): Finding {
  return { severity: 'error', path, at, message, hint };
}

/** Something that will probably not do what was meant. */
export function warning(path: Path, message: string, hint?: string): Finding {
  return { severity: 'warning', path, at: 'value', message, hint };
}

/** A place in a file. Lines and columns count from 1, the length is at least 1 and stays within the line. */
export interface Position {
  readonly line: number;
  readonly column: number;
  readonly length: number;
  /** The whole line, without its end. */
  readonly text: string;
}

/** A finding with its place. */
export interface Diagnostic {
  readonly severity: Severity;
  /** The file as it was named by who asked. */
  readonly file: string;
  /** `networks[0].pools[1]`; empty for the file as a whole. */
  readonly path: string;
  readonly message: string;
  readonly hint?: string | undefined;
  /** Undefined where the fault has no place in the file: it is not there, or a default is at fault. */
  readonly position?: Position | undefined;
}

export interface ShowOptions {
  /** Use terminal colours. */
  readonly colour: boolean;
}

/** `networks[0].pools[1]`. */
export function showPath(path: Path): string {
  return path.reduce<string>((text, part) => {
    if (typeof part === 'number') return `${text}[${part}]`;
    const name = /^[\w-]+$/.test(part) ? part : JSON.stringify(part);
    return text === '' ? name : `${text}.${name}`;
  }, '');
}

/** All diagnostics as text, each with its line and a caret, an empty line between them; no line end at the end. */
export function showDiagnostics(diagnostics: readonly Diagnostic[], options: ShowOptions): string {
  return diagnostics.map((diagnostic) => showDiagnostic(diagnostic, options)).join('\n\n');
}

const RESET = '\u001b[0m';
const BOLD = '\u001b[1m';
const DIM = '\u001b[2m';
const COLOUR_OF: Readonly<Record<Severity, string>> = { error: '\u001b[31m', warning: '\u001b[33m' };

function showDiagnostic(diagnostic: Diagnostic, options: ShowOptions): string {
  const paint = (codes: string, text: string): string => (options.colour ? `${codes}${text}${RESET}` : text);
  const { position, severity } = diagnostic;
  const place = position === undefined ? diagnostic.file : `${diagnostic.file}:${position.line}:${position.column}`;
  const subject = position === undefined && diagnostic.path !== '' ? `${diagnostic.path}: ` : '';
  const lines = [
    `${paint(BOLD, `${printable(place)}:`)} ${paint(BOLD + COLOUR_OF[severity], severity)}: ${printable(subject + diagnostic.message)}`,
  ];
  if (position !== undefined) {
    const number = String(position.line);
    const gutter = ' '.repeat(number.length);
    const shown = excerpt(position);
    lines.push(`  ${paint(DIM, `${number} |`)} ${shown.text}`);
    lines.push(`  ${paint(DIM, `${gutter} |`)} ${' '.repeat(shown.before)}${paint(COLOUR_OF[severity], '^'.repeat(shown.carets))}`);
  }
  if (diagnostic.hint !== undefined) lines.push(`  ${printable(diagnostic.hint)}`);
  return lines.join('\n');
}

/** Columns of a line that are shown; what a longer one has around the caret is cut. */
const WIDEST = 120;

function excerpt(position: Position): { readonly text: string; readonly before: number; readonly carets: number } {
  const before = position.column - 1;
  const from = before < WIDEST - 20 ? 0 : before - 20;
  const isCut = position.text.length > from + WIDEST;
  const text = `${from > 0 ? '…' : ''}${printable(position.text.slice(from, from + WIDEST))}${isCut ? '…' : ''}`;
  const caretAt = before - from + (from > 0 ? 1 : 0);
  return { text, before: caretAt, carets: Math.max(1, Math.min(position.length, from + WIDEST - before)) };
}

/** The file may hold anything; control characters must not reach the terminal, and a tab takes one column like its caret. */
function printable(text: string): string {
  return text.replace(/\t/g, ' ').replace(/[\p{Cc}\p{Cf}\p{Zl}\p{Zp}]/gu, '\u00b7');
}
