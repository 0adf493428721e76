/** What a schema found wrong, as findings in words for people. */
import type { z } from 'zod';
import { nearestName } from '../base/near-name.ts';
import { type Finding, type Path, showPath } from './diagnostics.ts';
import { configJsonSchema, type JsonSchema } from './schema.ts';

type Issue = z.core.$ZodIssue;

/** What was checked, and against what. */
interface Checked {
  readonly value: unknown;
  readonly schema: JsonSchema;
}

/** All findings of a failed check of `value` against `schema`. */
export function explainIssues(issues: readonly Issue[], value: unknown, schema: JsonSchema = configJsonSchema()): readonly Finding[] {
  return issues.flatMap((issue) => explainIssue(issue, [], { value, schema }));
}

function explainIssue(issue: Issue, above: Path, checked: Checked): readonly Finding[] {
  const path: Path = [...above, ...issue.path.map((part) => (typeof part === 'symbol' ? String(part) : part))];
  if (issue.code === 'unrecognized_keys') return issue.keys.map((key) => unknownKey(path, key, checked.schema));
  if (issue.code === 'invalid_union') {
    // The branch that the value was meant for: one where it is right on the whole, else one whose type it has.
    const isWrongAsAWhole = (inner: readonly Issue[], codes: readonly string[]): boolean =>
      inner.some((found) => codes.includes(found.code) && found.path.length === 0);
    const branch =
      issue.errors.find((inner) => !isWrongAsAWhole(inner, ['invalid_type', 'invalid_value'])) ??
      issue.errors.find((inner) => !isWrongAsAWhole(inner, ['invalid_type']));
    if (branch !== undefined) return branch.flatMap((inner) => explainIssue(inner, path, checked));
  }
  const params = issue.code === 'custom' ? (issue.params ?? {}) : {};
  const { hint, at } = params as { readonly hint?: string; readonly at?: Finding['at'] };
  const { message, hint: ownHint } = sentence(issue, valueAt(checked.value, path));
  return [
    {
      severity: 'error',
      path,
      at: at ?? 'value',
      message: /^(?:must|uses)\b/.test(message) ? `${subject(path)} ${message}` : message,
      hint: hint ?? ownHint,
    },
  ];
}

/** The key that a sentence is about: `pools[3]`. */
function subject(path: Path): string {
  const start = path.findLastIndex((part) => typeof part === 'string');
  return path.length === 0 ? 'the file' : `\`${showPath(path.slice(Math.max(0, start)))}\``;
}

function unknownKey(path: Path, key: string, schema: JsonSchema): Finding {
  const known = keysAt(path, schema);
  const near = nearestName(key, known);
  const home = homeOf(key, schema, '');
  return {
    severity: 'error',
    path: [...path, key],
    at: 'key',
    message: `unknown key \`${key}\``,
    hint: unknownKeyHint(key, near, home) ?? `known here: ${known.join(', ')}`,
  };
}

function unknownKeyHint(key: string, near: string | undefined, home: string | undefined): string | undefined {
  const place = home === '' ? 'at the start of a line' : `under \`${home}\``;
  if (home === undefined) return near === undefined ? undefined : `did you mean \`${near}\`?`;
  return near === undefined ? `\`${key}\` belongs ${place}` : `did you mean \`${near}\`, or \`${key}\` ${place}?`;
}

/** Where a key that stands in the wrong place should stand, most often because of its indentation; empty for the top of the file. */
function homeOf(key: string, schema: JsonSchema, place: string): string | undefined {
  const { properties } = asMapping(schema) ?? {};
  if (properties !== undefined && Object.hasOwn(properties, key)) return place;
  if (schema.items !== undefined) return homeOf(key, schema.items, `${place}[]`);
  for (const [name, inner] of Object.entries(properties ?? {})) {
    const home = homeOf(key, inner, place === '' ? name : `${place}.${name}`);
    if (home !== undefined) return home;
  }
  return undefined;
}

