/**
 * One YAML file as a plain value, with the place of everything in it. Environment variables are filled in here; what the keys
 * mean is not known here.
 */
import {
  type Document,
  isAlias,
  isMap,
  isScalar,
  isSeq,
  LineCounter,
  type Node,
  type Pair,
  parseDocument,
  type Scalar,
  visit,
  type YAMLParseError,
} from 'yaml';
import type { Path, Position, Severity } from './diagnostics.ts';
import { KEPT_NAMES } from './environment.ts';
import { explainYamlFault, isStructural } from './yaml-faults.ts';

/** A piece of the text from `start` up to, but without, `end`. */
interface Span {
  readonly start: number;
  readonly end: number;
}

/** A fault of the text itself, with its place. */
export interface SourceFault {
  readonly severity: Severity;
  readonly message: string;
  readonly hint?: string | undefined;
  readonly path: Path;
  readonly position: Position;
}

/** What a YAML text holds. */
export interface YamlSource {
  /**
   * Mappings, lists, text, numbers, true and false; a key without a value has `undefined`. Undefined for an empty text.
   * Where a value could not be made stands a symbol, which no schema takes.
   */
  readonly value: unknown;
  readonly faults: readonly SourceFault[];
  /** Up to this line the value is what was written; a broken structure makes the rest guesswork. Infinity when nothing is broken. */
  readonly soundLines: number;
  /** True for a path whose value could not be made, so that nothing more needs to be said about it. */
  isBroken(path: Path): boolean;
  /** True where the value of a path, or something in it, came from the environment. */
  isFilled(path: Path): boolean;
  /** Where the key or the value of a path stands; for a path that is not there, where the nearest one around it stands. */
  locate(path: Path, at: 'key' | 'value'): Position | undefined;
  /** Where the key of a path stands, or the item of a list; undefined for a path that is not written. */
  find(path: Path): Position | undefined;
}

/** Stands for a value that could not be made, so that it does not pass for one that was left out. */
const BROKEN = Symbol('broken');

/** Room for ten thousand hosts; aliases of aliases can mean more than any machine holds. */
const MOST_NODES = 200_000;
const DEEPEST = 60;

/** Reads a text; never throws. */
export function readYaml(text: string, env: Readonly<Record<string, string | undefined>>): YamlSource {
  const source = maskVariables(text.replace(/^\uFEFF/, ''));
  const lines = new LineCounter();
  try {
    return new Reader(source, lines, parseDocument(source, { lineCounter: lines, prettyErrors: false, logLevel: 'error' }), env).read();
  } catch (fault) {
    // The parser recurses; a text of ten thousand brackets ends its stack.
    const message = fault instanceof RangeError ? 'the text is nested too deeply' : `the text cannot be read: ${String(fault)}`;
    const position = { line: 1, column: 1, length: 1, text: source.split('\n', 1)[0] ?? '' };
    return {
      value: undefined,
      faults: [{ severity: 'error', message, path: [], position }],
      soundLines: 0,
      isBroken: () => true,
      isFilled: () => false,
      locate: () => undefined,
      find: () => undefined,
    };
  }
}

const OPEN = '\uE000';
const CLOSE = '\uE001';

/**
 * YAML ends a plain value at a brace within `{ … }`, so `{ tftpServer: ${server} }` would not parse. The braces of variables
 * give way to private characters of the same length while YAML reads.
 */
function maskVariables(text: string): string {
  return text.replace(/\$\{([A-Za-z_]\w*)\}/g, `$$${OPEN}$1${CLOSE}`);
}

function unmask(text: string): string {
  return text.replaceAll(OPEN, '{').replaceAll(CLOSE, '}');
}

class Reader {
  readonly #text: string;
  readonly #lines: LineCounter;
  readonly #document: Document.Parsed;
  readonly #env: Readonly<Record<string, string | undefined>>;
  readonly #faults: SourceFault[] = [];
  readonly #spans = new Map<string, { readonly key: Span | undefined; readonly value: Span | undefined }>();
  readonly #broken = new Set<string>();
  /** All paths with something from the environment in them. */
  readonly #filled = new Set<string>();
  readonly #open = new Set<Node>();
  #nodes = 0;

