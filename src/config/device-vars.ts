/** Variables of devices as they are used: what stands in files of their own is read, and it is noted what must not be shown. */
import { readFile, stat } from 'node:fs/promises';
import { resolve } from 'node:path';
import { looksSecret } from '../base/secret-names.ts';
import type { DeviceVars, VarValue } from '../boot/template-source.ts';
import { error, type Finding, type Path } from './diagnostics.ts';

type Values = Readonly<Record<string, VarValue>>;

/** Names of the variables that are never shown: what they are called says so, or where they came from. */
export function hiddenVars(values: Values, isFilled: (name: string) => boolean): readonly string[] {
  return Object.keys(values).filter((name) => looksSecret(name) || isFilled(name));
}

/** Where variables stand. */
export interface VarsPlace {
  /** Of the mapping, for findings. */
  readonly path: Path;
  /** What paths in it count from, absolute. */
  readonly baseDir: string;
  readonly isFilled: (name: string) => boolean;
}

/** A secret is a line; a certificate has a few. */
const LARGEST = 64 * 1024;

/** Reads `file:PATH` wherever it is the value, or a value within one. */
export async function readVars(
  values: Values,
  { path, baseDir, isFilled }: VarsPlace,
): Promise<{ readonly vars: DeviceVars; readonly findings: readonly Finding[] }> {
  const fromFiles = new Set<string>();
  const findings: Finding[] = [];
  const resolveValue = async (value: VarValue, name: string, at: Path): Promise<VarValue> => {
    if (typeof value === 'string') {
      const file = fileNamed(value);
      if (file === undefined) return value;
      fromFiles.add(name);
      const text = await readSecret(resolve(baseDir, file));
      if (text.ok) return text.value;
      findings.push(error(at, `the variable ${name} cannot be read from ${file}: ${text.error}`, `looked for ${resolve(baseDir, file)}`));
      return value;
    }
    if (typeof value !== 'object' || value === null) return value;
    if (isList(value)) return Promise.all(value.map((inner, index) => resolveValue(inner, name, [...at, index])));
    const inner = Object.entries(value).map(async ([key, one]) => [key, await resolveValue(one, name, [...at, key])] as const);
    return Object.fromEntries(await Promise.all(inner));
  };
  const entries = Object.entries(values);
  // Thousands of devices have no such variable, and need no promise.
  const read = entries.some(([, value]) => holdsFile(value))
    ? await Promise.all(entries.map(async ([name, value]) => [name, await resolveValue(value, name, [...path, name])] as const))
    : entries;
  const hidden = hiddenVars(values, (name) => fromFiles.has(name) || isFilled(name));
  return { vars: { values: Object.fromEntries(read), hidden }, findings };
}

function isList(value: VarValue): value is readonly VarValue[] {
  return Array.isArray(value);
}

function holdsFile(value: VarValue): boolean {
  if (typeof value === 'string') return fileNamed(value) !== undefined;
  return typeof value === 'object' && value !== null && Object.values(value).some(holdsFile);
}

/** The path in `file:./secrets/pin`; a URL is none. */
function fileNamed(text: string): string | undefined {
  return /^file:(?!\/\/)\s*(\S.*)$/.exec(text)?.[1];
}

async function readSecret(
  file: string,
): Promise<{ readonly ok: true; readonly value: string } | { readonly ok: false; readonly error: string }> {
  try {
    const { size } = await stat(file);
    if (size > LARGEST) return { ok: false, error: 'it is too large for a variable' };
    const text = new TextDecoder('utf-8', { fatal: true }).decode(await readFile(file));
    // Editors end the last line; the secret does not.
    return { ok: true, value: text.replace(/\r?\n$/, '') };
  } catch (cause) {
    const code = cause instanceof Error && 'code' in cause ? String(cause.code) : '';
    return { ok: false, error: FAULTS[code] ?? (cause instanceof TypeError ? 'it is not text' : `the system says ${code}`) };
  }
}

const FAULTS: Readonly<Record<string, string>> = {
  ENOENT: 'there is no such file',
  EACCES: 'it may not be read by the user that the server runs as',
  EISDIR: 'it is a folder',
};
