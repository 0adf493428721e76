/** The one place that TFTP and HTTP ask for files: an ordered list of routes, of which the first that knows the file has it. */
import type { Ipv4 } from '../base/addresses.ts';
import type { WallMs } from '../base/clock.ts';
import { err, ok, type Result } from '../base/result.ts';
import type { Escape } from '../boot/template-source.ts';
import type { StoredBackup } from '../events/backup-events.ts';
import type { Subject } from '../events/events.ts';
import { AccessRules } from './access.ts';
import { type Meaning, writtenName } from './asked-name.ts';
import { LastFiles } from './last-files.ts';
import { NameRules } from './name-rules.ts';
import type { OpenedFile } from './opened-file.ts';
import { type Refusal, refusal } from './refusal.ts';
import { joinSafe, type SafePath, showName } from './safe-path.ts';

/** What is asked for, and by whom: some files are for one device only. */
export interface FileQuery {
  readonly path: SafePath;
  readonly from: Subject;
  /** Our address that was asked; undefined where that is not known. */
  readonly server?: Ipv4 | undefined;
  /** Octets that the client announced of a file that it wants to send. */
  readonly size?: number | undefined;
}

/** A file that was found, and how far the name had to be bent for it. */
export interface FoundFile {
  readonly file: OpenedFile;
  /** Below the root, as it is there. */
  readonly path: SafePath;
  /** In words for the operator; undefined: the name was right as it came. */
  readonly tolerated: string | undefined;
  /** For one that lies nowhere and was made for this client. */
  readonly made?: MadeFrom | undefined;
}

/** What a file was made from. */
export interface MadeFrom {
  /** A key of the configuration, and what of it. */
  readonly what: string;
  /** The entry of a menu that the operator chose for this client, where it was made with it. */
  readonly choice?: string | undefined;
  /** For who wonders what is in it. */
  readonly notes: readonly string[];
  /** What it has to be well-formed as, where that is known. */
  readonly form?: Escape | undefined;
}

/** What a route knows of a file. */
export type RouteAnswer = Result<FoundFile, Refusal> | 'not-mine';

/** One line of the list of a folder. */
export interface ListedName {
  /** Its name in the folder, one character an octet. */
  readonly name: string;
  readonly isFolder: boolean;
  /** Octets; of a folder nothing. */
  readonly size: number;
  readonly modifiedAt: WallMs;
}

/** What lies in a folder, for people: no hidden names, and nothing that could not be opened by its name. */
export interface FolderList {
  /** Below the root, as it is there; undefined for the root itself. */
  readonly path: SafePath | undefined;
  /** Sorted by name, folders first. */
  readonly names: readonly ListedName[];
  /** Names that are left out, as there are too many. */
  readonly omitted: number;
}

/** An upload that is durable and in its place. */
export interface StoredFile {
  /** For the operator. */
  readonly storedAs: string;
  /** True when the newest version has the same content, so that nothing was added. */
  readonly unchanged: boolean;
  /** Where it is a version of a backup. */
  readonly backup?: StoredBackup | undefined;
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

/** One source of files. Nothing throws or rejects. */
export interface FileRoute {
  readonly name: string;
  /** The file of exactly this path. At once where that can be; a route that has to wait for something gives a promise. */
  open(query: FileQuery): RouteAnswer | Promise<RouteAnswer>;
  /** The file whose path differs in upper and lower case only; a refusal when there are several. */
  openSimilar?(query: FileQuery): RouteAnswer | Promise<RouteAnswer>;
  /** What is in a folder, whatever the case of its name; undefined: the root. */
  list?(folder: SafePath | undefined): FolderList | 'not-mine';
  /** A file that may have been meant where there is none; takes milliseconds, so only for people and not before the answer. */
  near?(path: SafePath): SafePath | undefined;
  create?(query: FileQuery): Promise<Result<FileSink, Refusal> | 'not-mine'>;
  /** Where the file would be, for the operator; undefined where this route never has one of that name. */
  placeOf(query: FileQuery): string | undefined;
}

/** One look at one place. */
interface Attempt {
  readonly route: FileRoute;
  readonly query: FileQuery;
  readonly tolerated: readonly string[];
  readonly ignoresCase: boolean;
}

type Answer = Result<FoundFile, Refusal>;

/** One look at one place, for people. */
export interface SearchStep {
  readonly place: string;
  /** What is overlooked in the name. */
  readonly tolerated: readonly string[];
  readonly ignoresCase: boolean;
  /** The path of the file, `nothing`, or why it is not given. */
  readonly outcome: string;
}

export interface FileSearch {
  readonly steps: readonly SearchStep[];
  readonly answer: Result<FoundFile, Refusal>;
}

/** Places that are named when there is no file in any of them. */
const MOST_PLACES = 4;

export class FileCatalog {
  readonly #routes: readonly FileRoute[];
  readonly #rules: NameRules;
  readonly #access: AccessRules;
  readonly #last = new LastFiles();

