/** The one place that TFTP and HTTP ask for files: an ordered list of routes, of which the first that knows the file has it. */
import { err, type Result } from '../base/result.ts';
import type { Subject } from '../events/events.ts';
import { type Refusal, refusal } from './refusal.ts';
import { type SafePath, safePath } from './safe-path.ts';

/** What is asked for, and by whom: some files are for one device only. */
export interface FileQuery {
  readonly path: SafePath;
  readonly from: Subject;
}

/** An open file. Its size does not change while it is open, whatever happens on disk. */
export interface OpenedFile {
  readonly size: number;
  /**
   * What its content goes by: equal keys, equal octets (device, inode, size, mtime and ctime in ns). Undefined for content that
   * was made for this request alone, and for a file that changed so lately that the next change may not show in its times.
   */
  readonly contentKey: string | undefined;
  /** Copies up to `into.length` octets from `offset` to `into`; how many; fewer only at the file's end. */
  read(into: Uint8Array, offset: number): Result<number, Refusal>;
  /** Never throws; more than once does no harm. */
  close(): void;
}

/** A file that was found, and how far the name had to be bent for it. */
export interface FoundFile {
  readonly file: OpenedFile;
  /** Below the root, as it is there. */
  readonly path: SafePath;
  /** In words for the operator; undefined: the name was right as it came. */
  readonly tolerated: string | undefined;
}

/** What a route knows of a file. */
export type RouteAnswer = Result<FoundFile, Refusal> | 'not-mine';

/** An upload that is durable and in its place. */
export interface StoredFile {
  /** For the operator. */
  readonly storedAs: string;
  /** True when the newest version has the same content, so that nothing was added. */
  readonly unchanged: boolean;
}

/** An upload on its way. Nothing of it is visible before `commit`. */
export interface FileSink {
  /** Appends. One at a time. */
  write(octets: Uint8Array): Promise<Result<void, Refusal>>;
  /** Makes it durable and puts it in its place; on a refusal nothing is left behind. */
  commit(): Promise<Result<StoredFile, Refusal>>;
  /** Removes what came so far. Never rejects; does nothing after `commit`. */
  abort(): Promise<void>;
}

/** One source of files. Nothing throws or rejects. */
export interface FileRoute {
  readonly name: string;
  /** At once where that can be; a route that has to wait for something gives a promise. */
  open(query: FileQuery): RouteAnswer | Promise<RouteAnswer>;
  create?(query: FileQuery): Promise<Result<FileSink, Refusal> | 'not-mine'>;
  /** Where the file would be, for the operator. */
  placeOf(query: FileQuery): string;
}

export class FileCatalog {
  readonly #routes: readonly FileRoute[];

  /** @param routes are asked in this order. */
  constructor(routes: readonly FileRoute[]) {
    this.#routes = routes;
  }

  /**
   * Opens a file by the name that a client gave it. A promise comes only from a route that has to wait.
   * @returns `not-found` with all places looked at, or the refusal of the route that has the file.
   */
  open(name: string, from: Subject): Result<FoundFile, Refusal> | Promise<Result<FoundFile, Refusal>> {
    const path = safePath(name);
    if (!path.ok) return path;
    return this.#openAt({ path: path.value, from }, 0);
  }

  /** Asks the routes from number `first` on. */
  #openAt(query: FileQuery, first: number): Result<FoundFile, Refusal> | Promise<Result<FoundFile, Refusal>> {
    for (let at = first; at < this.#routes.length; at++) {
      const answer = this.#routes[at]?.open(query) ?? 'not-mine';
      if (answer instanceof Promise) return answer.then((later) => (later === 'not-mine' ? this.#openAt(query, at + 1) : later));
      if (answer !== 'not-mine') return answer;
    }
    return err(refusal('not-found', this.#routes.map((route) => route.placeOf(query)).join(', ')));
  }

  /**
   * Takes a file by the name that a client gave it.
   * @returns `forbidden` when no route takes files.
   */
  async create(name: string, from: Subject): Promise<Result<FileSink, Refusal>> {
    const path = safePath(name);
    if (!path.ok) return path;
    const query = { path: path.value, from };
    for (const route of this.#routes) {
      const answer = (await route.create?.(query)) ?? 'not-mine';
      if (answer !== 'not-mine') return answer;
    }
    return err(refusal('forbidden', 'uploads are not taken'));
  }
}
