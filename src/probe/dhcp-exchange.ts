/** How a simulated device comes by its address (RFC 2131 §3.1), and what else it asks DHCP servers. */
import { type Ipv4, ipv4, LIMITED_BROADCAST, maskOf, NO_ADDRESS, showIpv4 } from '../base/addresses.ts';
import { hex } from '../base/bytes.ts';
import type { MonoMs } from '../base/clock.ts';
import { OPTION } from '../dhcp/codes.ts';
import { decodePacket, SERVER_PORT } from '../dhcp/packet.ts';
import { showSeconds } from '../events/quantities.ts';
import type { Endpoint } from '../net/ports.ts';
import { failed, type SentOption, type Verdict } from './device.ts';
import { messageOf, requestedAddress, requestOptions, serverIdentifier } from './dhcp-message.ts';
import type { Course, Life, ProbeEvent } from './life.ts';
import { type Lease, Reply } from './reply.ts';

/** RFC 2131 §4.1: after 4 s, then twice as long each time; shorter in all, as nobody wants to wait minutes for a simulation. */
const PATIENCE_MS = [4000, 8000, 8000];
const REQUEST_PATIENCE_MS = [4000, 4000, 4000];
const MOST_REFUSALS = 4;
/** How often one that goes wrong does so before it is called that. */
const ROUNDS = 4;
/** When a ROM asks for the last time: after 4, 8 and 16 s more (PXE 2.1 §2.2.2). */
const HELD_BACK_SECONDS = 28;
/** Where PXE's boot servers listen (PXE 2.1 §2.2.3). */
const BOOT_SERVER_PORT = 4011;
/** Nobody's (RFC 5737), so that the server whose offer is taken is surely another. */
const OTHER_SERVER = ipv4(0xc0000245);
/** Nobody's either: the address of one that comes from another network. */
const FOREIGN_ADDRESS = ipv4(0xcb007121);

/** All of them; the shell of a device behind a relay agent knows the one that the agent passes it on to. */
const SERVERS: Endpoint = { address: LIMITED_BROADCAST, port: SERVER_PORT };

interface Offers {
  readonly taken: Reply;
  readonly proxies: readonly Reply[];
}

/** Asks until it has an address; the verdict is why it has none. */
export function* takeLease(life: Life): Course<Lease | Verdict> {
  life.address = NO_ADDRESS;
  const { habit } = life.device.dhcp;
  if (habit === 'nak-loop') return yield* roam(life, ROUNDS);
  if (habit === 'wrong-network') return yield* roam(life, 1);
  if (habit === 'port-held-back') return yield* askTooEarly(life);
  if (habit === 'ignores-offers' || habit === 'repeats-discover') return yield* askInVain(life, habit);
  for (let round = 0; round < MOST_REFUSALS; round += 1) {
    const transactionId = life.random();
    const offers = yield* discover(life, transactionId);
    if ('ok' in offers) return offers;
    const { taken, proxies } = offers;
    if (habit === 'takes-other-offer') {
      request(life, transactionId, taken, OTHER_SERVER);
      yield life.in(1000);
      return failed(`it took the offer of another server, ${showIpv4(OTHER_SERVER)}, and not this one`);
    }
    const ack = yield* confirm(life, transactionId, taken);
    if (ack === 'refused') continue;
    if (ack === 'silent')
      return failed(`${showIpv4(taken.server)} offered ${showIpv4(taken.packet.yourAddress)} and did not answer the REQUEST`);
    if (habit !== 'declines') return settle(life, { address: ack.packet.yourAddress, offer: taken, ack, proxies });
    decline(life, ack);
  }
  return habit === 'declines'
    ? failed(`it declined ${MOST_REFUSALS} addresses: somebody seems to use each of them already`)
    : failed(`its REQUEST was refused ${MOST_REFUSALS} times`);
}

/** Asks a boot server about what to boot (PXE 2.1 §2.4.4); undefined where it does not answer. */
export function* askBootServer(life: Life, server: Ipv4, more: readonly SentOption[] = []): Course<Reply | undefined> {
  const transactionId = life.random();
  const { mac, device, address } = life;
  const options = [...device.dhcp.options(mac), ...more];
  const { packet, octets } = messageOf(life, 'REQUEST', { transactionId, seconds: 0, clientAddress: address, options });
  for (const wait of [1000, 2000, 3000]) {
    life.says(`REQUEST to the boot server ${showIpv4(server)}:${BOOT_SERVER_PORT}`, packet.options);
    life.act({ do: 'dhcp', octets, from: address, to: { address: server, port: BOOT_SERVER_PORT } });
    const reply = yield* nextReply(life, transactionId, life.in(wait));
    if (reply?.type !== 'ACK') continue;
    life.hears(summary(reply), reply.packet.options);
    return reply;
  }
  return undefined;
}

