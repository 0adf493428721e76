/**
 * Names of files that a template answers: `SEP{MAC}.cnf.xml` is one name for each device. In `{…}` stands what the name says of the
 * device; letters may come in either case, as some firmware does not write them as its maker does.
 */
import { type Mac, parseMac } from '../base/addresses.ts';
import { nearestName } from '../base/near-name.ts';
import { err, ok, type Result } from '../base/result.ts';
import type { Escape } from './template-source.ts';

/** What a name says of the device that it is for. */
export interface NamedDevice {
  readonly mac?: Mac;
  readonly serial?: string;
  readonly name?: string;
  readonly model?: string;
}

/** One pattern, read. */
export interface AnsweredName {
  readonly text: string;
  /** It says which device it is for; a model alone does not. */
  readonly isBound: boolean;
  /** What a file of its extension is. */
  readonly form: Escape;
  /** Source of a regular expression without groups that remember. */
  readonly shape: string;
  /** What the name says; undefined when it is another name. */
  match(path: string): NamedDevice | undefined;
  /** The name for one device; undefined where something that stands in it is not known of the device. */
  nameFor(device: NamedDevice): string | undefined;
}

/** `000000000000.cfg` is for all devices of a kind. */
const COMMON = '00:00:00:00:';

const WORD = '[^/{}]+?';

/** Each with what stands there in a name. */
const PLACEHOLDERS = {
  mac: { key: 'mac', shape: '[0-9a-f]{12}' },
  MAC: { key: 'mac', shape: '[0-9a-f]{12}' },
  'mac-': { key: 'mac', shape: '(?:[0-9a-f]{2}-){5}[0-9a-f]{2}' },
  serial: { key: 'serial', shape: WORD },
  name: { key: 'name', shape: WORD },
  model: { key: 'model', shape: WORD },
} as const;

const NAMES = Object.keys(PLACEHOLDERS);

function isPlaceholder(name: string): name is keyof typeof PLACEHOLDERS {
  return Object.hasOwn(PLACEHOLDERS, name);
}

const FORM_OF: Readonly<Record<string, Escape>> = { xml: 'xml', htm: 'xml', html: 'xml', json: 'json', sh: 'shell' };

/** Reads a pattern; a fault says what is wrong with it. Leading folders count, a leading slash does not. */
export function readAnsweredName(text: string): Result<AnsweredName, string> {
  const pattern = text.replace(/^\/+/, '');
  if (pattern === '' || pattern.endsWith('/')) return err('it names no file');
  if (pattern.includes('\\')) return err('folders are parted by /');
  if (/\p{Cc}/u.test(pattern)) return err('it holds control characters');
  if (pattern.split('/').some((part) => part === '..' || part === '.' || part === '')) return err('it holds an empty, `.` or `..` folder');
  const keys: (keyof NamedDevice)[] = [];
  let [shape, groups] = ['', ''];
  for (const part of pattern.split(/(\{[^{}]*\})/)) {
    if (!part.startsWith('{') || !part.endsWith('}')) {
      if (/[{}]/.test(part)) return err('a brace has no partner');
      const literal = part.replace(/[.*+?^${}()|[\]\\]/g, '\\$&');
      shape += literal;
      groups += literal;
      continue;
    }
    const name = part.slice(1, -1);
    if (!isPlaceholder(name)) {
      const near = nearestName(name, NAMES);
      return err(`${part} stands for nothing${near === undefined ? `; there are {${NAMES.join('}, {')}}` : `; did you mean {${near}}?`}`);
    }
    const { key, shape: inner } = PLACEHOLDERS[name];
    if (keys.includes(key)) return err(`the ${key} stands in it twice`);
    keys.push(key);
    shape += inner;
    groups += `(${inner})`;
  }
  const whole = new RegExp(`^${groups}$`, 'i');
  return ok({
    text: pattern,
    isBound: keys.some((key) => key !== 'model'),
    form: FORM_OF[/\.([a-z0-9]+)$/i.exec(pattern)?.[1]?.toLowerCase() ?? ''] ?? 'plain',
    shape,
    match: (path) => {
      const found = whole.exec(path);
      if (found === null) return undefined;
      return namedDevice(Object.fromEntries(keys.map((key, at) => [key, found[at + 1]])));
    },
    nameFor: (device) => {
      let isKnown = true;
      const name = pattern.replace(/\{([^{}]*)\}/g, (_, placeholder: string) => {
        const word = isPlaceholder(placeholder) ? wordFor(placeholder, device) : undefined;
        isKnown &&= word !== undefined;
        return word ?? '';
      });
      return isKnown ? name : undefined;
    },
  });
}

function wordFor(placeholder: keyof typeof PLACEHOLDERS, { mac, ...words }: NamedDevice): string | undefined {
  switch (placeholder) {
    case 'mac':
      return mac?.replaceAll(':', '');
    case 'MAC':
      return mac?.replaceAll(':', '').toUpperCase();
    case 'mac-':
      return mac?.replaceAll(':', '-');
    default:
      return words[placeholder];
  }
}

function namedDevice({ mac, ...words }: Readonly<Record<string, string | undefined>>): NamedDevice | undefined {
  if (mac === undefined) return words;
  const address = parseMac(mac);
  return address === undefined || address.startsWith(COMMON) ? undefined : { ...words, mac: address };
}
