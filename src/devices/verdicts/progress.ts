/** Devices that are well: how far they are. Tried last; together they have a word on nearly everything. */
import { percentOf, showShare } from '../../events/quantities.ts';
import { isAboutFile, isAsking } from '../moment.ts';
import type { Story } from '../story.ts';
import type { VerdictRule } from '../verdict.ts';
import { bootFileOf, isQuiet, show } from './evidence.ts';
import { configurationsOf } from './gear.ts';

/** Files that are named; a boot can load hundreds. */
const MOST_NAMED = 3;

const LOADING: VerdictRule = {
  name: 'loading',
  state: 'loading',
  looksFor: 'A file on its way, or one that came a moment ago.',
  remedy: 'Nothing: it goes on.',
  judge(story) {
    const progress = story.running.at(-1);
    if (progress !== undefined) {
      const { direction, path, octets, size } = progress;
      const verb = direction === 'read' ? 'loads' : 'sends';
      return {
        sentence: `It ${verb} ${path}, ${showShare(octets, size)} so far.`,
        percent: size === undefined || size === 0 ? undefined : percentOf(octets, size),
      };
    }
    const last = story.leg.moments.findLast(({ event }) => isAboutFile(event));
    if (last === undefined || isQuiet(story)) return undefined;
    return `It ${last.event.type === 'transfer.done' ? 'has loaded' : 'asked for'} ${pathOf(last.event)} and goes on.`;
  },
};

function pathOf(event: object): string {
  return 'path' in event && typeof event.path === 'string' ? event.path : 'a file';
}

const BACKED_UP: VerdictRule = {
  name: 'backed-up',
  state: 'provisioned',
  looksFor: 'A file that the device sent, stored whole.',
  remedy: 'Nothing. `bootlace backups` shows what it sent.',
  judge({ leg }) {
    const done = leg.last('transfer.done');
    if (done === undefined || done.event.direction !== 'write') return undefined;
    return `Its ${done.event.path} is stored${done.event.storedAs === undefined ? '' : ` as ${done.event.storedAs}`}, and nothing more is wanted from here.`;
  },
};

const PROVISIONED: VerdictRule = {
  name: 'provisioned',
  state: 'provisioned',
  looksFor: 'A phone or gear that got its configuration.',
  remedy: 'Nothing.',
  judge(story) {
    const last = configurationsOf(story).at(-1);
    return last === undefined ? undefined : `It has its configuration ${last.event.path}, and nothing more is wanted from here.`;
  },
};

const LOADED: VerdictRule = {
  name: 'booted',
  state: 'booted',
  looksFor: 'Files that came whole, and silence after them.',
  remedy: 'Nothing from here: what was loaded runs.',
  judge({ leg }) {
    const paths = [...new Set(leg.all('transfer.done').flatMap(({ event }) => (event.direction === 'read' ? [event.path] : [])))];
    if (paths.length === 0) return undefined;
    const named = paths.slice(-MOST_NAMED).join(', ');
    return `It loaded ${paths.length > MOST_NAMED ? `${paths.length} files, the last of them ${named}` : named}, and asks for nothing more.`;
  },
};

const ADDRESSED: VerdictRule = {
  name: 'has-address',
  state: 'booted',
  looksFor: 'A lease, and no file that is asked for.',
  remedy: 'Nothing: a system that runs needs nothing more.',
  judge(story) {
    const bound = story.leg.last('lease.bound');
    if (bound === undefined || story.leg.after(bound).some(({ event }) => isEnd(event.type))) return undefined;
    const file = bootFileOf(story.leg);
    const isStarting = bound.event.loader !== undefined && bound.event.loader !== 'other' && file !== undefined && !isQuiet(story);
    if (isStarting) return { state: 'loading', sentence: `It has ${show(bound.event.address)} and is about to ask for ${file}.` };
    return `It has ${show(bound.event.address)} and asks for nothing more.`;
  },
};

const GONE: VerdictRule = {
  name: 'gone',
  state: 'waiting',
  looksFor: 'An address that was given back or ran out.',
  remedy: 'Nothing: it was switched off or unplugged, and gets the same address again.',
  judge({ leg }) {
    const end = leg.last('lease.released', 'lease.expired');
    if (end === undefined || leg.after(end).length > 0) return undefined;
    const how = end.event.type === 'lease.expired' ? 'Its lease of' : end.event.by === 'client' ? 'It gave back' : 'The operator took back';
    return `${how} ${show(end.event.address)}${end.event.type === 'lease.expired' ? ' ran out' : ''}, and it has not asked again.`;
  },
};

const ADDRESSING: VerdictRule = {
  name: 'addressing',
  state: 'addressing',
  looksFor: 'A question for an address, or for what to boot, that was answered a moment ago.',
  remedy: 'Nothing: it goes on.',
  judge(story) {
    // Another server’s refusal is not the device’s last word.
    const last = story.leg.moments.findLast(({ event }) => event.type !== 'dhcp.overheard' || event.message !== 'NAK')?.event;
    if (last === undefined || !(isAsking(last) || last.type === 'boot.answered')) return undefined;
    if (last.type === 'dhcp.offered') {
      const isGone = isQuiet(story);
      return isGone
        ? {
            state: 'waiting',
            sentence: `It was offered ${show(last.address)} and has not asked for it: it was switched off, or the answer was lost.`,
          }
        : `It was offered ${show(last.address)} and is about to ask for it.`;
    }
    if (isQuiet(story)) return { state: 'waiting', sentence: 'It asked once what to boot or for an address, and has not come back.' };
    return 'It asks for an address, or for what to boot.';
  },
};

function isEnd(type: string): boolean {
  return type === 'lease.released' || type === 'lease.expired';
}

const SEEN: VerdictRule = {
  name: 'seen',
  state: 'waiting',
  looksFor: 'Anything else.',
  remedy: 'Nothing.',
  judge: (story: Story) =>
    `It was heard of${story.address === undefined ? '' : ` at ${show(story.address)}`} and wants nothing from here at the moment.`,
};

export const PROGRESS_RULES = [LOADING, BACKED_UP, PROVISIONED, LOADED, ADDRESSED, GONE, ADDRESSING, SEEN] as const;
