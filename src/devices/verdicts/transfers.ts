/** Files that do not arrive whole. */
import { percentOf, showShare, showSize } from '../../events/quantities.ts';
import { isAboutFile } from '../moment.ts';
import type { Found, Story } from '../story.ts';
import type { VerdictRule } from '../verdict.ts';
import { isQuiet, silence } from './evidence.ts';

/** Octets of a block that fit into one Ethernet frame with IP, UDP and TFTP before them (RFC 2348). */
const ONE_FRAME = 1468;
const LEAST_BLOCK = 512;

type Failure = Found<'transfer.failed'>;

/** The last transfer, when it failed and nothing came after it. */
function lastFailure({ leg, running }: Story): Failure | undefined {
  const failed = leg.last('transfer.failed');
  if (failed === undefined || running.length > 0) return undefined;
  return leg.after(failed).some(({ event }) => isAboutFile(event)) ? undefined : failed;
}

const BACKUP_BROKEN: VerdictRule = {
  name: 'backup-broken-off',
  state: 'stuck',
  looksFor: 'An upload that began and did not end.',
  remedy: 'Let the device send it again. What came of it is kept for a while, where the sentence says.',
  judge(story) {
    const failed = lastFailure(story);
    if (failed === undefined || failed.event.direction !== 'write') return undefined;
    const { path, octets, size, reason, keptAs } = failed.event;
    const kept = keptAs === undefined ? '' : ` (what came is kept as ${keptAs})`;
    return `Its upload of ${path} broke off after ${showShare(octets, size)}: ${reason}${kept}; let it send the file again.`;
  },
};

const FIRST_BLOCK: VerdictRule = {
  name: 'first-block-lost',
  state: 'stuck',
  looksFor: 'A transfer of which not one block was acknowledged, though the device had agreed to its size.',
  remedy:
    'Blocks of more than 1468 octets travel in fragments: the next try gets smaller ones by itself. Otherwise look at the MTU on the way (VLANs, tunnels) and at firewalls; `tftp.singlePort` helps where only port 69 is let through.',
  judge(story) {
    const failed = lastFailure(story);
    if (failed === undefined || failed.event.isSilent !== true || failed.event.octets > 0 || failed.event.protocol !== 'tftp')
      return undefined;
    const { path, blockSize = LEAST_BLOCK } = failed.event;
    const learned = story.leg.last('tftp.learned')?.event;
    const next = learned?.size === 'block' ? `the next try gets blocks of ${learned.next}` : 'lower `tftp.maxBlockSize` if it comes again';
    if (blockSize > ONE_FRAME)
      return `No block of ${path} arrived: blocks of ${blockSize} octets travel in fragments, which its firmware or a firewall drops; ${next}.`;
    if (blockSize > LEAST_BLOCK)
      return `No block of ${path} arrived: the MTU on the way is smaller than blocks of ${blockSize} octets need (VLAN, tunnel), or a firewall lets only port 69 through; ${next}, or set \`tftp.singlePort\`.`;
    return `No block of ${path} arrived, not even of ${blockSize} octets: a firewall lets only port 69 through, so open UDP on the way or set \`tftp.singlePort\`.`;
  },
};

/** `43 %`, or `12 MiB` where nobody knows of how many. */
function at(octets: number, size: number | undefined): string {
  return size === undefined || size === 0 ? showSize(octets) : `${percentOf(octets, size)} %`;
}

const MIDWAY: VerdictRule = {
  name: 'stalled-midway',
  state: 'stuck',
  looksFor: 'A transfer that began well and then met silence.',
  remedy: 'Look at the cable, the switch port (errors, duplex) and the power of the device. It may also have been restarted by somebody.',
  judge(story) {
    const failed = lastFailure(story);
    if (failed === undefined || failed.event.isSilent !== true) return undefined;
    const { path, octets, size, reason } = failed.event;
    return `It fell silent at ${at(octets, size)} of ${path} (${reason}): look at its cable, the switch port (errors, duplex) and its power.`;
  },
};

const BROKEN_OFF: VerdictRule = {
  name: 'broken-off',
  state: 'stuck',
  looksFor: 'A transfer that the device ended with an error, or that could not go on here.',
  remedy: 'The sentence has the reason: a device that ends a transfer often has no room, or finds that the file is not what it wants.',
  judge(story) {
    const failed = lastFailure(story);
    if (failed === undefined || !isQuiet(story)) return undefined;
    const { path, octets, size, reason } = failed.event;
    return `The transfer of ${path} broke off at ${at(octets, size)} (${reason}), and it has asked for nothing ${silence(story)}: see on the device whether it has room for the file, and whether the file is what it wants.`;
  },
};

const ONLY_SIZE: VerdictRule = {
  name: 'size-only',
  state: 'stuck',
  looksFor: 'A device that asked for the size of a file, as firmware does, and did not come for the file.',
  remedy:
    'See on its screen whether it waits for somebody, or has too little memory for the file. Some firmware needs a newer version to load large files.',
  judge(story) {
    const declined = story.leg.last('transfer.declined');
    if (declined === undefined || story.running.length > 0 || !isQuiet(story)) return undefined;
    if (story.leg.after(declined).some(({ event }) => isAboutFile(event))) return undefined;
    return `It asked for the size of ${declined.event.path} and has not come for the file ${silence(story)}: see on its screen whether it waits for somebody, or has too little memory for it.`;
  },
};

export const TRANSFER_RULES = [BACKUP_BROKEN, FIRST_BLOCK, MIDWAY, BROKEN_OFF, ONLY_SIZE] as const;
