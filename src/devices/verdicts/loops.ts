/** A machine that loads the same again and again. */
import { showMillis } from '../../events/quantities.ts';
import type { Leg, Story } from '../story.ts';
import type { VerdictRule } from '../verdict.ts';
import { isBootFile, isBooting, loaderOf, times } from './evidence.ts';

/** Loads of the same boot file after which it is a loop: people restart a machine once, or twice. */
const LOOP = 3;
/** Slower ones are people. */
const LOOP_WITHIN_MS = 600_000;

interface Load {
  readonly path: string;
  readonly at: number;
  readonly leg: Leg;
}

/** Each time that a boot file came whole, one in a leg. */
function loadsOf({ legs }: Story): readonly Load[] {
  return legs.flatMap((leg) => {
    const done = leg.all('transfer.done').find(({ event }) => event.direction === 'read' && isBootFile(leg, event.path));
    return done === undefined ? [] : [{ path: done.event.path, at: done.moment.at, leg }];
  });
}

function loopOf(story: Story): { readonly path: string; readonly count: number; readonly spanMs: number } | undefined {
  if (!isBooting(story.leg)) return undefined;
  const loads = loadsOf(story).filter(({ at }) => story.now - at <= LOOP_WITHIN_MS);
  const path = loads.at(-1)?.path;
  const same = loads.filter((load) => load.path === path);
  const [first] = same;
  if (path === undefined || first === undefined || same.length < LOOP) return undefined;
  return { path, count: same.length, spanMs: (same.at(-1)?.at ?? first.at) - first.at };
}

const IPXE = /(?:^|\/)(?:ipxe|undionly|snponly|snp|intel)[^/]*\.(?:efi|pxe|kpxe|kkpxe|0)$/i;

const IPXE_LOOP: VerdictRule = {
  name: 'ipxe-loop',
  state: 'stuck',
  looksFor: 'iPXE, loaded three times or more within ten minutes: ROM and iPXE take turns.',
  remedy: 'Set `boot.ipxe` (or `boot.menu`) so that iPXE gets a script of its own, and see that the script ends in something that boots.',
  judge(story) {
    const loop = loopOf(story);
    if (loop === undefined || !IPXE.test(loop.path)) return undefined;
    const ran = story.legs.some((leg) => loaderOf(leg) === 'ipxe');
    const cause = ran
      ? 'iPXE runs and gives up each time, so see on its screen why, and what the script of `boot.ipxe` ends in'
      : 'what was loaded does not ask as iPXE does, so that it is given iPXE anew; set `boot.ipxe`, or put in an iPXE that was built unchanged';
    return `ROM and iPXE take turns, ${loop.path} was loaded ${times(loop.count)} in ${showMillis(loop.spanMs)}: ${cause}.`;
  },
};

const BOOT_LOOP: VerdictRule = {
  name: 'boot-loop',
  state: 'stuck',
  looksFor: 'The same boot file, loaded three times or more within ten minutes, each time after a new DISCOVER.',
  remedy:
    'Look at the screen of the machine: what was loaded ends at once. Often it is a boot file for other firmware, a wrong menu, or a system that restarts.',
  judge(story) {
    const loop = loopOf(story);
    if (loop === undefined) return undefined;
    return `It loaded ${loop.path} ${times(loop.count)} in ${showMillis(loop.spanMs)} and began anew each time: what was loaded ends at once, so look at its screen, at the menu, and whether the file is for this firmware.`;
  },
};

export const LOOP_RULES = [IPXE_LOOP, BOOT_LOOP] as const;