/** The keys that the schema knows in the mapping at `path`. */
function keysAt(path: Path, root: JsonSchema): readonly string[] {
  let schema: JsonSchema | undefined = root;
  for (const part of path) {
    schema = typeof part === 'number' ? schema?.items : asMapping(schema)?.properties?.[part];
  }
  return Object.keys(asMapping(schema)?.properties ?? {});
}

function asMapping(schema: JsonSchema | undefined): JsonSchema | undefined {
  return schema?.anyOf?.find((branch) => branch.properties !== undefined) ?? schema;
}

interface Sentence {
  readonly message: string;
  readonly hint?: string | undefined;
}

function sentence(issue: Issue, input: unknown): Sentence {
  const isOurs = issue.message !== DEFAULT_MESSAGE;
  if (input === undefined) return { message: 'must be given' };
  const but = `but is ${describe(input)}`;
  switch (issue.code) {
    case 'invalid_type':
      return {
        message: isOurs ? `${issue.message}, ${but}` : `must be ${KIND[issue.expected] ?? issue.expected}, ${but}`,
        hint: typeHint(issue.expected, input),
      };
    case 'invalid_value': {
      const values = issue.values.map(String);
      const near = typeof input === 'string' ? nearestName(input, values) : undefined;
      const wanted = values.length === 1 ? values.join('') : `one of ${values.join(', ')}`;
      return { message: `must be ${wanted}, ${but}`, hint: near === undefined ? undefined : `did you mean \`${near}\`?` };
    }
    case 'too_small':
      return { message: issue.origin === 'array' ? 'must not be an empty list' : `must be at least ${issue.minimum}, ${but}` };
    case 'too_big':
      return { message: `must be at most ${issue.maximum}, ${but}` };
    default:
      return { message: isOurs ? withInput(issue.message, input) : `cannot be used: it is ${describe(input)}` };
  }
}

/** Sentences that say what must be get what is; others are complete. */
function withInput(message: string, input: unknown): string {
  return /^must be \S/.test(message) && typeof input !== 'object' ? `${message}, but is ${describe(input)}` : message;
}

const DEFAULT_MESSAGE = 'unexplained';

/** Stands in for zod's own messages, so that `explainIssues` knows which are ours. */
export const unexplained = (): string => DEFAULT_MESSAGE;

const KIND: Readonly<Record<string, string>> = {
  string: 'text',
  number: 'a number',
  int: 'a whole number',
  boolean: 'true or false',
  object: 'a mapping of keys and values',
  record: 'a mapping of keys and values',
  array: 'a list',
};

function typeHint(expected: string, input: unknown): string | undefined {
  if (expected === 'array') return typeof input === 'object' ? 'put `- ` before each item' : 'put it in brackets: [ … ]';
  if ((expected === 'object' || expected === 'record') && typeof input === 'string' && /^[\w-]+:\S/.test(input))
    return 'put a space behind the colon';
  if (expected === 'string' && typeof input === 'number') return 'put it in quotes';
  if (expected === 'boolean' && typeof input === 'string')
    return /^(?:yes|on|y)$/i.test(input) ? 'write `true`' : /^(?:no|off|n)$/i.test(input) ? 'write `false`' : undefined;
  return undefined;
}

const LONGEST_SHOWN = 60;

/** What a value is, in a few words. */
function describe(value: unknown): string {
  if (value === null || value === undefined) return 'empty';
  if (Array.isArray(value)) return 'a list';
  if (typeof value === 'string') return `"${value.length > LONGEST_SHOWN ? `${value.slice(0, LONGEST_SHOWN)}…` : value}"`;
  return typeof value === 'object' ? 'a mapping' : String(value);
}

function valueAt(value: unknown, path: Path): unknown {
  return path.reduce<unknown>((inner, part) => {
    if (typeof inner !== 'object' || inner === null || !Object.hasOwn(inner, part)) return undefined;
    return (inner as Readonly<Record<string | number, unknown>>)[part];
  }, value);
}
