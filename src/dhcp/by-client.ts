/** A map by network and client. */
import type { ClientKey } from './request.ts';

/** Something of each client in each network. The clients' own keys are used: one more text for each of them is memory, and time in every message. */
export class ByClient<Value> {
  readonly #networks = new Map<string, Map<ClientKey, Value>>();

  get(network: string, client: ClientKey): Value | undefined {
    return this.#networks.get(network)?.get(client);
  }

  set(network: string, client: ClientKey, value: Value): void {
    const clients = this.#networks.get(network);
    if (clients === undefined) this.#networks.set(network, new Map([[client, value]]));
    else clients.set(client, value);
  }

  delete(network: string, client: ClientKey): void {
    this.#networks.get(network)?.delete(client);
  }

  /** Of one network, in the order in which they came. */
  of(network: string): Iterable<Value> {
    return this.#networks.get(network)?.values() ?? [];
  }

  *all(): Iterable<Value> {
    for (const clients of this.#networks.values()) yield* clients.values();
  }
}