/** Asks for further options with the address that it has (RFC 2131 §3.4); undefined where nobody answers. */
export function* inform(life: Life): Course<Reply | undefined> {
  const transactionId = life.random();
  const { mac, device, address } = life;
  const { packet, octets } = messageOf(life, 'INFORM', {
    transactionId,
    seconds: 0,
    clientAddress: address,
    options: device.dhcp.options(mac),
  });
  life.says('INFORM: it asks once more for what it missed', packet.options);
  life.act({ do: 'dhcp', octets, from: address, to: SERVERS });
  const reply = yield* nextReply(life, transactionId, life.in(3000));
  if (reply?.type !== 'ACK') return undefined;
  life.hears(summary(reply), reply.packet.options);
  return reply;
}

/** Gives the address back (RFC 2131 §4.4.6). */
export function release(life: Life, { ack, address }: Lease): void {
  const options = [serverIdentifier(ack.server)];
  const { packet, octets } = messageOf(life, 'RELEASE', {
    transactionId: life.random(),
    seconds: 0,
    clientAddress: address,
    options: [...options, ...identity(life)],
  });
  life.says(`RELEASE of ${showIpv4(address)}`, packet.options);
  life.act({ do: 'dhcp', octets, from: address, to: { address: ack.server, port: SERVER_PORT } });
}

/** The client identifier, by which the server knows it. */
function identity({ mac, device }: Life): readonly SentOption[] {
  return device.dhcp.options(mac).filter(([code]) => code === OPTION.clientIdentifier);
}

function* discover(life: Life, transactionId: number): Course<Offers | Verdict> {
  const { patienceMs = PATIENCE_MS, collectMs = 0, firstSeconds = 0, refuses } = life.device.dhcp;
  const beganAt = life.now;
  let refusal: string | undefined;
  const proxies: Reply[] = [];
  for (const wait of patienceMs) {
    sayDiscover(life, transactionId, firstSeconds + Math.floor((life.now - beganAt) / 1000));
    let until = life.in(wait);
    let taken: Reply | undefined;
    for (;;) {
      const reply = yield* nextReply(life, transactionId, until);
      if (reply === undefined) break;
      if (reply.type !== 'OFFER') continue;
      life.hears(summary(reply), reply.packet.options);
      if (reply.packet.yourAddress === NO_ADDRESS) {
        proxies.push(reply);
        continue;
      }
      const why = refuses?.(reply);
      if (why !== undefined) {
        refusal = why;
        life.thinks(`does not take this offer: ${why}`);
      } else if (taken === undefined) {
        taken = reply;
        if (collectMs > 0) until = Math.min(until, life.in(collectMs)) as MonoMs;
      }
      if (taken !== undefined && collectMs === 0) break;
    }
    if (taken !== undefined) return { taken, proxies };
  }
  return failed(refusal === undefined ? 'no DHCP server answered' : `it takes none of the offers: ${refusal}`);
}

function sayDiscover(life: Life, transactionId: number, seconds: number): void {
  const { packet, octets } = messageOf(life, 'DISCOVER', { transactionId, seconds, options: life.device.dhcp.options(life.mac) });
  life.says(`DISCOVER from ${life.mac}${seconds === 0 ? '' : `, ${seconds} s after it began`}`, packet.options);
  life.act({ do: 'dhcp', octets, from: NO_ADDRESS, to: SERVERS });
}

/** Says which offer it takes. */
function request(life: Life, transactionId: number, offer: Reply, server: Ipv4): void {
  const { yourAddress } = offer.packet;
  const options = requestOptions(life, yourAddress, server);
  const { packet, octets } = messageOf(life, 'REQUEST', { transactionId, seconds: life.device.dhcp.firstSeconds ?? 0, options });
  life.says(`REQUEST for ${showIpv4(yourAddress)} of ${showIpv4(server)}`, packet.options);
  life.act({ do: 'dhcp', octets, from: NO_ADDRESS, to: SERVERS });
}

function* confirm(life: Life, transactionId: number, offer: Reply): Course<Reply | 'refused' | 'silent'> {
  for (const wait of REQUEST_PATIENCE_MS) {
    request(life, transactionId, offer, offer.server);
    const until = life.in(wait);
    for (;;) {
      const reply = yield* nextReply(life, transactionId, until);
      if (reply === undefined) break;
      if (reply.type !== 'ACK' && reply.type !== 'NAK') continue;
      life.hears(summary(reply), reply.packet.options);
      return reply.type === 'ACK' ? reply : 'refused';
    }
  }
  return 'silent';
}

function settle(life: Life, lease: Lease): Lease {
  const { ack, address } = lease;
  const mask = ack.address(OPTION.subnetMask) ?? maskOf(24);
  life.address = address;
  life.act({ do: 'address', address, mask, router: ack.address(OPTION.router) });
  const seconds = ack.seconds(OPTION.leaseTime);
  life.thinks(`is ${showIpv4(address)} now${seconds === undefined ? '' : `, for ${showSeconds(seconds)}`}`);
  return lease;
}

