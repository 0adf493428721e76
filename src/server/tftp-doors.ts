/** The sockets of the TFTP server: at port 69 one for each address that clients may ask, so that the answer comes from that address, and those that transfers run on. */
import type { Ipv4 } from '../base/addresses.ts';
import type { Clock } from '../base/clock.ts';
import type { PortRange } from '../config/units.ts';
import type { SharedPort, SharedSockets } from '../net/ports.ts';
import { OPCODE } from '../tftp/packet.ts';
import { DataPort, DataPorts } from './data-ports.ts';

/** An interface to serve, with the server's own addresses there. */
export interface TftpNetwork {
  readonly interface: string;
  readonly addresses: readonly Ipv4[];
  /** Octets of a frame. Larger blocks travel in fragments: whether they may is `maxBlockSize`, the operator's choice. */
  readonly mtu: number;
}

/** A socket at port 69. */
export interface Door {
  readonly port: SharedPort;
  readonly network: TftpNetwork;
  /** The interface it hears: the network's, or loopback. */
  readonly interface: string;
  /** Undefined for the one that hears broadcasts: datagrams to one address reach the socket of that address. */
  readonly address: Ipv4 | undefined;
  /** What its transfers run on. */
  readonly data: DataPorts;
  /** With a single port its transfers run on this: the door itself, or the one of the server's first address where this one only hears. */
  readonly own: DataPort;
}

/** Which ports transfers have. */
export interface DataPortSettings {
  /** They go on from port 69. */
  readonly singlePort: boolean;
  /** Undefined: the system chooses. */
  readonly portRange: PortRange | undefined;
}

export interface DoorListener {
  /** The octets are overwritten after the call. */
  onDatagram(door: Door, octets: Uint8Array, address: Ipv4, port: number): void;
  onFault(on: string, fault: Error): void;
}

const PORT = 69;
const LOOPBACK = 'lo';
/** A room full of machines that boot at once sends its requests within a moment. */
const RECEIVE_BUFFER = 8 * 1024 * 1024;
/** A window of an upload, twice. */
const DATA_BUFFER = 1024 * 1024;
/**
 * Sockets for transfers at each address. With more of them a storm's packets share fewer system calls: 64 cost 7 % more than 16 do.
 */
const DATA_PORTS = 16;

export class TftpDoors {
  readonly #sockets: SharedSockets;
  readonly #clock: Clock;
  readonly #listener: DoorListener;
  readonly #settings: () => DataPortSettings;
  readonly #hearsAfter: Promise<void> | undefined;
  readonly #doors = new Map<string, Door[]>();

  /**
   * @param settings as they are now; a reload may change them.
   * @param hearsAfter what comes before waits until then, where the system can keep it.
   */
  constructor(sockets: SharedSockets, clock: Clock, listener: DoorListener, settings: () => DataPortSettings, hearsAfter?: Promise<void>) {
    this.#sockets = sockets;
    this.#clock = clock;
    this.#listener = listener;
    this.#settings = settings;
    this.#hearsAfter = hearsAfter;
  }

  /** A socket for one more transfer that was asked for at this door. Rejects with the system's error. */
  takeDataPort({ data, own }: Door): DataPort | Promise<DataPort> {
    const { singlePort, portRange } = this.#settings();
    if (singlePort) return own;
    data.confine(portRange);
    return data.take();
  }

  /** Names of the interfaces that have doors. */
  interfaces(): string[] {
    return [...this.#doors.keys()];
  }

  /** Opens all doors of a network that has none. Rejects with the system's error, and then there is none. */
  async open(network: TftpNetwork): Promise<void> {
    this.#doors.set(network.interface, []);
    try {
      for (const address of network.addresses) await this.#openOne(network, network.interface, address);
      await this.#openOne(network, network.interface, undefined);
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
    await Promise.all(doors.flatMap((door) => [door.port.close(), door.data.close()]));
  }

  async #openOne(network: TftpNetwork, on: string, address: Ipv4 | undefined): Promise<void> {
    const doors = this.#doors.get(network.interface);
    const port = await this.#sockets.openShared({ interface: on, address, port: PORT, receiveBuffer: RECEIVE_BUFFER, isDoor: true });
    if (doors === undefined || this.#doors.get(network.interface) !== doors) {
      // The interface was left while this socket was being opened.
      await port.close();
      return;
    }
    // What is asked for by broadcast comes from the first address.
    const [first] = address === undefined ? doors : [];
    const { data, own } = first ?? { data: this.#dataAt(on, address), own: new DataPort(port, this.#clock) };
    const door: Door = { port, network, interface: on, address, data, own };
    doors.push(door);
    port.onFault((fault) => this.#listener.onFault(on, fault));
    const hear = (): void =>
      port.onDatagram((octets, client, clientPort) => {
        if (this.#carries(door) && !isRequest(octets) && own.receive(octets, client, clientPort)) return;
        this.#listener.onDatagram(door, octets, client, clientPort);
      });
    if (this.#hearsAfter === undefined) hear();
    else void this.#hearsAfter.then(hear);
  }

  /** Transfers run at this door, or would. Those that do go on when the setting changes. */
  #carries({ address, own }: Door): boolean {
    return address !== undefined && (own.size > 0 || this.#settings().singlePort);
  }

  #dataAt(on: string, address: Ipv4 | undefined): DataPorts {
    const open = async (number: number) => {
      const port = await this.#sockets.openShared({ interface: on, address, port: number, receiveBuffer: DATA_BUFFER });
      const data = new DataPort(port, this.#clock);
      port.onDatagram((octets, client, clientPort) => data.receive(octets, client, clientPort));
      // As good as a lost datagram (an ICMP unreachable, a full queue): the sessions send again or give up.
      port.onFault(() => undefined);
      return data;
    };
    return new DataPorts(open, DATA_PORTS);
  }
}

/** Also of a peer whose transfer runs at the door: it asks for something else, or once more. */
function isRequest(octets: Uint8Array): boolean {
  return octets[0] === 0 && (octets[1] === OPCODE.rrq || octets[1] === OPCODE.wrq);
}
