/**
 * The root as the operator changes it: files are put in whole, beside their place and then renamed, and taken away one at a time. Nothing leads
 * out of the root, and what the server keeps for itself below it (leases, tokens, backups) is left alone.
 */
import { realpathSync } from 'node:fs';
import { latin1Text } from '../base/bytes.ts';
import type { Clock } from '../base/clock.ts';
import { err, ok, type Result } from '../base/result.ts';
import { showSize } from '../events/quantities.ts';
import { type IncomingFile, IncomingFolder } from './incoming.ts';
import { isBelow } from './open-inside.ts';
import { folderInside, lookAt, place, refusalFrom, removeInside } from './place-inside.ts';
import { type Refusal, refusal } from './refusal.ts';
import { type SafePath, safePath, showName } from './safe-path.ts';
import { UploadRoom } from './upload-room.ts';

export interface RootSettings {
  /** Absolute path; made when the first file comes. */
  readonly root: string;
  /** Folders of the server's own, absolute: nothing is changed in these. */
  readonly reserved: readonly string[];
}

/** A file that is to be put in. */
export interface NewFile {
  readonly path: SafePath;
  /** Octets, all of them in `body`. */
  readonly size: number;
  readonly body: AsyncIterable<Uint8Array>;
  readonly mustBeNew: boolean;
}

/** Larger than any image that boots, smaller than a slip of somebody who sends a disk. */
export const LARGEST_PLACED = 16 * 1024 ** 3;
/** Everybody who boots reads it. */
const FILE_MODE = 0o644;

/**
 * A path as the operator writes it, in Unicode. It has to be written as it is: where devices may be careless, a page is not.
 * @returns the fault in words.
 */
export function writtenPath(text: string): Result<SafePath, Refusal> {
  const octets = latin1Text(Buffer.from(text));
  const path = safePath(octets);
  if (!path.ok) return path;
  if (path.value !== octets) return err(refusal('not-found', `a path with \\, //, . or .. in it; it would be ${showName(path.value)}`));
  if (path.value.split('/').some((name) => name.startsWith('.')))
    return err(refusal('not-found', 'a hidden name, which begins with a dot'));
  return path;
}

export class RootFiles {
  readonly #settings: RootSettings;
  readonly #incoming: IncomingFolder;
  readonly #room: UploadRoom;

  constructor(settings: RootSettings, clock: Clock) {
    const { root } = settings;
    this.#settings = settings;
    this.#incoming = new IncomingFolder({ uploads: root, mode: FILE_MODE, keepPartialSeconds: 0 }, clock);
    this.#room = new UploadRoom({ dir: root, maxSize: LARGEST_PLACED, quota: undefined, quotaPerDevice: undefined }, clock);
  }

  /** In its place and durable when it resolves, or nothing is changed. Never rejects. */
  async place(file: NewFile): Promise<Result<{ readonly isNew: boolean }, Refusal>> {
    const { path, size, mustBeNew } = file;
    if (size > LARGEST_PLACED) return err(refusal('full', `${showSize(size)} is more than the ${showSize(LARGEST_PLACED)} that are taken`));
    try {
      // Both are looked at again at the end; here it saves sending a file in vain.
      const before = lookAt(this.#settings.root, path);
      if (mustBeNew && before !== undefined) return err(refusal('exists', `${showName(path)} is there already`));
      const foreign = this.#reservedAt(path);
      if (foreign !== undefined) return err(foreign);
    } catch (error) {
      return err(refusalFrom(error));
    }
    const claim = await this.#room.claim(undefined, size);
    if (!claim.ok) return claim;
    const opened = await this.#incoming.open(path);
    try {
      return opened.ok ? await this.#receive(file, opened.value) : opened;
    } catch (error) {
      return err(refusalFrom(error));
    } finally {
      claim.value.settle(0, 'elsewhere');
      if (opened.ok) await opened.value.discard();
    }
  }

  async #receive({ path, size, body, mustBeNew }: NewFile, incoming: IncomingFile): Promise<Result<{ readonly isNew: boolean }, Refusal>> {
    for await (const octets of body) {
      if (incoming.size + octets.length > size) return err(refusal('full', `more came than the ${size} octets that were announced`));
      const written = await incoming.write(octets);
      if (!written.ok) return written;
    }
    if (incoming.size !== size) return err(refusal('fault', `${size} octets were announced and ${incoming.size} came`));
    await incoming.seal();
    const { root } = this.#settings;
    const foreign = this.#reservedAt(path);
    if (foreign !== undefined) return err(foreign);
    const isNew = lookAt(root, path) === undefined;
    await place(incoming.path, root, path, mustBeNew ? 'new' : 'replace');
    return ok({ isNew });
  }

  /** @returns the octets of the file that is gone. Never rejects. */
  async remove(path: SafePath): Promise<Result<number, Refusal>> {
    try {
      const foreign = this.#reservedAt(path);
      return foreign === undefined ? ok(await removeInside(this.#settings.root, path)) : err(foreign);
    } catch (error) {
      return err(refusalFrom(error));
    }
  }

  /** Undefined where the operator may change something. */
  #reservedAt(path: SafePath): Refusal | undefined {
    const { root, reserved } = this.#settings;
    const folder = folderInside(root, path);
    if (folder === undefined) return undefined;
    const target = Buffer.concat([folder, Buffer.from(`/${path.slice(path.lastIndexOf('/') + 1)}`, 'latin1')]);
    const owner = reserved.find((own) => {
      const real = realFolder(own);
      return real !== undefined && (isBelow(real, target) || real.equals(target));
    });
    return owner === undefined ? undefined : refusal('forbidden', `${owner} is the server’s own, and not for files that are served`);
  }
}

/** Undefined where it is not there: then nothing is in it. */
function realFolder(path: string): Buffer | undefined {
  try {
    return realpathSync.native(path, { encoding: 'buffer' });
  } catch {
    return undefined;
  }
}
