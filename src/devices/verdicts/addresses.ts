/** Why a device gets no address from here. */
import { showSeconds } from '../../events/quantities.ts';
import type { Leg } from '../story.ts';
import type { DeviceState, VerdictRule } from '../verdict.ts';
import { show, times } from './evidence.ts';

/** Refusals after which it is a loop; one is how a device is told that it has moved. */
const LOOP_OF_NAKS = 3;

/** True when the last thing that counts in the leg is of this place or later: nothing was given since. */
function wasGivenAfter(leg: Leg, index: number): boolean {
  return leg.moments.slice(index + 1).some(({ event }) => event.type === 'lease.bound' || event.type === 'dhcp.offered');
}

const UNKNOWN_RELAY: VerdictRule = {
  name: 'relay-without-network',
  state: 'stuck',
  looksFor: 'A question that came by a relay agent whose address is in none of the configured networks.',
  remedy: 'Add a network with `subnet` for the network behind the relay agent.',
  judge({ leg }) {
    const found = leg.last('dhcp.silent');
    if (found?.event.relay === undefined || wasGivenAfter(leg, found.index)) return undefined;
    return `It asks through the relay agent ${show(found.event.relay)}, and no network is configured there: add a network whose \`subnet\` holds that address.`;
  },
};

const POOL_EMPTY: VerdictRule = {
  name: 'pool-empty',
  state: 'stuck',
  looksFor: 'A DISCOVER for which there was no free address left.',
  remedy: 'Make `networks[].pools` larger or `leaseTime` shorter, or take back what nobody needs (`bootlace leases release`).',
  judge({ leg }) {
    const found = leg.last('pool.exhausted');
    if (found === undefined || wasGivenAfter(leg, found.index)) return undefined;
    const { size, network } = found.event;
    return `There is no address left for it, as all ${size} of network ${network} are taken: make its \`pools\` larger or \`leaseTime\` shorter, or take addresses back with \`bootlace leases release\`.`;
  },
};

const STRANGER: VerdictRule = {
  name: 'stranger-with-our-address',
  state: 'waiting',
  looksFor: 'A device that answers for an address of a pool without having it from here.',
  remedy: 'Give it an address outside of the pools, or a reservation under `hosts`.',
  judge({ moments, mac }) {
    const last = moments.at(-1)?.event;
    if (last?.type !== 'lease.conflict' || last.mac !== mac || last.askedBy === mac) return undefined;
    return `It uses ${show(last.address)} of a pool without having it from here, so that nobody else gets it: give it an address outside of \`pools\`, or a reservation under \`hosts\`.`;
  },
};

const IN_USE: VerdictRule = {
  name: 'address-in-use',
  state: 'stuck',
  looksFor: 'Addresses that were to be offered to it and are used by devices that do not have them from here.',
  remedy: 'Find those devices by their MACs, and give them addresses outside of the pools, or reservations under `hosts`.',
  judge({ leg, mac }) {
    const found = leg.last('lease.conflict');
    if (found === undefined || found.event.askedBy !== mac || wasGivenAfter(leg, found.index)) return undefined;
    const count = leg.count('lease.conflict');
    const what =
      count === 1 ? show(found.event.address) : `each of ${count} addresses that were looked at, last ${show(found.event.address)}`;
    return `It gets no address, as a stranger (${found.event.mac ?? 'without a MAC'}) uses ${what}: give the stranger a reservation under \`hosts\`, or take its address out of \`pools\`.`;
  },
};

const DECLINED: VerdictRule = {
  name: 'declined',
  state: 'stuck',
  looksFor: 'A DECLINE: the device has tried its new address and found somebody else there.',
  remedy:
    'Find who uses the address without a lease, and take it out of the pools. A switch that answers ARP for others (proxy ARP) looks the same.',
  judge({ leg }) {
    const found = leg.last('lease.declined');
    if (found === undefined || wasGivenAfter(leg, found.index)) return undefined;
    const { address, quarantineSeconds } = found.event;
    return `It declined ${show(address)}, as somebody else answered for it (nobody gets it for ${showSeconds(quarantineSeconds)}): find who uses the address without a lease, or switch proxy ARP off at the switch.`;
  },
};

