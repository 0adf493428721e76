/**
 * Files that devices send. What happens to them is the policy:
 * `version`: each upload is a new version in a folder of the device, never overwritten; the device can read the newest back
 * under its plain name. `create`: new files only. `overwrite`: a new one replaces the old one whole. `deny`: none is taken.
 */
import { existsSync } from 'node:fs';
import { type Mac, showIpv4 } from '../base/addresses.ts';
import type { Clock } from '../base/clock.ts';
import { err, ok, type Result } from '../base/result.ts';
import type { Subject } from '../events/events.ts';
import type { FileQuery, FileRoute, FileSink, RouteAnswer, StoredFile } from './catalog.ts';
import { type IncomingFile, IncomingFolder } from './incoming.ts';
import { openInside } from './open-inside.ts';
import { lookAt, place, refusalFrom } from './place-inside.ts';
import { type Refusal, refusal } from './refusal.ts';
import { diskPath, joinSafe, placeOnDisk, type SafePath, showName } from './safe-path.ts';
import { hasContent, nextName, prune, versionsIn } from './versions.ts';

export interface UploadSettings {
  readonly policy: 'version' | 'create' | 'overwrite' | 'deny';
  /** Absolute path; made when the first file comes. May be the folder that is served. */
  readonly dir: string;
  /** Versions of one file that are kept. */
  readonly keep: number;
}

/** Backups hold passwords: versions are for the server's own user and group. */
const VERSION_MODE = 0o640;
const FILE_MODE = 0o644;

export class Uploads implements FileRoute {
  readonly name = 'uploads';
  readonly #settings: UploadSettings;
  readonly #clock: Clock;
  readonly #nameOf: (mac: Mac) => string | undefined;
  readonly #incoming: IncomingFolder;
  /** Files are put in their places one after another, so that no version number is taken twice. */
  #placing: Promise<unknown> = Promise.resolve();

  /** @param nameOf the name that the configuration gives a device. */
  constructor(settings: UploadSettings, clock: Clock, nameOf: (mac: Mac) => string | undefined) {
    this.#settings = settings;
    this.#clock = clock;
    this.#nameOf = nameOf;
    this.#incoming = new IncomingFolder(settings.dir, settings.policy === 'version' ? VERSION_MODE : FILE_MODE);
  }

  /** Removes unfinished uploads of a former run; to be called before the first `create`. */
  async sweep(): Promise<void> {
    await this.#incoming.sweep();
  }

