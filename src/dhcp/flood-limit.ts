/** Bounds what one client may ask: a loop in somebody's boot script must not take the time of all others. */
import type { WallMs } from '../base/clock.ts';
import type { ClientKey } from './request.ts';

/** Questions that a client may save up, and that it gets anew each second: far beyond any device, and any test bench with few clients. */
const MOST_SAVED = 200;
const PER_SECOND = 100;
/** Clients that are counted at one time. */
const MOST_CLIENTS = 8192;

interface Allowance {
  left: number;
  countedAt: WallMs;
}

export class FloodLimit {
  readonly #allowances = new Map<ClientKey, Allowance>();

  /** True when the client may ask once more. */
  allows(client: ClientKey, now: WallMs): boolean {
    const allowance = this.#allowances.get(client);
    if (allowance === undefined) {
      // Made-up clients push each other out of this map; it is those who repeat themselves that it is for.
      if (this.#allowances.size >= MOST_CLIENTS) this.#allowances.clear();
      this.#allowances.set(client, { left: MOST_SAVED - 1, countedAt: now });
      return true;
    }
    // A clock that was set back gives nothing and takes nothing.
    const gained = Math.max(((now - allowance.countedAt) * PER_SECOND) / 1000, 0);
    allowance.left = Math.min(allowance.left + gained, MOST_SAVED);
    allowance.countedAt = now;
    if (allowance.left < 1) return false;
    allowance.left -= 1;
    return true;
  }
}
