/** A difference side by side: each line beside the one that took its place. */
import type { DiffLine, Hunk } from './config-diff.ts';

export interface RowSide {
  /** In the file, counted from 1. */
  readonly line: number;
  readonly text: string;
}

/** `gap`: lines that are the same on both sides and are left out, `skipped` of them. */
export interface DiffRow {
  readonly kind: 'same' | 'changed' | 'removed' | 'added' | 'gap';
  readonly left?: RowSide;
  readonly right?: RowSide;
  readonly skipped?: number;
}

/**
 * The rows of a comparison. Of lines that were replaced by others the first stands beside the first.
 * @param lines of the file after.
 */
export function diffRows(hunks: readonly Hunk[], lines: number): readonly DiffRow[] {
  const rows: DiffRow[] = [];
  let next = 1;
  for (const hunk of hunks) {
    const first = hunk.addedCount === 0 ? hunk.addedFrom + 1 : hunk.addedFrom;
    pushGap(rows, first - next);
    rows.push(...rowsOf(hunk.lines));
    next = Math.max(first, ...hunk.lines.map(({ after }) => (after ?? 0) + 1));
  }
  if (hunks.length > 0) pushGap(rows, lines + 1 - next);
  return rows;
}

function pushGap(rows: DiffRow[], skipped: number): void {
  if (skipped > 0) rows.push({ kind: 'gap', skipped });
}

function rowsOf(lines: readonly DiffLine[]): readonly DiffRow[] {
  const rows: DiffRow[] = [];
  let [removed, added]: [RowSide[], RowSide[]] = [[], []];
  const settle = (): void => {
    for (let at = 0; at < Math.max(removed.length, added.length); at += 1) {
      const [left, right] = [removed[at], added[at]];
      if (left !== undefined && right !== undefined) rows.push({ kind: 'changed', left, right });
      else if (left !== undefined) rows.push({ kind: 'removed', left });
      else if (right !== undefined) rows.push({ kind: 'added', right });
    }
    [removed, added] = [[], []];
  };
  for (const { kind, text, before, after } of lines) {
    if (kind === 'removed' && before !== undefined) removed.push({ line: before, text });
    else if (kind === 'added' && after !== undefined) added.push({ line: after, text });
    else if (before !== undefined && after !== undefined) {
      settle();
      rows.push({ kind: 'same', left: { line: before, text }, right: { line: after, text } });
    }
    // That a file does not end in a line break is no line.
  }
  settle();
  return rows;
}
