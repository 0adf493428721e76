/**
 * The leases in memory: the truth for choosing an address. What is promised to a client is in the store first; until then a
 * change is *proposed* here, and the address is nobody else's. One record an address, one address a client and network.
 */
import type { Ipv4 } from '../base/addresses.ts';
import { after, type WallMs } from '../base/clock.ts';
import { invariant } from '../base/result.ts';
import { ByClient } from './by-client.ts';
import { isInForce, type Lease, NEVER } from './lease.ts';
import type { ClientKey } from './request.ts';

/** An address on offer: nobody else gets it before `until`. */
export interface Hold {
  readonly address: Ipv4;
  readonly network: string;
  readonly client: ClientKey;
  readonly since: WallMs;
  readonly until: WallMs;
}

/** How many addresses of a network are somebody's now. */
export interface Occupancy {
  readonly network: string;
  /** Leases in force. */
  readonly bound: number;
  /** Addresses that rest because somebody else uses them. */
  readonly quarantined: number;
}

/** How long a lease that ends while its renewal is being stored waits for the store. */
const SETTLING_MS = 1000;

export class LeaseBook {
  readonly #byAddress = new Map<Ipv4, Lease>();
  readonly #byClient = new ByClient<Ipv4>();
  readonly #holdByAddress = new Map<Ipv4, Hold>();
  readonly #holdByClient = new ByClient<Hold>();
  readonly #proposed = new Map<Ipv4, Lease>();
  /** Addresses whose lease or quarantine is running. */
  readonly #inForce = new Set<Ipv4>();
  /** How many of those there are, by network. */
  readonly #counts = new Map<string, { bound: number; quarantined: number }>();
  /** By network: addresses that were somebody's and are free again, longest free first. */
  readonly #returned = new Map<string, Set<Ipv4>>();
  #nextExpiry: WallMs = NEVER;

  /** Records what the store holds; called once for each of its leases, before anything else. */
  restore(lease: Lease, now: WallMs): void {
    this.#byAddress.set(lease.address, lease);
    // A client leaves a record at each address that it ever had here: the latest is the one to come back to.
    const known = this.of(lease.network, lease.client);
    if (lease.state !== 'declined' && (known === undefined || isLater(lease, known, now)))
      this.#byClient.set(lease.network, lease.client, lease.address);
    this.#place(lease, now);
  }

  /** Number of records, those of ended leases included. */
  get size(): number {
    return this.#byAddress.size;
  }

