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
import { type ArchiveName, archiveNameOf } from './archive-names.ts';
import type { FileQuery, FileRoute, FileSink, RouteAnswer, StoredFile } from './catalog.ts';
import { FolderNames, folded } from './folder-names.ts';
import { type IncomingFile, IncomingFolder } from './incoming.ts';
import { withLock } from './lock-file.ts';
import { openInside } from './open-inside.ts';
import { lookAt, place, refusalFrom } from './place-inside.ts';
import { type Refusal, refusal } from './refusal.ts';
import { diskPath, joinSafe, placeOnDisk, type SafePath, showName } from './safe-path.ts';
import { numberSentAs } from './sent-names.ts';
import { type RoomClaim, UploadRoom } from './upload-room.ts';
import { storeVersion, versionsIn } from './versions.ts';

export interface UploadSettings {
  readonly policy: 'version' | 'create' | 'overwrite' | 'deny';
  /** Absolute path; made when the first file comes. May be the folder that is served. */
  readonly dir: string;
  /** Versions of one file that are kept. */
  readonly keep: number;
  /** Octets that one file may have. */
  readonly maxSize: number;
  /** Octets of all uploads; undefined: as many as the disk takes. */
  readonly quota: number | undefined;
  /** Octets of one device's folder, where the policy gives it one. */
  readonly quotaPerDevice: number | undefined;
  /** How long what is left of a failed upload is kept; 0: not at all. */
  readonly keepPartialSeconds: number;
}

/** Backups hold passwords: versions are for the server's own user and group. */
export const VERSION_MODE = 0o640;
const FILE_MODE = 0o644;

export class Uploads implements FileRoute {
  readonly name = 'uploads';
  readonly #settings: UploadSettings;
  readonly #clock: Clock;
  readonly #nameOf: (mac: Mac) => string | undefined;
  readonly #incoming: IncomingFolder;
  readonly #names = new FolderNames();
  readonly #room: UploadRoom;
  /** Files are put in their places one after another, so that no version number is taken twice. */
  #placing: Promise<unknown> = Promise.resolve();

  /** @param nameOf the name that the configuration gives a device. */
  constructor(settings: UploadSettings, clock: Clock, nameOf: (mac: Mac) => string | undefined) {
    this.#settings = settings;
    this.#clock = clock;
    this.#nameOf = nameOf;
    const { dir, policy, keepPartialSeconds } = settings;
    const mode = policy === 'version' ? VERSION_MODE : FILE_MODE;
    this.#incoming = new IncomingFolder({ uploads: dir, mode, keepPartialSeconds }, clock);
    this.#room = new UploadRoom(settings, clock);
  }

  /** Sets unfinished uploads of a former run aside; to be called before the first `create`. */
  async sweep(): Promise<void> {
    await this.#incoming.sweep();
  }