  /**
   * @param routes are asked in this order.
   * @param rules what names mean.
   * @param access who may read and write.
   */
  constructor(routes: readonly FileRoute[], rules = new NameRules(), access = new AccessRules()) {
    this.#routes = routes;
    this.#rules = rules;
    this.#access = access;
  }

  /**
   * Opens a file by the name that a client gave it. Whatever fits better wins: the name as it is in any route before a name that
   * was bent, before one in the wrong case, before one beside the last file. A promise comes only from a route that has to wait.
   * @param server our address that was asked, as far as it is known: files that are made may name it.
   * @returns `not-found` with the places looked at, or the refusal of the route that has the file.
   */
  open(name: string, from: Subject, server?: Ipv4): Answer | Promise<Answer> {
    const stranger = this.#access.ofReader(from);
    if (stranger !== undefined) return err(stranger);
    const meanings = this.#rules.meaningsOf(name, from);
    if (!meanings.ok) return meanings;
    return this.#firstOf(this.#attempts(meanings.value, from, server), meanings.value, from);
  }

  *#attempts(meanings: readonly Meaning[], from: Subject, server?: Ipv4): Generator<Attempt, void> {
    let candidates = meanings;
    for (let round = 0; round < 2; round++) {
      for (const ignoresCase of [false, true]) {
        for (const { path, tolerated } of candidates) {
          const query = { path, from, server };
          for (const route of this.#routes) {
            if (!ignoresCase || route.openSimilar !== undefined) yield { route, query, tolerated, ignoresCase };
          }
        }
      }
      candidates = this.#beside(meanings.at(-1), from);
    }
  }

