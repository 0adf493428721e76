/**
 * A menu as GRUB 2 reads it (GRUB manual, "Writing full configuration files directly"). Every text of the operator stands between single quotes,
 * where nothing but the quote itself means anything. One file serves GRUB on BIOS and on UEFI: it looks by itself where it runs.
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
import { scriptUrl } from './pxelinux.ts';

/** `$grub_cpu-$grub_platform`. */
const MACHINES: Readonly<Record<MenuArchitecture, string>> = {
  bios: 'i386-pc',
  'uefi-ia32': 'i386-efi',
  'uefi-x64': 'x86_64-efi',
  'uefi-arm32': 'arm-efi',
  'uefi-arm64': 'arm64-efi',
  'uefi-riscv64': 'riscv64-efi',
  'uefi-loongarch64': 'loongarch64-efi',
};

/**
 * GRUBs that look for `grub.cfg` alone, as Debian's signed one does, are led to the menu of the machine's own hardware address where there is
 * one. A file can be tried over the network, not looked for.
 */
const OWN_MENU = [
  `if regexp --set=1:m1 --set=2:m2 --set=3:m3 --set=4:m4 --set=5:m5 --set=6:m6 '^(..):(..):(..):(..):(..):(..)$' "$net_default_mac"; then`,
  '  if configfile "$prefix/grub.cfg-01-$m1-$m2-$m3-$m4-$m5-$m6"; then true; fi',
  'fi',
];

/**
 * After a failure the menu comes again, read anew. To leave an entry is not enough: GRUB would start whatever it has loaded, such as a kernel
 * whose initial RAM disk is missing. What is started without asking is then asked for.
 */
const comeBack = (path: string): readonly string[] => [
  "echo 'That did not work; the menu comes again after 10 seconds, or Esc.'",
  'sleep --interruptible 10',
  'set failed=yes',
  'export failed',
  `configfile ${quoted(`/${path}`)}`,
];

/** How long the menu waits that comes after an entry which was started without asking. */
const AFTER_FAILURE_SECONDS = 30;

/** Undefined where there is no entry that it can start. */
export function grubMenu(menu: BootMenu, chosen: MenuEntry | undefined, place: MenuPlace): MadeMenu | undefined {
  const { shown, leftOut } = shownEntries(menu, place, (entry, variants) => linesFor(entry, variants, comeBack(place.path)));
  const first = shown.find(({ entry }) => entry.name === chosen?.name);
  const timed = first ?? defaultOf(menu, shown);
  if (timed === undefined) return undefined;
  const timeout = menu.timeoutSeconds ?? (first === undefined ? -1 : AFTER_FAILURE_SECONDS);
  const lines = [
    ...headComment('GRUB', leftOut),
    ...OWN_MENU,
    `set default=${quoted(idOf(timed.entry))}`,
    `set timeout=${timeout}`,
    ...(first === undefined ? [] : ['if [ -z "$failed" ]; then set timeout=0; fi']),
    ...shown.flatMap(({ as }) => ['', ...as]),
  ];
  return { text: `${lines.join('\n')}\n`, leftOut };
}

/** Between single quotes everything is itself; a quote stands outside of them, behind a backslash. */
function quoted(text: string): string {
  return `'${text.replaceAll("'", "'\\''")}'`;
}

/** A name of digits would be taken for the number of an entry. */
function idOf({ name }: MenuEntry): string {
  return `entry-${name}`;
}

/** One `menuentry` for each kind of machine, each behind its condition. */
function linesFor(entry: MenuEntry, variants: readonly Variant[], afterFailure: readonly string[]): readonly string[] | string {
  const parts: string[] = [];
  let fault = 'it has nothing that GRUB can start';
  for (const { on, start } of variants) {
    for (const [machines, commands] of commandsFor(on, start)) {
      if (typeof commands === 'string') {
        fault = commands;
        continue;
      }
      const lines = [
        `menuentry ${quoted(titleOf(entry))} --id ${quoted(idOf(entry))} {`,
        ...commands.map((command) => `  ${command}`),
        ...(start.what === 'local' ? [] : afterFailure.map((command) => `  ${command}`)),
        '}',
      ];
      if (machines === undefined) parts.push(...lines);
      else parts.push(`if [ ${machines} ]; then`, ...lines, 'fi');
    }
  }
  return parts.length === 0 ? fault : parts;
}

/** A title that begins with a hyphen would be an option. */
function titleOf({ title, name }: MenuEntry): string {
  return plainTitle(title, name).replace(/^-/, ' -');
}

