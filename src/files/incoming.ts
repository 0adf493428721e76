/**
 * Uploads that are not complete: one file each in a folder of their own on the file system of their destination, so that a
 * rename puts them in place whole. What a crash left there is swept at the next start.
 */
import { createHash, randomUUID } from 'node:crypto';
import { type FileHandle, lstat, mkdir, open, readdir, rmdir, unlink } from 'node:fs/promises';
import { join } from 'node:path';
import { err, ok, type Result } from '../base/result.ts';
import { type Refusal, refusal, refusalOf } from './refusal.ts';
import { INCOMING_FOLDER } from './safe-path.ts';

export class IncomingFolder {
  readonly #uploads: string;
  readonly #folder: string;
  readonly #mode: number;

  /**
   * @param uploads the folder that complete files go to.
   * @param mode permissions of a new file.
   */
  constructor(uploads: string, mode: number) {
    this.#uploads = uploads;
    this.#folder = join(uploads, INCOMING_FOLDER);
    this.#mode = mode;
  }

  /** A new, empty file that nobody else can name. */
  async open(): Promise<Result<IncomingFile, Refusal>> {
    try {
      await mkdir(this.#uploads, { recursive: true });
      await mkdir(this.#folder, { mode: 0o700 }).catch(ignoreExisting);
      if (!(await this.#isOurs())) return err(refusal('forbidden', `${this.#folder} is not a folder`));
      const path = join(this.#folder, `${randomUUID()}.part`);
      return ok(new IncomingFile(path, await open(path, 'wx', this.#mode)));
    } catch (error) {
      return err(refusalOf(error));
    }
  }

  /** Removes what a former run left. Only at start: a running upload has no other mark. Never rejects. */
  async sweep(): Promise<void> {
    try {
      if (!(await this.#isOurs())) return;
      for (const name of await readdir(this.#folder)) await unlink(join(this.#folder, name));
      await rmdir(this.#folder);
    } catch {
      // No such folder is the normal case; any other trouble shows at the first upload, where somebody is told.
    }
  }

  /** A link in its place would have us write, and sweep, somewhere else. */
  async #isOurs(): Promise<boolean> {
    return (await lstat(this.#folder)).isDirectory();
  }
}

/** A file that grows at its end. */
export class IncomingFile {
  readonly path: string;
  readonly #handle: FileHandle;
  readonly #hash = createHash('sha256');
  #size = 0;
  #isOpen = true;

  constructor(path: string, handle: FileHandle) {
    this.path = path;
    this.#handle = handle;
  }

  /** Appends all of `octets`. */
  async write(octets: Uint8Array): Promise<Result<void, Refusal>> {
    try {
      let written = 0;
      while (written < octets.length) {
        const { bytesWritten } = await this.#handle.write(octets, written, octets.length - written, this.#size + written);
        written += bytesWritten;
      }
      this.#hash.update(octets);
      this.#size += octets.length;
      return ok(undefined);
    } catch (error) {
      return err(refusalOf(error));
    }
  }

  /** Makes the content durable and closes the file. @returns its SHA-256 in hexadecimal. Rejects with the system's error. */
  async seal(): Promise<string> {
    await this.#handle.sync();
    await this.#close();
    return this.#hash.digest('hex');
  }

  /** Closes and removes the file, as far as it is there. Never rejects. */
  async discard(): Promise<void> {
    await this.#close().catch(() => {
      // A file that is thrown away may fail to be written.
    });
    await unlink(this.path).catch(() => {
      // Renamed or gone already; otherwise the next sweep has it.
    });
  }

  async #close(): Promise<void> {
    if (!this.#isOpen) return;
    this.#isOpen = false;
    await this.#handle.close();
  }
}

/** For `catch`: somebody made it before, which is as good. */
export function ignoreExisting(error: unknown): void {
  if (refusalOf(error).refused !== 'exists') throw error;
}
