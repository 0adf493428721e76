/** How much one client may ask for: requests in a second, and transfers at one time. Others do not suffer for it. */
import type { Ipv4 } from '../base/addresses.ts';
import type { MonoMs } from '../base/clock.ts';
import { ClientBuckets } from './client-buckets.ts';

export interface ClientLimitSettings {
  /** Undefined, here and below: no limit. */
  readonly maxTransfersPerClient: number | undefined;
  /** Requests in a second, on average; twice as many at once. */
  readonly maxRequestsPerClient: number | undefined;
}

export class ClientLimits {
  readonly #buckets = new ClientBuckets();
  readonly #transfers = new Map<Ipv4, number>();

  /** Why a request is not let in, for the operator; undefined: it is. */
  refusal(client: Ipv4, { maxTransfersPerClient, maxRequestsPerClient }: ClientLimitSettings, now: MonoMs): string | undefined {
    if (maxRequestsPerClient !== undefined && !this.#buckets.of(client, maxRequestsPerClient, maxRequestsPerClient * 2).tryTake(1, now)) {
      return `it asks more than ${maxRequestsPerClient} times a second (tftp.maxRequestsPerClient)`;
    }
    const running = this.#transfers.get(client) ?? 0;
    if (maxTransfersPerClient === undefined) return undefined;
    return running < maxTransfersPerClient ? undefined : `it has ${running} transfers at one time (tftp.maxTransfersPerClient)`;
  }

  /** A transfer begins. */
  begin(client: Ipv4): void {
    this.#transfers.set(client, (this.#transfers.get(client) ?? 0) + 1);
  }

  /** A transfer that began is over. */
  end(client: Ipv4): void {
    const left = (this.#transfers.get(client) ?? 1) - 1;
    if (left > 0) this.#transfers.set(client, left);
    else this.#transfers.delete(client);
  }
}
