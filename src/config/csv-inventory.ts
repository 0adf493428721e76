/** An inventory as a table: CSV (RFC 4180) with a header line, as spreadsheets write it. */
import { parse } from 'csv-parse/sync';
import { nearestName } from '../base/near-name.ts';
import { looksSecret } from '../base/secret-names.ts';
import type { Finding, Position } from './diagnostics.ts';
import { type Environment, fillText } from './environment.ts';

/** Columns with a meaning of their own; every other one is a variable. */
export const DEVICE_COLUMNS = ['mac', 'serial', 'name', 'profile', 'model', 'address'] as const;

/** One line of the table. */
export interface CsvRow {
  /** As an item of `hosts` is written. */
  readonly value: Readonly<Record<string, unknown>>;
  /** Variables with something from the environment in them. */
  readonly filled: ReadonlySet<string>;
  /** What is wrong with the line itself; the path begins with the column. */
  readonly findings: readonly Finding[];
  readonly line: number;
  /** Where a value stands, by its column. */
  locate(column: string | undefined): Position;
}

export interface CsvTable {
  readonly rows: readonly CsvRow[];
  /** Undefined for a file with nothing in it. */
  readonly columns: readonly string[] | undefined;
  /** The first line as it is written. */
  readonly header: string | undefined;
  readonly separator: string;
  /** What is wrong with the table as a whole, with its place. `isFatal` when no line of it can be used. */
  readonly faults: readonly {
    readonly message: string;
    readonly hint?: string | undefined;
    readonly position: Position;
    readonly isFatal: boolean;
  }[];
}

interface Raw {
  readonly cells: readonly string[];
  readonly line: number;
  readonly text: string;
}

/** Reads a table; never throws. */
export function readCsv(text: string, env: Environment): CsvTable {
  const source = text.replace(/^\uFEFF/, '');
  const separator = separatorOf(source);
  const { records, broken } = parseRecords(source, separator);
  const [header, ...lines] = records;
  if (header === undefined) return { rows: [], columns: undefined, header: undefined, separator, faults: broken };
  const columns = header.cells.map(columnName);
  const faults = [...headerFaults(header, columns, separator), ...broken];
  if (faults.some(({ isFatal }) => isFatal)) return { rows: [], columns, header: header.text, separator, faults };
  const rows = lines.map((raw) => rowOf(raw, columns, separator, env));
  return { rows, columns, header: header.text, separator, faults };
}

/** Spreadsheets take what their country uses. */
function separatorOf(text: string): string {
  const header = text.split('\n').find((line) => line.trim() !== '' && !line.startsWith('#')) ?? '';
  const count = (separator: string): number => header.split(separator).length;
  return [';', '\t'].reduce((best, separator) => (count(separator) > count(best) ? separator : best), ',');
}

function columnName(cell: string): string {
  const name = cell.trim();
  const known = DEVICE_COLUMNS.find((column) => column === name.toLowerCase());
  return known ?? name;
}

function headerFaults(header: Raw, columns: readonly string[], separator: string): CsvTable['faults'] {
  const at = (column: number): Position => cellPosition(header, column, separator, new Set());
  const list = DEVICE_COLUMNS.join(', ');
  if (!columns.includes('mac') && !columns.includes('serial')) {
    const hint = `the first line names the columns: ${list}; every other one is a variable`;
    return [{ message: 'there is no column mac or serial', hint, position: at(0), isFatal: true }];
  }
  return columns.flatMap((column, index): CsvTable['faults'][number][] => {
    if (column === '') return [];
    if (columns.indexOf(column) < index) return [{ message: `the column ${column} is there twice`, position: at(index), isFatal: true }];
    if (DEVICE_COLUMNS.some((known) => known === column)) return [];
    const near = nearestName(
      column,
      DEVICE_COLUMNS.filter((known) => !columns.includes(known)),
    );
    if (near === undefined || near.length < 4) return [];
    return [{ message: `the column ${column} is taken for a variable; did you mean ${near}?`, position: at(index), isFatal: false }];
  });
}

const OPTIONS = { relax_column_count: true, skip_empty_lines: true, comment: '#', comment_no_infix: true, info: true, raw: true } as const;

interface Parsed {
  readonly record: string[];
  readonly raw: string;
  readonly info: { readonly lines: number };
}

function parseRecords(text: string, separator: string): { readonly records: readonly Raw[]; readonly broken: CsvTable['faults'] } {
  try {
    return { records: rawRecords(parse(text, { ...OPTIONS, delimiter: separator }) as unknown as Parsed[]), broken: [] };
  } catch {
    return parseLines(text, separator);
  }
}