  /** Only a file that has versions makes its reader wait: almost every file that is asked for here was never uploaded. */
  open(query: FileQuery): RouteAnswer | Promise<RouteAnswer> {
    const { dir, policy } = this.#settings;
    if (policy === 'deny') return 'not-mine';
    if (policy !== 'version') return this.#openAt(query, query.path);
    const device = this.#folderOf(query.from);
    const folder = joinSafe(device, query.path);
    if (existsSync(placeOnDisk(dir, folder))) return this.#openVersion(query, () => this.#newest(folder));
    const { file, isDated } = this.#meant(query);
    const dated = isDated ? existingFolder(dir, device, file, this.#names) : undefined;
    return dated === undefined ? 'not-mine' : this.#openVersion(query, () => this.#sentAs(dated, query.path));
  }

  /** Some releases of Cisco IOS send the name that they propose in lower case, others as the host name is written. */
  openSimilar(query: FileQuery): RouteAnswer | Promise<RouteAnswer> {
    const { dir, policy } = this.#settings;
    if (policy !== 'version') return 'not-mine';
    const folder = existingFolder(dir, this.#folderOf(query.from), query.path, this.#names);
    return folder === undefined ? 'not-mine' : this.#openVersion(query, () => this.#newest(folder));
  }

  async #openVersion(query: FileQuery, find: () => Promise<SafePath | undefined>): Promise<RouteAnswer> {
    try {
      const path = await find();
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
      if (policy !== 'version' && lookAt(dir, query.path) !== undefined && policy === 'create') {
        return err(refusal('exists', `${this.placeOf(query)} is there already`));
      }
    } catch (error) {
      return err(refusalFrom(error));
    }
    const device = this.#folderOf(query.from);
    const claim = await this.#room.claim(policy === 'version' ? device : undefined, query.size ?? 0);
    if (!claim.ok) return claim;
    const file = await this.#incoming.open(`${device}-${query.path}`);
    if (!file.ok) {
      claim.value.settle(0, 'elsewhere');
      return file;
    }
    const store = (hash: string) => this.#inTurn(() => this.#store(query, file.value, hash));
    return ok(new Upload(file.value, claim.value, store));
  }

  placeOf(query: FileQuery): string {
    const { dir, policy } = this.#settings;
    return `${dir}/${policy === 'version' ? `${this.#folderOf(query.from)}/` : ''}${showName(query.path)}`;
  }

  async #newest(folder: SafePath): Promise<SafePath | undefined> {
    const newest = (await versionsIn(diskPath(this.#settings.dir, folder))).at(-1);
    return newest === undefined ? undefined : joinSafe(folder, newest.name);
  }

  /** The very version that came by this name; the newest is not what who names a day means. */
  async #sentAs(folder: SafePath, name: SafePath): Promise<SafePath | undefined> {
    const place = diskPath(this.#settings.dir, folder);
    const number = await numberSentAs(place, name);
    const version = number === undefined ? undefined : (await versionsIn(place)).find((one) => one.number === number);
    return version === undefined ? undefined : joinSafe(folder, version.name);
  }

  async #store(query: FileQuery, file: IncomingFile, hash: string): Promise<Placed> {
    const { dir, policy } = this.#settings;
    if (policy === 'version') return this.#storeVersion(query, file, hash);
    const { size } = file;
    const replaced = lookAt(dir, query.path) ?? 0;
    await place(file.path, dir, query.path, policy === 'overwrite' ? 'replace' : 'new');
    return { stored: { storedAs: this.placeOf(query), unchanged: false }, added: size - replaced };
  }

  async #storeVersion(query: FileQuery, file: IncomingFile, sha256: string): Promise<Placed> {
    const { dir: root, keep } = this.#settings;
    const device = this.#folderOf(query.from);
    const meant = this.#meant(query);
    const path = existingFolder(root, device, meant.file, this.#names) ?? joinSafe(device, meant.file);
    const { size } = file;
    const { name, number, unchanged, freed } = await withLock(this.#incoming.lockFile, () =>
      storeVersion({ root, path, file, sha256, at: this.#clock.wall(), keep, sentAs: meant.isDated ? query.path : undefined }),
    );
    const backup = { backupFolder: path, version: number, unchanged };
    return { stored: { storedAs: `${root}/${showName(path)}/${name}`, unchanged, backup }, added: unchanged ? 0 : size - freed };
  }

  /** The file that a name is a version of. */
  #meant({ from, path }: FileQuery): ArchiveName {
    const given = from.mac === undefined ? undefined : this.#nameOf(from.mac);
    return archiveNameOf(
      path,
      [given, from.hostName].filter((name) => name !== undefined),
    );
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

/** The folder of a file's versions as it is there, the right case before a wrong one; undefined where there is none, or several could be meant. */
function existingFolder(root: string, device: string, file: SafePath, names: FolderNames): SafePath | undefined {
  let folder = joinSafe(device);
  for (const step of file.split('/')) {
    const similar = names.in(placeOnDisk(root, folder)).get(folded(step)) ?? [];
    const [only] = similar.includes(step) ? [step] : similar;
    if (only === undefined || (similar.length > 1 && only !== step)) return undefined;
    folder = joinSafe(folder, only);
  }
  return folder;
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

/** A file in its place, and the octets that there are more now. */
interface Placed {
  readonly stored: StoredFile;
  readonly added: number;
}

/** One upload on its way to its place. */
class Upload implements FileSink {
  readonly #file: IncomingFile;
  readonly #claim: RoomClaim;
  readonly #store: (sha256: string) => Promise<Placed>;
  #isOver = false;
  /** There was no room for it: what came of it is not worth the room that others need, first of all the leases. */
  #isTooMuch = false;

  constructor(file: IncomingFile, claim: RoomClaim, store: (sha256: string) => Promise<Placed>) {
    this.#file = file;
    this.#claim = claim;
    this.#store = store;
  }

  async write(octets: Uint8Array): Promise<Result<void, Refusal>> {
    const room = await this.#claim.grow(octets.length);
    const written = room.ok ? await this.#file.write(octets) : room;
    if (!written.ok) this.#isTooMuch ||= written.error.refused === 'full';
    return written;
  }

  async commit(): Promise<Result<StoredFile, Refusal>> {
    try {
      const { stored, added } = await this.#store(await this.#file.seal());
      this.#end(added, 'device');
      return ok(stored);
    } catch (error) {
      const why = refusalFrom(error);
      // The device was to hear that the name is taken; another copy of its file was never asked for.
      if (why.refused === 'exists') await this.#file.discard();
      this.#isTooMuch ||= why.refused === 'full';
      return err(why);
    }
  }

  async abort(): Promise<string | undefined> {
    if (this.#isOver) return undefined;
    const keptAs = this.#isTooMuch ? await this.#file.discard() : await this.#file.setAside();
    this.#end(keptAs === undefined ? 0 : this.#file.size, 'elsewhere');
    return keptAs;
  }

  #end(added: number, where: 'device' | 'elsewhere'): void {
    this.#isOver = true;
    this.#claim.settle(added, where);
  }
}
