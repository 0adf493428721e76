/**
 * The files below one folder that are in demand, kept open: whoever asks again for one that is as it was gets it for the price of
 * a look. Only files to which no link leads are kept, as a look at each step then proves that the way still leads nowhere else.
 */
import { lstatSync, readFileSync } from 'node:fs';
import { ok, type Result } from '../base/result.ts';
import type { HeldFile } from './held-file.ts';
import { holdInside } from './open-inside.ts';
import type { OpenedFile } from './opened-file.ts';
import type { Refusal } from './refusal.ts';
import { placeOnDisk, type SafePath } from './safe-path.ts';

/** Descriptors that are kept when nobody uses them: a share of those that the process may have, and no more than a classroom asks for. */
const MOST_KEPT = Math.min(Math.max(Math.floor(mostDescriptors() / 4), 64), 1024);
/** Nobody who deletes a large file or takes out a disk should wait long for us. */
const IDLE_MS = 2_000;
/** A storm asks for hundreds of files of one folder in this time. */
const FOLDERS_LAST_MS = 10;

interface Kept {
  readonly held: HeldFile;
  readonly place: string | Buffer;
  /** The folders between the root and the file. */
  readonly folders: readonly (string | Buffer)[];
  isIdle: boolean;
}

export class OpenFiles {
  readonly #folder: string;
  /** The one used last is the last. */
  readonly #kept = new Map<SafePath, Kept>();
  readonly #idleMs: number;
  /** The folders on the way to the one whose file was kept last. */
  #way: { readonly to: string; readonly folders: Kept['folders'] } = { to: '', folders: [] };
  /** The folders that were looked at last. */
  #sound: { readonly folders: Kept['folders']; readonly until: number } = { folders: [], until: 0 };
  #sweeping: NodeJS.Timeout | undefined;

  /**
   * @param folder absolute path.
   * @param idleMs a file that nobody asks for is closed after one to two of these.
   */
  constructor(folder: string, idleMs = IDLE_MS) {
    this.#folder = folder;
    this.#idleMs = idleMs;
  }

  /** The file of exactly this path. @returns as `openInside`. */
  open(path: SafePath): Result<OpenedFile, Refusal> {
    const kept = this.#kept.get(path);
    if (kept !== undefined) {
      this.#kept.delete(path);
      if (this.#isAsItWas(kept)) {
        this.#kept.set(path, kept);
        kept.isIdle = false;
        return ok(kept.held.share());
      }
      kept.held.letGo();
    }
    const opened = holdInside(this.#folder, path);
    if (!opened.ok) return opened;
    const { held, isDirect } = opened.value;
    const file = held.share();
    if (isDirect) this.#keep(path, held);
    else held.letGo();
    return ok(file);
  }

  #keep(path: SafePath, held: HeldFile): void {
    this.#kept.set(path, { held, place: placeOnDisk(this.#folder, path), folders: this.#foldersOf(path), isIdle: false });
    if (this.#kept.size > MOST_KEPT) {
      const [oldest] = this.#kept.keys();
      if (oldest !== undefined) this.#drop(oldest);
    }
    this.#sweeping ??= setInterval(() => this.#sweep(), this.#idleMs).unref();
  }

  /** Files that are asked for one after another mostly lie in one folder, and then share the list. */
  #foldersOf(path: SafePath): Kept['folders'] {
    const last = path.lastIndexOf('/');
    if (last === -1) return [];
    const to = path.slice(0, last);
    if (this.#way.to !== to) {
      const steps = to.split('/');
      this.#way = { to, folders: steps.map((_, at) => placeOnDisk(this.#folder, steps.slice(0, at + 1).join('/') as SafePath)) };
    }
    return this.#way.folders;
  }

  /**
   * True when the path leads to the file that is open, unchanged, through folders alone. Only the root itself may be a link.
   * Whoever swaps a folder between two of these looks wins nothing: it is the open file that is given, and it was inside.
   */
  #isAsItWas({ held, place, folders }: Kept): boolean {
    try {
      if (!this.#areFolders(folders)) return false;
      const facts = lstatSync(place, { throwIfNoEntry: false });
      return facts !== undefined && held.is(facts);
    } catch {
      // The full way says what is wrong.
      return false;
    }
  }

  #areFolders(folders: Kept['folders']): boolean {
    const now = performance.now();
    if (folders.length === 0 || (this.#sound.folders === folders && now < this.#sound.until)) return true;
    for (const folder of folders) if (lstatSync(folder, { throwIfNoEntry: false })?.isDirectory() !== true) return false;
    this.#sound = { folders, until: now + FOLDERS_LAST_MS };
    return true;
  }

  #drop(path: SafePath): void {
    this.#kept.get(path)?.held.letGo();
    this.#kept.delete(path);
  }

  #sweep(): void {
    for (const [path, kept] of this.#kept) {
      if (kept.isIdle) this.#drop(path);
      kept.isIdle = true;
    }
    if (this.#kept.size > 0) return;
    clearInterval(this.#sweeping);
    this.#sweeping = undefined;
  }
}

/** How many this process may have open; where the system does not say, as few as any gives. */
function mostDescriptors(): number {
  try {
    return Number(/^Max open files +(\d+)/m.exec(readFileSync('/proc/self/limits', 'latin1'))?.[1] ?? 1024);
  } catch {
    return 1024;
  }
}
