/**
 * The DHCP server's rules (RFC 2131 §4.3) without any I/O: a datagram goes in, effects come out. It reads no clock, opens no
 * socket and stores nothing; an ACK exists only after `settled(ticket, 'stored')` said that its lease is durable.
 */

import type { Mac } from '../base/addresses.ts';
import { type Ipv4, NO_ADDRESS } from '../base/addresses.ts';
import { after, type WallMs } from '../base/clock.ts';
import type { DhcpEvent } from '../events/events.ts';
import { Allocator, type Choice } from './allocator.ts';
import { answerAsBootServer, answerAsProxy, isForBootServer } from './boot-server.ts';
import { OPTION } from './codes.ts';
import { ConflictChecks, type Waiting } from './conflict-checks.ts';
import { destinationOf } from './destination.ts';
import { type DhcpEffect, type ProbeId, silent, type Ticket, tell } from './effects.ts';
import { FloodLimit } from './flood-limit.ts';
import { HostTable } from './host-table.ts';
import { type Inquiry, inquiryOf } from './inquiry.ts';
import { INFINITE_SECONDS, type Lease, NEVER } from './lease.ts';
import type { Occupancy } from './lease-book.ts';
import { answerLeasequery } from './leasequery.ts';
import { Ledger } from './ledger.ts';
import type { DhcpPacket } from './packet.ts';
import { type Answer, type BootPolicy, buildAnswer, buildNak } from './reply.ts';
import { type Arrival, type ClientKey, type DhcpRequest, kindOfRequest, readRequest } from './request.ts';
import { judgeRequest, mayAnswerBesideOthers } from './request-rules.ts';
import { askingOf, asksForFile, classesOf, familyOf, subjectOfLease, subjectOfRequest } from './subjects.ts';
import { leaseSecondsFor, type Site, subnetOf } from './subnet.ts';

/** How long an address stays kept for a client after an OFFER: long enough for all its repeats (RFC 2131 §4.1: 4, 8, 16 s). */
const OFFER_HOLD_MS = 30_000;
/** Addresses that are looked for on behalf of one question, until one is found that nobody uses. */
const MOST_PROBES = 3;

const NOTHING: Site = { subnets: [], hosts: [], classes: [], leasequeryFrom: [] };

export class DhcpEngine {
  readonly #boot: BootPolicy;
  readonly #ledger = new Ledger();
  readonly #checks = new ConflictChecks();
  readonly #floods = new FloodLimit();
  #site = NOTHING;
  #hosts = new HostTable([]);
  #allocator = new Allocator(this.#ledger.book, this.#hosts);
  #trustedUntil: WallMs | undefined;

  constructor(boot: BootPolicy) {
    this.#boot = boot;
  }

  /** What is served from now on; leases and offers stay. Networks come and go with their cables. */
  configure(site: Site): void {
    this.#site = site;
    this.#hosts = new HostTable(site.hosts);
    this.#allocator = new Allocator(this.#ledger.book, this.#hosts);
  }

  /** Takes up a lease that the store holds; call it for each of them before the first `receive`. */
  restore(lease: Lease, now: WallMs): void {
    this.#ledger.book.restore(lease, now);
  }

  /** Our records were lost: until then a client that says that a free address is its own is believed, and so written down again. */
  trustClientsUntil(at: WallMs): void {
    this.#trustedUntil = at;
  }

  /** All records, those of ended leases included. */
  leases(): IterableIterator<Lease> {
    return this.#ledger.book.all();
  }

  /** How full each network is. */
  occupancy(): readonly Occupancy[] {
    return this.#ledger.book.occupancy();
  }

