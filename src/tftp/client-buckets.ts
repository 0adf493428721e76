/** A token bucket for each client, as long as it is heard of. */
import type { Ipv4 } from '../base/addresses.ts';
import { TokenBucket } from './token-bucket.ts';

/** Clients that are remembered. Who invents more addresses than that finds every bucket full, and meets the limits for all together. */
const MOST_CLIENTS = 8_192;

export class ClientBuckets {
  /** The one heard of last is the last. */
  readonly #buckets = new Map<Ipv4, TokenBucket>();

  /** The client's bucket; a new one when it has another rate than before. */
  of(client: Ipv4, perSecond: number, burst?: number): TokenBucket {
    const known = this.#buckets.get(client);
    if (known !== undefined) this.#buckets.delete(client);
    const bucket = known?.perSecond === perSecond ? known : new TokenBucket(perSecond, burst);
    this.#buckets.set(client, bucket);
    const [oldest] = this.#buckets.size > MOST_CLIENTS ? this.#buckets.keys() : [];
    if (oldest !== undefined) this.#buckets.delete(oldest);
    return bucket;
  }
}
