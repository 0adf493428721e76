/**
 * The DHCP server's rules (RFC 2131 §4.3) without any I/O: a datagram goes in, effects come out. It reads no clock, opens no
 * socket and stores nothing; an ACK exists only after `settled(ticket, 'stored')` said that its lease is durable.
 */
import { type Ipv4, NO_ADDRESS } from '../base/addresses.ts';
import { after, type WallMs } from '../base/clock.ts';
import { invariant } from '../base/result.ts';
import type { DhcpEvent } from '../events/events.ts';
import { Allocator, type Want } from './allocator.ts';
import { type Destination, destinationOf } from './destination.ts';
import { INFINITE_SECONDS, type Lease, NEVER } from './lease.ts';
import { LeaseBook } from './lease-book.ts';
import type { DhcpPacket } from './packet.ts';
import { type Answer, type BootPolicy, buildAnswer, buildNak, serverIdentifierOf } from './reply.ts';
import { type Arrival, type DhcpRequest, kindOfRequest, readRequest } from './request.ts';
import { judgeRequest } from './request-rules.ts';
import { subjectOfLease, subjectOfRequest } from './subjects.ts';
import { type Host, leaseSecondsFor, type Site, type Subnet, subnetOf } from './subnet.ts';

declare const ticketBrand: unique symbol;

/** Stands for a lease on its way to the store. */
export type Ticket = number & { readonly [ticketBrand]: true };

/** What the shell has to do. */
export type DhcpEffect =
  | { readonly do: 'send'; readonly packet: DhcpPacket; readonly to: Destination; readonly via: Arrival }
  | { readonly do: 'commit'; readonly ticket: Ticket; readonly lease: Lease }
  | { readonly do: 'tell'; readonly event: DhcpEvent };

/** How an address stays kept for a client after an OFFER: long enough for all its repeats (RFC 2131 §4.1: 4, 8, 16 s). */
const OFFER_HOLD_MS = 30_000;

interface Pending {
  readonly lease: Lease;
  /** What to do once the lease is durable. */
  readonly stored: (now: WallMs) => DhcpEffect[];
}

export class DhcpEngine {
  readonly #boot: BootPolicy;
  readonly #book = new LeaseBook();
  readonly #pending = new Map<Ticket, Pending>();
  #subnets: readonly Subnet[] = [];
  #hosts: ReadonlyMap<string, Host> = new Map();
  #allocator = new Allocator(this.#book, []);
  #lastTicket = 0;

  constructor(boot: BootPolicy) {
    this.#boot = boot;
  }

  /** What is served from now on; leases and offers stay. Networks come and go with their cables. */
  configure(site: Site): void {
    this.#subnets = site.subnets;
    this.#hosts = new Map(site.hosts.map((host) => [host.mac, host]));
    this.#allocator = new Allocator(this.#book, site.hosts);
  }

  /** Takes up a lease that the store holds; call it for each of them before the first `receive`. */
  restore(lease: Lease, now: WallMs): void {
    this.#book.restore(lease, now);
  }

  /** All records, those of ended leases included. */
  leases(): IterableIterator<Lease> {
    return this.#book.all();
  }

