/**
 * Which address a client gets (RFC 2131 §4.3.1): its reservation, what it has, what it is being offered, what it had,
 * what it asks for, one that nobody ever had, the one that has been free the longest.
 */
import { type AddressRange, type Ipv4, ipv4, isInside } from '../base/addresses.ts';
import type { WallMs } from '../base/clock.ts';
import { isInForce } from './lease.ts';
import type { LeaseBook } from './lease-book.ts';
import type { ClientKey } from './request.ts';
import { type Host, isInPool, type Subnet } from './subnet.ts';

/** Who wants an address, and what for. */
export interface Want {
  readonly subnet: Subnet;
  readonly client: ClientKey;
  /** What the configuration says of this client. */
  readonly host: Host | undefined;
  readonly requested: Ipv4 | undefined;
}

/** An address and why it is this one, for the log. */
export interface Choice {
  readonly address: Ipv4;
  readonly why: string;
}

export class Allocator {
  readonly #book: LeaseBook;
  readonly #reserved: ReadonlyMap<Ipv4, Host>;
  /** By subnet: the next address of its pools that was never looked at. */
  readonly #fresh = new Map<string, FreshWalk>();

  constructor(book: LeaseBook, hosts: readonly Host[]) {
    this.#book = book;
    this.#reserved = new Map(hosts.flatMap((host) => (host.address === undefined ? [] : [[host.address, host] as const])));
  }

  /** The address for a DISCOVER; undefined when the pools are exhausted. */
  choose(want: Want, now: WallMs): Choice | undefined {
    const { subnet, client, host } = want;
    const reservation = this.reservationOf(want);
    // A reservation that somebody still holds is not given twice; until it is free the pool serves.
    if (reservation !== undefined && this.#book.isFreeFor(subnet.name, client, reservation, now))
      return { address: reservation, why: 'reserved' };

    const record = this.#book.of(subnet.name, client);
    if (record !== undefined && isInForce(record, now) && this.mayHave(want, record.address, now))
      return { address: record.address, why: 'its own lease' };
    const hold = this.#book.holdOf(subnet.name, client, now);
    if (hold !== undefined && this.mayHave(want, hold.address, now)) return { address: hold.address, why: 'on offer to it' };
    if (record !== undefined && this.mayHave(want, record.address, now)) return { address: record.address, why: 'its previous address' };
    if (want.requested !== undefined && this.mayHave(want, want.requested, now))
      return { address: want.requested, why: 'the address it asked for' };

    const fits = (address: Ipv4) => this.#isForPool(subnet, address, host) && this.#book.isFreeFor(subnet.name, client, address, now);
    const fresh = this.#walk(subnet).next((address) => this.#book.at(address) === undefined && fits(address));
    if (fresh !== undefined) return { address: fresh, why: 'a new address' };
    const returned = this.#book.longestReturned(subnet.name, fits);
    return returned === undefined ? undefined : { address: returned, why: 'the address free for longest' };
  }

  /** True when this client may be given, or keep, this address: reserved for it, or from a pool and reserved for nobody, and no other has it. */
  mayHave(want: Want, address: Ipv4, now: WallMs): boolean {
    const reservation = this.reservationOf(want);
    if (reservation !== undefined && reservation !== address && this.#book.isFreeFor(want.subnet.name, want.client, reservation, now))
      return false;
    const isItsOwn = reservation === address;
    return (
      (isItsOwn || this.#isForPool(want.subnet, address, want.host)) && this.#book.isFreeFor(want.subnet.name, want.client, address, now)
    );
  }

  /** The address reserved for the client in this subnet. */
  reservationOf(want: Want): Ipv4 | undefined {
    const address = want.host?.address;
    return address !== undefined && isInside(want.subnet.network, address) ? address : undefined;
  }

  #isForPool(subnet: Subnet, address: Ipv4, host: Host | undefined): boolean {
    if (!isInPool(subnet, address) || subnet.own.includes(address)) return false;
    const reservedFor = this.#reserved.get(address);
    return reservedFor === undefined || reservedFor === host;
  }

  #walk(subnet: Subnet): FreshWalk {
    let walk = this.#fresh.get(subnet.name);
    if (walk === undefined) {
      walk = new FreshWalk(subnet.pools);
      this.#fresh.set(subnet.name, walk);
    }
    return walk;
  }
}

/** Walks over pools once, from the first address to the last. What it passes has, had or is about to have an owner, and comes back through the book. */
class FreshWalk {
  readonly #pools: readonly AddressRange[];
  #pool = 0;
  #offset = 0;

  constructor(pools: readonly AddressRange[]) {
    this.#pools = pools;
  }

  next(isFresh: (address: Ipv4) => boolean): Ipv4 | undefined {
    for (let pool = this.#pools[this.#pool]; pool !== undefined; pool = this.#pools[this.#pool]) {
      while (pool.first + this.#offset <= pool.last) {
        const address = ipv4(pool.first + this.#offset);
        this.#offset += 1;
        if (isFresh(address)) return address;
      }
      this.#pool += 1;
      this.#offset = 0;
    }
    return undefined;
  }
}