  #beside(asked: Meaning | undefined, from: Subject): readonly Meaning[] {
    const beside = asked && this.#last.beside(from, asked.path);
    if (asked === undefined || beside === undefined) return [];
    const tolerated = [...asked.tolerated, `beside ${showName(beside.last)}, which it fetched last`];
    return beside.places.map((path) => ({ path, tolerated }));
  }

  /** Looks until one has the file. */
  #firstOf(attempts: Iterator<Attempt, void>, meanings: readonly Meaning[], from: Subject): Answer | Promise<Answer> {
    for (let step = attempts.next(); step.done !== true; step = attempts.next()) {
      const attempt = step.value;
      const answer = ask(attempt);
      if (answer instanceof Promise) {
        return answer.then((later) => (later === 'not-mine' ? this.#firstOf(attempts, meanings, from) : this.#found(later, attempt)));
      }
      if (answer !== 'not-mine') return this.#found(answer, attempt);
    }
    return err(refusal('not-found', this.#placesOf(meanings, from)));
  }

  #found(answer: Answer, { query, tolerated }: Attempt): Answer {
    if (!answer.ok) return answer;
    const { file, path, tolerated: byRoute, made } = answer.value;
    // Both names: a rule, a link or the wrong case may lead from one that everybody may read to one that is not for everybody.
    const foreign = this.#access.ofFile(path, query.from) ?? this.#access.ofFile(query.path, query.from);
    if (foreign !== undefined) {
      file.close();
      return err(foreign);
    }
    this.#last.note(query.from, path);
    if (tolerated.length === 0) return answer;
    return ok({ file, path, made, tolerated: [...tolerated, ...(byRoute === undefined ? [] : [byRoute])].join(', ') });
  }

  #placesOf(meanings: readonly Meaning[], from: Subject): string {
    const places = new Set(meanings.flatMap(({ path }) => this.#routes.flatMap((route) => route.placeOf({ path, from }) ?? [])));
    return `${[...places].slice(0, MOST_PLACES).join(', ')}${places.size > MOST_PLACES ? ', …' : ''}`;
  }

  /** As `open`, with every step on the way: for the operator who wonders what becomes of a name. Close the file that is found. */
  async search(name: string, from: Subject, server?: Ipv4): Promise<FileSearch> {
    const steps: SearchStep[] = [];
    const stranger = this.#access.ofReader(from);
    if (stranger !== undefined) return { steps, answer: err(stranger) };
    const meanings = this.#rules.meaningsOf(name, from);
    if (!meanings.ok) return { steps, answer: meanings };
    for (const attempt of this.#attempts(meanings.value, from, server)) {
      const { route, query, tolerated, ignoresCase } = attempt;
      const answer = await ask(attempt);
      const outcome = answer === 'not-mine' ? 'nothing' : answer.ok ? showName(answer.value.path) : answer.error.detail;
      const place = route.placeOf(query);
      if (place !== undefined) steps.push({ place, tolerated, ignoresCase, outcome });
      if (answer !== 'not-mine') return { steps, answer: this.#found(answer, attempt) };
    }
    return { steps, answer: err(refusal('not-found', this.#placesOf(meanings.value, from))) };
  }

  /**
   * What is in a folder, by the name that a client gave it, as far as the client may read it; empty for the root.
   * @returns `not-found` where there is no such folder, or none that can be listed.
   */
  list(name: string, from: Subject): Result<FolderList, Refusal> {
    const stranger = this.#access.ofReader(from);
    if (stranger !== undefined) return err(stranger);
    const folder = name.replace(/[/\\]+$/, '');
    const meanings = folder === '' ? ok([{ path: undefined }]) : this.#rules.meaningsOf(folder, from);
    if (!meanings.ok) return meanings;
    for (const { path } of meanings.value) {
      for (const route of this.#routes) {
        const list = route.list?.(path) ?? 'not-mine';
        if (list === 'not-mine') continue;
        const mayRead = (below: string): boolean =>
          this.#access.ofFile(list.path === undefined ? joinSafe(below) : joinSafe(list.path, below), from) === undefined;
        return ok({ ...list, names: list.names.filter(({ name: below, isFolder }) => isFolder || mayRead(below)) });
      }
    }
    return err(refusal('not-found', `there is no folder ${showName(folder)}`));
  }

  /** After a miss: the existing file that is nearest to what was asked for, for people; undefined when none is near. */
  near(name: string, from: Subject): string | undefined {
    const asked = this.#rules.meaningsOf(name, from);
    // The last meaning has the most left off.
    const path = asked.ok ? asked.value.at(-1)?.path : undefined;
    if (path === undefined) return undefined;
    for (const route of this.#routes) {
      const near = route.near?.(path);
      if (near !== undefined) return showName(near);
    }
    return undefined;
  }

  /**
   * Takes a file by the name that a client gave it.
   * @param size octets that it announced, if it did.
   * @returns `forbidden` when no route takes files.
   */
  async create(name: string, from: Subject, size?: number): Promise<Result<FileSink, Refusal>> {
    const stranger = this.#access.ofWriter(from);
    if (stranger !== undefined) return err(stranger);
    const path = this.#rules.pathOf(name, from);
    if (!path.ok) return path;
    const query = { path: writtenName(path.value).path, from, size };
    for (const route of this.#routes) {
      const answer = (await route.create?.(query)) ?? 'not-mine';
      if (answer !== 'not-mine') return answer;
    }
    return err(refusal('forbidden', 'uploads are not taken'));
  }
}

function ask({ route, query, ignoresCase }: Attempt): RouteAnswer | Promise<RouteAnswer> {
  return ignoresCase ? (route.openSimilar?.(query) ?? 'not-mine') : route.open(query);
}
