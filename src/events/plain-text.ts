/**
 * Text that somebody else wrote (host names, file names, reasons with a piece of a packet in them), made fit for a terminal
 * and a log: it can neither move the cursor, nor begin a new line, nor turn the direction of writing.
 */

/** Control and format characters, line and paragraph separators, halves of surrogate pairs. */
const HARMFUL = /[\p{Cc}\p{Cf}\p{Zl}\p{Zp}\p{Cs}]/gu;

/** The text with every harmful character written out (`\x1b`, `\u202e`), and cut to `limit` characters. */
export function plainText(text: string, limit = 300): string {
  const cut = text.length > limit ? `${text.slice(0, limit - 1)}…` : text;
  return cut.replace(HARMFUL, (character) => {
    const code = character.codePointAt(0) ?? 0;
    if (code <= 0xff) return `\\x${code.toString(16).padStart(2, '0')}`;
    return code <= 0xffff ? `\\u${code.toString(16).padStart(4, '0')}` : `\\u{${code.toString(16)}}`;
  });
}
