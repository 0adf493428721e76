/** What is different within two lines that stand for each other: words are compared, so that a changed number is marked as a whole. */

/** A part of a line; `isChanged`: the other side has something else there, or nothing. */
export interface LinePart {
  readonly text: string;
  readonly isChanged: boolean;
}

/** Longer ones are marked as a whole: comparing takes the product of both lengths. */
const MOST_WORDS = 400;

/** The parts of both lines, in order; joined they are the lines again. */
export function linePartsOf(left: string, right: string): readonly [readonly LinePart[], readonly LinePart[]] {
  const a = wordsOf(left);
  const b = wordsOf(right);
  if (a.length > MOST_WORDS || b.length > MOST_WORDS) return [whole(left), whole(right)];
  const isCommon = commonWords(a, b);
  return [joined(a, isCommon.left), joined(b, isCommon.right)];
}

function whole(text: string): readonly LinePart[] {
  return [{ text, isChanged: true }];
}

function wordsOf(line: string): readonly string[] {
  return line.match(/[\p{L}\p{N}_]+|\s+|[^\p{L}\p{N}_\s]/gu) ?? [];
}

/** Which words belong to a longest common subsequence. */
function commonWords(
  a: readonly string[],
  b: readonly string[],
): { readonly left: ReadonlySet<number>; readonly right: ReadonlySet<number> } {
  const width = b.length + 1;
  // The length of the longest one of what follows (i, j).
  const lengths = new Uint16Array((a.length + 1) * width);
  const at = (i: number, j: number): number => lengths[i * width + j] ?? 0;
  for (let i = a.length - 1; i >= 0; i--) {
    for (let j = b.length - 1; j >= 0; j--)
      lengths[i * width + j] = a[i] === b[j] ? at(i + 1, j + 1) + 1 : Math.max(at(i + 1, j), at(i, j + 1));
  }
  const left = new Set<number>();
  const right = new Set<number>();
  for (let i = 0, j = 0; i < a.length && j < b.length; ) {
    if (a[i] === b[j]) {
      left.add(i++);
      right.add(j++);
    } else if (at(i + 1, j) >= at(i, j + 1)) i++;
    else j++;
  }
  return { left, right };
}

/** Neighbours of one kind become one part; a space between two changed words is changed with them. */
function joined(words: readonly string[], common: ReadonlySet<number>): readonly LinePart[] {
  const parts: { text: string; isChanged: boolean }[] = [];
  for (const [at, text] of words.entries()) {
    const isBetween = /^\s+$/.test(text) && at > 0 && at + 1 < words.length && !common.has(at - 1) && !common.has(at + 1);
    const isChanged = !common.has(at) || isBetween;
    const last = parts.at(-1);
    if (last?.isChanged === isChanged) last.text += text;
    else parts.push({ text, isChanged });
  }
  return parts;
}
