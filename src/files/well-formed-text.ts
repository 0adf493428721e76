/** Whether what was made is XML or JSON as a whole: a brace that is forgotten in a template is seen by no escaping. */
import { createRequire } from 'node:module';
import type { Escape } from '../boot/template-source.ts';

/** What is wrong with it, with the line where that can be told; undefined: nothing, or it is text of another kind. */
export function formFault(text: string, kind: Escape): string | undefined {
  if (kind === 'json') return faultOf('JSON', () => JSON.parse(text));
  if (kind !== 'xml') return undefined;
  const { parseXml } = createRequire(import.meta.url)('@rgrove/parse-xml') as typeof import('@rgrove/parse-xml');
  return faultOf('XML', () => parseXml(text.trim()));
}

function faultOf(kind: string, parse: () => unknown): string | undefined {
  try {
    parse();
    return undefined;
  } catch (fault) {
    const [message = ''] = (fault instanceof Error ? fault.message : String(fault)).split('\n');
    // What JavaScript quotes of a text may be a secret.
    return `what it makes is not well-formed ${kind}: ${message.replace(/, (?:\.\.\.)?".*$/s, '')}`;
  }
}
