/**
 * A menu as PXELINUX reads it (syslinux doc/syslinux.txt, doc/menu.txt). It runs on BIOS alone. A line is a keyword and the rest of the line,
 * without quotes: what must not be in a file's name cannot be said, and such an entry is left out.
 */
import type { BootMenu, MenuEntry } from '../boot-menu.ts';
import {
  defaultOf,
  type FileSpot,
  headComment,
  type MadeMenu,
  type MenuPlace,
  plainTitle,
  type Start,
  shownEntries,
  type Variant,
} from './entry-start.ts';

/** It reads lines into 4096 octets, and takes the rest of a longer one for the next line (com32/menu/readconfig.c, MAX_LINE). */
const LONGEST_LINE = 4000;
/** FILENAME_MAX of its file systems is 128, with the NUL at the end. */
const LONGEST_FILE = 127;
/** TIMEOUT counts tenths of a second and ends at 35996 (doc/syslinux.txt). */
const LONGEST_TIMEOUT = 35_996;
/** When an entry is started without asking and fails, the menu comes, and its first choice is made after this. */
const AFTER_FAILURE_SECONDS = 30;

const encoder = new TextEncoder();

/** Undefined where there is no entry that it can start. */
export function pxelinuxMenu(menu: BootMenu, chosen: MenuEntry | undefined, place: MenuPlace): MadeMenu | undefined {
  const { shown, leftOut } = shownEntries(menu, place, linesFor);
  const first = shown.find(({ entry }) => entry.name === chosen?.name);
  const timed = first ?? defaultOf(menu, shown);
  if (timed === undefined) return undefined;
  const entries = shown.flatMap(({ entry, as }) => [
    '',
    `LABEL ${entry.name}`,
    `  MENU LABEL ${labelOf(entry.title, entry.name)}`,
    ...(entry === timed.entry ? ['  MENU DEFAULT'] : []),
    ...as.map((line) => `  ${line}`),
  ]);
  const seconds = first === undefined ? menu.timeoutSeconds : (menu.timeoutSeconds ?? AFTER_FAILURE_SECONDS);
  const tenths = seconds === undefined ? 0 : Math.min(Math.max(seconds * 10, 1), LONGEST_TIMEOUT);
  const lines = [
    ...headComment('PXELINUX', leftOut),
    ...(first === undefined ? ['UI menu.c32'] : [`DEFAULT ${first.entry.name}`, 'ONERROR menu.c32 ~']),
    'PROMPT 0',
    `TIMEOUT ${tenths}`,
    ...(tenths === 0 ? [] : [`ONTIMEOUT ${timed.entry.name}`]),
    `MENU TITLE ${labelOf(menu.title, 'Bootlace')}`,
    ...entries,
  ];
  return { text: `${lines.join('\n')}\n`, leftOut };
}

/** `^` marks the letter that chooses an entry, and cannot be shown. */
function labelOf(title: string, otherwise: string): string {
  return plainTitle(plainTitle(title, otherwise).replaceAll('^', ''), otherwise);
}

function linesFor(_entry: MenuEntry, variants: readonly Variant[]): readonly string[] | string {
  const variant = variants.find(({ on }) => on === 'every' || on === 'bios');
  if (variant === undefined) return 'it has nothing for BIOS';
  const { start } = variant;
  const fault = filesOf(start)
    .map(fileFault)
    .find((why) => why !== undefined);
  if (fault !== undefined) return fault;
  const lines = startLines(start);
  if (typeof lines === 'string') return lines;
  return lines.some((line) => encoder.encode(line).length > LONGEST_LINE) ? 'PXELINUX reads no line as long as its own would be' : lines;
}

/** Those that it loads itself. */
function filesOf(start: Start): readonly FileSpot[] {
  switch (start.what) {
    case 'local':
      return [];
    case 'program':
      return start.kind === 'script' ? [] : [start.file];
    case 'linux':
      return [start.kernel, ...start.initrd];
  }
}

function startLines(start: Start): readonly string[] | string {
  switch (start.what) {
    case 'local':
      return ['LOCALBOOT 0'];
    case 'linux': {
      if (start.args === '-') return 'a hyphen alone means no arguments to PXELINUX';
      const initrd = start.initrd.length === 0 ? [] : [`INITRD ${start.initrd.map(fileWord).join(',')}`];
      return [`LINUX ${fileWord(start.kernel)}`, ...initrd, ...(start.args === '' ? [] : [`APPEND ${start.args}`])];
    }
    case 'program':
      return programLines(start);
  }
}

function programLines({ file, kind }: Extract<Start, { what: 'program' }>): readonly string[] | string {
  switch (kind) {
    case 'efi':
      return 'it is a program of UEFI';
    case 'nbp':
      return ['COM32 pxechn.c32', `APPEND ${fileWord(file)}`];
    case 'module':
      return [`COM32 ${fileWord(file)}`];
    case 'script':
      return ['LINUX ::ipxe.lkrn', `APPEND dhcp && chain ${scriptUrl(file)}`];
    case 'image':
    case 'unknown':
      return [`LINUX ${fileWord(file)}`];
  }
}

/** iPXE knows by then who gave it its address; `${next-server}` is its own word for that. */
export function scriptUrl(file: FileSpot): string {
  if ('url' in file) return file.url;
  return `tftp://\${next-server}/${file.own.split('/').map(encodeURIComponent).join('/')}`;
}

/** `::` is the root of the server, wherever PXELINUX itself came from. Another server's file by TFTP is `server::path`. */
function fileWord(file: FileSpot): string {
  if ('own' in file) return `::${file.own}`;
  const [, server, path] = /^tftp:\/\/([^/:]+)\/(.*)$/i.exec(file.url) ?? [];
  return server === undefined || path === undefined ? file.url : `${server}::${path}`;
}

function fileFault(file: FileSpot): string | undefined {
  const word = fileWord(file);
  if (/\s/.test(word)) return 'PXELINUX cannot say a name with a space';
  if (word.includes(',')) return 'PXELINUX cannot say a name with a comma';
  return encoder.encode(word).length > LONGEST_FILE ? `PXELINUX knows no names of more than ${LONGEST_FILE} octets` : undefined;
}
