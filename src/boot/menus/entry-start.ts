/** What an entry of the menu starts, and on which machines: worked out once for all loaders, before each of them writes it in its own language. */
import { type Ipv4, showIpv4 } from '../../base/addresses.ts';
import type { Architecture } from '../architecture.ts';
import type { BootMenu, EntryAction, FileOrFiles, MenuEntry } from '../boot-menu.ts';
import { isUrl } from '../boot-plan.ts';
import { fillVariables, HTTP_PORT_VARIABLE, SERVER_VARIABLE } from '../server-variable.ts';

/** Who serves the files, as the machine sees it. */
export interface MenuPlace {
  /** Our address where the machine is; undefined: not known, and `${server}` has no value. */
  readonly server: Ipv4 | undefined;
  /** Undefined: nothing is served by HTTP, and `${httpPort}` has no value. */
  readonly httpPort: number | undefined;
  /** The name under which the menu was asked for, below the root: a loader that lost its way may ask for it again. */
  readonly path: string;
}

/** A file of ours, by its path below the root with `/` between folders, or somebody else's. */
export type FileSpot = { readonly own: string } | { readonly url: string };

/**
 * What a boot program is, as far as its name tells: `script` one of iPXE, `efi` a program of UEFI, `nbp` one that PXE firmware of a BIOS
 * loads, `module` one of PXELINUX, `image` one that boots as a Linux kernel does (memtest, `ipxe.lkrn`).
 */
export type ProgramKind = 'script' | 'efi' | 'nbp' | 'module' | 'image' | 'unknown';

export type Start =
  | { readonly what: 'linux'; readonly kernel: FileSpot; readonly initrd: readonly FileSpot[]; readonly args: string }
  | { readonly what: 'program'; readonly file: FileSpot; readonly kind: ProgramKind }
  | { readonly what: 'local' };

/** What an entry starts on these machines. */
export interface Variant {
  readonly on: 'every' | 'uefi' | MenuArchitecture;
  readonly start: Start;
}

/** An entry that a loader cannot show, and why. */
export interface LeftOut {
  readonly name: string;
  readonly why: string;
}

/** What a loader reads. */
export interface MadeMenu {
  readonly text: string;
  readonly leftOut: readonly LeftOut[];
}

/** Firmware on which PXELINUX, GRUB or iPXE run. */
export const MENU_ARCHITECTURES = [
  'bios',
  'uefi-ia32',
  'uefi-x64',
  'uefi-arm32',
  'uefi-arm64',
  'uefi-riscv64',
  'uefi-loongarch64',
] as const satisfies readonly Architecture[];

export type MenuArchitecture = (typeof MENU_ARCHITECTURES)[number];

/** An entry whose variables have their values; or why it cannot be shown at all. */
export function variantsOf({ action }: MenuEntry, place: MenuPlace): readonly Variant[] | string {
  const missing = textsOf(action)
    .map((text) => unknownVariable(text, place))
    .find((why) => why !== undefined);
  if (missing !== undefined) return missing;
  switch (action.start) {
    case 'local':
      return [{ on: 'every', start: { what: 'local' } }];
    case 'program':
      return spread([action.file], ([file = '']) => {
        const spot = spotOf(file, place);
        return { what: 'program', file: spot, kind: kindOf(spot) };
      });
    case 'linux':
      return spread([action.kernel, ...action.initrd], ([kernel = '', ...initrd]) => ({
        what: 'linux',
        kernel: spotOf(kernel, place),
        initrd: initrd.map((file) => spotOf(file, place)),
        args: filled(action.args, place).replace(/^ +| +$/g, ''),
      }));
  }
}

/** Everything in which variables may stand. */
function textsOf(action: EntryAction): readonly string[] {
  const files = action.start === 'linux' ? [action.kernel, ...action.initrd, action.args] : action.start === 'program' ? [action.file] : [];
  return files.flatMap((one) => (typeof one === 'string' ? [one] : Object.values(one).filter((file) => file !== undefined)));
}

/** One for all machines where every file is the same everywhere; otherwise one for each architecture that has all of them. */
function spread(files: readonly FileOrFiles[], make: (files: readonly string[]) => Start): readonly Variant[] {
  if (files.every((file) => typeof file === 'string')) {
    const start = make(files);
    return [{ on: start.what === 'program' ? machinesOf(start.kind) : 'every', start }];
  }
  return MENU_ARCHITECTURES.flatMap((on) => {
    const named = files.flatMap((file) => (typeof file === 'string' ? file : file[on]) ?? []);
    return named.length === files.length ? [{ on, start: make(named) }] : [];
  });
}

function machinesOf(kind: ProgramKind): Variant['on'] {
  if (kind === 'efi') return 'uefi';
  return kind === 'script' || kind === 'unknown' ? 'every' : 'bios';
}

