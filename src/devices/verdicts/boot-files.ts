/** A boot file that came whole and cannot run. */
import { showSize } from '../../events/quantities.ts';
import type { Found, Leg, Story } from '../story.ts';
import type { VerdictRule } from '../verdict.ts';
import { isBootFile, loaderOf } from './evidence.ts';

/** What UEFI firmware of an architecture starts: the machine type in the header of a PE file. */
const PROGRAMS: Readonly<Record<string, string>> = {
  'uefi-ia32': 'efi-ia32',
  'uefi-x64': 'efi-x64',
  'uefi-arm32': 'efi-arm32',
  'uefi-arm64': 'efi-arm64',
  'uefi-riscv64': 'efi-riscv64',
  'uefi-loongarch64': 'efi-loongarch64',
};

const KINDS: Readonly<Record<string, string>> = {
  'efi-ia32': '32-bit UEFI program',
  'efi-x64': '64-bit UEFI program',
  'efi-arm32': '32-bit ARM UEFI program',
  'efi-arm64': '64-bit ARM UEFI program',
  'efi-riscv64': 'RISC-V UEFI program',
  'efi-loongarch64': 'LoongArch UEFI program',
  'pe-unknown': 'program for another processor',
  other: 'no UEFI program',
};

/** Those that start the file themselves. */
const FIRMWARE: ReadonlySet<string> = new Set(['pxe', 'http']);

/** The boot file of this leg as it came, when nothing was asked for after it. */
function lastLoad({ leg }: Story): Found<'transfer.done'> | undefined {
  const done = leg.last('transfer.done');
  if (done === undefined || done.event.direction !== 'read' || !isBootFile(leg, done.event.path)) return undefined;
  return leg.after(done).some(({ event }) => event.type === 'transfer.done' || event.type === 'transfer.started') ? undefined : done;
}

function architectureOf(leg: Leg): string | undefined {
  return leg.last('dhcp.offered', 'boot.offered')?.event.architecture?.replace(/-http$/, '');
}

const EMPTY: VerdictRule = {
  name: 'boot-file-empty',
  state: 'stuck',
  looksFor: 'A boot file of no octets at all.',
  remedy: 'Put the file there anew; a copy that failed leaves an empty file. `bootlace images fetch` brings the usual ones.',
  judge(story) {
    const done = lastLoad(story);
    if (done === undefined || done.event.octets > 0 || done.event.resumedAt !== undefined) return undefined;
    return `Its boot file ${done.event.path} is empty (0 octets): put it there anew, or let \`bootlace images fetch\` bring it.`;
  },
};

const TRUNCATED: VerdictRule = {
  name: 'boot-file-truncated',
  state: 'stuck',
  looksFor: 'A boot file that is shorter than its own header says.',
  remedy: 'Put the file there anew: a download or a copy broke off.',
  judge(story) {
    const done = lastLoad(story);
    const { missingOctets } = done?.event ?? {};
    if (done === undefined || missingOctets === undefined) return undefined;
    return `Its boot file ${done.event.path} is cut off, ${showSize(missingOctets)} are missing by its own header: put it there anew, as a download or a copy broke off.`;
  },
};

const WRONG_ARCHITECTURE: VerdictRule = {
  name: 'boot-file-of-other-firmware',
  state: 'stuck',
  looksFor: 'A boot file whose header (MZ and PE, with the processor) does not fit the firmware that asked (option 93).',
  remedy: 'Name the right file for this firmware in `boot.files`; `bootlace explain` says which key gives the present one.',
  judge(story) {
    const done = lastLoad(story);
    const architecture = architectureOf(story.leg);
    const program = done?.event.program;
    if (done === undefined || architecture === undefined || program === undefined || done.event.octets === 0) return undefined;
    // What loaders such as iPXE are told to load is a script, or what they know to start.
    if (!FIRMWARE.has(loaderOf(story.leg) ?? '')) return undefined;
    const wanted = PROGRAMS[architecture];
    const isWrong = architecture === 'bios' ? program !== 'other' : wanted !== undefined && wanted !== program;
    if (!isWrong) return undefined;
    return `Its firmware is ${architecture}, and its boot file ${done.event.path} is ${article(KINDS[program] ?? 'something else')}: name a file for it in \`boot.files.${architecture}\`.`;
  },
};

function article(noun: string): string {
  return noun.startsWith('no ') ? noun : `a ${noun}`;
}

export const BOOT_FILE_RULES = [EMPTY, TRUNCATED, WRONG_ARCHITECTURE] as const;