  /** Of each network that ever had a lease; kept as leases come and go, so that to ask costs nothing. */
  occupancy(): readonly Occupancy[] {
    return Array.from(this.#counts, ([network, counts]) => ({ network, ...counts }));
  }

  /** All records, in no particular order. */
  all(): IterableIterator<Lease> {
    return this.#byAddress.values();
  }

  at(address: Ipv4): Lease | undefined {
    return this.#byAddress.get(address);
  }

  /** The latest record of a client in a network, in force or not. */
  of(network: string, client: ClientKey): Lease | undefined {
    const address = this.#byClient.get(network, client);
    const lease = address === undefined ? undefined : this.#byAddress.get(address);
    return lease !== undefined && lease.client === client && lease.state !== 'declined' ? lease : undefined;
  }

  /** The change of this address that is on its way to the store. */
  proposedAt(address: Ipv4): Lease | undefined {
    return this.#proposed.get(address);
  }

  holdOf(network: string, client: ClientKey, now: WallMs): Hold | undefined {
    const hold = this.#holdByClient.get(network, client);
    return hold !== undefined && hold.until > now ? hold : undefined;
  }

  holdAt(address: Ipv4, now: WallMs): Hold | undefined {
    const hold = this.#holdByAddress.get(address);
    return hold !== undefined && hold.until > now ? hold : undefined;
  }

  /** True when `client` may be given `address`: no other has it, is being offered it or is just getting it. */
  isFreeFor(network: string, client: ClientKey, address: Ipv4, now: WallMs): boolean {
    const proposed = this.#proposed.get(address);
    if (proposed !== undefined) return proposed.client === client && proposed.network === network && proposed.state === 'bound';
    const lease = this.#byAddress.get(address);
    if (
      lease !== undefined &&
      isInForce(lease, now) &&
      (lease.client !== client || lease.network !== network || lease.state === 'declined')
    )
      return false;
    const hold = this.holdAt(address, now);
    return hold === undefined || (hold.client === client && hold.network === network);
  }

  /** Keeps an address for a client; the client's earlier hold in this network ends. */
  hold(hold: Hold): void {
    this.endHold(hold.network, hold.client);
    this.#holdByAddress.set(hold.address, hold);
    this.#holdByClient.set(hold.network, hold.client, hold);
    this.#returnedTo(hold.network).delete(hold.address);
    this.#expectExpiry(hold.until);
  }

  /** Ends a client's hold, if it has one. */
  endHold(network: string, client: ClientKey): void {
    const hold = this.#holdByClient.get(network, client);
    if (hold === undefined) return;
    this.#holdByClient.delete(network, client);
    this.#holdByAddress.delete(hold.address);
    this.#returnIfFree(hold.network, hold.address);
  }

  /** Ends the hold at an address when its client has no record in the network: it is not known here. */
  endHoldOfStranger(address: Ipv4): void {
    const hold = this.#holdByAddress.get(address);
    if (hold !== undefined && this.of(hold.network, hold.client) === undefined) this.endHold(hold.network, hold.client);
  }

  /** The oldest offer of a network to a client without a record, made before `madeBefore`, whose address passes `fits`. */
  longestOffered(network: string, madeBefore: number, fits: (address: Ipv4) => boolean): Hold | undefined {
    // In the order in which they were made: where one is too young, all that follow are.
    for (const hold of this.#holdByClient.of(network)) {
      if (hold.since > madeBefore) return undefined;
      if (this.of(network, hold.client) === undefined && fits(hold.address)) return hold;
    }
    return undefined;
  }

  /** All records with this MAC or identifier in any network, in force or not. */
  *ofDevice(isIt: (lease: Lease) => boolean): IterableIterator<Lease> {
    for (const lease of this.#byAddress.values()) if (lease.state !== 'declined' && isIt(lease)) yield lease;
  }

  /** The device was known by another key until now: its record is taken up under the new one, unless that has one of its own. */
  rename(network: string, former: ClientKey, client: ClientKey): void {
    const lease = this.of(network, former);
    if (lease === undefined || this.#proposed.has(lease.address) || this.of(network, client) !== undefined) return;
    this.#forget(lease);
    this.#byAddress.set(lease.address, { ...lease, client });
    this.#byClient.set(network, client, lease.address);
  }

  /** Announces a change that goes to the store. */
  propose(lease: Lease): void {
    invariant(!this.#proposed.has(lease.address), 'two changes of one address on their way to the store');
    this.#proposed.set(lease.address, lease);
    this.#returnedTo(lease.network).delete(lease.address);
  }

  /** The proposed change is in the store: it is the record now. */
  accept(address: Ipv4, now: WallMs): void {
    const lease = this.#proposed.get(address);
    invariant(lease !== undefined, 'a change was accepted that nobody proposed');
    this.#proposed.delete(address);
    const before = this.#byAddress.get(address);
    if (before !== undefined) {
      this.#forget(before);
      this.#end(before);
    }
    this.#byAddress.set(address, lease);
    if (lease.state !== 'declined') this.#byClient.set(lease.network, lease.client, address);
    this.#place(lease, now);
  }

  /** The proposed change did not reach the store: as if it had never been. */
  reject(address: Ipv4): void {
    const proposed = this.#proposed.get(address);
    invariant(proposed !== undefined, 'a change was rejected that nobody proposed');
    this.#proposed.delete(address);
    this.#returnIfFree(proposed.network, address);
  }

  /** The address of a network that has been free the longest and passes `fits`; undefined when there is none. */
  longestReturned(network: string, fits: (address: Ipv4) => boolean): Ipv4 | undefined {
    for (const address of this.#returnedTo(network)) if (fits(address)) return address;
    return undefined;
  }

  /** When `expire` has something to do. */
  get nextExpiry(): WallMs {
    return this.#nextExpiry;
  }

  /** Returns what ended by `now` to the free addresses and tells which leases and quarantines those were. */
  expire(now: WallMs): readonly Lease[] {
    if (this.#nextExpiry > now) return [];
    const ended: Lease[] = [];
    this.#nextExpiry = NEVER;
    for (const hold of this.#holdByClient.all()) {
      if (hold.until <= now) this.endHold(hold.network, hold.client);
      else this.#expectExpiry(hold.until);
    }
    for (const address of this.#inForce) {
      const lease = this.#byAddress.get(address);
      invariant(lease !== undefined, 'an address in force without a record');
      if (lease.expiresAt > now) this.#expectExpiry(lease.expiresAt);
      // Its renewal is on the way to the store: that decides, in a moment.
      else if (this.#proposed.has(address)) this.#expectExpiry(after(now, SETTLING_MS));
      else {
        this.#end(lease);
        this.#returnIfFree(lease.network, address);
        ended.push(lease);
      }
    }
    return ended;
  }

  /** Files a record, the address of which no other has any more, among the running or the returned addresses. */
  #place(lease: Lease, now: WallMs): void {
    if (isInForce(lease, now)) {
      this.#inForce.add(lease.address);
      this.#count(lease, 1);
      this.#expectExpiry(lease.expiresAt);
    } else this.#returnIfFree(lease.network, lease.address);
  }

  /** The record is not in force any more, if it was. */
  #end(lease: Lease): void {
    if (this.#inForce.delete(lease.address)) this.#count(lease, -1);
  }

  #count({ network, state }: Lease, by: 1 | -1): void {
    let counts = this.#counts.get(network);
    if (counts === undefined) {
      counts = { bound: 0, quarantined: 0 };
      this.#counts.set(network, counts);
    }
    if (state === 'declined') counts.quarantined += by;
    else counts.bound += by;
  }

  #forget(lease: Lease): void {
    const { network, client, address } = lease;
    if (this.#byClient.get(network, client) === address) this.#byClient.delete(network, client);
  }

  #returnIfFree(network: string, address: Ipv4): void {
    if (!this.#proposed.has(address) && !this.#inForce.has(address) && !this.#holdByAddress.has(address))
      this.#returnedTo(network).add(address);
  }

  #returnedTo(network: string): Set<Ipv4> {
    let returned = this.#returned.get(network);
    if (returned === undefined) {
      returned = new Set();
      this.#returned.set(network, returned);
    }
    return returned;
  }

  #expectExpiry(at: WallMs): void {
    if (at < this.#nextExpiry) this.#nextExpiry = at;
  }
}

/** Of two records of one client: the one in force, else the one that began later. */
function isLater(lease: Lease, known: Lease, now: WallMs): boolean {
  const inForce = isInForce(lease, now);
  return inForce === isInForce(known, now) ? lease.since > known.since : inForce;
}
