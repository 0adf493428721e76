/**
 * Folders of templates, `PROFILE/…/NAME.liquid`, read as a whole: what is served later is what was read, and nothing outside of the folders
 * can be named. Front matter says which names a template answers; a file without it is a part for others.
 */
import { readdirSync, readFileSync, realpathSync, statSync } from 'node:fs';
import { join, sep } from 'node:path';
import { z } from 'zod';
import { readAnsweredName } from '../boot/answered-name.ts';
import { ESCAPES, type TemplateSource } from '../boot/template-source.ts';
import { profileValue, varsValue } from './device-keys.ts';
import { hiddenVars } from './device-vars.ts';
import type { Diagnostic, Finding, Position } from './diagnostics.ts';
import { showPath } from './diagnostics.ts';
import type { Environment } from './environment.ts';
import { explainIssues, unexplained } from './explain.ts';
import type { JsonSchema } from './schema.ts';
import { oneOrMore, textValue } from './values.ts';
import { readYaml, type YamlSource } from './yaml-source.ts';

/** Those that come with the program. */
export const SHIPPED_TEMPLATES = join(import.meta.dirname, '../../boot-images/templates');

/** One folder, and whose it is. */
export interface TemplateFolder {
  readonly path: string;
  readonly origin: TemplateSource['origin'];
}

export interface ReadTemplates {
  /** Folder by folder, in the order of their names. */
  readonly sources: readonly TemplateSource[];
  /** Of files that are left out; the others are there. */
  readonly diagnostics: readonly Diagnostic[];
}

/** A template is text that people write. */
const LARGEST = 1024 * 1024;
const MOST_FILES = 5000;
const DEEPEST = 8;

/** Reads folders that are there; one that is not is empty. Never throws. */
export function readTemplates(folders: readonly TemplateFolder[], env: Environment): ReadTemplates {
  const files = folders.flatMap((folder) => filesIn(folder));
  const read = files.map((file) => readTemplate(file, env));
  return { sources: read.flatMap(({ source }) => source ?? []), diagnostics: read.flatMap(({ diagnostics }) => diagnostics) };
}

interface TemplateFile {
  readonly origin: TemplateSource['origin'];
  readonly key: string;
  readonly file: string;
}

function filesIn({ path: root, origin }: TemplateFolder): readonly TemplateFile[] {
  const found: TemplateFile[] = [];
  const realRoot = attempt(() => realpathSync(root));
  if (realRoot === undefined) return [];
  const walk = (folder: string, below: string, depth: number): void => {
    const entries = attempt(() => readdirSync(folder, { withFileTypes: true })) ?? [];
    for (const { name } of entries.toSorted((a, b) => (a.name < b.name ? -1 : 1))) {
      const file = join(folder, name);
      const key = below === '' ? name : `${below}/${name}`;
      // A link may lead to a file beside, but not out of the folder of templates.
      const real = attempt(() => realpathSync(file));
      if (name.startsWith('.') || real === undefined || !real.startsWith(realRoot + sep) || found.length >= MOST_FILES) continue;
      const facts = attempt(() => statSync(real));
      if (facts?.isDirectory() === true && depth < DEEPEST) walk(file, key, depth + 1);
      else if (facts?.isFile() === true && name.endsWith('.liquid')) found.push({ origin, key, file });
    }
  };
  walk(root, '', 0);
  return found;
}

function attempt<Value>(act: () => Value): Value | undefined {
  try {
    return act();
  } catch {
    return undefined;
  }
}

interface ReadTemplate {
  readonly source?: TemplateSource;
  readonly diagnostics: readonly Diagnostic[];
}

const answersValue = oneOrMore(textValue('name', 'SEP{MAC}.cnf.xml'), 'name, or a list', 'SEP{MAC}.cnf.xml');

const frontMatterSchema = z.strictObject({
  answers: answersValue.describe('The names that it answers.'),
  escape: z.enum(ESCAPES).optional(),
  defaults: varsValue.prefault({}),
  public: z.boolean().default(false),
});

let frontMatterJson: JsonSchema | undefined;

