/**
 * What a file of programs is by its own header (PE/COFF specification, §3 and §4): UEFI starts PE files for its own processor, a BIOS starts
 * anything but those. Read once for each content of a file.
 */
import type { OpenedFile } from './opened-file.ts';

/** `other` is everything without a PE header: programs of a BIOS, and files that are no programs. */
export type ProgramKind = 'efi-ia32' | 'efi-x64' | 'efi-arm32' | 'efi-arm64' | 'efi-riscv64' | 'efi-loongarch64' | 'pe-unknown' | 'other';

export interface ProgramHeader {
  readonly kind: ProgramKind;
  /** Octets that the file has to have for all of its sections to be there. */
  readonly wholeSize: number | undefined;
}

const HEAD_OCTETS = 4096;
/** Contents that are remembered. The boot files of a site are few, the configurations of its phones may be thousands. */
const MOST_REMEMBERED = 4096;
/** PE/COFF specification, machine types. */
const MACHINES: Readonly<Record<number, ProgramKind>> = {
  332: 'efi-ia32',
  34404: 'efi-x64',
  448: 'efi-arm32',
  450: 'efi-arm32',
  43620: 'efi-arm64',
  20580: 'efi-riscv64',
  25188: 'efi-loongarch64',
};
const SECTION_OCTETS = 40;
const LETTER_M = 0x4d;
const LETTER_Z = 0x5a;

const OTHER: ProgramHeader = { kind: 'other', wholeSize: undefined };

/** The header of the octets at the beginning of a file. Nothing in them makes it throw. */
export function readProgramHeader(head: Uint8Array): ProgramHeader {
  const view = new DataView(head.buffer, head.byteOffset, head.byteLength);
  const u16 = (at: number): number => (at + 2 <= head.length ? view.getUint16(at, true) : 0);
  const u32 = (at: number): number => (at + 4 <= head.length ? view.getUint32(at, true) : 0);
  const pe = u32(60);
  // "MZ", and "PE" with two NULs where the field at 60 says.
  if (u16(0) !== 0x5a4d || u32(pe) !== 0x4550) return OTHER;
  const sections = u16(pe + 6);
  const firstSection = pe + 24 + u16(pe + 20);
  let wholeSize = 0;
  for (let section = 0; section < sections; section += 1) {
    const at = firstSection + section * SECTION_OCTETS;
    if (at + SECTION_OCTETS > head.length) break;
    const size = u32(at + 16);
    if (size > 0) wholeSize = Math.max(wholeSize, u32(at + 20) + size);
  }
  return { kind: MACHINES[u16(pe + 4)] ?? 'pe-unknown', wholeSize: wholeSize === 0 ? undefined : wholeSize };
}

/** The headers of files that are served. */
export class ProgramHeaders {
  readonly #known = new Map<string, ProgramHeader>();
  readonly #first = new Uint8Array(2);

  /** Undefined where the file cannot be read, and for an empty one. */
  of(file: OpenedFile): ProgramHeader | undefined {
    const key = file.contentKey;
    const known = key === undefined ? undefined : this.#known.get(key);
    if (known !== undefined) return known;
    const header = this.#read(file);
    if (key !== undefined && header !== undefined) this.#remember(key, header);
    return header;
  }

  /** Two octets tell most files from programs. */
  #read(file: OpenedFile): ProgramHeader | undefined {
    const first = file.size === 0 ? undefined : file.read(this.#first, 0);
    if (first?.ok !== true) return undefined;
    if (first.value < this.#first.length || this.#first[0] !== LETTER_M || this.#first[1] !== LETTER_Z) return OTHER;
    const head = new Uint8Array(Math.min(HEAD_OCTETS, file.size));
    const read = file.read(head, 0);
    return read.ok ? readProgramHeader(head.subarray(0, read.value)) : undefined;
  }

  #remember(key: string, header: ProgramHeader): void {
    this.#known.set(key, header);
    if (this.#known.size <= MOST_REMEMBERED) return;
    const [oldest] = this.#known.keys();
    if (oldest !== undefined) this.#known.delete(oldest);
  }
}
