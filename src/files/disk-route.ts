/** Files below one folder, as they lie there. */
import { err, ok } from '../base/result.ts';
import type { FileQuery, FileRoute, FolderList, RouteAnswer } from './catalog.ts';
import { listInside } from './folder-list.ts';
import { FolderNames, folded } from './folder-names.ts';
import { OpenFiles } from './open-files.ts';
import { refusal } from './refusal.ts';
import { RootIndex } from './root-index.ts';
import { joinSafe, placeOnDisk, type SafePath, showName } from './safe-path.ts';

/** A name in the wrong case that came into its folder this moment may have to be asked for again. */
const NAMES_AGE_MS = 10;

export class DiskRoute implements FileRoute {
  readonly name = 'disk';
  readonly #root: string;
  readonly #files: OpenFiles;
  readonly #names = new FolderNames();
  readonly #index: RootIndex;

  /** @param root absolute path of the folder; it may come and go. */
  constructor(root: string) {
    this.#root = root;
    this.#files = new OpenFiles(root);
    this.#index = new RootIndex(root);
  }

  open(query: FileQuery): RouteAnswer {
    return this.#openAt(query.path, undefined);
  }

  /** Windows loaders and some phones do not care for case. */
  openSimilar(query: FileQuery): RouteAnswer {
    const similar = this.#ignoringCase(undefined, query.path.split('/'));
    if (similar === undefined) return 'not-mine';
    if (typeof similar === 'string') return this.#openAt(similar, 'wrong case');
    const choice = similar.map(showName).join(' or ');
    return err(refusal('not-found', `${this.placeOf(query)}, which could be ${choice}: only upper and lower case tell them apart`));
  }

  list(folder: SafePath | undefined): FolderList | 'not-mine' {
    const exact = listInside(this.#root, folder, this.#names);
    if (exact !== undefined || folder === undefined) return exact ?? 'not-mine';
    const similar = this.#ignoringCase(undefined, folder.split('/'));
    return (typeof similar === 'string' ? listInside(this.#root, similar, this.#names) : undefined) ?? 'not-mine';
  }

  near(path: SafePath): SafePath | undefined {
    return this.#index.near(path);
  }

  placeOf(query: FileQuery): string {
    return `${this.#root}/${showName(query.path)}`;
  }

  #openAt(path: SafePath, tolerated: string | undefined): RouteAnswer {
    const file = this.#files.open(path);
    if (file.ok) return ok({ file: file.value, path, tolerated });
    return file.error.refused === 'not-found' ? 'not-mine' : file;
  }

  /** The path as it is written on disk, the right case before a wrong one at each step; several when nothing decides between them. */
  #ignoringCase(folder: SafePath | undefined, steps: readonly string[]): SafePath | readonly SafePath[] | undefined {
    const [step = '', ...rest] = steps;
    const place = folder === undefined ? this.#root : placeOnDisk(this.#root, folder);
    const names = this.#names.in(place, NAMES_AGE_MS).get(folded(step)) ?? [];
    const below = (name: string): SafePath | readonly SafePath[] | undefined => {
      const path = folder === undefined ? joinSafe(name) : joinSafe(folder, name);
      return rest.length === 0 ? path : this.#ignoringCase(path, rest);
    };
    const exact = names.includes(step) ? below(step) : undefined;
    if (exact !== undefined) return exact;
    const found = names
      .filter((name) => name !== step)
      .flatMap((name) => below(name) ?? [])
      .toSorted();
    return found.length > 1 ? found : found[0];
  }
}
