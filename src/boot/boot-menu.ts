/** One menu for every loader: PXELINUX, GRUB and iPXE show the same entries. What each of them reads is made from this. */
import type { Architecture } from './architecture.ts';

/** A file of every architecture, or one for each that has it. Paths below the root of the files, or URLs. */
export type FileOrFiles = string | { readonly [Name in Architecture]?: string | undefined };

/** What an entry starts. */
export type EntryAction =
  /** A Linux kernel, with its initial RAM disks in the order in which they are loaded. */
  | {
      readonly start: 'linux';
      readonly kernel: FileOrFiles;
      readonly initrd: readonly FileOrFiles[];
      /** Its command line; `${server}` and `${httpPort}` in it stand for ours. */
      readonly args: string;
    }
  /** Another boot program, such as memtest, another loader, or an iPXE script (a name that ends in `.ipxe`). */
  | { readonly start: 'program'; readonly file: FileOrFiles }
  /** The next device of the firmware's boot order: its disk. */
  | { readonly start: 'local' };

export interface MenuEntry {
  /** Unique in its menu; what `default` and hosts call it. Letters, digits, `-`, `_` and `.`. */
  readonly name: string;
  /** What people see. */
  readonly title: string;
  readonly action: EntryAction;
}

/** At least one entry. Plain data: it crosses threads. */
export interface BootMenu {
  readonly title: string;
  /** Until the default is started by itself; undefined: the menu waits. */
  readonly timeoutSeconds: number | undefined;
  /** The name of the entry that is started by itself. */
  readonly default: string;
  /** True: PXE firmware is to show it, before any loader; it has those entries that need none. */
  readonly isShownByFirmware: boolean;
  readonly entries: readonly MenuEntry[];
}

/** The file for an architecture; undefined where the entry has none for it. */
export function fileOf(file: FileOrFiles, architecture: Architecture): string | undefined {
  return typeof file === 'string' ? file : file[architecture];
}