const NAK_LOOP: VerdictRule = {
  name: 'refused-again-and-again',
  state: 'stuck',
  looksFor: 'Three NAKs or more, and no lease after them.',
  remedy: 'Look for a second DHCP server with another range, a device with a fixed idea of its address, or two networks on one wire.',
  judge({ moments, leg }) {
    const found = leg.last('lease.refused');
    if (found === undefined || leg.after(found).some(({ event }) => event.type === 'lease.bound')) return undefined;
    const since = moments.slice(moments.findLastIndex(({ event }) => event.type === 'lease.bound') + 1);
    const count = since.reduce((sum, { event, count: repeats }) => sum + (event.type === 'lease.refused' ? repeats : 0), 0);
    if (count < LOOP_OF_NAKS) return undefined;
    const { asked, reason, network } = found.event;
    return `It asks for ${show(asked)} again and again and was refused ${times(count)} (${reason}, network ${network}): look for a second DHCP server, a device that insists on an old address, or two networks on one wire.`;
  },
};

const WRONG_SUBNET: VerdictRule = {
  name: 'wrong-subnet',
  state: 'addressing',
  looksFor: 'A NAK, as the device asked for an address of another network.',
  remedy: 'Nothing, if it asks anew and gets an address; otherwise see whether it is on the right switch port or VLAN.',
  judge({ leg }) {
    const found = leg.last('lease.refused');
    if (found === undefined || leg.after(found).length > 0) return undefined;
    return `It asked for ${show(found.event.asked)} and was told to begin anew (${found.event.reason}): it now asks for another address, or else see whether it is on the right switch port or VLAN.`;
  },
};

/** What we do not answer on purpose, and what follows for the device. */
const REASONS: readonly { readonly reason: RegExp; readonly state: DeviceState; readonly advice: string }[] = [
  {
    reason: /another DHCP server is on this network/,
    state: 'waiting',
    advice: 'switch the other server off, or set `guard: proxy` or `guard: warn`',
  },
  { reason: /no network is configured on this interface/, state: 'stuck', advice: 'add a network for the interface that it is on' },
  { reason: /^class /, state: 'waiting', advice: 'the configuration says so (`classes[].deny`)' },
  { reason: /asks too often/, state: 'stuck', advice: 'it floods the network, so restart it or unplug it' },
  { reason: /BOOTP/, state: 'stuck', advice: 'give it a reservation under `hosts`, or set `bootp` of its network' },
  { reason: /no boot file|architecture is unknown|no URL/, state: 'stuck', advice: 'name a file for it in `boot.files` or `boot.http`' },
  { reason: /just being/, state: 'addressing', advice: 'it is answered in a moment' },
];

const NOT_ANSWERED: VerdictRule = {
  name: 'not-answered',
  state: 'stuck',
  looksFor: 'A DISCOVER or BOOTP question that gets no answer, for a reason that is known here.',
  remedy: 'What the sentence says: it depends on the reason.',
  judge({ leg }) {
    const found = leg.last('dhcp.silent');
    if (found === undefined || found.event.chosen !== undefined || leg.after(found).length > 0) return undefined;
    const { message, reason } = found.event;
    if (message !== 'DISCOVER' && message !== 'BOOTP') return undefined;
    const known = REASONS.find((one) => one.reason.test(reason));
    const sentence = `Its ${message} is not answered: ${reason}; ${known?.advice ?? 'add a network or a reservation for it'}.`;
    return { sentence, ...(known !== undefined && { state: known.state }) };
  },
};

export const ADDRESS_RULES = [UNKNOWN_RELAY, POOL_EMPTY, STRANGER, IN_USE, DECLINED, NAK_LOOP, WRONG_SUBNET, NOT_ANSWERED] as const;