  /** A message came in. */
  receive(packet: DhcpPacket, via: Arrival, now: WallMs): DhcpEffect[] {
    const read = readRequest(packet, via);
    if (!read.ok) return [tell({ type: 'dhcp.dropped', interface: via.interface, reason: read.error })];
    const request = read.value;
    const effects = this.expire(now);
    if (request.type === 'LEASEQUERY') return [...effects, answerLeasequery(request, this.#site, this.#ledger.book, now)];
    const subnet = subnetOf(request, this.#site.subnets);
    if (subnet === undefined) return [...effects, silentWithoutSubnet(request)];
    const asked = inquiryOf(request, subnet, this.#hosts, this.#site.classes);
    const device = this.#boot.deviceOf?.(asked);
    const inquiry = device === undefined ? asked : { ...asked, ...device };
    // The network told clients apart by their identifiers before: their leases go on.
    if (request.identifier !== undefined && request.identifier !== inquiry.client)
      this.#ledger.book.rename(subnet.name, request.identifier, inquiry.client);
    if (!this.#floods.allows(inquiry.client, now)) return [...effects, silent(request, subnet, 'it asks too often')];
    const denying = inquiry.classes.find(({ deny }) => deny);
    if (denying !== undefined) return [...effects, silent(request, subnet, `class ${denying.name} gets no answer`)];
    if (isForBootServer(request)) return [...effects, ...answerAsBootServer(inquiry, this.#boot.plan(inquiry, now, 'boot-server'))];
    if (subnet.service !== 'full' && !mayAnswerBesideOthers(inquiry, this.#ledger.book, now)) {
      if (subnet.service === 'proxy') return [...effects, ...answerAsProxy(inquiry, this.#boot.plan(inquiry, now, 'proxy'))];
      return [...effects, silent(request, subnet, 'another DHCP server is on this network')];
    }
    return [...effects, ...this.#answer(inquiry, now)];
  }

  /** The store has dealt with a `commit`: only now may the client be told. */
  settled(ticket: Ticket, outcome: 'stored' | 'failed', now: WallMs): DhcpEffect[] {
    return this.#ledger.settled(ticket, outcome, now);
  }

  /** The wire has answered a `probe`: `usedBy` has the address, or nobody does. */
  probed(id: ProbeId, usedBy: Mac | undefined, now: WallMs): DhcpEffect[] {
    const waiting = this.#checks.end(id);
    if (waiting === undefined) return [];
    const { inquiry, choice } = waiting;
    // The client itself may still have the address from last time.
    if (usedBy !== undefined && usedBy !== inquiry.request.mac) return this.#onConflict(waiting, usedBy, now);
    this.#checks.noteFresh(choice.address, now);
    return this.#offer(inquiry, choice, now);
  }

  /** Ends what has ended by `now`: leases, quarantines, offers. */
  expire(now: WallMs): DhcpEffect[] {
    return this.#ledger.book
      .expire(now)
      .filter((lease) => lease.state === 'bound')
      .map((lease) => tell({ type: 'lease.expired', network: lease.network, ...subjectOfLease(lease) }));
  }

  /** When `expire` has something to do; undefined: never. */
  nextDeadline(): WallMs | undefined {
    const { nextExpiry } = this.#ledger.book;
    return nextExpiry === NEVER ? undefined : nextExpiry;
  }

  /** The operator takes an address back. Empty when there is no lease to take, or one is just being written. */
  release(address: Ipv4, now: WallMs): DhcpEffect[] {
    const { book } = this.#ledger;
    const lease = book.at(address);
    if (lease === undefined || lease.state === 'released' || book.proposedAt(address) !== undefined) return [];
    return [this.#release(lease, 'operator', now)];
  }

  #answer(inquiry: Inquiry, now: WallMs): DhcpEffect[] {
    switch (inquiry.request.type) {
      case 'DISCOVER':
        return this.#onDiscover(inquiry, now);
      case 'REQUEST':
        return this.#onRequest(inquiry, now);
      case 'DECLINE':
        return this.#onDecline(inquiry, now);
      case 'RELEASE':
        return this.#onRelease(inquiry, now);
      case 'INFORM':
        return this.#onInform(inquiry, now);
      case 'BOOTP':
        return this.#onBootp(inquiry, now);
      case 'LEASEQUERY':
        return [];
    }
  }

  #onDiscover(inquiry: Inquiry, now: WallMs): DhcpEffect[] {
    const { request, subnet, client } = inquiry;
    if (this.#checks.isWaiting(subnet.name, client)) return [silent(request, subnet, 'an address for it is just being looked for')];
    return this.#propose(inquiry, 0, now);
  }

  /** Chooses an address, and offers it at once or after a look at the wire. */
  #propose(inquiry: Inquiry, tries: number, now: WallMs): DhcpEffect[] {
    const { request, subnet, client, pools } = inquiry;
    const choice = this.#allocator.choose(inquiry, request.requestedAddress, now);
    if (choice === undefined) {
      const size = pools.reduce((sum, pool) => sum + pool.last - pool.first + 1, 0);
      return [tell({ type: 'pool.exhausted', network: subnet.name, size, ...subjectOfRequest(request) })];
    }
    this.#ledger.book.hold({ address: choice.address, network: subnet.name, client, since: now, until: after(now, OFFER_HOLD_MS) });
    return this.#checks.isNeeded(inquiry, choice, now)
      ? [this.#checks.begin({ inquiry, choice, tries })]
      : this.#offer(inquiry, choice, now);
  }

  #offer(inquiry: Inquiry, choice: Choice, now: WallMs): DhcpEffect[] {
    const { request, subnet, host } = inquiry;
    if (request.type === 'BOOTP') return this.#grant(inquiry, choice.address, now);
    if (subnet.rapidCommit && request.packet.options.has(OPTION.rapidCommit)) return this.#grant(inquiry, choice.address, now);
    const boot = this.#boot.plan(inquiry, now);
    const provisioning = this.#boot.provision?.(inquiry);
    const leaseSeconds = Math.max(leaseSecondsFor(inquiry.lease, request.requestedSeconds), provisioning?.leastLeaseSeconds ?? 0);
    const event: DhcpEvent = {
      type: 'dhcp.offered',
      network: subnet.name,
      leaseSeconds,
      bootFile: boot?.file,
      why: [choice.why, boot?.why, boot?.why.includes(inquiry.note ?? '') === true ? undefined : inquiry.note, provisioning?.why]
        .filter((reason) => reason !== undefined)
        .join('; '),
      ...askingOf(request, boot),
      ...subjectOfRequest(request, host),
      ...classesOf(inquiry),
      ...familyOf(provisioning),
      address: choice.address,
    };
    return [tell(event), send(inquiry, { type: 'OFFER', yourAddress: choice.address, leaseSeconds, boot, provisioning })];
  }

  /** A stranger has the address: nobody gets it for a while, and the client gets another. */
  #onConflict({ inquiry, choice, tries }: Waiting, usedBy: Mac, now: WallMs): DhcpEffect[] {
    const { request, subnet, client } = inquiry;
    this.#checks.noteUsed(choice.address);
    this.#ledger.book.endHold(subnet.name, client);
    const conflict = tell({
      type: 'lease.conflict',
      network: subnet.name,
      address: choice.address,
      mac: usedBy,
      askedBy: request.mac,
      quarantineSeconds: subnet.quarantineSeconds,
    });
    const effects =
      this.#ledger.book.proposedAt(choice.address) === undefined
        ? [this.#quarantine(inquiry, choice.address, usedBy, [conflict], now)]
        : [];
    return tries + 1 < MOST_PROBES
      ? [...effects, ...this.#propose(inquiry, tries + 1, now)]
      : [...effects, silent(request, subnet, 'every address looked at for it is in use')];
  }

  #onRequest(inquiry: Inquiry, now: WallMs): DhcpEffect[] {
    const { request, subnet, client } = inquiry;
    const { book } = this.#ledger;
    const kind = kindOfRequest(request);
    const address = kind === 'SELECTING' || kind === 'INIT-REBOOT' ? request.requestedAddress : request.packet.clientAddress;
    if (kind === undefined || address === undefined) return [silent(request, subnet, 'it names no address')];
    if (kind === 'SELECTING' && !this.#isOurs(request)) {
      book.endHold(subnet.name, client);
      return [silent(request, subnet, 'it chose another server', { chosen: request.serverIdentifier })];
    }
    const isTrusting = this.#trustedUntil !== undefined && now < this.#trustedUntil;
    const verdict = judgeRequest({ kind, address, inquiry, book, allocator: this.#allocator, now, isTrusting });
    switch (verdict.say) {
      case 'nothing':
        return [silent(request, subnet, verdict.reason)];
      case 'nak':
        return this.#refuse(inquiry, address, verdict.reason);
      case 'ack':
        return this.#grant(inquiry, address, now);
    }
  }

  /** Writes the lease down; the ACK (to BOOTP: the reply) follows when it is durable. */
  #grant(inquiry: Inquiry, address: Ipv4, now: WallMs): DhcpEffect[] {
    const { request, subnet, client, host } = inquiry;
    const { book } = this.#ledger;
    const before = book.at(address);
    const isRenewal = before?.client === client && before.network === subnet.name && before.state === 'bound' && before.expiresAt > now;
    const isBootp = request.type === 'BOOTP';
    const boot = this.#boot.plan(inquiry, now);
    const provisioning = this.#boot.provision?.(inquiry);
    const granted = Math.max(leaseSecondsFor(inquiry.lease, request.requestedSeconds), provisioning?.leastLeaseSeconds ?? 0);
    const leaseSeconds = isBootp ? INFINITE_SECONDS : granted;
    const lease: Lease = {
      address,
      network: subnet.name,
      client,
      mac: request.mac,
      hostName: request.hostName ?? (isRenewal ? before.hostName : undefined),
      state: 'bound',
      since: isRenewal ? before.since : now,
      expiresAt: leaseSeconds === INFINITE_SECONDS ? NEVER : after(now, leaseSeconds * 1000),
    };
    const given = book.of(subnet.name, client);
    book.endHold(subnet.name, client);
    const answer: Answer = isBootp
      ? { type: 'BOOTREPLY', yourAddress: address, leaseSeconds: undefined, boot, provisioning }
      : { type: 'ACK', yourAddress: address, leaseSeconds, boot, provisioning, isRapid: request.type === 'DISCOVER' };
    const how = isRenewal ? 'renewed' : 'new';
    const commit = this.#ledger.commit(lease, () => [
      tell({
        type: 'lease.bound',
        network: subnet.name,
        leaseSeconds,
        bootFile: boot?.file,
        how,
        loader: boot?.loader,
        asksForFile: boot?.file === undefined ? undefined : asksForFile(request),
        ...subjectOfLease(lease, host),
        ...classesOf(inquiry),
        ...familyOf(provisioning),
      }),
      send(inquiry, answer),
    ]);
    return [...this.#takeBack(given, address, now), commit];
  }

  /** A client has one address in a network: the one it had before goes back when it gets another. */
  #takeBack(given: Lease | undefined, newAddress: Ipv4, now: WallMs): DhcpEffect[] {
    if (given === undefined || given.address === newAddress || given.state !== 'bound' || given.expiresAt <= now) return [];
    if (this.#ledger.book.proposedAt(given.address) !== undefined) return [];
    return [this.#ledger.commit({ ...given, state: 'released', expiresAt: now }, () => [])];
  }

  #refuse({ request, subnet, client }: Inquiry, asked: Ipv4, reason: string): DhcpEffect[] {
    this.#ledger.book.endHold(subnet.name, client);
    const event: DhcpEvent = { type: 'lease.refused', network: subnet.name, asked, reason, ...subjectOfRequest(request) };
    return [
      tell(event),
      { do: 'send', packet: buildNak(request, reason), to: destinationOf('NAK', request, NO_ADDRESS), via: request.via },
    ];
  }

  /** RFC 2131 §4.3.3: somebody else uses the address. Only who was given it may say so, else one client could empty a pool. */
  #onDecline(inquiry: Inquiry, now: WallMs): DhcpEffect[] {
    const { request, subnet, client } = inquiry;
    const { book } = this.#ledger;
    const address = request.requestedAddress;
    if (address === undefined) return [silent(request, subnet, 'it names no address')];
    if (request.serverIdentifier !== undefined && !this.#isOurs(request)) return [silent(request, subnet, 'it declines another server')];
    const lease = book.at(address);
    const isItsOwn = (lease?.client === client && lease.state === 'bound') || book.holdAt(address, now)?.client === client;
    if (!isItsOwn || book.proposedAt(address) !== undefined)
      return [silent(request, subnet, 'it declines an address that it was not given')];
    book.endHold(subnet.name, client);
    this.#checks.noteUsed(address);
    const { quarantineSeconds } = subnet;
    const declined = tell({ type: 'lease.declined', network: subnet.name, quarantineSeconds, ...subjectOfRequest(request), address });
    return [this.#quarantine(inquiry, address, request.mac, [declined], now)];
  }

  /** Nobody gets the address for a while. `mac` is who is, or found somebody, there. */
  #quarantine({ subnet, client }: Inquiry, address: Ipv4, mac: Mac | undefined, said: DhcpEffect[], now: WallMs): DhcpEffect {
    const expiresAt = after(now, subnet.quarantineSeconds * 1000);
    return this.#ledger.commit(
      { address, network: subnet.name, client, mac, hostName: undefined, state: 'declined', since: now, expiresAt },
      () => said,
    );
  }

  /** RFC 2131 §4.3.4: no answer, and the record stays, so that the client gets the address again. */
  #onRelease({ request, subnet, client }: Inquiry, now: WallMs): DhcpEffect[] {
    const { book } = this.#ledger;
    const lease = book.at(request.packet.clientAddress);
    if (!isHeldBy(lease, client)) return [silent(request, subnet, 'it releases an address that it does not have')];
    if (book.proposedAt(lease.address) !== undefined) return [silent(request, subnet, 'its lease is just being written')];
    book.endHold(subnet.name, client);
    this.#checks.noteFresh(lease.address, now);
    return [this.#release(lease, 'client', now)];
  }

  #release(lease: Lease, by: 'client' | 'operator', now: WallMs): DhcpEffect {
    const released = tell({ type: 'lease.released', network: lease.network, by, ...subjectOfLease(lease) });
    return this.#ledger.commit({ ...lease, state: 'released', expiresAt: now }, () => [released]);
  }

  /** RFC 2131 §4.3.5: parameters for an address that the client has from elsewhere; no lease. */
  #onInform(inquiry: Inquiry, now: WallMs): DhcpEffect[] {
    const { request, subnet, host } = inquiry;
    if (request.packet.clientAddress === NO_ADDRESS) return [silent(request, subnet, 'it names no address')];
    const provisioning = this.#boot.provision?.(inquiry);
    const event: DhcpEvent = {
      type: 'dhcp.informed',
      network: subnet.name,
      ...subjectOfRequest(request, host),
      ...familyOf(provisioning),
      address: request.packet.clientAddress,
    };
    const boot = this.#boot.plan(inquiry, now);
    return [tell(event), send(inquiry, { type: 'ACK', yourAddress: NO_ADDRESS, leaseSeconds: undefined, boot, provisioning })];
  }

  /** RFC 1534 §2: what a BOOTP client is given is its for ever, so an address of a pool only where that is wanted. */
  #onBootp(inquiry: Inquiry, now: WallMs): DhcpEffect[] {
    const { request, subnet, reservation } = inquiry;
    if (subnet.bootp === 'off') return [silent(request, subnet, 'BOOTP is off')];
    if (subnet.bootp === 'reserved' && reservation === undefined) return [silent(request, subnet, 'a BOOTP client needs a reservation')];
    return this.#onDiscover(inquiry, now);
  }

  /** True when option 54 names us: a server with several addresses accepts any of them (RFC 2131 §4.1), and what the relay agent calls us (RFC 5107 §4). */
  #isOurs({ serverIdentifier: named, via, relay }: DhcpRequest): boolean {
    if (named === undefined) return false;
    return named === via.server || named === relay?.serverIdentifier || this.#site.subnets.some((subnet) => subnet.own.includes(named));
  }
}

function send(inquiry: Inquiry, answer: Answer): DhcpEffect {
  const { request } = inquiry;
  return {
    do: 'send',
    packet: buildAnswer(inquiry, answer),
    to: destinationOf(answer.type, request, answer.yourAddress),
    via: request.via,
  };
}

function isHeldBy(lease: Lease | undefined, client: ClientKey): lease is Lease {
  return lease !== undefined && lease.client === client && lease.state === 'bound';
}

function silentWithoutSubnet(request: DhcpRequest): DhcpEffect {
  const { relayAddress: relay } = request.packet;
  return relay === NO_ADDRESS
    ? silent(request, undefined, 'no network is configured on this interface')
    : silent(request, undefined, 'no network is configured for this relay agent', { relay });
}
