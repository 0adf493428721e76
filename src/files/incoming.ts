/**
 * Uploads that are not complete: one file each in a folder of their own on the file system of their destination, so that a
 * rename puts them in place whole. What came of an upload that failed stays there for a while, where the operator finds it and
 * no client can name it: what a device sent before its cable was pulled is sometimes all there is.
 */
import { createHash, randomBytes } from 'node:crypto';
import { closeSync, fsync, lstatSync, mkdirSync, openSync, writeSync } from 'node:fs';
import { readdir, rename, rmdir, stat, unlink } from 'node:fs/promises';
import { join } from 'node:path';
import { promisify } from 'node:util';
import type { Clock, MonoMs } from '../base/clock.ts';
import { err, ok, type Result } from '../base/result.ts';
import { type Refusal, refusal, refusalOf } from './refusal.ts';
import { INCOMING_FOLDER } from './safe-path.ts';
import { timeStamp } from './time-stamp.ts';

const sync = promisify(fsync);

export interface IncomingSettings {
  /** Absolute path of the folder that complete files go to. */
  readonly uploads: string;
  /** Permissions of a new file. */
  readonly mode: number;
  /** How long what is left of a failed upload is kept; 0: not at all. */
  readonly keepPartialSeconds: number;
}

/** On its way, and given up. */
const RUNNING = '.part';
const PARTIAL = '.partial';
/** Held while files are put in their places. */
const LOCK = 'placing.lock';

const SWEEP_EVERY_MS = 3_600_000;
/** A device that fails again and again shall not fill the disk. */
const MOST_PARTIALS = 100;

/** Room for a device and a file in a name that file systems take (255 octets). */
const LONGEST_LABEL = 120;

/** A partial upload that was kept. */
export interface Partial {
  readonly path: string;
  /** Octets. */
  readonly size: number;
}

export class IncomingFolder {
  readonly #settings: IncomingSettings;
  readonly #clock: Clock;
  readonly #folder: string;
  #sweptAt: MonoMs | undefined;

  constructor(settings: IncomingSettings, clock: Clock) {
    this.#settings = settings;
    this.#clock = clock;
    this.#folder = join(settings.uploads, INCOMING_FOLDER);
  }

