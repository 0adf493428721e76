// biome-ignore-all lint/suspicious/noTemplateCurlyInString: they are iPXE's to fill in
/**
 * A menu as a script of iPXE (ipxe.org/scripting, ipxe.org/cmd/choose). A line is split at spaces before anything is filled in, and there are
 * no quotes: a word that would end a command is kept from that by a setting in it that nobody sets. It looks by itself where it runs.
 */
import type { BootMenu, MenuEntry } from '../boot-menu.ts';
import {
  defaultOf,
  type FileSpot,
  headComment,
  type MadeMenu,
  type MenuArchitecture,
  type MenuPlace,
  plainTitle,
  type Start,
  shownEntries,
  type Variant,
} from './entry-start.ts';

/** `${platform}-${buildarch}`. */
const MACHINES: Readonly<Record<MenuArchitecture, string>> = {
  bios: 'pcbios',
  'uefi-ia32': 'efi-i386',
  'uefi-x64': 'efi-x86_64',
  'uefi-arm32': 'efi-arm32',
  'uefi-arm64': 'efi-arm64',
  'uefi-riscv64': 'efi-riscv64',
  'uefi-loongarch64': 'efi-loong64',
};

/** Nobody sets it, so that it stands for nothing. */
const NOTHING = '${nothing}';

/** Undefined where there is no entry that it can start. */
export function ipxeMenu(menu: BootMenu, chosen: MenuEntry | undefined, place: MenuPlace): MadeMenu | undefined {
  const { shown, leftOut } = shownEntries(menu, place, sectionsFor);
  const first = shown.find(({ entry }) => entry.name === chosen?.name);
  const timed = first ?? defaultOf(menu, shown);
  if (timed === undefined) return undefined;
  const timeout = menu.timeoutSeconds === undefined ? [] : ['--timeout', String(menu.timeoutSeconds * 1000)];
  const lines = [
    '#!ipxe',
    ...headComment('iPXE', leftOut),
    'set machine ${platform}',
    'iseq ${platform} efi && set machine efi-${buildarch} ||',
    ...(first === undefined ? [] : [`goto ${labelOf(first.entry)} || goto failed`]),
    '',
    ':menu',
    `menu ${titleWords(menu.title, 'Bootlace')}`,
    ...shown.flatMap(({ entry, as }) =>
      as.items.map((condition) => `${condition}item ${entry.name} ${titleWords(entry.title, entry.name)} ||`),
    ),
    `choose --default ${timed.entry.name} ${[...timeout, 'picked'].join(' ')} || goto console`,
    'goto entry/${picked} || goto failed',
    '',
    ...shown.flatMap(({ as }) => [...as.lines, '']),
    ':console',
    "echo Type 'exit' to come back to the menu.",
    'shell',
    'goto menu',
    '',
    ':failed',
    'prompt --timeout 10000 That did not work; the menu comes again after 10 seconds, or a key. ||',
    'goto menu',
  ];
  return { text: `${lines.join('\n')}\n`, leftOut };
}

/** No name has a slash in it, so that no entry takes another's label or one of ours. */
function labelOf({ name }: MenuEntry): string {
  return `entry/${name}`;
}

interface Sections {
  /** What stands before `item`: nothing, or a condition for each kind of machine. */
  readonly items: readonly string[];
  readonly lines: readonly string[];
}

function sectionsFor(entry: MenuEntry, variants: readonly Variant[]): Sections | string {
  const items: string[] = [];
  const lines: string[] = [];
  let fault = 'it has nothing that iPXE can start';
  const label = labelOf(entry);
  for (const { on, start } of variants) {
    const commands = commandsFor(start);
    if (typeof commands === 'string') {
      fault = commands;
      continue;
    }
    const [left, right] = on === 'every' ? [] : on === 'uefi' ? ['${platform}', 'efi'] : ['${machine}', MACHINES[on]];
    items.push(left === undefined ? '' : `iseq ${left} ${right ?? ''} && `);
    if (left === undefined) lines.push(`:${label}`, ...commands);
    else lines.push(`:${label}/${on}`, ...commands);
  }
  if (items.length === 0) return fault;
  if (items.every((condition) => condition === '')) return { items, lines };
  const ways = variants
    .filter(({ on }) => lines.includes(`:${label}/${on}`))
    .map(({ on }, at) => `${items[at] ?? ''}goto ${label}/${on} ||`);
  return { items, lines: [`:${label}`, ...ways, 'goto failed', ...lines] };
}

function commandsFor(start: Start): readonly string[] | string {
  switch (start.what) {
    case 'local':
      // UEFI firmware goes on to its next entry after a failure; a BIOS asks for no number.
      return ['exit 1'];
    case 'program':
      return isSayable(fileWord(start.file)) ? [`chain --autofree ${fileWord(start.file)} || goto failed`] : NOT_SAYABLE;
    case 'linux':
      return linuxCommands(start);
  }
}

function linuxCommands({ kernel, initrd, args }: Extract<Start, { what: 'linux' }>): readonly string[] | string {
  const files = [kernel, ...initrd].map(fileWord);
  if (![...files, args].every(isSayable)) return NOT_SAYABLE;
  // As a program of UEFI the kernel asks iPXE for its RAM disks by these names; elsewhere the words do nothing.
  const names = initrd.map((_, at) => `initrd${at}.img`);
  const words = [
    ...names.map((name) => `initrd=${name}`),
    ...args
      .split(' ')
      .filter((word) => word !== '')
      .map(harmless),
  ];
  const [kernelFile = '', ...initrdFiles] = files;
  return [
    'imgfree',
    `kernel ${[kernelFile, ...words].join(' ')} || goto failed`,
    ...initrdFiles.map((file, at) => `initrd --name ${names[at] ?? ''} ${file} || goto failed`),
    'boot || goto failed',
  ];
}

const NOT_SAYABLE = 'iPXE would read what begins with ${ as a setting of its own';

/** What is filled in is looked through again, so that there is no way to say these two characters. */
function isSayable(text: string): boolean {
  return !text.includes('${');
}

/** `||`, `&&`, `;` and `#` mean something as a word or at its beginning, and what a word ends with must not join lines. */
function harmless(word: string): string {
  const begun = /^(?:\|\||&&|;)$|^#/.test(word) ? `${NOTHING}${word}` : word;
  return begun.endsWith('\\') ? `${begun}${NOTHING}` : begun;
}

/** A title is for people: without its `${` it still says what it says. */
function titleWords(title: string, otherwise: string): string {
  const plain = plainTitle(title, otherwise).replaceAll(/\$+\{/g, '{');
  return plain.split(' ').map(harmless).join(' ').replace(/^-/, `${NOTHING}-`);
}

/** From the server's root, by whatever the script itself came. */
function fileWord(file: FileSpot): string {
  return 'url' in file ? file.url : `/${file.own.split('/').map(encodeURIComponent).join('/')}`;
}
