/** Sockets of a file server that is only rehearsed: what it says goes to one listener, what it is told comes from there. No network is touched. */
import { type Ipv4, LIMITED_BROADCAST, NO_ADDRESS } from '../base/addresses.ts';
import type { Endpoint, SharedListener, SharedPort, SharedSockets, UdpOptions } from '../net/ports.ts';

const LOOPBACK = 'lo';
const FIRST_PORT = 49152;

/** Hears what the server sends. */
export type ServerSays = (octets: Uint8Array, from: Endpoint, to: Endpoint) => void;

interface OpenPort {
  readonly options: UdpOptions;
  readonly local: Endpoint;
  listener: SharedListener;
}

export class RehearsedSockets implements SharedSockets {
  readonly #ports = new Set<OpenPort>();
  readonly #says: ServerSays;
  #nextPort = FIRST_PORT;

  constructor(says: ServerSays) {
    this.#says = says;
  }

  async openShared(options: UdpOptions): Promise<SharedPort> {
    const number = options.port === 0 ? this.#nextPort++ : options.port;
    const open: OpenPort = { options, local: { address: options.address ?? NO_ADDRESS, port: number }, listener: () => undefined };
    this.#ports.add(open);
    const send = (octets: Uint8Array, address: Ipv4, port: number): void => this.#says(octets.slice(), open.local, { address, port });
    return {
      local: open.local,
      onDatagram(listener) {
        open.listener = listener;
      },
      onFault: () => undefined,
      send,
      sendRun(memory, at, octets, stride, address, port) {
        const end = at + octets;
        for (let from = at; from < end; from += stride) send(memory.octets.subarray(from, Math.min(from + stride, end)), address, port);
      },
      close: async () => {
        this.#ports.delete(open);
      },
    };
  }

  /** A datagram to the server; false where nobody hears it. */
  deliver(octets: Uint8Array, from: Endpoint, to: Endpoint): boolean {
    const wanted = to.address === LIMITED_BROADCAST ? NO_ADDRESS : to.address;
    const heard = [...this.#ports].find(
      ({ options, local }) => options.interface !== LOOPBACK && local.address === wanted && local.port === to.port,
    );
    heard?.listener(octets, from.address, from.port);
    return heard !== undefined;
  }
}
