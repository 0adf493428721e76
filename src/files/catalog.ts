/** The one place that TFTP and HTTP ask for files: an ordered list of routes, of which the first that knows the file has it. */
import { err, type Result } from '../base/result.ts';
import type { Subject } from '../events/events.ts';
import { type Refusal, refusal } from './refusal.ts';
import { type SafePath, safePath } from './safe-path.ts';

/** What is asked for, and by whom: some files are for one device only. */
export interface FileQuery {
  readonly path: SafePath;
  readonly from: Subject;
  /** Octets that the client announced of a file that it wants to send. */
  readonly size?: number | undefined;
}

/** An open file. Its size does not change while it is open, whatever happens on disk. */
export interface OpenedFile {
  readonly size: number;
  /** Up to `length` octets from `offset`; fewer only at the file's end. */
  read(offset: number, length: number): Promise<Result<Uint8Array, Refusal>>;
  /** Never rejects. */
  close(): Promise<void>;
}

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
  /** Makes it durable and puts it in its place; after a refusal there is `abort`. */
  commit(): Promise<Result<StoredFile, Refusal>>;
  /**
   * Gives up, and keeps what came so far for the operator, as far as such files are kept. Never rejects; does nothing after a
   * `commit` that succeeded.
   * @returns where it is kept, for the operator; undefined when it is not.
   */
  abort(): Promise<string | undefined>;
}

/** One source of files. Neither method rejects. */
export interface FileRoute {
  readonly name: string;
  open(query: FileQuery): Promise<Result<OpenedFile, Refusal> | 'not-mine'>;
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
   * Opens a file by the name that a client gave it.
   * @returns `not-found` with all places looked at, or the refusal of the route that has the file.
   */
  async open(name: string, from: Subject): Promise<Result<OpenedFile, Refusal>> {
    const path = safePath(name);
    if (!path.ok) return path;
    const query = { path: path.value, from };
    for (const route of this.#routes) {
      const answer = await route.open(query);
      if (answer !== 'not-mine') return answer;
    }
    return err(refusal('not-found', this.#routes.map((route) => route.placeOf(query)).join(', ')));
  }

  /**
   * Takes a file by the name that a client gave it.
   * @param size octets that it announced, if it did.
   * @returns `forbidden` when no route takes files.
   */
  async create(name: string, from: Subject, size?: number): Promise<Result<FileSink, Refusal>> {
    const path = safePath(name);
    if (!path.ok) return path;
    const query = { path: path.value, from, size };
    for (const route of this.#routes) {
      const answer = (await route.create?.(query)) ?? 'not-mine';
      if (answer !== 'not-mine') return answer;
    }
    return err(refusal('forbidden', 'uploads are not taken'));
  }
}
