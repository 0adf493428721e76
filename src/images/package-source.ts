/** Where packages come from, as a port: apt on Debian and its kin, a mirror elsewhere, a few files in the tests. */
import type { PackageArchitecture } from './catalogue.ts';
import type { PackageFacts } from './package-index.ts';

/** A package that is wanted. */
export interface Wanted {
  readonly name: string;
  readonly architecture: PackageArchitecture;
}

/** What takes longer than a moment. */
export interface Doing {
  readonly signal: AbortSignal;
  /** Octets that have arrived since the last time. */
  readonly arrived: (octets: number) => void;
  /** Something that the operator should know, though it goes on. */
  readonly note: (text: string) => void;
}

export interface PackageSource {
  /** What the packages are called after: `apt`, or a mirror's address and its suite. */
  readonly name: string;
  /**
   * The newest version of each package that the source has; those that it does not have are left out.
   * @throws {Error} when the source cannot be asked, with what is in the way.
   */
  find(wanted: readonly Wanted[], doing: Doing): Promise<readonly PackageFacts[]>;
  /** As `find`, from what this machine knows already: no packet is sent. */
  recall(wanted: readonly Wanted[]): Promise<readonly PackageFacts[]>;
  /**
   * Puts the package into `file`, which may be there half from an earlier time.
   * It is not checked here. Rejects with what is in the way, or when it is aborted.
   */
  download(facts: PackageFacts, file: string, doing: Doing): Promise<void>;
}

/** A package of architecture `all` is the same everywhere, and is in the index of every machine. */
export function isFor(facts: PackageFacts, wanted: Wanted): boolean {
  return facts.name === wanted.name && (facts.architecture === wanted.architecture || facts.architecture === 'all');
}
