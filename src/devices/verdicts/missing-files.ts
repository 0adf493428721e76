/** Files that are asked for and are not there. */
import { isAboutFile, type Moment } from '../moment.ts';
import type { Found, Leg, Story } from '../story.ts';
import type { VerdictRule } from '../verdict.ts';
import { hasServed, isBooting, isQuiet, times } from './evidence.ts';

/** A loader that finds no file tries the next name at once. */
const NEXT_NAME_MS = 5_000;

type Miss = Found<'transfer.missed'>;

/** The last miss that is no habit, when nothing came after it and the device tries no other name. */
function lastMiss(story: Story): Miss | undefined {
  const { leg } = story;
  const miss = leg.all('transfer.missed').findLast((one) => one.event.expected === undefined && !isByTheWay(leg, one));
  if (miss === undefined || hasServed(leg.after(miss).filter((moment) => !hadBegun(moment, miss))) || story.running.length > 0)
    return undefined;
  return miss.moment.count > 1 || isQuiet(story, NEXT_NAME_MS) ? miss : undefined;
}

/**
 * The file before the missed one: on a busy machine the last acknowledgement of a phone's configuration is read after the phone's question for its
 * firmware, which goes to another port.
 */
function hadBegun({ event }: Moment, { event: { protocol, lastTransfer } }: Miss): boolean {
  return event.type === 'transfer.done' && event.protocol === protocol && lastTransfer !== undefined && event.transfer <= lastTransfer;
}

/** Browsers ask for these by themselves. */
const OF_BROWSERS = /(?:^|\/)(?:favicon\.ico|robots\.txt|apple-touch-icon[\w-]*\.png)$/i;
/** Fonts, pictures, translations and lists: loaders that run do without. */
const DECORATION = /\.(?:pf2|lst|mo|png|jpe?g|tga|lss|msg)$|(?:^|\/)theme\.txt$/i;

function isByTheWay(leg: Leg, { event, index }: Miss): boolean {
  if (event.protocol === 'http' && OF_BROWSERS.test(event.path)) return true;
  return DECORATION.test(event.path) && hasServed(leg.moments.slice(0, index));
}

function meant({ event }: Miss): string {
  return event.nearest === undefined ? `put it at ${event.lookedFor}` : `did you mean ${event.nearest}, which is there`;
}

const LOADERS = /(?:^|[\\/])(?:grub|mm|fb)(?:x64|aa64|ia32|arm|riscv64)?\.efi$/i;

const SHIM: VerdictRule = {
  name: 'shim-without-loader',
  state: 'stuck',
  looksFor: 'shim, loaded, and then its second stage (`grubx64.efi`, `mmx64.efi`) asked for in vain.',
  remedy: 'Put the signed `grubx64.efi` of the same distribution beside shim; `bootlace images fetch` brings both.',
  judge(story) {
    const miss = lastMiss(story);
    if (miss === undefined || !LOADERS.test(miss.event.path) || !hasServed(story.leg.moments.slice(0, miss.index))) return undefined;
    return `shim was loaded and does not find its second stage ${miss.event.path}: put the signed one of the same distribution beside it (\`bootlace images fetch\` brings both)${nearest(miss)}.`;
  },
};

function nearest({ event }: Miss): string {
  return event.nearest === undefined ? '' : `; did you mean ${event.nearest}, which is there`;
}

const ONIE: VerdictRule = {
  name: 'onie-searching',
  state: 'stuck',
  looksFor: 'A switch with ONIE that tries the names of installers, one after another, and finds none.',
  remedy: 'Put the installer of its network operating system under the root as `onie-installer` (or `onie-installer-PLATFORM`).',
  judge({ leg }) {
    const misses = leg.all('transfer.missed').filter(({ event }) => event.expected?.startsWith('ONIE') === true);
    const [first] = misses;
    const last = misses.at(-1);
    if (first === undefined || last === undefined || hasServed(leg.after(last))) return undefined;
    const count = misses.reduce((sum, { moment }) => sum + moment.count, 0);
    return `ONIE looks for an installer and has not found one under ${count === 1 ? 'its first name' : `${count} names`}, first ${first.event.path}: put the installer under the root by that name, or as onie-installer.`;
  },
};

const FIRMWARE = /\.(?:loads|sbn|sb2|zz|rom|ld|bin|tar|img|swi|fw|pkg|spa|tgz)(?:\.sgn)?$/i;

const FIRMWARE_MISSING: VerdictRule = {
  name: 'firmware-missing',
  state: 'stuck',
  looksFor: 'A phone or a switch that asks for a firmware file that is not there.',
  remedy: 'Put the firmware (all of its files) under the root, or name in the device’s configuration the version that it has.',
  judge(story) {
    const miss = lastMiss(story);
    if (miss === undefined || isBooting(story.leg) || !FIRMWARE.test(miss.event.path)) return undefined;
    return `It asks for the firmware ${miss.event.path}, which is not there: put all files of that version under the root, or name in its configuration the version that it has${nearest(miss)}.`;
  },
};

const FILE_MISSING: VerdictRule = {
  name: 'file-missing',
  state: 'stuck',
  looksFor: 'A file that is not there and that is not known to be asked for in vain, and no other file after it.',
  remedy: 'Put the file where the sentence says, or correct the name in `boot`; the sentence names a file that may have been meant.',
  judge(story) {
    const miss = lastMiss(story);
    if (miss === undefined) return undefined;
    const again = miss.moment.count > 1 ? `, ${times(miss.moment.count)}` : '';
    return `It asks for ${miss.event.path}, which is not there${again}: ${meant(miss)}.`;
  },
};

const REFUSED: VerdictRule = {
  name: 'file-refused',
  state: 'stuck',
  looksFor: 'A file that the device may not have or may not send, and no other after it.',
  remedy: 'If the device is right, change `tftp.allow`, `tftp.secure` or `tftp.uploads`, or move the file under the root.',
  judge({ leg }) {
    const refused = leg.last('transfer.refused');
    if (refused === undefined || leg.after(refused).some(({ event }) => isAboutFile(event))) return undefined;
    const { path, direction, reason } = refused.event;
    return `It may not ${direction === 'read' ? 'have' : 'send'} ${path} (${reason}): if it should, change \`tftp.allow\`, \`tftp.secure\` or \`tftp.uploads\`.`;
  },
};

export const MISSING_FILE_RULES = [SHIM, ONIE, FIRMWARE_MISSING, FILE_MISSING, REFUSED] as const;