  constructor(text: string, lines: LineCounter, document: Document.Parsed, env: Readonly<Record<string, string | undefined>>) {
    this.#text = text;
    this.#lines = lines;
    this.#document = document;
    this.#env = env;
  }

  read(): YamlSource {
    const brokenLines = new Set<number>();
    for (const error of this.#document.errors) {
      const span = this.#spanOfFault(error);
      const { line } = this.#lines.linePos(span.start);
      // One slip confuses the parser for the rest of the line; what it says after the first fault is an echo.
      if (brokenLines.has(line)) continue;
      if (isStructural(error)) brokenLines.add(line);
      this.#fault('error', explainYamlFault(error, unmask(this.#text.slice(span.start, span.end))), span, []);
    }
    for (const warning of this.#document.warnings) {
      this.#fault('warning', { message: warning.message }, { start: warning.pos[0], end: warning.pos[1] }, []);
    }
    return {
      value: this.#valueOf(this.#document.contents, []) ?? undefined,
      faults: this.#faults,
      soundLines: Math.min(...brokenLines) - 1,
      isBroken: (path) => [[], ...path.map((_, at) => path.slice(0, at + 1))].some((above) => this.#broken.has(keyOf(above))),
      isFilled: (path) => this.#filled.has(keyOf(path)),
      locate: (path, at) => this.#locate(path, at),
      find: (path) => (this.#spans.has(keyOf(path)) ? this.#locate(path, 'key') : undefined),
    };
  }

  /** What the parser points at; where that is not what has to be changed, the key or the quote that is. */
  #spanOfFault(error: YAMLParseError): Span {
    const [start, end] = error.pos;
    if (error.code === 'DUPLICATE_KEY') {
      const [key = ''] = /^(?:"[^"\n]*"|'[^'\n]*'|[^:\s]*)/.exec(this.#text.slice(start)) ?? [];
      return { start, end: start + key.length };
    }
    if (error.code === 'MISSING_CHAR' && error.message.includes('quote')) {
      let opening = start;
      visit(this.#document, {
        Scalar: (_, { type, range }) => {
          if (type?.startsWith('QUOTE') === true && range && range[0] < start && start <= range[2]) opening = range[0];
        },
      });
      return { start: opening, end: opening + 1 };
    }
    return { start, end };
  }

  #valueOf(node: Node | null, path: Path): unknown {
    this.#nodes += 1;
    if (node === null) return null;
    if (this.#nodes > MOST_NODES)
      return this.#giveUp(node, path, this.#nodes === MOST_NODES + 1 ? 'there is too much here for a configuration' : undefined);
    if (path.length > DEEPEST) return this.#giveUp(node, path, 'this is nested too deeply for a configuration');
    if (isAlias(node)) {
      const target = node.resolve(this.#document);
      if (target === undefined) return this.#giveUp(node, path, `there is no anchor &${node.source} above`);
      if (this.#open.has(target)) return this.#giveUp(node, path, `*${node.source} holds itself`);
      return this.#valueOf(target, path);
    }
    if (isScalar(node)) return typeof node.value === 'string' ? this.#fill(node, node.value, path) : node.value;
    this.#open.add(node);
    const value = isMap(node) ? this.#mapping(node.items, path) : isSeq(node) ? this.#list(node.items, path) : undefined;
    this.#open.delete(node);
    return value;
  }

  #mapping(items: readonly Pair[], path: Path): Record<string, unknown> {
    const entries: [string, unknown][] = [];
    for (const { key, value } of items) {
      const name =
        isScalar(key) && key.value !== null
          ? unmask(String(typeof key.value === 'string' ? key.value : (key.source ?? key.value)))
          : undefined;
      if (name === undefined || name === '__proto__') {
        this.#fault(
          'error',
          { message: 'this cannot be a key', hint: 'a key is one word followed by `:`' },
          spanOf(key as Node | null) ?? { start: 0, end: 0 },
          path,
        );
        continue;
      }
      const valueNode = value as Node | null;
      const inner = [...path, name];
      this.#spans.set(keyOf(inner), { key: spanOf(key as Node), value: spanOf(valueNode) });
      entries.push([name, this.#valueOf(valueNode, inner) ?? undefined]);
    }
    return Object.fromEntries(entries);
  }

  #list(items: readonly unknown[], path: Path): unknown[] {
    return items.map((item, at) => {
      const inner = [...path, at];
      this.#spans.set(keyOf(inner), { key: undefined, value: spanOf(item as Node) });
      return this.#valueOf(item as Node, inner);
    });
  }

  /** Environment variables; `$${NAME}` stays as `${NAME}`. */
  #fill(node: Scalar, masked: string, path: Path): unknown {
    if (!masked.includes(OPEN)) return masked;
    let isComplete = true;
    const filled = masked.replace(new RegExp(`(\\$?)\\$${OPEN}(\\w+)${CLOSE}`, 'g'), (_, kept: string, name: string) => {
      if (kept !== '' || KEPT_NAMES.has(name)) return `\${${name}}`;
      const value = this.#env[name];
      if (value !== undefined) {
        for (let length = 1; length <= path.length; length += 1) this.#filled.add(keyOf(path.slice(0, length)));
        return value;
      }
      isComplete = false;
      this.#missingVariable(name, node, path);
      return '';
    });
    if (!isComplete) return BROKEN;
    const isAlone = node.type === 'PLAIN' && masked.startsWith(`$${OPEN}`) && masked.indexOf(CLOSE) === masked.length - 1;
    return isAlone ? typedScalar(filled) : unmask(filled);
  }