  /** A message came in. */
  receive(packet: DhcpPacket, via: Arrival, now: WallMs): DhcpEffect[] {
    const request = readRequest(packet, via);
    if (!request.ok) return [tell({ type: 'dhcp.dropped', interface: via.interface, reason: request.error })];
    const effects = this.expire(now);
    const subnet = subnetOf(request.value, this.#subnets);
    if (subnet === undefined) return [...effects, silent(request.value, undefined, noSubnetReason(request.value))];
    return [...effects, ...this.#answer(request.value, subnet, now)];
  }

  /** The store has dealt with a `commit`: only now may the client be told. `failed` leaves everything as it was and the client to try again. */
  settled(ticket: Ticket, outcome: 'stored' | 'failed', now: WallMs): DhcpEffect[] {
    const pending = this.#pending.get(ticket);
    invariant(pending !== undefined, 'a ticket was settled that is not open');
    this.#pending.delete(ticket);
    // A declined address is kept from everybody even if that could not be written down: it is in use by a stranger.
    if (outcome === 'failed' && pending.lease.state !== 'declined') {
      this.#book.reject(pending.lease.address);
      return [];
    }
    this.#book.accept(pending.lease.address, now);
    return pending.stored(now);
  }

  /** Ends what has ended by `now`: leases, quarantines, offers. */
  expire(now: WallMs): DhcpEffect[] {
    return this.#book
      .expire(now)
      .filter((lease) => lease.state === 'bound')
      .map((lease) => tell({ type: 'lease.expired', network: lease.network, ...subjectOfLease(lease) }));
  }

  /** When `expire` has something to do; undefined: never. */
  nextDeadline(): WallMs | undefined {
    return this.#book.nextExpiry === NEVER ? undefined : this.#book.nextExpiry;
  }

  /** The operator takes an address back. Empty when there is no lease to take, or one is just being written. */
  release(address: Ipv4, now: WallMs): DhcpEffect[] {
    const lease = this.#book.at(address);
    if (lease === undefined || lease.state === 'released' || this.#book.proposedAt(address) !== undefined) return [];
    return [
      this.#commit({ ...lease, state: 'released', expiresAt: now }, () => [
        tell({ type: 'lease.released', network: lease.network, by: 'operator', ...subjectOfLease(lease) }),
      ]),
    ];
  }

  #answer(request: DhcpRequest, subnet: Subnet, now: WallMs): DhcpEffect[] {
    switch (request.type) {
      case 'DISCOVER':
        return this.#onDiscover(request, subnet, now);
      case 'REQUEST':
        return this.#onRequest(request, subnet, now);
      case 'DECLINE':
        return this.#onDecline(request, subnet, now);
      case 'RELEASE':
        return this.#onRelease(request, subnet, now);
      case 'INFORM':
        return this.#onInform(request, subnet);
      case 'BOOTP':
        return this.#onBootp(request, subnet);
    }
  }

