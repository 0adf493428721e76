/** The sockets at port 69, one for each address that clients may ask, so that the answer comes from that address. */
import type { Ipv4 } from '../base/addresses.ts';
import type { DatagramPort, Endpoint, SocketFactory } from '../net/ports.ts';

/** An interface to serve, with the server's own addresses there. */
export interface TftpNetwork {
  readonly interface: string;
  readonly addresses: readonly Ipv4[];
  /** Octets of a frame. Larger blocks travel in fragments: whether they may is `maxBlockSize`, the operator's choice. */
  readonly mtu: number;
}

/** A socket at port 69. */
export interface Door {
  readonly port: DatagramPort;
  readonly network: TftpNetwork;
  /** The interface it hears: the network's, or loopback. */
  readonly interface: string;
  /** Undefined for the one that hears broadcasts: datagrams to one address reach the socket of that address. */
  readonly address: Ipv4 | undefined;
}

export interface DoorListener {
  onDatagram(door: Door, bytes: Uint8Array, client: Endpoint): void;
  onFault(door: Door, fault: Error): void;
}

const PORT = 69;
const LOOPBACK = 'lo';
/** A room full of machines that boot at once sends its requests within a moment. */
const RECEIVE_BUFFER = 1024 * 1024;

export class TftpDoors {
  readonly #sockets: SocketFactory;
  readonly #listener: DoorListener;
  readonly #doors = new Map<string, Door[]>();

  constructor(sockets: SocketFactory, listener: DoorListener) {
    this.#sockets = sockets;
    this.#listener = listener;
  }

  /** Names of the interfaces that have doors. */
  interfaces(): string[] {
    return [...this.#doors.keys()];
  }

  /** Opens all doors of a network that has none. Rejects with the system's error, and then there is none. */
  async open(network: TftpNetwork): Promise<void> {
    this.#doors.set(network.interface, []);
    try {
      for (const address of [...network.addresses, undefined]) await this.#openOne(network, network.interface, address);
    } catch (fault) {
      await this.close(network.interface);
      throw fault;
    }
    if (network.interface === LOOPBACK) return;
    // What this machine sends to its own address never passes the interface. A convenience: without it the network is served all the same.
    for (const address of network.addresses) await this.#openOne(network, LOOPBACK, address).catch(() => undefined);
  }

  /** Closes all doors of an interface. */
  async close(networkInterface: string): Promise<void> {
    const doors = this.#doors.get(networkInterface) ?? [];
    this.#doors.delete(networkInterface);
    await Promise.all(doors.map((door) => door.port.close()));
  }

  async #openOne(network: TftpNetwork, on: string, address: Ipv4 | undefined): Promise<void> {
    const doors = this.#doors.get(network.interface);
    const port = await this.#sockets.openUdp({ interface: on, address, port: PORT, receiveBuffer: RECEIVE_BUFFER });
    if (doors === undefined || this.#doors.get(network.interface) !== doors) {
      // The interface was left while this socket was being opened.
      await port.close();
      return;
    }
    const door: Door = { port, network, interface: on, address };
    doors.push(door);
    port.onDatagram((bytes, client) => this.#listener.onDatagram(door, bytes, client));
    port.onFault((fault) => this.#listener.onFault(door, fault));
  }
}
