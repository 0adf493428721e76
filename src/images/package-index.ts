/**
 * What an archive says of its packages: the stanzas of `Packages` (deb822), and the checksums of `Release` that vouch for that file.
 * `apt-cache show` prints the same stanzas.
 */

/** A package as the archive describes it. */
export interface PackageFacts {
  readonly name: string;
  readonly version: string;
  readonly architecture: string;
  /** Its path below the archive. */
  readonly path: string;
  readonly octets: number;
  /** Of the .deb, in lower-case hexadecimal. */
  readonly sha256: string;
}

/** Reads the packages of these names; what lacks a field, or has one that cannot be right, is left out. */
export function readPackages(text: string, names: ReadonlySet<string>): readonly PackageFacts[] {
  return text.split(/\n\n+/).flatMap((stanza) => {
    // An index has sixty thousand stanzas: only a few of them are worth a closer look.
    const name = /^Package: *(\S+)$/m.exec(stanza)?.[1];
    return name === undefined || !names.has(name) ? [] : (factsOf(name, stanza) ?? []);
  });
}

function factsOf(name: string, stanza: string): PackageFacts | undefined {
  const field = (key: string): string => new RegExp(`^${key}: *(\\S+) *$`, 'm').exec(stanza)?.[1] ?? '';
  const facts = {
    name,
    version: field('Version'),
    architecture: field('Architecture'),
    path: field('Filename'),
    octets: Number(field('Size')),
    sha256: field('SHA256').toLowerCase(),
  };
  return isPackageFacts(facts) ? facts : undefined;
}

/** Whether this is a description of a package that can be fetched and checked. */
export function isPackageFacts(value: unknown): value is PackageFacts {
  if (typeof value !== 'object' || value === null) return false;
  const { name, version, architecture, path, octets, sha256 } = value as Partial<Record<keyof PackageFacts, unknown>>;
  return (
    matches(name, /^[a-z0-9][a-z0-9+.-]+$/) &&
    matches(version, /^[A-Za-z0-9.+:~-]+$/) &&
    matches(architecture, /^[a-z0-9-]+$/) &&
    matches(path, /^[^/]/) &&
    !String(path).split('/').includes('..') &&
    typeof octets === 'number' &&
    Number.isSafeInteger(octets) &&
    octets > 0 &&
    matches(sha256, /^[0-9a-f]{64}$/)
  );
}

function matches(value: unknown, pattern: RegExp): boolean {
  return typeof value === 'string' && pattern.test(value);
}

/** The SHA-256 that a `Release` or `InRelease` file has for a path; undefined when it has none. */
export function releaseSha256(release: string, path: string): string | undefined {
  const section = /^SHA256:[^\n]*\n((?: [^\n]*\n?)+)/m.exec(release)?.[1] ?? '';
  const line = section.split('\n').find((one) => one.trim().split(/\s+/)[2] === path);
  return line?.trim().split(/\s+/)[0]?.toLowerCase();
}
