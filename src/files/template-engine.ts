/**
 * Templates in the language Liquid. They see what they are given and nothing else: no file, no clock that matters, no code. What is not
 * known ends the rendering, with the line of the template; half a configuration would be worse than none.
 */
import { createRequire } from 'node:module';
import { posix } from 'node:path';
import type { FS, Liquid, Template } from 'liquidjs';
import { err, ok, type Result } from '../base/result.ts';
import type { Escape, TemplateSource } from '../boot/template-source.ts';
import { escaper } from './template-escaping.ts';

/** What is wrong in a template, or with what it was given. */
export interface TemplateFault {
  /** Of the template or of the part that it includes, absolute. */
  readonly file: string;
  /** From 1, in that file. */
  readonly line: number;
  readonly column: number;
  readonly message: string;
}

/** `FILE:LINE: MESSAGE` */
export function showFault({ file, line, message }: TemplateFault): string {
  return `${file}:${line}: ${message}`;
}

/** A template that can be rendered. */
export type CompiledTemplate = (given: object) => Result<string, TemplateFault>;

/** A template that takes longer has an endless loop in it; the largest file of a phone takes a few milliseconds. */
const LONGEST_MS = 1000;
/** What one rendering may make of lists and texts, by the library's count. */
const MOST_MEMORY = 16 * 1024 * 1024;

/** All templates of one configuration. Each is compiled when it is asked for, once. */
export class TemplateEngine {
  readonly #sources = new Map<string, TemplateSource>();
  readonly #liquids = new Map<string, Liquid>();
  readonly #compiled = new Map<string, Result<CompiledTemplate, TemplateFault>>();

  /** @param sources one of the operator's takes the place of one of the same key that comes with the program. */
  constructor(sources: readonly TemplateSource[]) {
    for (const source of sources) if (!this.#sources.has(source.key)) this.#sources.set(source.key, source);
  }

  /** Ready for rendering, with its output made safe for this kind of file; or what is wrong with its text. */
  compile(source: TemplateSource, form: Escape): Result<CompiledTemplate, TemplateFault> {
    const name = `${form} ${source.key}`;
    const compiled = this.#compiled.get(name) ?? this.#parse(source, form);
    this.#compiled.set(name, compiled);
    return compiled;
  }

  #parse(source: TemplateSource, form: Escape): Result<CompiledTemplate, TemplateFault> {
    const liquid = this.#liquidFor(source.profile, form);
    let template: Template[];
    try {
      template = liquid.parse(source.text, source.key);
    } catch (fault) {
      return err(this.#faultOf(fault, source));
    }
    return ok((given) => {
      try {
        // What is global is seen in the parts of a template, too.
        return ok(String(liquid.renderSync(template, {}, { globals: given })));
      } catch (fault) {
        return err(this.#faultOf(fault, source));
      }
    });
  }

  #liquidFor(profile: string, form: Escape): Liquid {
    const name = `${form} ${profile}`;
    const known = this.#liquids.get(name);
    if (known !== undefined) return known;
    const { Liquid: Engine } = library();
    const liquid = new Engine({
      fs: this.#partsOf(profile),
      root: [profile, ''],
      relativeReference: false,
      dynamicPartials: true,
      cache: true,
      strictVariables: true,
      strictFilters: true,
      lenientIf: true,
      ownPropertyOnly: true,
      outputEscape: escaper(form),
      renderLimit: LONGEST_MS,
      memoryLimit: MOST_MEMORY,
    });
    liquid.registerFilter('mac', (value: unknown, separator: unknown) => separated(value, separator));
    this.#liquids.set(name, liquid);
    return liquid;
  }

  /** The folders of templates, as far as they were read: a part is looked for beside its profile's, then from the top. Nothing else is there. */
  #partsOf(profile: string): FS {
    const read = (key: string): string => {
      const source = this.#sources.get(key);
      if (source === undefined) throw new Error(`there is no part ${key} in the folders of templates`);
      return source.text;
    };
    return {
      sep: '/',
      dirname: posix.dirname,
      resolve: (folder, name) => posix.join(folder, /\.liquid$/.test(name) ? name : `${name}.liquid`),
      existsSync: (key) => this.#sources.has(key),
      exists: async (key) => this.#sources.has(key),
      readFileSync: read,
      readFile: async (key) => read(key),
      containsSync: (folder) => folder === profile || folder === '',
      contains: async (folder) => folder === profile || folder === '',
    };
  }

  #faultOf(fault: unknown, source: TemplateSource): TemplateFault {
    const { token, originalError } = fault as Partial<LiquidFault>;
    // Where a variable stands the library knows only in which text.
    const isThere = ({ key, text }: TemplateSource): boolean => (token?.file === undefined ? text === token?.input : key === token.file);
    const at = isThere(source) ? source : ([...this.#sources.values()].find(isThere) ?? source);
    const [line = 1, column = 1] = token?.getPosition() ?? [];
    const message = sentenceOf(originalError ?? fault);
    return { file: at.file, line: line + at.linesBefore, column, message };
  }
}

/** What the library throws: the place, and what happened there. */
interface LiquidFault {
  readonly token: { readonly file?: string; readonly input: string; getPosition(): number[] };
  readonly originalError: unknown;
}

const SENTENCES: readonly (readonly [RegExp, (word: string) => string])[] = [
  [/^undefined variable: (.*)$/, (name) => `the variable ${name} is not known`],
  [/^undefined filter: (.*)$/, (name) => `there is no filter ${name}`],
  [/^ENOENT: Failed to lookup "(.*?)"/, (name) => `there is no part ${name} in the folders of templates`],
  [/^template render limit exceeded$/, () => `it is not done after ${LONGEST_MS / 1000} s`],
];

function sentenceOf(fault: unknown): string {
  const { originalError } = fault as Partial<LiquidFault>;
  if (originalError !== undefined) return sentenceOf(originalError);
  const [text = ''] = (fault instanceof Error ? fault.message : String(fault)).replace(/, (?:file|line):.*$/s, '').split('\n');
  for (const [pattern, say] of SENTENCES) {
    const found = pattern.exec(text);
    if (found !== null) return say(found[1] ?? '');
  }
  return text;
}

/** `00-1b-54-aa-bb-cc` of `001b54aabbcc`. */
function separated(value: unknown, separator: unknown): string {
  const digits = String(value).match(/[0-9a-f]{2}/gi) ?? [];
  return digits.join(typeof separator === 'string' ? separator : ':');
}

/** A site without templates does without the library. */
function library(): typeof import('liquidjs') {
  return createRequire(import.meta.url)('liquidjs') as typeof import('liquidjs');
}
