/** What is different between two versions of a configuration, with secrets masked: also where only a secret has changed. */
import { structuredPatch } from 'diff';
import { MASK } from '../base/secret-names.ts';
import { isNoise } from './noise.ts';
import { maskSecrets } from './secrets.ts';

export interface DiffOptions {
  /** Leave out the lines of `noise.ts`. */
  readonly ignoreNoise: boolean;
  /** Show secrets. */
  readonly reveal: boolean;
  /** Lines that are shown around a difference. */
  readonly context?: number;
  /** How long may be looked for differences. */
  readonly longestMs?: number;
}

export interface DiffLine {
  readonly kind: 'same' | 'removed' | 'added';
  readonly text: string;
  /** Where it stands in the file before, counted from 1; undefined where it does not. */
  readonly before?: number | undefined;
  readonly after?: number | undefined;
}

/** A stretch of lines around a difference. Lines are counted from 1, in the files as they are. */
export interface Hunk {
  readonly removedFrom: number;
  readonly removedCount: number;
  readonly addedFrom: number;
  readonly addedCount: number;
  readonly lines: readonly DiffLine[];
}

/** What is put in the place of a secret that is another one now, in a line that would look the same otherwise. */
const CHANGED_MASK = `${MASK}(changed)`;

const CONTEXT_LINES = 3;
/** Two long texts that have nothing in common take time with the square of their length. */
const LONGEST_MS = 10_000;

/** Empty when nothing is different; undefined when that took too long to find out. */
export function compareConfigs(before: string, after: string, options: DiffOptions): readonly Hunk[] | undefined {
  const [old, young] = [new Side(before, options), new Side(after, options)];
  const patch = structuredPatch('', '', old.text, young.text, '', '', {
    context: options.context ?? CONTEXT_LINES,
    timeout: options.longestMs ?? LONGEST_MS,
  });
  if (patch === undefined) return undefined;
  const removed = new Set<string>();
  const removedMasked = new Set<string>();
  const hunks = patch.hunks.map((hunk): Hunk => {
    let [oldAt, youngAt] = [hunk.oldStart - 1, hunk.newStart - 1];
    const lines = hunk.lines.flatMap((line): Placed[] => {
      const text = line.slice(1);
      if (line.startsWith('\\')) return [{ kind: 'same', original: text, text: `\\${text}` }];
      if (line.startsWith('-')) {
        const masked = old.shown(oldAt);
        removed.add(text);
        removedMasked.add(masked);
        return [{ kind: 'removed', original: text, text: masked, before: old.numberOf(oldAt++) }];
      }
      const [after, shown] = [young.numberOf(youngAt), young.shown(youngAt++)];
      if (line.startsWith('+')) return [{ kind: 'added', original: text, text: shown, after }];
      return [{ kind: 'same', original: text, text: shown, before: old.numberOf(oldAt++), after }];
    });
    return {
      removedFrom: old.lineNumber(hunk.oldStart, hunk.oldLines),
      removedCount: hunk.oldLines,
      addedFrom: young.lineNumber(hunk.newStart, hunk.newLines),
      addedCount: hunk.newLines,
      lines,
    };
  });
  const marked = ({ original, ...line }: Placed): DiffLine => {
    const { kind, text } = line;
    const looksTheSame = kind === 'added' && !removed.has(original) && removedMasked.has(text);
    return { ...line, text: looksTheSame && !options.reveal ? text.replaceAll(MASK, CHANGED_MASK) : text };
  };
  return hunks.map((hunk) => ({ ...hunk, lines: (hunk.lines as readonly Placed[]).map(marked) }));
}

/** A line with what it is when nothing is masked. */
interface Placed extends DiffLine {
  readonly original: string;
}

/** One of the two texts: the lines that are compared, where they stand, and how they are shown. */
class Side {
  readonly text: string;
  readonly #shown: readonly string[];
  readonly #numbers: readonly number[];

  constructor(text: string, { ignoreNoise, reveal }: DiffOptions) {
    const lines = text.split('\n');
    const shown = reveal ? lines : maskSecrets(lines);
    const kept = lines.map((_, at) => at).filter((at) => !(ignoreNoise && isNoise(lines[at] ?? '')));
    this.text = kept.map((at) => lines[at]).join('\n');
    this.#shown = kept.map((at) => shown[at] ?? '');
    this.#numbers = kept.map((at) => at + 1);
  }

  /** @param at counts from 0, without noise. */
  shown(at: number): string {
    return this.#shown[at] ?? '';
  }

  /** In the file as it is. @param at as in `shown`. */
  numberOf(at: number): number {
    return this.#numbers[at] ?? at + 1;
  }

  /** Of the line that counts as `start` from 1 without noise; as in any unified diff an empty stretch has that of the line before it. */
  lineNumber(start: number, count: number): number {
    return count === 0 ? (this.#numbers[start - 2] ?? 0) : (this.#numbers[start - 1] ?? start);
  }
}
