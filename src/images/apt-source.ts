/**
 * Packages through the machine's own apt, which knows its archives, proxies and keys. Nothing is installed and no privilege is
 * needed: what is built for another architecture than the machine's has lists of its own beside the packages, as those of the
 * system can be brought up to date by root only.
 */
import { mkdir, mkdtemp, readdir, rename, rm, stat, utimes } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { compareVersions } from './debian-version.ts';
import { type PackageFacts, readPackages } from './package-index.ts';
import { type Doing, isFor, type PackageSource, type Wanted } from './package-source.ts';
import { isMissingProgram, runOrThrow, runProgram } from './run-program.ts';

/** Lists of our own that are younger are taken as they are. */
const FRESH_MS = 60 * 60 * 1000;
const LOOK_EVERY_MS = 150;

/** Whether this machine has apt. */
export async function hasApt(): Promise<boolean> {
  try {
    return (await runProgram(['apt-get', '--version'])).code === 0 && (await runProgram(['dpkg', '--print-architecture'])).code === 0;
  } catch (fault) {
    if (isMissingProgram(fault)) return false;
    throw fault;
  }
}

/** @param folder where the lists for other architectures are kept. */
export async function aptSource(folder: string): Promise<PackageSource> {
  const own = (await runOrThrow(['dpkg', '--print-architecture'])).trim();
  return new AptSource(folder, own);
}

class AptSource implements PackageSource {
  readonly name = 'apt';
  readonly #folder: string;
  /** The machine's own architecture. */
  readonly #own: string;

  constructor(folder: string, own: string) {
    this.#folder = folder;
    this.#own = own;
  }

  async find(wanted: readonly Wanted[], doing: Doing): Promise<readonly PackageFacts[]> {
    for (const architecture of this.#foreignAmong(wanted)) await this.#refresh(architecture, doing);
    const found = await this.#show(wanted, doing.signal);
    if (found.length === 0 && wanted.length > 0)
      throw new Error(
        `apt knows none of ${wanted.map(({ name }) => name).join(', ')}. If its lists are old or missing, run: sudo apt-get update`,
      );
    return found;
  }

  recall(wanted: readonly Wanted[]): Promise<readonly PackageFacts[]> {
    return this.#show(wanted, undefined);
  }

  async download(facts: PackageFacts, file: string, doing: Doing): Promise<void> {
    await mkdir(dirname(file), { recursive: true });
    const into = await mkdtemp(join(dirname(file), 'apt-'));
    let seen = 0;
    const look = async (): Promise<void> => {
      const size = await sizeOfOnly(into);
      doing.arrived(size - seen);
      seen = size;
    };
    const watch = setInterval(() => void look().catch(() => undefined), LOOK_EVERY_MS);
    try {
      const options = this.#optionsFor(facts.architecture);
      const command = ['apt-get', '-q', ...options, 'download', `${facts.name}=${facts.version}`] as const;
      const { code, complaint } = await runProgram([...command], { cwd: into, signal: doing.signal });
      if (code !== 0)
        throw new Error(`apt could not download ${facts.name}: ${complaintsOf(complaint)}. If its lists are old, run: sudo apt-get update`);
      await look();
      const [name] = await readdir(into);
      if (name === undefined) throw new Error(`apt downloaded nothing for ${facts.name}`);
      await rename(join(into, name), file);
    } finally {
      clearInterval(watch);
      await rm(into, { recursive: true, force: true });
    }
  }

  async #show(wanted: readonly Wanted[], signal: AbortSignal | undefined): Promise<readonly PackageFacts[]> {
    const found: PackageFacts[] = [];
    for (const architecture of [this.#own, ...this.#foreignAmong(wanted)]) {
      const here = wanted.filter((one) => this.#listsOf(one.architecture) === architecture);
      if (here.length === 0) continue;
      const names = here.map(({ name }) => name);
      const command = ['apt-cache', ...this.#optionsFor(architecture), 'show', '--no-all-versions', ...names] as const;
      // It fails when there is no package of one name, and shows the others all the same.
      const { stdout } = await runProgram([...command], { ...(signal && { signal }) });
      const facts = readPackages(stdout, new Set(names));
      found.push(...here.flatMap((one) => newest(facts.filter((each) => isFor(each, one))) ?? []));
    }
    return found;
  }

  /** Brings the lists of another architecture up to date. Old ones do, with a word. */
  async #refresh(architecture: string, doing: Doing): Promise<void> {
    const folder = this.#folderOf(architecture);
    const stamp = join(folder, 'lists');
    const age = Date.now() - ((await stat(join(folder, 'lists', 'lock')).catch(() => undefined))?.mtimeMs ?? 0);
    if (age < FRESH_MS) return;
    await mkdir(join(stamp, 'partial'), { recursive: true });
    await mkdir(join(folder, 'cache', 'archives', 'partial'), { recursive: true });
    doing.note(`reading the package lists for ${architecture}`);
    const { code, complaint } = await runProgram(['apt-get', '-q', ...this.#optionsFor(architecture), 'update'], { signal: doing.signal });
    if (code === 0) await utimes(join(stamp, 'lock'), new Date(), new Date()).catch(() => undefined);
    else doing.note(`apt could not read the package lists for ${architecture}: ${complaintsOf(complaint)}`);
  }

  #optionsFor(architecture: string): readonly string[] {
    // What is installed here does not matter: only what the archives have.
    const options = ['Dir::State::status=/dev/null'];
    if (this.#listsOf(architecture) !== this.#own) {
      const folder = this.#folderOf(architecture);
      options.push(
        `APT::Architecture=${architecture}`,
        `APT::Architectures=${architecture}`,
        `Dir::State::lists=${join(folder, 'lists')}`,
        `Dir::Cache=${join(folder, 'cache')}`,
      );
    }
    return options.flatMap((option) => ['-o', option]);
  }

  #listsOf(architecture: string): string {
    return architecture === 'all' ? this.#own : architecture;
  }

  #foreignAmong(wanted: readonly Wanted[]): readonly string[] {
    return [...new Set(wanted.map(({ architecture }) => this.#listsOf(architecture)))].filter((one) => one !== this.#own);
  }

  #folderOf(architecture: string): string {
    return join(this.#folder, `apt-${architecture}`);
  }
}

function newest(facts: readonly PackageFacts[]): PackageFacts | undefined {
  return facts.toSorted((a, b) => compareVersions(b.version, a.version))[0];
}

async function sizeOfOnly(folder: string): Promise<number> {
  const sizes = await Promise.all((await readdir(folder)).map(async (name) => (await stat(join(folder, name))).size));
  return sizes.reduce((sum, size) => sum + size, 0);
}

/** What apt calls errors, on one line. */
function complaintsOf(text: string): string {
  const lines = text.split('\n').filter((line) => line.startsWith('E: '));
  return (lines.length === 0 ? text.split('\n').slice(-1) : lines).map((line) => line.replace(/^E: /, '')).join('; ');
}