  /** Only a file that has versions makes its reader wait: almost every file that is asked for here was never uploaded. */
  open(query: FileQuery): RouteAnswer | Promise<RouteAnswer> {
    const { dir, policy } = this.#settings;
    if (policy === 'deny') return 'not-mine';
    if (policy !== 'version') return this.#openAt(query, query.path);
    return existsSync(placeOnDisk(dir, this.#versionsOf(query))) ? this.#openNewest(query) : 'not-mine';
  }

  async #openNewest(query: FileQuery): Promise<RouteAnswer> {
    try {
      const path = await this.#newest(query);
      return path === undefined ? 'not-mine' : this.#openAt(query, path);
    } catch (error) {
      return err(refusalFrom(error));
    }
  }

  #openAt(query: FileQuery, path: SafePath): RouteAnswer {
    const opened = openInside(this.#settings.dir, path);
    if (opened.ok) return ok({ file: opened.value, path: query.path, tolerated: undefined });
    return opened.error.refused === 'not-found' ? 'not-mine' : opened;
  }

  async create(query: FileQuery): Promise<Result<FileSink, Refusal>> {
    const { dir, policy } = this.#settings;
    if (policy === 'deny') return err(refusal('forbidden', 'uploads are switched off'));
    try {
      // All of this is looked at again when the file is complete; here it saves the client a transfer in vain.
      if (policy !== 'version' && (await lookAt(dir, query.path)) === 'file' && policy === 'create') {
        return err(refusal('exists', `${this.placeOf(query)} is there already`));
      }
    } catch (error) {
      return err(refusalFrom(error));
    }
    const file = await this.#incoming.open();
    return file.ok ? ok(new Upload(file.value, (hash) => this.#inTurn(() => this.#store(query, file.value, hash)))) : file;
  }

  placeOf(query: FileQuery): string {
    const { dir, policy } = this.#settings;
    return `${dir}/${policy === 'version' ? `${this.#folderOf(query.from)}/` : ''}${showName(query.path)}`;
  }

  async #newest(query: FileQuery): Promise<SafePath | undefined> {
    const folder = this.#versionsOf(query);
    const newest = (await versionsIn(diskPath(this.#settings.dir, folder))).at(-1);
    return newest === undefined ? undefined : joinSafe(folder, newest.name);
  }

  async #store(query: FileQuery, file: IncomingFile, hash: string): Promise<StoredFile> {
    const { dir, policy } = this.#settings;
    if (policy === 'version') return this.#storeVersion(query, file, hash);
    await lookAt(dir, query.path);
    await place(file.path, dir, query.path, policy === 'overwrite' ? 'replace' : 'new');
    return { storedAs: this.placeOf(query), unchanged: false };
  }

  async #storeVersion(query: FileQuery, file: IncomingFile, hash: string): Promise<StoredFile> {
    const { dir, keep } = this.#settings;
    const path = this.#versionsOf(query);
    const folder = diskPath(dir, path);
    const versions = await versionsIn(folder);
    const newest = versions.at(-1);
    if (newest !== undefined && (await hasContent(folder, newest, hash))) {
      await file.discard();
      return { storedAs: `${this.placeOf(query)}/${newest.name}`, unchanged: true };
    }
    const name = nextName(newest, this.#clock.wall(), hash);
    await place(file.path, dir, joinSafe(path, name), 'new');
    // The upload is safe now; an old version that cannot be removed is no reason to refuse it.
    await prune(folder, versions, Math.max(keep - 1, 0)).catch(() => undefined);
    return { storedAs: `${this.placeOf(query)}/${name}`, unchanged: false };
  }

  /** The folder of a file's versions. */
  #versionsOf({ from, path }: FileQuery): SafePath {
    return joinSafe(this.#folderOf(from), path);
  }

  #folderOf(from: Subject): string {
    return deviceFolder(from, from.mac === undefined ? undefined : this.#nameOf(from.mac));
  }

  #inTurn<Value>(task: () => Promise<Value>): Promise<Value> {
    const turn = this.#placing.then(task);
    this.#placing = turn.catch(() => undefined);
    return turn;
  }
}

/**
 * The folder of a device: its name in the configuration, else its MAC, else its address. Never the name that it gives itself:
 * whoever claimed another's name would read that one's backups.
 */
export function deviceFolder(from: Subject, givenName: string | undefined): string {
  const name = (givenName ?? '')
    .replace(/[^A-Za-z0-9._-]/g, '_')
    .replace(/^\.+/, '')
    .slice(0, 63);
  if (name !== '') return name;
  if (from.mac !== undefined) return from.mac.replaceAll(':', '-');
  return from.address === undefined ? 'unknown' : showIpv4(from.address);
}

/** One upload on its way to its place. */
class Upload implements FileSink {
  readonly #file: IncomingFile;
  readonly #store: (sha256: string) => Promise<StoredFile>;

  constructor(file: IncomingFile, store: (sha256: string) => Promise<StoredFile>) {
    this.#file = file;
    this.#store = store;
  }

  write(octets: Uint8Array): Promise<Result<void, Refusal>> {
    return this.#file.write(octets);
  }

  async commit(): Promise<Result<StoredFile, Refusal>> {
    try {
      return ok(await this.#store(await this.#file.seal()));
    } catch (error) {
      await this.#file.discard();
      return err(refusalFrom(error));
    }
  }

  async abort(): Promise<void> {
    await this.#file.discard();
  }
}
