/**
 * Who sends next where the bandwidth is bounded. Clients take turns of the same size, so one with long windows or many transfers does not keep
 * the others waiting, and within a client its transfers take turns. A client that has used up its own rate is passed over.
 */
import type { Ipv4 } from '../base/addresses.ts';
import type { MonoMs } from '../base/clock.ts';
import { Bandwidth, type BandwidthSettings } from './bandwidth.ts';

/** A transfer whose blocks wait for their turn. */
export interface Waiting {
  readonly client: Ipv4;
  /** It has blocks to send. */
  readonly isDue: boolean;
  /** Sends blocks of `octets` octets together at most, or one. Returns the octets that went. */
  sendTurn(octets: number): number;
}

/** Octets of a turn: a block of a frame, or a few small ones. */
const TURN_OCTETS = 2048;

export class FairTurns {
  readonly #bandwidth: Bandwidth;
  /** Transfers by client; the client that waits longest is the first. */
  readonly #waiting = new Map<Ipv4, Set<Waiting>>();
  /** Before this moment none of those may go that have waited since the last run; undefined: nobody waits. */
  #nextAt: MonoMs | undefined;
  /** That is because all together have used up what there is. */
  #isUsedUp = false;

  constructor(settings: BandwidthSettings) {
    this.#bandwidth = new Bandwidth(settings);
  }

  /** Goes by these rates from here on. */
  adopt(settings: BandwidthSettings): void {
    this.#bandwidth.adopt(settings);
  }

  /** The transfer has blocks to send: they go now, as far as they may and nobody waits for the same; the rest in its turn. As `run` says. */
  add(transfer: Waiting, now: MonoMs): MonoMs | undefined {
    const { client } = transfer;
    const ofClient = this.#waiting.get(client);
    if (ofClient === undefined) this.#waiting.set(client, new Set([transfer]));
    else ofClient.add(transfer);
    if (this.#nextAt === undefined || now >= this.#nextAt) return this.run(now);
    // The others need not be looked at: this is asked for every ACK.
    while (!this.#isUsedUp) {
      const transfers = this.#waiting.get(client);
      const own = this.#bandwidth.clientReadyAt(client, now);
      if (transfers === undefined) break;
      if (own > now) {
        this.#nextAt = earlier(this.#nextAt, own);
        break;
      }
      this.#giveTurn(client, transfers, now);
      this.#look(now);
    }
    return this.#nextAt;
  }

  /** Gives all turns that may be taken at `now`, and says when the next one may be; undefined when nobody waits. */
  run(now: MonoMs): MonoMs | undefined {
    this.#nextAt = undefined;
    this.#isUsedUp = false;
    this.#look(now);
    // Who still waits after its turn is put at the end, and comes again in this loop.
    for (const [client, transfers] of this.#waiting) {
      if (this.#isUsedUp) break;
      const own = this.#bandwidth.clientReadyAt(client, now);
      if (own > now) this.#nextAt = earlier(this.#nextAt, own);
      else {
        this.#giveTurn(client, transfers, now);
        this.#look(now);
      }
    }
    if (this.#waiting.size === 0) this.#nextAt = undefined;
    return this.#nextAt;
  }

  /** Finds out whether anybody may go. */
  #look(now: MonoMs): void {
    const total = this.#bandwidth.readyAt(now);
    if (total <= now) return;
    this.#isUsedUp = true;
    this.#nextAt = earlier(this.#nextAt, total);
  }

  #giveTurn(client: Ipv4, transfers: Set<Waiting>, now: MonoMs): void {
    const [transfer] = transfers;
    if (transfer !== undefined) {
      transfers.delete(transfer);
      // It may have ended while it waited.
      if (transfer.isDue) this.#bandwidth.take(client, transfer.sendTurn(TURN_OCTETS), now);
      if (transfer.isDue) transfers.add(transfer);
    }
    this.#waiting.delete(client);
    if (transfers.size > 0) this.#waiting.set(client, transfers);
  }
}

function earlier(one: MonoMs | undefined, other: MonoMs): MonoMs {
  return one === undefined || other < one ? other : one;
}
