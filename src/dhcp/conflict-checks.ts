/**
 * Which addresses have to be looked for on the wire before they are offered, and which offers wait for that (RFC 2131 §2.2, RFC 5227).
 * An address that was free a moment ago is not asked for again.
 */
import type { Ipv4 } from '../base/addresses.ts';
import { after, type WallMs } from '../base/clock.ts';
import type { Choice } from './allocator.ts';
import type { DhcpEffect, ProbeId } from './effects.ts';
import type { Inquiry } from './inquiry.ts';
import type { ClientKey } from './request.ts';

/** An offer that waits until its address was looked for. */
export interface Waiting {
  readonly inquiry: Inquiry;
  readonly choice: Choice;
  /** How many addresses were looked for before this one, for the same question. */
  readonly tries: number;
}

/** An address that nobody answered for stays believed for this long. */
const FRESH_MS = 5 * 60_000;
/** Addresses remembered as fresh; beyond it the longest known are forgotten, and asked for again. */
const MOST_FRESH = 65_536;
/** Offers that may wait at one time; beyond it addresses are offered unseen, as a client that waits too long is worse off. */
const MOST_WAITING = 4096;

export class ConflictChecks {
  readonly #waiting = new Map<ProbeId, Waiting>();
  readonly #waitingClients = new Set<string>();
  readonly #freshUntil = new Map<Ipv4, WallMs>();
  #lastId = 0;

  /** True when this address has to be looked for before it is offered to this client. */
  isNeeded({ request, subnet }: Inquiry, choice: Choice, now: WallMs): boolean {
    // Behind a relay agent nobody hears our ARP.
    if (!subnet.checksConflicts || choice.isItsOwn || request.packet.relayAddress !== 0 || subnet.interface !== request.via.interface)
      return false;
    return (this.#freshUntil.get(choice.address) ?? 0) <= now && this.#waiting.size < MOST_WAITING;
  }

  /** True while an offer to this client waits. */
  isWaiting(network: string, client: ClientKey): boolean {
    return this.#waitingClients.size > 0 && this.#waitingClients.has(`${network}\n${client}`);
  }

  begin(waiting: Waiting): DhcpEffect {
    this.#lastId += 1;
    const id = this.#lastId as ProbeId;
    this.#waiting.set(id, waiting);
    this.#waitingClients.add(keyOf(waiting));
    return { do: 'probe', id, address: waiting.choice.address, interface: waiting.inquiry.request.via.interface };
  }

  /** What waited for this probe; undefined when nothing does any more. */
  end(id: ProbeId): Waiting | undefined {
    const waiting = this.#waiting.get(id);
    if (waiting === undefined) return undefined;
    this.#waiting.delete(id);
    this.#waitingClients.delete(keyOf(waiting));
    return waiting;
  }

  /** Nobody answered for the address, or its client has just left it. */
  noteFresh(address: Ipv4, now: WallMs): void {
    this.#freshUntil.delete(address);
    this.#freshUntil.set(address, after(now, FRESH_MS));
    if (this.#freshUntil.size <= MOST_FRESH) return;
    const longestKnown = this.#freshUntil.keys().next();
    if (longestKnown.done !== true) this.#freshUntil.delete(longestKnown.value);
  }

  /** Somebody is there. */
  noteUsed(address: Ipv4): void {
    this.#freshUntil.delete(address);
  }
}

function keyOf({ inquiry }: Waiting): string {
  return `${inquiry.subnet.name}\n${inquiry.client}`;
}
