/** How fast files go out: all together, and to each client. */
import type { Ipv4 } from '../base/addresses.ts';
import { type MonoMs, monoMs } from '../base/clock.ts';
import { ClientBuckets } from './client-buckets.ts';
import { TokenBucket } from './token-bucket.ts';

/** Octets a second; undefined: as fast as it goes. */
export interface BandwidthSettings {
  readonly bandwidth: number | undefined;
  readonly bandwidthPerClient: number | undefined;
}

export class Bandwidth {
  readonly #perClient: number | undefined;
  readonly #total: TokenBucket | undefined;
  readonly #clients = new ClientBuckets();

  constructor({ bandwidth, bandwidthPerClient }: BandwidthSettings) {
    this.#total = bandwidth === undefined ? undefined : new TokenBucket(bandwidth);
    this.#perClient = bandwidthPerClient;
  }

  /** Counts `octets` that are for `client`, and says when they may go: `now`, or a later moment. */
  take(client: Ipv4, octets: number, now: MonoMs): MonoMs {
    const total = this.#total?.take(octets, now) ?? now;
    const own = this.#perClient === undefined ? now : this.#clients.of(client, this.#perClient).take(octets, now);
    return monoMs(Math.max(total, own));
  }
}