  #missingVariable(name: string, node: Scalar, path: Path): void {
    const written = `$${OPEN}${name}${CLOSE}`;
    const within = spanOf(node) ?? { start: 0, end: 0 };
    const at = this.#text.indexOf(written, within.start);
    const span = at >= 0 && at < within.end ? { start: at, end: at + written.length } : within;
    const hint = `set it before the start, or write $\${${name}} for text that looks like a variable`;
    this.#broken.add(keyOf(path));
    this.#fault('error', { message: `the environment variable ${name} is not set`, hint }, span, path);
  }

  #giveUp(node: Node, path: Path, message: string | undefined): typeof BROKEN {
    if (message !== undefined) this.#fault('error', { message }, spanOf(node) ?? { start: 0, end: 0 }, path);
    this.#broken.add(keyOf(path));
    return BROKEN;
  }

  #fault(severity: Severity, text: { readonly message: string; readonly hint?: string | undefined }, span: Span, path: Path): void {
    this.#faults.push({ severity, message: text.message, hint: text.hint, path, position: this.#positionOf(span) });
  }

  #locate(path: Path, at: 'key' | 'value'): Position | undefined {
    for (let length = path.length; length > 0; length -= 1) {
      const spans = this.#spans.get(keyOf(path.slice(0, length)));
      if (spans === undefined) continue;
      const wanted = at === 'value' && length === path.length ? (spans.value ?? spans.key) : (spans.key ?? spans.value);
      if (wanted !== undefined) return this.#positionOf(wanted);
    }
    const root = spanOf(this.#document.contents);
    return path.length === 0 && root !== undefined ? this.#positionOf(root) : undefined;
  }

  #positionOf(span: Span): Position {
    const { line, col } = this.#lines.linePos(Math.min(span.start, this.#text.length));
    const lineStart = this.#lines.lineStarts[line - 1] ?? 0;
    const lineEnd = this.#text.indexOf('\n', lineStart);
    const text = unmask(this.#text.slice(lineStart, lineEnd < 0 ? undefined : lineEnd).replace(/\r$/, ''));
    const length = Math.max(1, Math.min(span.end, lineStart + text.length) - span.start);
    return { line, column: col, length, text };
  }
}

function keyOf(path: Path): string {
  return JSON.stringify(path);
}

/** Where a node stands; undefined for a value that is not written. */
function spanOf(node: Node | null): Span | undefined {
  const range = node?.range;
  return range === undefined || range === null || range[0] === range[1] ? undefined : { start: range[0], end: range[1] };
}

/** What YAML would make of a plain value; text that would lose digits as a number stays text. */
function typedScalar(text: string): unknown {
  if (text === 'true' || text === 'false') return text === 'true';
  return /^-?\d+$/.test(text) && String(Number(text)) === text ? Number(text) : text;
}
