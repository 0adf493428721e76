/** What `{{ }}` puts into a file, made safe for what the file is. A value that cannot stand there ends the rendering. */
import type { Escape } from '../boot/template-source.ts';

/** For the content of elements and attributes in either kind of quotes (XML 1.0 §2.4, §2.2). */
function xml(text: string): string {
  if (NOT_IN_XML.test(text)) throw new Error('the value holds a character that XML does not allow');
  return text.replace(/[&<>"']/g, (character) => XML_NAMES[character] ?? character);
}

// biome-ignore lint/suspicious/noControlCharactersInRegex: these are the ones that XML does not allow
const NOT_IN_XML = /[\0-\x08\x0b\x0c\x0e-\x1f\ufffe\uffff]|[\ud800-\udbff](?![\udc00-\udfff])|(?<![\ud800-\udbff])[\udc00-\udfff]/;
const XML_NAMES: Readonly<Record<string, string>> = { '&': '&amp;', '<': '&lt;', '>': '&gt;', '"': '&quot;', "'": '&apos;' };

/** For the content of a text in single quotes (POSIX.1-2024 XCU §2.2.2). */
function shell(text: string): string {
  if (text.includes('\0')) throw new Error('the value holds a zero character, which no shell can take');
  return text.replaceAll("'", "'\\''");
}

function plain(text: string): string {
  return text;
}

const OF_TEXT = { xml, shell, plain } as const;

/** The filter that every output goes through at its end. */
export function escaper(form: Escape): (value: unknown) => string {
  if (form === 'json') return json;
  const ofText = OF_TEXT[form];
  return (value) => {
    if (value === null || value === undefined) return '';
    return ofText(textOf(value));
  };
}

/** For the content of a JSON string (RFC 8259 §7); lists and mappings are JSON as they are. */
function json(value: unknown): string {
  const text = JSON.stringify(value ?? null);
  return typeof value === 'string' ? text.slice(1, -1) : text;
}

function textOf(value: unknown): string {
  if (Array.isArray(value)) return value.map(textOf).join('');
  if (typeof value === 'object' && value !== null) throw new Error('the value is a mapping, which has no text: name one of its keys');
  return String(value);
}