/** Somebody has the address: it says so, and begins anew (RFC 2131 §4.4.4). */
function decline(life: Life, ack: Reply): void {
  const { yourAddress } = ack.packet;
  const options = [serverIdentifier(ack.server), requestedAddress(yourAddress), ...identity(life)];
  const { packet, octets } = messageOf(life, 'DECLINE', { transactionId: life.random(), seconds: 0, options });
  life.says(`DECLINE of ${showIpv4(yourAddress)}: another host answers to it`, packet.options);
  life.act({ do: 'dhcp', octets, from: NO_ADDRESS, to: SERVERS });
}

/** It hears no offer, or makes nothing of it. */
function* askInVain(life: Life, habit: 'ignores-offers' | 'repeats-discover'): Course<Verdict> {
  const transactionId = life.random();
  const beganAt = life.now;
  let offers = 0;
  for (let round = 0; round < ROUNDS; round += 1) {
    const { firstSeconds = 0 } = life.device.dhcp;
    sayDiscover(life, transactionId, firstSeconds + Math.floor((life.now - beganAt) / 1000));
    for (const until = life.in(2000 * 2 ** round); ; ) {
      const reply = yield* nextReply(life, transactionId, until);
      if (reply === undefined) break;
      offers += 1;
      if (habit === 'ignores-offers') life.hears(`${summary(reply)}, and does not take it`, reply.packet.options);
    }
  }
  return habit === 'ignores-offers'
    ? failed(`it was offered an address ${offers} times and took none`)
    : failed(`it asked ${ROUNDS} times, longer and longer, as if no offer reached it (${offers} were sent)`);
}

/** Its switch port forwards nothing for half a minute (IEEE 802.1D): of all that a ROM asks, the last question alone gets through, and it waits no longer. */
function* askTooEarly(life: Life): Course<Verdict> {
  life.thinks(`asks for ${HELD_BACK_SECONDS} s, and its switch port holds it all back (spanning tree)`);
  sayDiscover(life, life.random(), HELD_BACK_SECONDS);
  yield life.in(1000);
  return failed(`its switch port was held back for ${HELD_BACK_SECONDS} s, and it has given up`);
}

/** It comes from another network and insists on its address from there (RFC 2131 §4.3.2, INIT-REBOOT). */
function* roam(life: Life, rounds: number): Course<Verdict> {
  let refusals = 0;
  for (let round = 0; round < rounds; round += 1) {
    const transactionId = life.random();
    const own = life.device.dhcp.options(life.mac).filter(([code]) => code !== OPTION.requestedAddress);
    const options = [requestedAddress(FOREIGN_ADDRESS), ...own];
    const { packet, octets } = messageOf(life, 'REQUEST', { transactionId, seconds: 0, options });
    life.says(`REQUEST for ${showIpv4(FOREIGN_ADDRESS)}, which it had elsewhere`, packet.options);
    life.act({ do: 'dhcp', octets, from: NO_ADDRESS, to: SERVERS });
    const reply = yield* nextReply(life, transactionId, life.in(3000));
    if (reply === undefined) continue;
    refusals += reply.type === 'NAK' ? 1 : 0;
    life.hears(summary(reply), reply.packet.options);
  }
  return failed(`it insisted on ${showIpv4(FOREIGN_ADDRESS)} and was refused ${times(refusals)}`);
}

function times(count: number): string {
  return count === 1 ? 'once' : `${count} times`;
}

/** The next answer to this question; undefined when the time is over. */
function* nextReply(life: Life, transactionId: number, until: MonoMs): Course<Reply | undefined> {
  for (;;) {
    const event = yield until;
    if (event.on === 'timeout') return undefined;
    const reply = replyIn(event);
    const isOurs = reply !== undefined && reply.packet.transactionId === transactionId;
    if (isOurs && hex(reply.packet.hardwareAddress.subarray(0, 6), ':') === life.mac) return reply;
  }
}

function replyIn(event: ProbeEvent): Reply | undefined {
  if (event.on !== 'datagram') return undefined;
  const packet = decodePacket(event.octets);
  return packet.ok && packet.value.operation === 2 ? new Reply(packet.value) : undefined;
}

function summary(reply: Reply): string {
  const { yourAddress } = reply.packet;
  const address = yourAddress === NO_ADDRESS ? '' : ` of ${showIpv4(yourAddress)}`;
  const file = reply.bootFile === undefined ? '' : `, boot file ${reply.bootFile}`;
  const next = reply.nextServer === undefined ? '' : `, next server ${showIpv4(reply.nextServer)}`;
  return `${reply.type ?? 'BOOTREPLY'}${address} from ${showIpv4(reply.server)}${next}${file}`;
}
