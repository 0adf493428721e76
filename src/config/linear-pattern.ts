/**
 * Regular expressions that never take longer than the length of their text allows: what they look at comes from the network, and
 * those of the language can be kept busy for hours by forty letters.
 */
import { RE2JS } from 're2js';
import { err, ok, type Result } from '../base/result.ts';

export interface LinearPattern {
  readonly groups: number;
  /** Where it fits first; the groups from number 1, empty where one took no part. */
  find(text: string): { readonly start: number; readonly end: number; readonly groups: readonly string[] } | undefined;
}

/** Steps of the longest pattern: with names of a kilobyte it takes some milliseconds at worst. */
const MOST_STEPS = 500;

/** Reads a pattern, in the syntax of JavaScript without look-around and back references; or says what is wrong with it. */
export function parseLinearPattern(written: string): Result<LinearPattern, string> {
  // Names are octets, one a character, and so is the pattern.
  const text = Buffer.from(written).toString('latin1');
  let compiled: RE2JS;
  try {
    compiled = RE2JS.compile(text);
  } catch (fault) {
    return err(reasonOf(fault));
  }
  if (compiled.programSize() > MOST_STEPS) return err('must not be so long, or repeat so much');
  const groups = compiled.groupCount();
  return ok({
    groups,
    find(name) {
      const matcher = compiled.matcher(name);
      if (!matcher.find()) return undefined;
      return { start: matcher.start(), end: matcher.end(), groups: Array.from({ length: groups }, (_, at) => matcher.group(at + 1) ?? '') };
    },
  });
}

function reasonOf(fault: unknown): string {
  const message = fault instanceof Error ? fault.message.replace(/^error parsing regexp: /, '') : String(fault);
  return /Perl syntax: `\(\?[=!<]|escape sequence: `\\[1-9]/.test(message)
    ? `must not look ahead or behind, or refer back (${message}): that could keep the server busy without end`
    : `must be a regular expression (${message})`;
}