type Commands = readonly string[] | string;
type ForMachines = readonly [condition: string | undefined, commands: Commands];

const ON_PC = '"$grub_platform" = pc';
const ON_UEFI = '"$grub_platform" = efi';

function commandsFor(on: Variant['on'], start: Start): readonly ForMachines[] {
  const machines = on === 'every' ? undefined : on === 'uefi' ? ON_UEFI : `"$grub_cpu-$grub_platform" = ${quoted(MACHINES[on])}`;
  switch (start.what) {
    case 'local':
      // UEFI firmware goes on to its next entry after a failure; a BIOS asks for no number.
      return [[machines, ['exit 1']]];
    case 'linux':
      return [[machines, linuxCommands(start)]];
    case 'program': {
      const isEverywhere = on === 'every';
      const wide: readonly ForMachines[] = [
        [ON_PC, onPc(start)],
        [ON_UEFI, onUefi(start)],
      ];
      if (isEverywhere) return wide;
      return [[machines, on === 'bios' ? onPc(start) : onUefi(start)]];
    }
  }
}

function linuxCommands({ kernel, initrd, args }: Extract<Start, { what: 'linux' }>): Commands {
  const words = argumentWords(args);
  const files = [kernel, ...initrd].map(fileWord);
  const [kernelFile, ...initrdFiles] = files;
  if (kernelFile === undefined || files.includes(undefined)) return 'GRUB speaks TFTP and HTTP only';
  if (words === undefined) return 'GRUB would put backslashes before the quotes or backslashes of its arguments';
  const linux = `linux ${[kernelFile, ...words.map(quoted)].join(' ')}`;
  return started(linux, initrdFiles.length === 0 ? undefined : `initrd ${initrdFiles.join(' ')}`);
}

/** `boot` does not come back. */
function started(load: string, andThen?: string): readonly string[] {
  const boot = andThen === undefined ? 'boot' : `if ${andThen}; then boot; fi`;
  return [`if ${load}; then ${boot}; fi`];
}

/**
 * The words of a kernel's command line as GRUB has to be given them: it puts quotes around a word with a space itself, and a backslash before
 * every quote and backslash (lib/cmdline.c), which the kernel would not take off. Undefined where that changes what the kernel reads.
 */
function argumentWords(args: string): readonly string[] | undefined {
  const words = args.match(/(?:[^ "]|"[^"]*")+|"/g) ?? [];
  const plain = words.map((word) => word.replace(/^((?:[^ "=]+=)?)"([^"]*)"$/, (_, key: string, value: string) => `${key}${value}`));
  return plain.some((word) => /["'\\]/.test(word)) ? undefined : plain;
}

function onPc({ file, kind }: Extract<Start, { what: 'program' }>): Commands {
  const word = fileWord(file);
  if (word === undefined) return 'GRUB speaks TFTP and HTTP only';
  switch (kind) {
    case 'script':
      return started(`linux16 '/ipxe.lkrn' 'dhcp' '&&' 'chain' ${quoted(scriptUrl(file))}`);
    case 'nbp':
      return started(`pxechainloader ${word}`);
    case 'image':
    case 'unknown':
      return started(`linux16 ${word}`);
    case 'module':
      return 'it is a module of PXELINUX';
    case 'efi':
      return 'it is a program of UEFI';
  }
}

function onUefi({ file, kind }: Extract<Start, { what: 'program' }>): Commands {
  const word = fileWord(file);
  if (word === undefined) return 'GRUB speaks TFTP and HTTP only';
  // iPXE takes no arguments as a program of UEFI: it would ask DHCP, and show its own menu.
  if (kind === 'script') return 'GRUB on UEFI cannot hand a script to iPXE';
  return kind === 'efi' || kind === 'unknown' ? started(`chainloader ${word}`) : 'it is a program for BIOS';
}

/** Quoted; undefined for a URL that GRUB cannot fetch. Files of ours come from where GRUB itself came from. */
function fileWord(file: FileSpot): string | undefined {
  if ('own' in file) return quoted(`/${file.own}`);
  const [, scheme, server, path] = /^(http|tftp):\/\/([^/]+)\/(.*)$/i.exec(file.url) ?? [];
  if (scheme === undefined || server === undefined || path === undefined || /[(),]/.test(server)) return undefined;
  return quoted(`(${scheme.toLowerCase()},${server})/${path}`);
}
