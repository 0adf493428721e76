/**
 * What lies where below a folder, for "did you mean". Read when somebody asks, in bounded time, and believed for some seconds: it only
 * helps people, and nothing is served by it.
 */
import { type Dirent, readdirSync } from 'node:fs';
import { nearestName } from '../base/near-name.ts';
import { folded } from './folder-names.ts';
import { joinSafe, type SafePath } from './safe-path.ts';

/** Files and time of one reading; what lies deeper in a larger root is not known. */
const MOST_FILES = 20_000;
const MOST_READ_MS = 20;
const BELIEVED_MS = 5_000;
/** Time for guesses until the next reading: a flood of misses gets the first ones explained. */
const MOST_GUESS_MS = 25;
/** Names that one guess compares. */
const MOST_COMPARED = 500;

interface Index {
  readonly readAt: number;
  readonly byBase: ReadonlyMap<string, SafePath>;
  /** Names of files by folder; the root is the empty one. */
  readonly byFolder: ReadonlyMap<string, readonly string[]>;
  guessMs: number;
}

export class RootIndex {
  readonly #root: string;
  readonly #now: () => number;
  #index: Index | undefined;

  /**
   * @param root absolute path.
   * @param now milliseconds that never go back.
   */
  constructor(root: string, now: () => number = () => performance.now()) {
    this.#root = root;
    this.#now = now;
  }

  /** The file of the same name in another folder, or else one in the same folder whose name is nearly the same. */
  near(path: SafePath): SafePath | undefined {
    const began = this.#now();
    if (this.#index === undefined || began - this.#index.readAt > BELIEVED_MS) this.#index = readIndex(this.#root, this.#now);
    const index = this.#index;
    if (index.guessMs > MOST_GUESS_MS) return undefined;
    const asked = this.#now();
    const near = nearIn(index, path);
    index.guessMs += this.#now() - asked;
    return near;
  }
}

function nearIn({ byBase, byFolder }: Index, path: SafePath): SafePath | undefined {
  const slash = path.lastIndexOf('/');
  const [folder, base] = [path.slice(0, Math.max(slash, 0)), path.slice(slash + 1)];
  const elsewhere = byBase.get(folded(base));
  if (elsewhere !== undefined) return elsewhere;
  const beside = nearestName(base, (byFolder.get(folder) ?? []).slice(0, MOST_COMPARED));
  return beside === undefined ? undefined : inFolder(folder, beside);
}

/** Folders nearest to the root first. Links are not followed, so it ends. */
function readIndex(root: string, now: () => number): Index {
  const began = now();
  const byBase = new Map<string, SafePath>();
  const byFolder = new Map<string, string[]>();
  const folders = [''];
  let files = 0;
  for (const folder of folders) {
    if (files >= MOST_FILES || now() - began > MOST_READ_MS) break;
    const names: string[] = [];
    for (const entry of entriesOf(root, folder)) {
      const name = entry.name.toString('latin1');
      if (name.startsWith('.')) continue;
      if (entry.isDirectory()) folders.push(inFolder(folder, name));
      else {
        names.push(name);
        files += 1;
        if (!byBase.has(folded(name))) byBase.set(folded(name), inFolder(folder, name));
      }
    }
    byFolder.set(folder, names);
  }
  return { readAt: now(), byBase, byFolder, guessMs: 0 };
}

function entriesOf(root: string, folder: string): readonly Dirent<Buffer>[] {
  try {
    return readdirSync(Buffer.concat([Buffer.from(`${root}/`), Buffer.from(folder, 'latin1')]), {
      withFileTypes: true,
      encoding: 'buffer',
    });
  } catch {
    return [];
  }
}

function inFolder(folder: string, name: string): SafePath {
  return folder === '' ? joinSafe(name) : joinSafe(folder, name);
}
