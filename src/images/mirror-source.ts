/**
 * Packages from a Debian mirror that the operator names, for systems without apt. `Release` vouches for the index and the index for the
 * packages; who vouches for `Release` is the mirror itself, where it is reached by HTTPS, or Debian, with a keyring and gpgv.
 */
import { createHash } from 'node:crypto';
import { mkdir, readFile, rename, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { gunzip } from 'node:zlib';
import { compareVersions } from './debian-version.ts';
import { downloadFile, downloadOctets, HttpFault } from './http-download.ts';
import { type PackageFacts, readPackages, releaseSha256 } from './package-index.ts';
import { type Doing, isFor, type PackageSource, type Wanted } from './package-source.ts';
import { isMissingProgram, runOrThrow } from './run-program.ts';

export interface MirrorSettings {
  /** Its address: what `dists/` and `pool/` are below. */
  readonly url: URL;
  /** A release of Debian, such as `stable` or `trixie`. */
  readonly suite: string;
  /** The keys that must have signed `Release`; undefined: nobody needs to. */
  readonly keyring: string | undefined;
  /** Where the indexes are kept. */
  readonly folder: string;
}

const MOST_RELEASE = 4 * 1024 * 1024;
const MOST_INDEX = 64 * 1024 * 1024;
const MOST_INDEX_UNPACKED = 512 * 1024 * 1024;
/** The index of every machine has the packages for all machines, too. */
const INDEX_OF_ALL = 'amd64';

const unpack = promisify(gunzip);

/** @throws {Error} when the address or the suite cannot be one. */
export function mirrorSource(settings: MirrorSettings): PackageSource {
  const { url, suite } = settings;
  if (url.protocol !== 'http:' && url.protocol !== 'https:')
    throw new Error(`a mirror is reached by http: or https:, not by ${url.protocol}`);
  if (!/^[a-z0-9][a-z0-9.-]*(\/[a-z0-9][a-z0-9.-]*)*$/.test(suite))
    throw new Error(`${suite} is no name of a Debian release, such as stable`);
  return new MirrorSource(settings);
}

class MirrorSource implements PackageSource {
  readonly name: string;
  readonly #settings: MirrorSettings;
  readonly #base: string;

  constructor(settings: MirrorSettings) {
    this.#settings = settings;
    this.#base = settings.url.href.replace(/\/*$/, '/');
    this.name = `${settings.suite} on ${settings.url.host}`;
  }

  async find(wanted: readonly Wanted[], doing: Doing): Promise<readonly PackageFacts[]> {
    if (this.#settings.keyring === undefined && this.#settings.url.protocol === 'http:')
      doing.note(`${this.#settings.url.host} is reached by http: and without --keyring, so nobody vouches for what it sends`);
    const release = await this.#release(doing);
    return this.#read(wanted, (architecture) => this.#index(architecture, release, doing));
  }

  recall(wanted: readonly Wanted[]): Promise<readonly PackageFacts[]> {
    return this.#read(wanted, (architecture) => readFile(this.#indexFile(architecture)).catch(() => undefined));
  }

  async download(facts: PackageFacts, file: string, doing: Doing): Promise<void> {
    const path = facts.path.split('/').map(encodeURIComponent).join('/');
    await downloadFile(this.#base + path, file, facts.octets, doing);
  }

  async #read(
    wanted: readonly Wanted[],
    indexOf: (architecture: string) => Promise<Uint8Array | undefined>,
  ): Promise<readonly PackageFacts[]> {
    const found: PackageFacts[] = [];
    for (const architecture of new Set(wanted.map(indexFor))) {
      const here = wanted.filter((one) => indexFor(one) === architecture);
      const packed = await indexOf(architecture);
      if (packed === undefined) continue;
      const text = (await unpack(packed, { maxOutputLength: MOST_INDEX_UNPACKED })).toString();
      const facts = readPackages(text, new Set(here.map(({ name }) => name)));
      found.push(...here.flatMap((one) => newestOf(facts.filter((each) => isFor(each, one))) ?? []));
    }
    return found;
  }

  /** The text of `InRelease`, signed by one of the keys where there is a keyring. */
  async #release(doing: Doing): Promise<string> {
    const url = `${this.#base}dists/${this.#settings.suite}/InRelease`;
    const octets = await this.#fetched(url, MOST_RELEASE, doing);
    const { keyring } = this.#settings;
    if (keyring === undefined) return new TextDecoder().decode(octets);
    await mkdir(this.#settings.folder, { recursive: true });
    const file = join(this.#settings.folder, `InRelease.${process.pid}`);
    try {
      await writeFile(file, octets);
      // What is signed, and not what may stand around it.
      return await runOrThrow(['gpgv', '--keyring', keyring, '--output', '-', file], { signal: doing.signal });
    } catch (fault) {
      if (isMissingProgram(fault)) throw new Error('gpgv, which checks signatures, is not there; install it, or leave --keyring out');
      doing.signal.throwIfAborted();
      const why = fault instanceof Error ? fault.message.split('\n').at(-1) : String(fault);
      throw new Error(`${url} is not signed by a key of ${keyring} (${why})`, { cause: fault });
    } finally {
      await rm(file, { force: true });
    }
  }

  /** The packed index of an architecture, from the folder where it is what `Release` says. */
  async #index(architecture: string, release: string, doing: Doing): Promise<Uint8Array> {
    const path = `main/binary-${architecture}/Packages.gz`;
    const wanted = releaseSha256(release, path);
    if (wanted === undefined) throw new Error(`${this.name} has no index ${path}`);
    const file = this.#indexFile(architecture);
    const kept = await readFile(file).catch(() => undefined);
    if (kept !== undefined && sha256Of(kept) === wanted) return kept;
    doing.note(`reading the index for ${architecture}`);
    const octets = await this.#fetched(`${this.#base}dists/${this.#settings.suite}/${path}`, MOST_INDEX, doing);
    if (sha256Of(octets) !== wanted)
      throw new Error(`the index ${path} of ${this.name} is not what its Release says it is; the mirror may be in the middle of an update`);
    await mkdir(this.#settings.folder, { recursive: true });
    await writeFile(`${file}.${process.pid}`, octets);
    await rename(`${file}.${process.pid}`, file);
    return octets;
  }

  async #fetched(url: string, most: number, doing: Doing): Promise<Uint8Array> {
    try {
      return await downloadOctets(url, most, doing);
    } catch (fault) {
      if (fault instanceof HttpFault && fault.status === 404)
        throw new Error(`${fault.message}; is ${this.#base} a Debian mirror, and ${this.#settings.suite} a release that it has?`);
      throw fault;
    }
  }

  #indexFile(architecture: string): string {
    const of = createHash('sha256').update(`${this.#base} ${this.#settings.suite}`).digest('hex').slice(0, 16);
    return join(this.#settings.folder, `index-${of}-${architecture}.gz`);
  }
}

function indexFor({ architecture }: Wanted): string {
  return architecture === 'all' ? INDEX_OF_ALL : architecture;
}

function newestOf(facts: readonly PackageFacts[]): PackageFacts | undefined {
  return facts.toSorted((a, b) => compareVersions(b.version, a.version))[0];
}

function sha256Of(octets: Uint8Array): string {
  return createHash('sha256').update(octets).digest('hex');
}
