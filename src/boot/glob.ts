/** Patterns as in file names: `*` stands for anything, `?` for one character. */

/**
 * True when the whole text fits the pattern. The work grows with the product of both lengths and no faster, whatever they hold:
 * the text comes from the network.
 */
export function fitsGlob(pattern: string, text: string): boolean {
  let at = 0;
  let inPattern = 0;
  /** Where the last `*` stands, and where the text behind what it took begins. */
  let star: { readonly at: number; rest: number } | undefined;
  while (at < text.length) {
    const wanted = pattern[inPattern];
    if (wanted === '*') {
      star = { at: inPattern, rest: at };
      inPattern += 1;
    } else if (wanted === '?' || wanted === text[at]) {
      at += 1;
      inPattern += 1;
    } else if (star !== undefined) {
      star.rest += 1;
      at = star.rest;
      inPattern = star.at + 1;
    } else return false;
  }
  return /^\**$/.test(pattern.slice(inPattern));
}
