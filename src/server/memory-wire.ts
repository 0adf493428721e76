/** Sockets in memory, for a server and clients that are only played. */
import { type Ipv4, ipv4 } from '../base/addresses.ts';
import type { Endpoint, SharedListener, SharedPort, SharedSockets, UdpOptions } from '../net/ports.ts';

/** Where they are, in turn: V8 tells small numbers from large ones. RFC 2544 keeps 198.18.0.0/15 for tests; of neither anything leaves the process. */
const SMALL_ADDRESSES = ipv4(0x0a12_0000);
const LARGE_ADDRESSES = ipv4(0xc612_0000);

/** The wire between them, where the kernel's part costs nothing. A socket is known by its port alone. */
export class MemoryWire implements SharedSockets {
  readonly #listeners = new Map<number, SharedListener>();
  #onItsWay: (() => void)[] = [];
  #lastPort = 0;

  async openShared(_options: UdpOptions): Promise<SharedPort> {
    this.#lastPort += 1;
    const base = this.#lastPort % 2 === 0 ? SMALL_ADDRESSES : LARGE_ADDRESSES;
    const local: Endpoint = { address: ipv4(base + this.#lastPort), port: this.#lastPort };
    const send = (octets: Uint8Array, _address: Ipv4, port: number): void => {
      const copy = octets.slice();
      this.#carry(() => this.#listeners.get(port)?.(copy, local.address, local.port));
    };
    return {
      local,
      onDatagram: (listener) => this.#listeners.set(local.port, listener),
      onFault: () => {},
      send,
      sendRun({ octets: memory }, at, octets, stride, address, port) {
        for (let from = at; from < at + octets; from += stride)
          send(memory.subarray(from, Math.min(from + stride, at + octets)), address, port);
      },
      close: async () => {
        this.#listeners.delete(local.port);
      },
    };
  }

  #carry(arrive: () => void): void {
    if (this.#onItsWay.push(arrive) === 1) setImmediate(() => this.#arrive());
  }

  /** What is said in answer comes in the next turn. */
  #arrive(): void {
    const arriving = this.#onItsWay;
    this.#onItsWay = [];
    for (const arrive of arriving) arrive();
  }
}