function rawRecords(parsed: readonly Parsed[]): readonly Raw[] {
  return parsed.map(({ record, raw, info }) => {
    // The empty lines and remarks before a record come with it.
    const body = raw.replace(/^(?:[ \t]*(?:#.*)?\r?\n)+/, '').replace(/\r?\n$/, '');
    return { cells: record, line: info.lines - (body.split('\n').length - 1), text: body };
  });
}

/** A quote without its partner makes one cell of all that follows: then each line is read for itself, and only that one is lost. */
function parseLines(text: string, separator: string): ReturnType<typeof parseRecords> {
  const records: Raw[] = [];
  const broken: CsvTable['faults'][number][] = [];
  for (const [index, line] of text.split(/\r?\n/).entries()) {
    try {
      const [record] = parse(line, { ...OPTIONS, delimiter: separator }) as unknown as Parsed[];
      if (record !== undefined) records.push({ cells: record.record, line: index + 1, text: line });
    } catch (cause) {
      const position = { line: index + 1, column: Math.max(1, line.indexOf('"') + 1), length: 1, text: masked(line) };
      const code = cause instanceof Error && 'code' in cause ? String(cause.code) : '';
      broken.push({ message: QUOTE_FAULTS[code] ?? 'the line is no CSV', hint: QUOTES, position, isFatal: false });
    }
  }
  return { records, broken };
}

const QUOTES = 'a value with a quote in it is written in quotes, and the quote twice: "19"" rack"';
const QUOTE_FAULTS: Readonly<Record<string, string>> = {
  CSV_QUOTE_NOT_CLOSED: 'a quote has no partner',
  CSV_INVALID_CLOSING_QUOTE: 'something follows behind a closing quote',
  INVALID_OPENING_QUOTE: 'a quote stands within a value',
};

/** Nobody knows which part of a broken line is a secret. */
function masked(line: string): string {
  return line.replace(/[^",;\t]/g, '*');
}

function rowOf(raw: Raw, columns: readonly string[], separator: string, env: Environment): CsvRow {
  const findings: Finding[] = [];
  const known: [string, string][] = [];
  const vars: [string, string | boolean][] = [];
  const filled = new Set<string>();
  for (const [at, column] of columns.entries()) {
    const { text, isFilled, missing } = fillText((raw.cells[at] ?? '').trim(), env);
    if (column === '') continue;
    for (const name of missing) {
      findings.push({ severity: 'error', path: [column], at: 'value', message: `the environment variable ${name} is not set` });
    }
    if (text === '') continue;
    if (DEVICE_COLUMNS.some((name) => name === column)) known.push([column, text]);
    else vars.push([column, text === 'true' ? true : text === 'false' ? false : text]);
    if (isFilled) filled.add(column);
  }
  const extra = raw.cells.slice(columns.length).findIndex((cell) => cell.trim() !== '');
  if (extra >= 0) {
    findings.push({
      severity: 'error',
      path: [],
      at: 'value',
      message: `there are more values than columns: ${raw.cells.length} and ${columns.length}`,
    });
  }
  const secret = new Set(columns.flatMap((column, at) => (looksSecret(column) || filled.has(column) ? [at] : [])));
  return {
    value: { ...Object.fromEntries(known), vars: Object.fromEntries(vars) },
    filled,
    findings,
    line: raw.line,
    locate: (column) => cellPosition(raw, column === undefined ? 0 : Math.max(0, columns.indexOf(column)), separator, secret),
  };
}

/** Where a cell stands in its first line, which is shown without what must not be. */
function cellPosition(raw: Raw, at: number, separator: string, secret: ReadonlySet<number>): Position {
  const spans = cellSpans(raw.text, separator);
  let text = raw.text;
  for (const index of secret) {
    const span = spans[index];
    if (span !== undefined) text = text.slice(0, span.from) + text.slice(span.from, span.to).replace(/[^\n]/g, '*') + text.slice(span.to);
  }
  const { from, to } = spans[at] ?? { from: 0, to: 0 };
  const before = raw.text.slice(0, from);
  const lines = before.split('\n');
  const [shown = ''] = text.slice(before.lastIndexOf('\n') + 1).split(/\r?\n/);
  return { line: raw.line + lines.length - 1, column: (lines.at(-1) ?? '').length + 1, length: Math.max(1, to - from), text: shown };
}

function cellSpans(text: string, separator: string): readonly { readonly from: number; readonly to: number }[] {
  const spans: { from: number; to: number }[] = [];
  let [from, isQuoted] = [0, false];
  for (let at = 0; at <= text.length; at += 1) {
    if (text[at] === '"') isQuoted = !isQuoted;
    if (at < text.length && (isQuoted || text[at] !== separator)) continue;
    spans.push({ from, to: at });
    from = at + 1;
  }
  return spans;
}
