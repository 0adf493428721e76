/**
 * What a client may mean by the name of a file. Firmware was written for other servers: for Windows, for one that shows the whole
 * disk, for one that is told the root in every name. All meanings are below the root; the likeliest comes first.
 */
import { ok, type Result } from '../base/result.ts';
import type { Refusal } from './refusal.ts';
import { joinSafe, type SafePath, safePath } from './safe-path.ts';

/** A path that may be meant, and what had to be overlooked for it, in words; none when the name was right as it came. */
export interface Meaning {
  readonly path: SafePath;
  readonly tolerated: readonly string[];
}

const NOTHING: readonly string[] = [];

/** @returns as `safePath`, with what it overlooked. */
export function readName(name: string): Result<Meaning, Refusal> {
  const path = safePath(name);
  if (!path.ok) return path;
  return ok({ path: path.value, tolerated: path.value === name ? NOTHING : oddities(name) });
}

function oddities(name: string): readonly string[] {
  const slashed = name.replaceAll('\\', '/');
  const seen: readonly (readonly [boolean, string])[] = [
    [slashed !== name, 'backslashes'],
    [slashed.startsWith('/'), 'a leading /'],
    [slashed.includes('//'), 'a doubled /'],
    [/(^|\/)\.\//.test(slashed), './ in it'],
    [/(^|\/)\.\.\//.test(slashed), '../ in it'],
  ];
  return seen.filter(([isThere]) => isThere).map(([, what]) => what);
}

/** What a client means by the name of a file that it sends: without what no file is called, but all else as it came. */
export function writtenName(asked: Meaning): Meaning {
  const bare = otherMeanings(asked, []).at(-1);
  return bare ?? asked;
}

/** What TFTP servers call their root by habit: tftp-hpa, Debian, Red Hat, Cisco's documents, macOS. */
const USUAL_ROOTS = ['tftpboot', 'srv/tftp', 'var/lib/tftpboot', 'var/lib/tftp', 'private/tftpboot'];

/** The names that a client may put in front because it was told the root itself, the longest first. */
export function rootNames(root: string): readonly string[] {
  const path = root.replaceAll('\\', '/').replace(/^(?:[a-z]:)?\/+|\/+$/gi, '');
  const base = path.slice(path.lastIndexOf('/') + 1);
  return [...new Set([path, base, ...USUAL_ROOTS])]
    .filter((name) => name !== '')
    .map((name) => Buffer.from(name).toString('latin1'))
    .toSorted((a, b) => b.length - a.length);
}

/** What else the client may mean when there is no file of the path itself: each meaning leaves off one thing more. */
export function otherMeanings(first: Meaning, roots: readonly string[]): readonly Meaning[] {
  const meanings: Meaning[] = [];
  let { path, tolerated } = first;
  const leaveOff = (rest: string | undefined, what: string): void => {
    if (rest === undefined || rest === '') return;
    path = joinSafe(rest);
    tolerated = [...tolerated, what];
    meanings.push({ path, tolerated });
  };
  // The suffix of a TFTP URL (RFC 3617 §3), which loaders leave in the name.
  if (path.includes(';')) leaveOff(/^(.+);mode=(?:octet|netascii)$/i.exec(path)?.[1], ';mode= at its end');
  if (path[1] === ':') leaveOff(/^[a-z]:\/?(.+)$/i.exec(path)?.[1], 'a drive letter');
  if (!path.includes('/')) return meanings;
  const root = roots.find((name) => path.startsWith(`${name}/`));
  if (root !== undefined) leaveOff(path.slice(root.length + 1), 'the root’s own name in front');
  return meanings;
}
