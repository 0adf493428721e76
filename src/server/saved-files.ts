/** Notices that inventories and templates were saved, in whatever way an editor or a spreadsheet does that. */
import { existsSync, type FSWatcher, watch } from 'node:fs';
import { basename, dirname } from 'node:path';
import type { Config } from '../config/config.ts';

/** What is noticed, absolute paths. */
export interface WatchedFiles {
  readonly inventory: readonly string[];
  readonly templates: { readonly folders: readonly string[] };
}

export interface SavedFilesParts {
  /** Something was saved, and it is quiet again. */
  readonly onSaved: () => void;
  /** A folder cannot be watched. */
  readonly onFault: (folder: string, why: string) => void;
}

/** Editors write, rename and write again; a copy over the network takes a moment. */
const QUIET_MS = 300;

export class SavedFiles {
  readonly #parts: SavedFilesParts;
  #watchers: FSWatcher[] = [];
  #watched: WatchedFiles | undefined;
  #timer: NodeJS.Timeout | undefined;

  constructor(parts: SavedFilesParts) {
    this.#parts = parts;
  }

  /** Watches these from now on, and no others. */
  watch({ inventory, templates }: Pick<Config, 'inventory' | 'templates'>): void {
    const wanted: WatchedFiles = { inventory, templates: { folders: templates.folders } };
    this.#closeWatchers();
    this.#watched = wanted;
    // The folders, as a file that is replaced is another file afterwards.
    for (const folder of new Set(inventory.map((file) => dirname(file)))) {
      const names = new Set(inventory.filter((file) => dirname(file) === folder).map((file) => basename(file)));
      this.#watchFolder(folder, false, (name) => name === undefined || names.has(name));
    }
    for (const folder of templates.folders) {
      if (existsSync(folder)) this.#watchFolder(folder, true, (name) => name === undefined || /(?:\.liquid|\/|^[^./]+)$/.test(name));
      else if (existsSync(dirname(folder))) this.#watchFolder(dirname(folder), false, (name) => name === basename(folder));
    }
  }

  close(): void {
    this.#closeWatchers();
    clearTimeout(this.#timer);
  }

  #watchFolder(folder: string, recursive: boolean, concerns: (name: string | undefined) => boolean): void {
    const failed = (fault: unknown): void => this.#parts.onFault(folder, fault instanceof Error ? fault.message : String(fault));
    try {
      const watcher = watch(folder, { recursive, persistent: false }, (_, name) => {
        if (concerns(name ?? undefined)) this.#noticed();
      });
      watcher.on('error', failed);
      this.#watchers.push(watcher);
    } catch (fault) {
      failed(fault);
    }
  }

  #noticed(): void {
    clearTimeout(this.#timer);
    this.#timer = setTimeout(() => {
      // An inventory that is away for a moment is about to be replaced; one that is gone for good is a matter for a reload by hand.
      if (this.#watched?.inventory.every((file) => existsSync(file)) === true) this.#parts.onSaved();
    }, QUIET_MS).unref();
  }

  #closeWatchers(): void {
    for (const watcher of this.#watchers) watcher.close();
    this.#watchers = [];
  }
}
