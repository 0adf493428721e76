/** The list of a folder, for people. */
import { lstatSync, type Stats } from 'node:fs';
import { wallMs } from '../base/clock.ts';
import type { FolderList, ListedName } from './catalog.ts';
import type { FolderNames } from './folder-names.ts';
import { lookInside } from './open-inside.ts';
import { joinSafe, placeOnDisk, type SafePath, safePath } from './safe-path.ts';

/** More is no list for people, and takes longer than others should wait. */
const MOST_NAMES = 2_000;

/**
 * What is in a folder below `root`. Left out: names that begin with a dot, those that no client can ask for, links that lead out of the root,
 * and what is neither a file nor a folder.
 * @returns undefined where there is no such folder inside the root.
 */
export function listInside(root: string, folder: SafePath | undefined, names: FolderNames): FolderList | undefined {
  if (lookInside(root, folder)?.isDirectory() !== true) return undefined;
  const place = folder === undefined ? root : placeOnDisk(root, folder);
  const visible = [...names.in(place).values()].flat().filter(isAskable).toSorted();
  const listed = visible.slice(0, MOST_NAMES).flatMap((name) => {
    const facts = factsOf(root, folder === undefined ? joinSafe(name) : joinSafe(folder, name));
    return facts === undefined ? [] : [listedName(name, facts)];
  });
  return {
    path: folder,
    names: [...listed.filter(({ isFolder }) => isFolder), ...listed.filter(({ isFolder }) => !isFolder)],
    omitted: Math.max(visible.length - MOST_NAMES, 0),
  };
}

/** A backslash in a name would be taken for a `/`. */
function isAskable(name: string): boolean {
  if (name.startsWith('.')) return false;
  const path = safePath(name);
  return path.ok && path.value === name;
}

/** Only a link has to be followed to see where it leads. */
function factsOf(root: string, path: SafePath): Stats | undefined {
  try {
    const own = lstatSync(placeOnDisk(root, path));
    const facts = own.isSymbolicLink() ? lookInside(root, path) : own;
    return facts?.isFile() === true || facts?.isDirectory() === true ? facts : undefined;
  } catch {
    // Gone since the names were read.
    return undefined;
  }
}

function listedName(name: string, facts: Stats): ListedName {
  const isFolder = facts.isDirectory();
  return { name, isFolder, size: isFolder ? 0 : facts.size, modifiedAt: wallMs(facts.mtimeMs) };
}
