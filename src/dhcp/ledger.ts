/**
 * The lease book and what is on its way to the store. Every change of a lease goes through here: it is proposed in the book,
 * committed as an effect, and takes effect when the store has it.
 */
import type { WallMs } from '../base/clock.ts';
import { invariant } from '../base/result.ts';
import type { DhcpEffect, Ticket } from './effects.ts';
import type { Lease } from './lease.ts';
import { LeaseBook } from './lease-book.ts';

/** What follows when a lease is durable. */
type Stored = (now: WallMs) => DhcpEffect[];

export class Ledger {
  readonly book = new LeaseBook();
  readonly #pending = new Map<Ticket, { readonly lease: Lease; readonly stored: Stored }>();
  #lastTicket = 0;

  /** Leases on their way to the store. */
  get pending(): number {
    return this.#pending.size;
  }

  commit(lease: Lease, stored: Stored): DhcpEffect {
    this.book.propose(lease);
    this.#lastTicket += 1;
    const ticket = this.#lastTicket as Ticket;
    this.#pending.set(ticket, { lease, stored });
    return { do: 'commit', ticket, lease };
  }

  /** The store has dealt with a `commit`. `failed` leaves everything as it was, and the client to try again. */
  settled(ticket: Ticket, outcome: 'stored' | 'failed', now: WallMs): DhcpEffect[] {
    const pending = this.#pending.get(ticket);
    invariant(pending !== undefined, 'a ticket was settled that is not open');
    this.#pending.delete(ticket);
    // A declined address is kept from everybody even if that could not be written down: it is in use by a stranger.
    if (outcome === 'failed' && pending.lease.state !== 'declined') {
      this.book.reject(pending.lease.address);
      return [];
    }
    this.book.accept(pending.lease.address, now);
    return pending.stored(now);
  }
}
