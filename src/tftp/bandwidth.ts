/** How fast files go out: all together, and to each client. */
import type { Ipv4 } from '../base/addresses.ts';
import type { MonoMs } from '../base/clock.ts';
import { ClientBuckets } from './client-buckets.ts';
import { TokenBucket } from './token-bucket.ts';

/** Octets a second; undefined: as fast as it goes. */
export interface BandwidthSettings {
  readonly bandwidth: number | undefined;
  readonly bandwidthPerClient: number | undefined;
}

/** True where anything is to wait at all. */
export function isBounded({ bandwidth, bandwidthPerClient }: BandwidthSettings): boolean {
  return bandwidth !== undefined || bandwidthPerClient !== undefined;
}

export class Bandwidth {
  #perClient: number | undefined;
  #total: TokenBucket | undefined;
  readonly #clients = new ClientBuckets();

  constructor(settings: BandwidthSettings) {
    this.adopt(settings);
  }

  /** Goes by these rates from here on. What was used of a rate that stays still counts. */
  adopt({ bandwidth, bandwidthPerClient }: BandwidthSettings): void {
    this.#perClient = bandwidthPerClient;
    if (bandwidth !== this.#total?.perSecond) this.#total = bandwidth === undefined ? undefined : new TokenBucket(bandwidth);
  }

  /** When something may go to anybody: `now`, or a later moment. */
  readyAt(now: MonoMs): MonoMs {
    return this.#total?.take(0, now) ?? now;
  }

  /** When `client` has used up no more than its own rate: `now`, or a later moment. */
  clientReadyAt(client: Ipv4, now: MonoMs): MonoMs {
    return this.#perClient === undefined ? now : this.#clients.of(client, this.#perClient).take(0, now);
  }

  /** Counts `octets` that went to `client`. They may be more than there was: then all wait for longer. */
  take(client: Ipv4, octets: number, now: MonoMs): void {
    this.#total?.take(octets, now);
    if (this.#perClient !== undefined) this.#clients.of(client, this.#perClient).take(octets, now);
  }
}