  /** The lock for whoever puts a file in its place below the uploads; there once a file was opened. */
  get lockFile(): string {
    return join(this.#folder, LOCK);
  }

  /**
   * A new, empty file that nobody else can name.
   * @param label what it is, for the operator who finds it: the device and the file.
   */
  async open(label: string): Promise<Result<IncomingFile, Refusal>> {
    try {
      mkdirSync(this.#settings.uploads, { recursive: true });
      mkdirSync(this.#folder, { recursive: true, mode: 0o700 });
      if (!this.#isOurs()) return err(refusal('forbidden', `${this.#folder} is not a folder`));
      await this.#forgetOld();
      const what = label.replace(/[^A-Za-z0-9._-]/g, '_').slice(0, LONGEST_LABEL);
      // Not to be guessed, should somebody serve this folder by other means.
      const name = `${timeStamp(this.#clock.wall())}-${what}-${randomBytes(8).toString('hex')}`;
      const path = join(this.#folder, name + RUNNING);
      const keptAs = this.#settings.keepPartialSeconds > 0 ? join(this.#folder, name + PARTIAL) : undefined;
      const descriptor = openSync(path, 'wx', this.#settings.mode);
      return ok(
        new IncomingFile(path, keptAs, descriptor, () => {
          this.#sweptAt = undefined;
        }),
      );
    } catch (error) {
      return err(refusalOf(error));
    }
  }

  /**
   * Sets aside what a former run was receiving when it ended, and removes what was kept long enough. Only at start: a running
   * upload has no other mark than its name. Never rejects.
   */
  async sweep(): Promise<void> {
    try {
      if (!this.#isOurs()) return;
      for (const name of await readdir(this.#folder)) {
        if (name.endsWith(RUNNING)) await this.#setAside(name);
      }
      await this.#forgetOld();
      await rmdir(this.#folder);
    } catch {
      // No such folder is the normal case; any other trouble shows at the first upload, where somebody is told.
    }
  }

  async #setAside(name: string): Promise<void> {
    const path = join(this.#folder, name);
    const { size, nlink } = await stat(path);
    // With a second name the file is in its place already.
    if (size === 0 || nlink > 1) await unlink(path);
    else await rename(path, path.slice(0, -RUNNING.length) + PARTIAL);
  }

  /** Removes the partial uploads whose time is over, and the oldest of too many; looks after each that came, and once in a while. */
  async #forgetOld(): Promise<void> {
    const now = this.#clock.mono();
    if (this.#sweptAt !== undefined && now - this.#sweptAt < SWEEP_EVERY_MS) return;
    this.#sweptAt = now;
    const { keepPartialSeconds } = this.#settings;
    const oldest = keepPartialSeconds === 0 ? Number.POSITIVE_INFINITY : this.#clock.wall() - keepPartialSeconds * 1000;
    const names = (await readdir(this.#folder)).filter((name) => name.endsWith(PARTIAL)).sort();
    for (const [at, name] of names.entries()) {
      const path = join(this.#folder, name);
      if (names.length - at > MOST_PARTIALS || (await stat(path)).mtimeMs <= oldest) await unlink(path);
    }
  }

  /** A link in its place would have us write, and sweep, somewhere else. */
  #isOurs(): boolean {
    return lstatSync(this.#folder).isDirectory();
  }
}

/** What is kept of failed uploads below this folder, by name: oldest first. Rejects when it cannot be read. */
export async function partialsIn(uploads: string): Promise<Partial[]> {
  const folder = join(uploads, INCOMING_FOLDER);
  const names = await readdir(folder).catch((error: unknown) => {
    if (refusalOf(error).refused === 'not-found') return [];
    throw error;
  });
  const paths = names.filter((name) => name.endsWith(PARTIAL)).sort();
  return Promise.all(paths.map(async (name) => ({ path: join(folder, name), size: (await stat(join(folder, name))).size })));
}

/** A file that grows at its end. */
export class IncomingFile {
  readonly path: string;
  readonly #keptAs: string | undefined;
  readonly #descriptor: number;
  readonly #onKept: () => void;
  readonly #hash = createHash('sha256');
  #size = 0;
  #isOpen = true;

  /**
   * @param keptAs where it goes when it is given up; undefined: it is removed then.
   * @param onKept called when it went there.
   */
  constructor(path: string, keptAs: string | undefined, descriptor: number, onKept: () => void) {
    this.#onKept = onKept;
    this.path = path;
    this.#keptAs = keptAs;
    this.#descriptor = descriptor;
  }

  /** Octets so far. */
  get size(): number {
    return this.#size;
  }

  /** Appends all of `octets`. */
  async write(octets: Uint8Array): Promise<Result<void, Refusal>> {
    try {
      // At once: into the memory of the system, which is quicker than a way to another thread and back. Only the sync is waited for.
      for (let done = 0; done < octets.length; ) done += writeSync(this.#descriptor, octets, done, octets.length - done, this.#size + done);
      this.#hash.update(octets);
      this.#size += octets.length;
      return ok(undefined);
    } catch (error) {
      return err(refusalOf(error));
    }
  }

  /** Makes the content durable and closes the file. @returns its SHA-256 in hexadecimal. Rejects with the system's error. */
  async seal(): Promise<string> {
    await sync(this.#descriptor);
    this.#close();
    return this.#hash.digest('hex');
  }

  /** Closes and removes the file, as far as it is there. Never rejects. */
  async discard(): Promise<undefined> {
    this.#close();
    await unlink(this.path).catch(() => {
      // Renamed or gone already; otherwise the next sweep has it.
    });
  }

  /** Keeps what came so far for the operator, and says where; an empty file is removed. Never rejects. */
  async setAside(): Promise<string | undefined> {
    if (this.#keptAs === undefined || this.#size === 0) return this.discard();
    this.#close();
    try {
      await rename(this.path, this.#keptAs);
    } catch {
      // In its place already, or out of reach; then the next sweep looks after it.
      return undefined;
    }
    this.#onKept();
    return this.#keptAs;
  }

  #close(): void {
    if (!this.#isOpen) return;
    this.#isOpen = false;
    try {
      closeSync(this.#descriptor);
    } catch {
      // What is written is written; what has to be safe was synced.
    }
  }
}

/** For `catch`: somebody made it before, which is as good. */
export function ignoreExisting(error: unknown): void {
  if (refusalOf(error).refused !== 'exists') throw error;
}
