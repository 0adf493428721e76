/**
 * What a client calls a file, as a path below a folder of ours. Names are octets (ISO 8859-1 text here), since file systems
 * and boot ROMs agree on nothing else. This is the first half of safety; `open-inside.ts` is the second, for symbolic links.
 */
import { err, ok, type Result } from '../base/result.ts';
import { type Refusal, refusal } from './refusal.ts';

declare const safePathBrand: unique symbol;

/** One or more segments joined by `/`: none empty, `.` or `..`, no control characters. One character an octet. */
export type SafePath = string & { readonly [safePathBrand]: true };

/** The folder for uploads that are not complete; nothing in it can be named by a client. */
export const INCOMING_FOLDER = '.bootlace-incoming';

/** Octets in a name; longer ones cannot be files here, and are not worth a look at the disk. */
const LONGEST = 1024;
const LONGEST_SHOWN = 300;

/**
 * The path that a name means. Tolerated, because devices send them: `\` for `/` (Windows), a leading `/`, `//` and `./`;
 * `..` as long as it stays inside.
 * @returns `forbidden` for a `..` that leaves the folder, `not-found` for what cannot be a file's name.
 */
export function safePath(name: string): Result<SafePath, Refusal> {
  if (name.length > LONGEST) return err(refusal('not-found', `a name of ${name.length} octets`));
  if (hasControls(name)) return err(refusal('not-found', 'a name with control characters'));
  const parts = name.replaceAll('\\', '/').split('/');
  const last = parts.at(-1);
  if (last === '' || last === '.' || last === '..') return err(refusal('not-found', 'the name of a folder'));
  const segments: string[] = [];
  for (const part of parts) {
    if (part === '' || part === '.') continue;
    if (part !== '..') segments.push(part);
    else if (segments.pop() === undefined) return err(refusal('forbidden', 'the name leads out of the folder'));
  }
  // In any case of letters: some file systems, and the search for similar names, do not tell them apart.
  if (segments.some((segment) => segment.toLowerCase() === INCOMING_FOLDER))
    return err(refusal('not-found', 'the folder of unfinished uploads'));
  return ok(segments.join('/') as SafePath);
}

/** Only the controls of ASCII: octets above 127 may be part of a letter. */
function hasControls(name: string): boolean {
  for (let i = 0; i < name.length; i++) {
    const octet = name.charCodeAt(i);
    if (octet < 0x20 || octet === 0x7f) return true;
  }
  return false;
}

/** A single segment below a safe path, or a safe path below a folder name of ours. */
export function joinSafe(...parts: readonly (SafePath | string)[]): SafePath {
  return parts.join('/') as SafePath;
}

/** Where a path lies on disk, as octets. */
export function diskPath(folder: string | Buffer, path: SafePath): Buffer {
  return Buffer.concat([Buffer.from(folder), Buffer.from('/'), Buffer.from(path, 'latin1')]);
}

/** The same for the system's calls, which take text too: almost every name is ASCII, and joining text is several times as fast. */
export function placeOnDisk(folder: string, path: SafePath): string | Buffer {
  return isAscii(path) ? `${folder}/${path}` : diskPath(folder, path);
}

/** A name for people: as UTF-8 where it is that, otherwise octet by octet; cut when it is very long. */
export function showName(name: string): string {
  if (isAscii(name) && name.length <= LONGEST_SHOWN) return name;
  const octets = Buffer.from(name.slice(0, LONGEST), 'latin1');
  let text = name;
  try {
    text = new TextDecoder('utf-8', { fatal: true }).decode(octets);
  } catch {
    // Not UTF-8: the octets stand for themselves.
  }
  return text.length > LONGEST_SHOWN ? `${text.slice(0, LONGEST_SHOWN)}…` : text;
}

function isAscii(text: string): boolean {
  return /^[\x20-\x7e]*$/.test(text);
}
