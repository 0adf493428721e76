/**
 * Who has which address, in a thread that does not hear of every lease: asked once for each client, and told of every change from then on.
 */
import type { Ipv4 } from '../base/addresses.ts';
import type { Subject } from '../events/events.ts';

/** Clients that are remembered; the one that was asked about first is forgotten first. */
const MOST = 65_536;

export class KnownHolders {
  readonly #ask: (address: Ipv4) => void;
  readonly #known = new Map<Ipv4, Subject>();
  readonly #waiting = new Map<Ipv4, PromiseWithResolvers<Subject>>();

  /** @param ask asks; the answer comes by `learn`. */
  constructor(ask: (address: Ipv4) => void) {
    this.#ask = ask;
  }

  /** At once after the first time. */
  whoHas(address: Ipv4): Subject | Promise<Subject> {
    const known = this.#known.get(address);
    if (known !== undefined) return known;
    let waiting = this.#waiting.get(address);
    if (waiting === undefined) {
      waiting = Promise.withResolvers();
      this.#waiting.set(address, waiting);
      this.#ask(address);
    }
    return waiting.promise;
  }

  learn(address: Ipv4, holder: Subject): void {
    // It goes with every event of its transfers: what is not known need not be carried.
    const known = Object.fromEntries(Object.entries(holder).filter(([, value]) => value !== undefined)) as Subject;
    this.#known.set(address, known);
    this.#waiting.get(address)?.resolve(known);
    this.#waiting.delete(address);
    if (this.#known.size <= MOST) return;
    const oldest = this.#known.keys().next();
    if (oldest.done !== true) this.#known.delete(oldest.value);
  }
}
