/** Devices that have their address and do not come for what they were told. */
import type { Story } from '../story.ts';
import type { VerdictRule } from '../verdict.ts';
import { hasFile, isBooting, isQuiet, loaderOf, show, silence } from './evidence.ts';

/** Firmware may show a menu of its own first, and one that boots by HTTP checks the way (ARP, DNS). */
const PATIENCE_MS = 30_000;

/** The lease of this leg, or the word of the boot server, when it has a boot file and no file was asked for. */
function toldAndSilent(story: Story) {
  const { leg } = story;
  const told = leg.last('lease.bound', 'boot.answered');
  if (told?.event.bootFile === undefined || hasFile(leg.moments) || story.running.length > 0) return undefined;
  return told.event;
}

const HTTP_REFUSED: VerdictRule = {
  name: 'http-boot-refused',
  state: 'stuck',
  looksFor: 'Firmware that boots by HTTP, has its address and its URL, and has not asked for it.',
  remedy:
    'Allow plain HTTP in the firmware’s setup (often “HTTP boot: allow unencrypted”), or boot by PXE instead: many boards take https:// alone.',
  judge(story) {
    const told = toldAndSilent(story);
    if (told === undefined || loaderOf(story.leg) !== 'http' || !isQuiet(story, PATIENCE_MS)) return undefined;
    return `It boots by HTTP and was told ${told.bootFile}, but has not asked for it ${silence(story)}: allow plain http:// in the setup of its firmware, or boot it by PXE.`;
  },
};

const NEVER_CAME: VerdictRule = {
  name: 'boot-file-not-asked-for',
  state: 'stuck',
  looksFor: 'Firmware that boots over the network, has its address and its boot file, and has not asked for the file.',
  remedy:
    'See that UDP port 69 of this machine can be reached (firewall), that options 66 and 150 of the configuration do not name another server, and look at the screen: some firmware waits for a key.',
  judge(story) {
    const told = toldAndSilent(story);
    if (told === undefined || !isBooting(story.leg) || !isQuiet(story, PATIENCE_MS)) return undefined;
    const asksForFile = 'asksForFile' in told ? told.asksForFile : undefined;
    if (asksForFile === false)
      return {
        state: 'booted',
        sentence: `It has ${show(told.address)} and did not ask for boot options (its list has neither 43, 66 nor 67), so that it does not want to boot from here: switch network boot on in its firmware if it should.`,
      };
    return `It has ${show(told.address)} and the boot file ${told.bootFile}, but has not asked for it ${silence(story)}: see that a firewall lets UDP port 69 through, that no option names another server, and whether it waits for a key.`;
  },
};

export const SILENCE_RULES = [HTTP_REFUSED, NEVER_CAME] as const;
