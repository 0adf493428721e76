/** Inventories: files with devices, which are hosts like those of the configuration. A line with a fault is left out, the others are kept. */
import { readFile } from 'node:fs/promises';
import { dirname, extname, isAbsolute, join, resolve } from 'node:path';
import { type CsvRow, readCsv } from './csv-inventory.ts';
import { type Diagnostic, type Finding, type Path, type Position, showPath } from './diagnostics.ts';
import type { Environment } from './environment.ts';
import { explainIssues, unexplained } from './explain.ts';
import { configJsonSchema, hostSchema, type WrittenHost } from './schema.ts';
import type { Placed } from './well-formed.ts';
import { readYaml, type YamlSource } from './yaml-source.ts';

/** One device that may be used, with what was noticed of it so far. */
export interface InventoryItem extends Placed<WrittenHost> {
  /** `phones.csv:12` */
  readonly called: string;
  /** What paths in it count from, absolute. */
  readonly baseDir: string;
  readonly isFilled: (name: string) => boolean;
  /** A finding about it as a diagnostic; the path begins behind that of the item. */
  readonly diagnose: (finding: Finding, below: Path) => Diagnostic;
}

export interface ReadInventory {
  readonly items: readonly InventoryItem[];
  readonly diagnostics: readonly Diagnostic[];
}

/** What an inventory is about to hold, to be checked before it is written. */
export interface RehearsedInventory {
  /** Absolute. */
  readonly path: string;
  readonly text: string;
}

/** Where an inventory is. */
export interface InventoryFile {
  /** Its place in `inventory`. */
  readonly at: number;
  /** As the operator wrote it. */
  readonly written: string;
  /** The file of the configuration, as it was named. */
  readonly config: string;
}

export async function readInventory(file: InventoryFile, env: Environment, rehearsed?: RehearsedInventory): Promise<ReadInventory> {
  const shown = isAbsolute(file.written) ? file.written : join(dirname(file.config), file.written);
  const path = resolve(dirname(file.config), file.written);
  const fault = (severity: Diagnostic['severity'], message: string, hint?: string): ReadInventory => ({
    items: [],
    diagnostics: [{ severity, file: shown, path: '', message, hint }],
  });
  const kind = extname(path).toLowerCase();
  if (kind !== '.csv' && kind !== '.yaml' && kind !== '.yml')
    return fault('error', 'it is not clear what kind of inventory this is', 'its name has to end in .csv or .yaml');
  let text: string;
  try {
    text = path === rehearsed?.path ? rehearsed.text : new TextDecoder('utf-8', { fatal: true }).decode(await readFile(path));
  } catch (cause) {
    const code = cause instanceof Error && 'code' in cause ? String(cause.code) : '';
    if (code === 'ENOENT') return fault('warning', 'there is no such inventory', '`bootlace devices adopt` makes it with its first device');
    if (cause instanceof TypeError) return fault('error', 'is not text in UTF-8', 'save it as “CSV UTF-8”');
    return fault('error', `cannot be read: ${cause instanceof Error ? cause.message : String(cause)}`);
  }
  const place = { shown, baseDir: dirname(path), at: file.at };
  return kind === '.csv' ? csvItems(text, place, env) : yamlItems(text, place, env);
}

interface Place {
  readonly shown: string;
  readonly baseDir: string;
  readonly at: number;
}

function csvItems(text: string, place: Place, env: Environment): ReadInventory {
  const { rows, faults } = readCsv(text, env);
  const ofTable = faults.map(({ message, hint, position, isFatal }): Diagnostic => {
    return { severity: isFatal ? 'error' : 'warning', file: place.shown, path: '', message, hint, position };
  });
  const read = rows.map((row, index) => csvItem(row, index, place));
  return { items: read.flatMap(({ items }) => items), diagnostics: [...ofTable, ...read.flatMap(({ diagnostics }) => diagnostics)] };
}

function csvItem(row: CsvRow, index: number, place: Place): ReadInventory {
  const diagnose = (finding: Finding, below: Path): Diagnostic => leftOut(finding, place.shown, below, row.locate(columnOf(below)));
  const item = itemOf(row.value, index, place, row.line);
  if (row.findings.length > 0 || 'findings' in item)
    return {
      items: [],
      diagnostics: [...row.findings, ...('findings' in item ? item.findings : [])].map((one) => diagnose(one, one.path)),
    };
  return { items: [{ ...item, isFilled: (name) => row.filled.has(name), diagnose }], diagnostics: [] };
}

/** Variables are columns of their own. */
function columnOf([key, inner]: Path): string | undefined {
  const column = key === 'vars' ? inner : key;
  return column === undefined ? undefined : String(column);
}

function yamlItems(text: string, place: Place, env: Environment): ReadInventory {
  const source = readYaml(text, env);
  const broken = source.faults.map((fault): Diagnostic => ({ ...fault, file: place.shown, path: showPath(fault.path) }));
  if (broken.some(({ severity }) => severity === 'error') && source.soundLines !== Number.POSITIVE_INFINITY)
    return { items: [], diagnostics: broken };
  const { value = [] } = source;
  if (!Array.isArray(value)) {
    const message = 'an inventory is a list of devices, each as in `hosts`';
    const position = source.locate([], 'value');
    return {
      items: [],
      diagnostics: [...broken, { severity: 'error', file: place.shown, path: '', message, hint: 'put `- ` before each', position }],
    };
  }
  const read = value.map((one: unknown, index) => yamlItem(one, index, place, source));
  const soft = broken.map((one): Diagnostic => ({ ...one, severity: 'warning' }));
  return { items: read.flatMap(({ items }) => items), diagnostics: [...soft, ...read.flatMap(({ diagnostics }) => diagnostics)] };
}

function yamlItem(value: unknown, index: number, place: Place, source: YamlSource): ReadInventory {
  const diagnose = (finding: Finding, below: Path): Diagnostic =>
    leftOut(finding, place.shown, below, source.locate([index, ...below], finding.at));
  const item = itemOf(value, index, place, source.locate([index], 'value')?.line ?? 1);
  if ('findings' in item) {
    const findings = item.findings.filter(({ path }) => !source.isBroken([index, ...path]));
    return { items: [], diagnostics: findings.map((one) => diagnose(one, one.path)) };
  }
  return { items: [{ ...item, isFilled: (name) => source.isFilled([index, 'vars', name]), diagnose }], diagnostics: [] };
}

type Item = Omit<InventoryItem, 'isFilled' | 'diagnose'> | { readonly findings: readonly Finding[] };

function itemOf(value: unknown, index: number, { shown, baseDir, at }: Place, line: number): Item {
  const shape = hostSchema.safeParse(value, { error: unexplained });
  if (!shape.success) return { findings: explainIssues(shape.error.issues, value, configJsonSchema().properties?.['hosts']?.items) };
  return { path: ['inventory', at, index], value: shape.data, called: `${shown}:${line}`, baseDir };
}

/** The server goes on with the others. */
function leftOut({ severity, message, hint }: Finding, file: string, below: Path, position: Position | undefined): Diagnostic {
  const text = severity === 'error' ? `${message}; this device is left out` : message;
  return { severity: 'warning', file, path: showPath(below), message: text, hint, position };
}
