/**
 * What machines did with our offers. One that asks again without going on has found nothing in them: it gets an offer of another form, and
 * the form that it takes is kept for it. Reads no clock: the time is handed in.
 */
import type { WallMs } from '../base/clock.ts';

/** Offers of one form that may stay without a REQUEST: a frame can be lost. */
const OFFERS_OF_A_SHAPE = 2;
/** Closer repeats are the same question: a flood, or a frame that came twice. */
const LEAST_GAP_MS = 900;
/** A ROM asks for a minute (RFC 2131 §4.1: 4, 8, 16, 32 s); later it was switched on anew. */
const SAME_TRY_MS = 90_000;
/** A firmware update may change what a machine takes. */
const KEPT_MS = 86_400_000;
/** Machines that are remembered; made-up ones push each other out. */
const MOST_MACHINES = 8192;

interface Seen {
  /** Which of its profile's shapes. */
  shape: number;
  /** Offers of this shape that were not taken. */
  offers: number;
  /** All offers of this try. */
  asked: number;
  at: WallMs;
}

export class FirmwareMemory {
  readonly #machines = new Map<string, Seen>();

  /** A machine gets an offer: in which of its shapes, and which offer of this try it is. @param key of the machine and how it loads. */
  onOffer(key: string, shapes: number, now: WallMs): { readonly shape: number; readonly asked: number } {
    const seen = this.#get(key, now) ?? { shape: 0, offers: 0, asked: 0, at: now };
    const sinceMs = now - seen.at;
    if (sinceMs > SAME_TRY_MS) {
      seen.offers = 0;
      seen.asked = 0;
    }
    if (seen.asked === 0 || sinceMs >= LEAST_GAP_MS) {
      seen.asked += 1;
      seen.offers += 1;
      if (seen.offers > OFFERS_OF_A_SHAPE) {
        seen.shape += 1;
        seen.offers = 1;
      }
      seen.at = now;
    }
    seen.shape %= shapes;
    this.#keep(key, seen);
    return { shape: seen.shape, asked: seen.asked };
  }

  /** It has gone on: what it took is what it gets. */
  onTaken(key: string, shapes: number, now: WallMs): number {
    const seen = this.#get(key, now);
    if (seen === undefined) return 0;
    seen.offers = 0;
    seen.asked = 0;
    seen.at = now;
    return seen.shape % shapes;
  }

  #get(key: string, now: WallMs): Seen | undefined {
    const seen = this.#machines.get(key);
    if (seen === undefined || now - seen.at <= KEPT_MS) return seen;
    this.#machines.delete(key);
    return undefined;
  }

  #keep(key: string, seen: Seen): void {
    this.#machines.delete(key);
    this.#machines.set(key, seen);
    if (this.#machines.size <= MOST_MACHINES) return;
    const [oldest] = this.#machines.keys();
    if (oldest !== undefined) this.#machines.delete(oldest);
  }
}