const KINDS: readonly (readonly [ending: RegExp, kind: ProgramKind])[] = [
  [/\.ipxe$/i, 'script'],
  [/\.efi$/i, 'efi'],
  [/\.(?:0|pxe|kpxe|kkpxe|com|n12|n13)$/i, 'nbp'],
  [/\.c32$/i, 'module'],
  [/\.(?:bin|lkrn|krn|bzimage)$/i, 'image'],
];

function kindOf(spot: FileSpot): ProgramKind {
  const name = 'own' in spot ? spot.own : spot.url.replace(/[?#].*$/, '');
  return KINDS.find(([ending]) => ending.test(name))?.[1] ?? 'unknown';
}

function unknownVariable(text: string, { server, httpPort }: MenuPlace): string | undefined {
  if (server === undefined && text.includes(SERVER_VARIABLE))
    return `it has ${SERVER_VARIABLE} in it, and which address that is is not known here`;
  if (httpPort === undefined && text.includes(HTTP_PORT_VARIABLE))
    return `it has ${HTTP_PORT_VARIABLE} in it, and nothing is served by HTTP`;
  return undefined;
}

function filled(text: string, { server, httpPort }: MenuPlace): string {
  return server === undefined ? text : fillVariables(text, { server, httpPort });
}

/** A URL of this server is a file of ours: whatever the loader speaks, it can have it. */
function spotOf(file: string, place: MenuPlace): FileSpot {
  const text = filled(file, place);
  if (!isUrl(text)) return { own: ownPath(text) };
  const path = place.server === undefined ? undefined : pathOnServer(text, showIpv4(place.server), place.httpPort);
  return path === undefined ? { url: encodeSpaces(text) } : { own: ownPath(path) };
}

function pathOnServer(url: string, server: string, httpPort: number | undefined): string | undefined {
  const bases = [`tftp://${server}/`, ...(httpPort === undefined ? [] : [`http://${server}:${httpPort}/`])];
  if (httpPort === 80) bases.push(`http://${server}/`);
  const base = bases.find((one) => url.startsWith(one));
  return base === undefined || /[?#]/.test(url) ? undefined : decoded(url.slice(base.length));
}

function decoded(path: string): string | undefined {
  try {
    const text = decodeURIComponent(path);
    return /\p{Cc}/u.test(text) ? undefined : text;
  } catch {
    return undefined;
  }
}

function ownPath(text: string): string {
  const steps = text.replaceAll('\\', '/').split('/');
  return steps.filter((step) => step !== '').join('/');
}

function encodeSpaces(url: string): string {
  return url.replaceAll(/\s/g, (space) => encodeURIComponent(space));
}

/** Longest title, in characters: more than any of these screens shows. */
const LONGEST_TITLE = 100;

/**
 * A title as every loader can show it, on a screen with an old font and on a serial line: letters without their accents, ASCII only.
 * `otherwise` is shown where nothing is left of it.
 */
export function plainTitle(title: string, otherwise: string): string {
  const plain = title
    .replaceAll('ß', 'ss')
    .normalize('NFKD')
    .replaceAll(/\p{M}/gu, '')
    .replaceAll(/[‘’]/g, "'")
    .replaceAll(/[“”]/g, '"')
    .replaceAll(/[‐-―]/g, '-')
    .replaceAll(/\s+/g, ' ')
    .replaceAll(/[^ -~]/gu, '?');
  return plain.trim().slice(0, LONGEST_TITLE).trim() || otherwise;
}

/** The entries that a loader can show, and those that it cannot. `show` gives its lines, or why there are none. */
export function shownEntries<Shown>(
  { entries }: BootMenu,
  place: MenuPlace,
  show: (entry: MenuEntry, variants: readonly Variant[]) => Shown | string,
): { readonly shown: readonly { readonly entry: MenuEntry; readonly as: Shown }[]; readonly leftOut: readonly LeftOut[] } {
  const shown: { readonly entry: MenuEntry; readonly as: Shown }[] = [];
  const leftOut: LeftOut[] = [];
  for (const entry of entries) {
    const variants = variantsOf(entry, place);
    const as = typeof variants === 'string' ? variants : show(entry, variants);
    if (typeof as === 'string') leftOut.push({ name: entry.name, why: as });
    else shown.push({ entry, as });
  }
  return { shown, leftOut };
}

/** The entry that is started by itself: the menu's default, or the first where the loader cannot show that one. */
export function defaultOf<Shown extends { readonly entry: MenuEntry }>(
  { default: wanted }: BootMenu,
  shown: readonly Shown[],
): Shown | undefined {
  return shown.find(({ entry }) => entry.name === wanted) ?? shown[0];
}

/** Comment lines for who reads the file: where it comes from, and what is missing in it. */
export function headComment(loader: string, leftOut: readonly LeftOut[]): readonly string[] {
  return [
    `# For ${loader}, made from boot.menu of the configuration.`,
    ...leftOut.map(({ name, why }) => `# Without the entry ${name}: ${why}.`),
  ];
}
