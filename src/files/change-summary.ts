/** What is different between two versions of a configuration, in one phrase: how many lines, and in which parts. */
import { compareConfigs, type DiffLine } from './config-diff.ts';

export interface ChangeSummary {
  /** Lines that are others, more or fewer now; what changes by itself does not count. */
  readonly lines: number;
  /** `interface GigabitEthernet1/0/3`: what the lines stand under, or how they begin where they stand under nothing; each once, in order. Secrets are masked. */
  readonly where: readonly string[];
}

/** More than any configuration has. */
const ALL = 10_000_000;
/** Somebody else waits meanwhile. */
const LONGEST_MS = 100;
const MOST_PARTS = 50;
const LONGEST_PART = 48;

/** Undefined when it would take too long to find out. */
export function summariseChange(before: string, after: string): ChangeSummary | undefined {
  const hunks = compareConfigs(before, after, { ignoreNoise: true, reveal: false, context: ALL, longestMs: LONGEST_MS });
  if (hunks === undefined) return undefined;
  const where = new Set<string>();
  let lines = 0;
  for (const hunk of hunks) {
    const above = new Headings();
    let run = { added: 0, removed: 0 };
    for (const line of hunk.lines) {
      if (line.kind === 'same') {
        lines += Math.max(run.added, run.removed);
        run = { added: 0, removed: 0 };
      } else {
        run[line.kind] += 1;
        const part = above.partOf(line);
        if (part !== '' && where.size < MOST_PARTS) where.add(part);
      }
      above.pass(line);
    }
    lines += Math.max(run.added, run.removed);
  }
  return { lines, where: [...where] };
}

interface Heading {
  readonly indent: number;
  readonly text: string;
  readonly kind: DiffLine['kind'];
}

/** The lines that a line stands under, by how far they are indented: in nearly all configurations that is what makes the parts. */
class Headings {
  #open: readonly Heading[] = [];

  pass({ kind, text }: DiffLine): void {
    if (isComment(text)) return;
    const indent = indentOf(text);
    // A line that was removed closes what stood there before, and not what stands there now.
    this.#open = [
      ...this.#open.filter((heading) => heading.indent < indent || (kind !== 'same' && heading.kind !== 'same' && heading.kind !== kind)),
      { indent, text: text.trim(), kind },
    ];
  }

  partOf({ kind, text }: DiffLine): string {
    if (isComment(text)) return '';
    const indent = indentOf(text);
    const other = kind === 'added' ? 'removed' : 'added';
    const above = this.#open.filter((heading) => heading.indent < indent && heading.kind !== other);
    const words = above.length === 0 ? [firstWords(text)] : above.slice(0, 2).map((heading) => bare(heading.text));
    return words.join(' ').slice(0, LONGEST_PART).trim();
  }
}

function indentOf(text: string): number {
  return text.length - text.trimStart().length;
}

function isComment(text: string): boolean {
  return /^\s*(?:[!#;]|\\ No newline|$)/.test(text);
}

/** `interfaces {` and `<interfaces>` are `interfaces`. */
function bare(text: string): string {
  return text.replace(/\s*\{$/, '').replace(/^<([^>]*)>$/, '$1');
}

/** What a line without a part is about: `interface GigabitEthernet1/0/3`, `hostname`, `set interfaces ge-0/0/1`. */
function firstWords(text: string): string {
  const words = bare(text.trim()).split(/\s+/);
  if (words[0] === 'set' || words[0] === 'delete') return words.slice(1, 3).join(' ');
  if (words[0] === 'no') return words.slice(0, 3).join(' ');
  return words.slice(0, 2).join(' ');
}
