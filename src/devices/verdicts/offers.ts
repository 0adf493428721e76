/** Why a device does not take what it is offered. */
import { showSeconds } from '../../events/quantities.ts';
import type { Story } from '../story.ts';
import type { VerdictRule } from '../verdict.ts';
import { hasFile, isBooting, isBound, isQuiet, show, silence, times } from './evidence.ts';

/** A port that a switch held back is open after 30 s or 50 s (IEEE 802.1D: twice a forward delay of 15 s); clients do not wait so long otherwise. */
const HELD_BACK_SECONDS = 10;
/** Beyond it the field is no count of seconds: some clients write it with its octets swapped, or leave what was there. */
const MOST_SECONDS = 240;
/** So many offers in vain are no lost frame. */
const OFFERS_IN_VAIN = 3;

const OTHER_SERVER: VerdictRule = {
  name: 'took-another-offer',
  state: 'stuck',
  looksFor:
    'A REQUEST that names another server (option 54), or another server’s answer to the device that is heard here, where ours was not taken.',
  remedy: 'Switch the other DHCP server off, or set `guard: proxy` so that it gives the addresses and Bootlace the boot files.',
  judge(story) {
    const { leg } = story;
    const offer = leg.last('dhcp.offered');
    const chosen = leg.last('dhcp.silent');
    const overheard = leg.last('dhcp.overheard');
    if (offer === undefined || isBound(leg) || leg.last('boot.answered') !== undefined || hasFile(leg.moments)) return undefined;
    const ours = `ours of ${show(offer.event.address)}`;
    const remedy = 'switch that server off, or set `guard: proxy` so that it gives the addresses and Bootlace the boot files';
    const state = isBooting(leg) ? 'stuck' : 'waiting';
    if (chosen?.event.chosen !== undefined)
      return { state, sentence: `It took the offer of the DHCP server ${show(chosen.event.chosen)} and not ${ours}: ${remedy}.` };
    if (overheard === undefined || overheard.event.message === 'NAK') return undefined;
    const { server, serverMac, message } = overheard.event;
    if (message === 'OFFER' && !isQuiet(story)) return undefined;
    return {
      state,
      sentence: `It took the offer of the DHCP server ${show(server)} (${serverMac}), as it seems, whose ${message} was heard here, and not ${ours}: ${remedy}.`,
    };
  },
};

const SPANNING_TREE: VerdictRule = {
  name: 'port-held-back',
  state: 'stuck',
  looksFor:
    'A first DISCOVER in which the device says that it has been asking for ten seconds or more: those before it did not get through, and it has given up.',
  remedy: 'Enable portfast (edge port) on its switch port: spanning tree holds the port back for 30 seconds after the cable is in.',
  judge(story) {
    const { leg } = story;
    const { first } = leg.moments.find(({ event }) => event.type === 'dhcp.offered' || event.type === 'boot.offered') ?? {};
    if (first === undefined || (first.type !== 'dhcp.offered' && first.type !== 'boot.offered')) return undefined;
    const { seconds = 0 } = first;
    if (seconds < HELD_BACK_SECONDS || seconds > MOST_SECONDS || isBound(leg) || hasFile(leg.moments) || !isQuiet(story)) return undefined;
    return `Its first DISCOVER that got through came ${showSeconds(seconds)} after it began to ask, and it has been silent ${silence(story)}: the switch holds its port back (spanning tree), so enable portfast (edge port) there.`;
  },
};

const IGNORED: VerdictRule = {
  name: 'offers-ignored',
  state: 'stuck',
  looksFor: 'Offers that are never followed by a REQUEST: three of them, or two and silence.',
  remedy:
    'Wait for the next answer, which has another form where the firmware is known to take one or the other. If none helps, the answers do not reach the device: look at DHCP snooping on the switch, at VLANs, and at a firewall.',
  judge(story) {
    const { leg } = story;
    const offer = leg.last('dhcp.offered');
    if (offer === undefined || isBound(leg) || hasFile(leg.moments)) return undefined;
    const count = leg.count('dhcp.offered');
    if (count < OFFERS_IN_VAIN && !(count > 1 && isQuiet(story))) return undefined;
    return `It was offered ${show(offer.event.address)} ${times(count)} and has not asked for it: ${advice(story, offer.event)}.`;
  },
};

const PROXY_IGNORED: VerdictRule = {
  name: 'proxy-offers-ignored',
  state: 'stuck',
  looksFor: 'Told what to boot beside another DHCP server, twice or more, and neither asked at port 4011 nor for a file.',
  remedy:
    'See whether the other server gives it an address. Some firmware takes no such offers: let Bootlace give the addresses (`mode: server`).',
  judge(story) {
    const { leg } = story;
    const offer = leg.last('boot.offered');
    if (offer === undefined || leg.last('boot.answered') !== undefined || isBound(leg) || hasFile(leg.moments)) return undefined;
    const count = leg.count('boot.offered');
    if (count < OFFERS_IN_VAIN && !(count > 1 && isQuiet(story))) return undefined;
    const other = leg.last('dhcp.overheard') === undefined ? ', and no address of another server was heard' : '';
    return `It was told ${times(count)} what to boot, beside another DHCP server, and has not come for it${other}: ${advice(story, offer.event)}.`;
  },
};

/** What helps: another form, where there is one; the way otherwise. */
function advice(
  { leg }: Story,
  { form, nextForm }: { readonly form?: string | undefined; readonly nextForm?: string | undefined },
): string {
  const way = 'see that nothing on the way drops the answers (DHCP snooping, VLAN, firewall)';
  if (nextForm === undefined || form === nextForm) return `its firmware takes no such offer, or the answers do not reach it, so ${way}`;
  const tried = leg.count('dhcp.offered', 'boot.offered') > 2 ? 'forms are tried in turn' : 'each form is tried twice';
  return `its firmware may not take this form (${form}), the next is the one ${nextForm} (${tried}); if none is taken, ${way}`;
}

export const OFFER_RULES = [OTHER_SERVER, SPANNING_TREE, IGNORED, PROXY_IGNORED] as const;