function readTemplate({ origin, key, file }: TemplateFile, env: Environment): ReadTemplate {
  const fault = (message: string, hint?: string, position?: Position): ReadTemplate => ({
    diagnostics: [{ severity: 'warning', file, path: '', message: `${message}; the template is left out`, hint, position }],
  });
  const profile = key.split('/')[0] ?? '';
  if (!key.includes('/')) return partOf({ origin, key, file, profile: '' });
  if (!profileValue.safeParse(profile).success)
    return fault(`its folder ${profile} is no name for a profile`, 'letters, digits and hyphens');
  const text = attempt(() => readText(file));
  if (text === undefined) return fault('it cannot be read as text', 'a template is a file of UTF-8 text of at most 1 MiB');
  const parts = /^\uFEFF?---[ \t]*\r?\n(?:([\s\S]*?)\r?\n)?---[ \t]*(?:\r?\n|$)/.exec(text);
  if (parts === null) {
    if (/^\uFEFF?---[ \t]*\r?\n/.test(text)) return fault('its front matter has no end', 'a line of `---` ends it');
    return partOf({ origin, key, file, profile });
  }
  const [whole, front = ''] = parts;
  const yaml = readYaml(front, env);
  const place = (finding: Pick<Finding, 'path' | 'at'>): Position | undefined => below(yaml.locate(finding.path, finding.at), 1);
  const broken = yaml.faults.map((one): Diagnostic => ({ ...one, file, path: showPath(one.path), position: below(one.position, 1) }));
  const value = yaml.value ?? {};
  const shape = frontMatterSchema.safeParse(value, { error: unexplained });
  frontMatterJson ??= z.toJSONSchema(frontMatterSchema, { io: 'input' }) as JsonSchema;
  const findings = shape.success ? answerFindings(shape.data.answers, yaml) : explainIssues(shape.error.issues, value, frontMatterJson);
  const diagnostics = [
    ...broken,
    ...findings.map((finding): Diagnostic => ({ ...finding, file, path: showPath(finding.path), position: place(finding) })),
  ].map((one): Diagnostic => ({ ...one, severity: 'warning', message: `${one.message}; the template is left out` }));
  if (!shape.success || diagnostics.length > 0) return { diagnostics };
  const { answers, defaults, public: isPublic } = shape.data;
  const hidden = hiddenVars(defaults, (name) => yaml.isFilled(['defaults', name]));
  const linesBefore = whole.split('\n').length - (whole.endsWith('\n') ? 1 : 0);
  const body = text.slice(whole.length);
  const source = {
    key,
    profile,
    file,
    origin,
    answers,
    escape: shape.data.escape,
    defaults: { values: defaults, hidden },
    isPublic,
    text: body,
    linesBefore,
  };
  return { source, diagnostics: [] };
}

function answerFindings(answers: readonly string[], yaml: YamlSource): readonly Finding[] {
  return answers.flatMap((answer, at): Finding[] => {
    const name = readAnsweredName(answer);
    if (name.ok) return [];
    const path = yaml.find(['answers', at]) === undefined ? ['answers'] : ['answers', at];
    return [{ severity: 'error', path, at: 'value', message: `the name ${answer} cannot be answered: ${name.error}` }];
  });
}

/** What others include with `{% render %}`. */
function partOf({ origin, key, file, profile }: TemplateFile & { readonly profile: string }): ReadTemplate {
  const text = attempt(() => readText(file));
  if (text === undefined) return { diagnostics: [] };
  const rest = { answers: [], escape: undefined, defaults: { values: {}, hidden: [] }, isPublic: false, text, linesBefore: 0 };
  return { source: { key, profile, file, origin, ...rest }, diagnostics: [] };
}

function readText(file: string): string {
  if (statSync(file).size > LARGEST) throw new Error('too large');
  return new TextDecoder('utf-8', { fatal: true, ignoreBOM: true }).decode(readFileSync(file));
}

/** A place in the front matter as a place in its file. */
function below(position: Position | undefined, lines: number): Position | undefined {
  return position && { ...position, line: position.line + lines };
}

/** The profiles that have templates. */
export function templateProfiles(sources: readonly TemplateSource[]): readonly string[] {
  return [...new Set(sources.map(({ profile }) => profile).filter((profile) => profile !== ''))];
}