  #onDiscover(request: DhcpRequest, subnet: Subnet, now: WallMs): DhcpEffect[] {
    const want = this.#wantOf(request, subnet);
    const choice = this.#allocator.choose(want, now);
    if (choice === undefined) {
      const size = subnet.pools.reduce((sum, pool) => sum + pool.last - pool.first + 1, 0);
      return [tell({ type: 'pool.exhausted', network: subnet.name, size, ...subjectOfRequest(request) })];
    }
    this.#book.hold({ address: choice.address, network: subnet.name, client: request.client, until: after(now, OFFER_HOLD_MS) });
    const boot = this.#boot.plan(request, subnet, want.host);
    const leaseSeconds = leaseSecondsFor(subnet, request.requestedSeconds);
    const event: DhcpEvent = {
      type: 'dhcp.offered',
      network: subnet.name,
      leaseSeconds,
      bootFile: boot?.file,
      why: boot === undefined ? choice.why : `${choice.why}; ${boot.why}`,
      ...subjectOfRequest(request, want.host),
      address: choice.address,
    };
    return [tell(event), send(request, { type: 'OFFER', yourAddress: choice.address, leaseSeconds, subnet, host: want.host, boot })];
  }

  #onRequest(request: DhcpRequest, subnet: Subnet, now: WallMs): DhcpEffect[] {
    const kind = kindOfRequest(request);
    if (kind === undefined) return [silent(request, subnet, 'it names no address')];
    const want = this.#wantOf(request, subnet);
    if (kind === 'SELECTING' && !this.#isOurs(request)) {
      this.#book.endHold(subnet.name, request.client);
      return [silent(request, subnet, 'it chose another server')];
    }
    const address = kind === 'SELECTING' || kind === 'INIT-REBOOT' ? request.requestedAddress : request.packet.clientAddress;
    if (address === undefined) return [silent(request, subnet, 'it names no address')];
    const verdict = judgeRequest({ kind, address, want, book: this.#book, allocator: this.#allocator, now });
    switch (verdict.say) {
      case 'nothing':
        return [silent(request, subnet, verdict.reason)];
      case 'nak':
        return this.#refuse(request, subnet, address, verdict.reason);
      case 'ack':
        return this.#grant(request, subnet, address, now);
    }
  }

  /** Writes the lease down; the ACK follows when it is durable. */
  #grant(request: DhcpRequest, subnet: Subnet, address: Ipv4, now: WallMs): DhcpEffect[] {
    const { host } = this.#wantOf(request, subnet);
    const before = this.#book.at(address);
    const isRenewal =
      before?.client === request.client && before.network === subnet.name && before.state === 'bound' && before.expiresAt > now;
    const leaseSeconds = leaseSecondsFor(subnet, request.requestedSeconds);
    const lease: Lease = {
      address,
      network: subnet.name,
      client: request.client,
      mac: request.mac,
      hostName: request.hostName ?? (isRenewal ? before.hostName : undefined),
      state: 'bound',
      since: isRenewal ? before.since : now,
      expiresAt: leaseSeconds === INFINITE_SECONDS ? NEVER : after(now, leaseSeconds * 1000),
    };
    const given = this.#book.of(subnet.name, request.client);
    this.#book.endHold(subnet.name, request.client);
    const boot = this.#boot.plan(request, subnet, host);
    const commit = this.#commit(lease, () => [
      tell({
        type: 'lease.bound',
        network: subnet.name,
        leaseSeconds,
        bootFile: boot?.file,
        how: isRenewal ? 'renewed' : 'new',
        ...subjectOfLease(lease, host),
      }),
      send(request, { type: 'ACK', yourAddress: address, leaseSeconds, subnet, host, boot }),
    ]);
    return [...this.#takeBack(given, address, now), commit];
  }

  /** A client has one address in a network: the one it had before goes back when it gets another. */
  #takeBack(given: Lease | undefined, newAddress: Ipv4, now: WallMs): DhcpEffect[] {
    if (given === undefined || given.address === newAddress || given.state !== 'bound' || given.expiresAt <= now) return [];
    if (this.#book.proposedAt(given.address) !== undefined) return [];
    return [this.#commit({ ...given, state: 'released', expiresAt: now }, () => [])];
  }

  #refuse(request: DhcpRequest, subnet: Subnet, asked: Ipv4, reason: string): DhcpEffect[] {
    this.#book.endHold(subnet.name, request.client);
    const packet = buildNak(request, serverIdentifierOf(request), reason);
    const event: DhcpEvent = { type: 'lease.refused', network: subnet.name, asked, reason, ...subjectOfRequest(request) };
    return [tell(event), { do: 'send', packet, to: destinationOf('NAK', request, NO_ADDRESS), via: request.via }];
  }

  /** RFC 2131 §4.3.3: somebody else uses the address. Only who was given it may say so, else one client could empty a pool. */
  #onDecline(request: DhcpRequest, subnet: Subnet, now: WallMs): DhcpEffect[] {
    const address = request.requestedAddress;
    if (address === undefined) return [silent(request, subnet, 'it names no address')];
    if (request.serverIdentifier !== undefined && !this.#isOurs(request)) return [silent(request, subnet, 'it declines another server')];
    const lease = this.#book.at(address);
    const isItsOwn =
      (lease?.client === request.client && lease.state === 'bound') || this.#book.holdAt(address, now)?.client === request.client;
    if (!isItsOwn || this.#book.proposedAt(address) !== undefined)
      return [silent(request, subnet, 'it declines an address that it was not given')];
    this.#book.endHold(subnet.name, request.client);
    const { quarantineSeconds } = subnet;
    const declined: Lease = {
      address,
      network: subnet.name,
      client: request.client,
      mac: request.mac,
      hostName: request.hostName,
      state: 'declined',
      since: now,
      expiresAt: after(now, quarantineSeconds * 1000),
    };
    return [
      this.#commit(declined, () => [
        tell({ type: 'lease.declined', network: subnet.name, quarantineSeconds, ...subjectOfLease(declined) }),
      ]),
    ];
  }

  /** RFC 2131 §4.3.4: no answer, and the record stays, so that the client gets the address again. */
  #onRelease(request: DhcpRequest, subnet: Subnet, now: WallMs): DhcpEffect[] {
    const lease = this.#book.at(request.packet.clientAddress);
    if (lease === undefined || lease.client !== request.client || lease.state !== 'bound')
      return [silent(request, subnet, 'it releases an address that it does not have')];
    if (this.#book.proposedAt(lease.address) !== undefined) return [silent(request, subnet, 'its lease is just being written')];
    return [
      this.#commit({ ...lease, state: 'released', expiresAt: now }, () => [
        tell({ type: 'lease.released', network: lease.network, by: 'client', ...subjectOfLease(lease) }),
      ]),
    ];
  }

  /** RFC 2131 §4.3.5: parameters for an address that the client has from elsewhere; no lease. */
  #onInform(request: DhcpRequest, subnet: Subnet): DhcpEffect[] {
    if (request.packet.clientAddress === NO_ADDRESS) return [silent(request, subnet, 'it names no address')];
    const { host } = this.#wantOf(request, subnet);
    const boot = this.#boot.plan(request, subnet, host);
    const event: DhcpEvent = {
      type: 'dhcp.informed',
      network: subnet.name,
      ...subjectOfRequest(request, host),
      address: request.packet.clientAddress,
    };
    return [tell(event), send(request, { type: 'ACK', yourAddress: NO_ADDRESS, leaseSeconds: undefined, subnet, host, boot })];
  }

  /** RFC 1534 §2: a BOOTP client gets its reservation, which the configuration keeps; never an address of a pool, which would be its for ever. */
  #onBootp(request: DhcpRequest, subnet: Subnet): DhcpEffect[] {
    const want = this.#wantOf(request, subnet);
    const address = this.#allocator.reservationOf(want);
    if (address === undefined) return [silent(request, subnet, 'a BOOTP client needs a reservation')];
    const boot = this.#boot.plan(request, subnet, want.host);
    const event: DhcpEvent = {
      type: 'dhcp.offered',
      network: subnet.name,
      leaseSeconds: INFINITE_SECONDS,
      bootFile: boot?.file,
      why: 'reserved, by BOOTP',
      ...subjectOfRequest(request, want.host),
      address,
    };
    return [
      tell(event),
      send(request, { type: 'BOOTREPLY', yourAddress: address, leaseSeconds: undefined, subnet, host: want.host, boot }),
    ];
  }

  #commit(lease: Lease, stored: Pending['stored']): DhcpEffect {
    this.#book.propose(lease);
    this.#lastTicket += 1;
    const ticket = this.#lastTicket as Ticket;
    this.#pending.set(ticket, { lease, stored });
    return { do: 'commit', ticket, lease };
  }

  #wantOf(request: DhcpRequest, subnet: Subnet): Want {
    const host = request.mac === undefined ? undefined : this.#hosts.get(request.mac);
    return { subnet, client: request.client, host, requested: request.requestedAddress };
  }

  /** True when option 54 names us: a server with several addresses accepts any of them (RFC 2131 §4.1). */
  #isOurs(request: DhcpRequest): boolean {
    const named = request.serverIdentifier;
    return named !== undefined && (named === request.via.server || this.#subnets.some((subnet) => subnet.own.includes(named)));
  }
}

function tell(event: DhcpEvent): DhcpEffect {
  return { do: 'tell', event };
}

function silent(request: DhcpRequest, subnet: Subnet | undefined, reason: string): DhcpEffect {
  return tell({ type: 'dhcp.silent', network: subnet?.name, message: request.type, reason, ...subjectOfRequest(request) });
}

function send(request: DhcpRequest, answer: Answer): DhcpEffect {
  return {
    do: 'send',
    packet: buildAnswer(request, answer),
    to: destinationOf(answer.type, request, answer.yourAddress),
    via: request.via,
  };
}

function noSubnetReason(request: DhcpRequest): string {
  return request.packet.relayAddress === NO_ADDRESS
    ? 'no network is configured on this interface'
    : 'no network is configured for this relay agent';
}
