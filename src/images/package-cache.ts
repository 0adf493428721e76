/**
 * The packages that were downloaded, each checked against its checksum before it is taken: the newest of each name and architecture,
 * with what the archive said of it, so that files can be put back without a network.
 */
import { createHash } from 'node:crypto';
import { createReadStream, existsSync } from 'node:fs';
import { mkdir, readdir, readFile, rename, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { pipeline } from 'node:stream/promises';
import { isPackageFacts, type PackageFacts } from './package-index.ts';
import { type Doing, isFor, type PackageSource, type Wanted } from './package-source.ts';

/** The SHA-256 of a file in hexadecimal. */
export async function fileSha256(file: string, signal?: AbortSignal): Promise<string> {
  const hash = createHash('sha256');
  await pipeline(createReadStream(file), hash, { ...(signal && { signal }) });
  return hash.digest('hex');
}

export class PackageCache {
  readonly #folder: string;

  /** @param folder is made when the first package comes. Everything in it may be deleted at any time. */
  constructor(folder: string) {
    this.#folder = folder;
  }

  /** The packages that are here, as far as they are wanted. */
  async recall(wanted: readonly Wanted[]): Promise<readonly PackageFacts[]> {
    const names: readonly string[] = await readdir(this.#folder).catch(() => []);
    const found: PackageFacts[] = [];
    for (const name of names.filter((one) => one.endsWith('.json'))) {
      const facts = await this.#factsIn(name);
      if (facts !== undefined && names.includes(fileOf(facts)) && wanted.some((one) => isFor(facts, one))) found.push(facts);
    }
    return found;
  }

  /** Whether the package is here as it should be. */
  async has(facts: PackageFacts): Promise<boolean> {
    const known = await this.#factsIn(recordOf(facts));
    if (known?.sha256 !== facts.sha256) return false;
    return (await fileSha256(this.#pathOf(facts)).catch(() => undefined)) === facts.sha256;
  }

  /**
   * The file of a package, downloaded when it is not here.
   * @throws {Error} when it cannot be had, or is not what the archive says it is; such a file is deleted.
   */
  async obtain(facts: PackageFacts, source: PackageSource, doing: Doing): Promise<string> {
    if (await this.has(facts)) return this.#pathOf(facts);
    await mkdir(this.#folder, { recursive: true });
    const partial = join(this.#folder, `${facts.name}_${facts.architecture}.${facts.sha256.slice(0, 12)}.partial`);
    await this.#forgetPartials(facts, partial);
    const wasBegun = existsSync(partial);
    await source.download(facts, partial, doing);
    let found = await fileSha256(partial, doing.signal);
    if (found !== facts.sha256 && wasBegun) {
      // What lay there from an earlier time may have been the wrong part.
      await rm(partial);
      doing.arrived(-facts.octets);
      await source.download(facts, partial, doing);
      found = await fileSha256(partial, doing.signal);
    }
    if (found !== facts.sha256) {
      await rm(partial);
      throw new Error(
        `${facts.name} ${facts.version} from ${source.name} is not what the archive says it is (sha256 ${found.slice(0, 16)}…, expected ${facts.sha256.slice(0, 16)}…); nothing of it was used`,
      );
    }
    await rm(join(this.#folder, recordOf(facts)), { force: true });
    await rename(partial, this.#pathOf(facts));
    await writeFile(join(this.#folder, recordOf(facts)), `${JSON.stringify(facts, null, 2)}\n`);
    return this.#pathOf(facts);
  }

  async #forgetPartials({ name, architecture }: PackageFacts, current: string): Promise<void> {
    for (const other of await readdir(this.#folder)) {
      const path = join(this.#folder, other);
      if (other.startsWith(`${name}_${architecture}.`) && other.endsWith('.partial') && path !== current) await rm(path, { force: true });
    }
  }

  async #factsIn(record: string): Promise<PackageFacts | undefined> {
    try {
      const value: unknown = JSON.parse(await readFile(join(this.#folder, record), 'utf8'));
      return isPackageFacts(value) ? value : undefined;
    } catch {
      // Not there, or not whole: then it is downloaded again.
      return undefined;
    }
  }

  #pathOf(facts: PackageFacts): string {
    return join(this.#folder, fileOf(facts));
  }
}

function fileOf({ name, architecture }: PackageFacts): string {
  return `${name}_${architecture}.deb`;
}

function recordOf({ name, architecture }: PackageFacts): string {
  return `${name}_${architecture}.json`;
}
