/**
 * Which address a client gets (RFC 2131 §4.3.1): its reservation, what it has, what it is being offered, what it had,
 * what it asks for, one that nobody ever had, the one that has been free the longest.
 */
import { type AddressRange, type Ipv4, ipv4 } from '../base/addresses.ts';
import type { WallMs } from '../base/clock.ts';
import type { HostTable } from './host-table.ts';
import type { Inquiry } from './inquiry.ts';
import { isInForce } from './lease.ts';
import type { LeaseBook } from './lease-book.ts';
import { isInPools } from './subnet.ts';

/** An address and why it is this one, for the log. */
export interface Choice {
  readonly address: Ipv4;
  readonly why: string;
  /** The client has it, or is being offered it: nobody else can be there. */
  readonly isItsOwn: boolean;
}

/** An offer that was not taken up for this long gives way when there is nothing else: a flood of made-up clients must not lock a pool. */
const OFFER_WORTH_MS = 1000;

export class Allocator {
  readonly #book: LeaseBook;
  readonly #hosts: HostTable;
  /** By the pools of a subnet or class: the next address that was never looked at. */
  readonly #fresh = new Map<readonly AddressRange[], FreshWalk>();

  constructor(book: LeaseBook, hosts: HostTable) {
    this.#book = book;
    this.#hosts = hosts;
  }

  /** The address for a DISCOVER that asks for `requested`; undefined when the pools are exhausted. */
  choose(inquiry: Inquiry, requested: Ipv4 | undefined, now: WallMs): Choice | undefined {
    const { subnet, client, reservation } = inquiry;
    const book = this.#book;
    const record = book.of(subnet.name, client);
    const held = record !== undefined && isInForce(record, now) ? record.address : undefined;
    // A reservation that somebody still holds is not given twice; until it is free the pool serves.
    if (reservation !== undefined && book.isFreeFor(subnet.name, client, reservation, now)) {
      return { address: reservation, why: 'reserved', isItsOwn: held === reservation };
    }
    const has = (address: Ipv4 | undefined): address is Ipv4 => address !== undefined && this.mayHave(inquiry, address, now);
    if (has(held)) return { address: held, why: 'its own lease', isItsOwn: true };
    const offered = book.holdOf(subnet.name, client, now)?.address;
    if (has(offered)) return { address: offered, why: 'on offer to it', isItsOwn: true };
    // Who was here before goes before a stranger who was only offered the address.
    if (record !== undefined) book.endHoldOfStranger(record.address);
    if (has(record?.address)) return { address: record.address, why: 'its previous address', isItsOwn: false };
    if (has(requested)) return { address: requested, why: 'the address it asked for', isItsOwn: false };
    return this.#anyFree(inquiry, now);
  }

  /** True when this client may be given, or keep, this address: reserved for it, or from its pools and reserved for nobody, and no other has it. */
  mayHave(inquiry: Inquiry, address: Ipv4, now: WallMs): boolean {
    const { subnet, client, reservation } = inquiry;
    const isFree = (one: Ipv4): boolean => this.#book.isFreeFor(subnet.name, client, one, now);
    if (reservation === address) return isFree(address);
    if (reservation !== undefined && isFree(reservation)) return false;
    return this.#isForPool(inquiry, address) && isFree(address);
  }

  #anyFree(inquiry: Inquiry, now: WallMs): Choice | undefined {
    const { subnet, client, pools } = inquiry;
    const book = this.#book;
    const fits = (address: Ipv4): boolean => this.#isForPool(inquiry, address) && book.isFreeFor(subnet.name, client, address, now);
    const fresh = this.#walk(pools).next((address) => book.at(address) === undefined && fits(address));
    if (fresh !== undefined) return { address: fresh, why: 'a new address', isItsOwn: false };
    const returned = book.longestReturned(subnet.name, fits);
    if (returned !== undefined) return { address: returned, why: 'the address free for longest', isItsOwn: false };
    const unclaimed = book.longestOffered(subnet.name, now - OFFER_WORTH_MS, (address) => this.#isForPool(inquiry, address));
    if (unclaimed === undefined) return undefined;
    book.endHold(subnet.name, unclaimed.client);
    return { address: unclaimed.address, why: 'an offer that nobody took up', isItsOwn: false };
  }

  #isForPool({ pools, subnet, host }: Inquiry, address: Ipv4): boolean {
    if (!isInPools(pools, address) || subnet.own.includes(address)) return false;
    const reservedFor = this.#hosts.reservedAt(address);
    return reservedFor === undefined || reservedFor === host;
  }

  #walk(pools: readonly AddressRange[]): FreshWalk {
    let walk = this.#fresh.get(pools);
    if (walk === undefined) {
      walk = new FreshWalk(pools);
      this.#fresh.set(pools, walk);
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
