/** Packets that were asked of a thread: they come as news, before the word that the order is done. */
import type { KeptPacket } from './packet-ring.ts';

export class AwaitedPackets {
  readonly #came = new Map<number, readonly KeptPacket[]>();
  #lastRequest = 0;

  /** Gives what comes in answer. @param order gives the order with the number of the request; when that has resolved it is carried out. */
  async ask(order: (request: number) => Promise<unknown>): Promise<readonly KeptPacket[]> {
    this.#lastRequest += 1;
    const request = this.#lastRequest;
    try {
      await order(request);
      return this.#came.get(request) ?? [];
    } finally {
      this.#came.delete(request);
    }
  }

  came({ request, packets }: { readonly request: number; readonly packets: readonly KeptPacket[] }): void {
    this.#came.set(request, packets);
  }
}
