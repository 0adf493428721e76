/** The sockets of the DHCP server, interface by interface: what comes in by them, and the way out for each answer (RFC 2131 §4.1). */
import { type Ipv4, LIMITED_BROADCAST, type Mac, NO_ADDRESS } from '../base/addresses.ts';
import { BOOT_SERVER_PORT } from '../dhcp/boot-server.ts';
import type { DhcpEffect } from '../dhcp/effects.ts';
import { CLIENT_PORT, encodePacket, SERVER_PORT } from '../dhcp/packet.ts';
import type { Arrival } from '../dhcp/request.ts';
import type { Tell } from '../events/bus.ts';
import type { ArpProber, DatagramPort, Endpoint, RawLink, RequestSniffer, SocketFactory } from '../net/ports.ts';
import type { DhcpPackets } from './dhcp-packets.ts';
import type { ServedNetwork } from './site.ts';

/** Datagrams that the kernel keeps for us while a commit syncs: some thousand messages. */
const RECEIVE_BUFFER_OCTETS = 8 * 1024 * 1024;

/** A datagram that came in; `waitedMs` is how long the kernel had it. */
export type DoorListener = (bytes: Uint8Array, via: Arrival, waitedMs: number) => void;

/** The sockets of one interface. */
interface Listening {
  readonly served: ServedNetwork;
  /** Bound to our address: takes unicast, and sends everything, so that our address is the source. Undefined where another server of this machine has the port. */
  readonly direct: DatagramPort | undefined;
  /** Port 4011; undefined where another program has it. */
  readonly bootServer: DatagramPort | undefined;
  /** All of them, `direct` included. */
  readonly ports: readonly DatagramPort[];
  readonly raw: RawLink | undefined;
  readonly prober: ArpProber | undefined;
  /** In place of the ports where another server has them. */
  readonly sniffer: RequestSniffer | undefined;
}

/** Frames that are heard beside another server are handed over without their sender. */
const UNKNOWN_CLIENT: Endpoint = { address: NO_ADDRESS, port: CLIENT_PORT };

const ALL_HOSTS = 'ff:ff:ff:ff:ff:ff' as Mac;

export class DhcpDoors {
  readonly #sockets: SocketFactory;
  readonly #tell: Tell;
  readonly #packets: DhcpPackets;
  readonly #listener: DoorListener;
  readonly #listening = new Map<string, Listening>();
  #ownMacs: ReadonlySet<Mac> = new Set();

  /** @param packets keeps everything that comes in and goes out. */
  constructor(sockets: SocketFactory, tell: Tell, packets: DhcpPackets, listener: DoorListener) {
    this.#sockets = sockets;
    this.#tell = tell;
    this.#packets = packets;
    this.#listener = listener;
  }

  /** The networks whose sockets are open. */
  get served(): readonly ServedNetwork[] {
    return Array.from(this.#listening.values(), ({ served }) => served);
  }

  /** Hardware addresses of the interfaces that are open. */
  get ownMacs(): ReadonlySet<Mac> {
    return this.#ownMacs;
  }

  isOpen(interfaceName: string): boolean {
    return this.#listening.has(interfaceName);
  }

  /** Opens and closes until exactly these networks are open, and gives the faults of those that are not. To be called again only when it has resolved. */
  async serve(networks: readonly ServedNetwork[]): Promise<readonly unknown[]> {
    for (const [name, listening] of this.#listening) {
      const same = networks.find((network) => isSamePlace(network, listening.served));
      if (same !== undefined) {
        // The sockets stay; what is served there may be something else now.
        this.#listening.set(name, { ...listening, served: same });
        continue;
      }
      this.#listening.delete(name);
      listening.raw?.close();
      listening.prober?.close();
      listening.sniffer?.close();
      await Promise.all(listening.ports.map((port) => port.close()));
    }
    const faults: unknown[] = [];
    for (const network of networks) {
      if (this.#listening.has(network.facts.name)) continue;
      await this.#open(network).catch((fault: unknown) => faults.push(fault));
    }
    this.#ownMacs = new Set(this.served.flatMap(({ facts }) => facts.mac ?? []));
    return faults;
  }

  /** Who has an address on an interface. One that cannot ask counts as one where nobody answers. */
  async probe(address: Ipv4, interfaceName: string): Promise<Mac | undefined> {
    return this.#listening.get(interfaceName)?.prober?.probe(address);
  }

  /** Sends an answer by the interface that the question came in by. */
  send({ packet, to, via }: Extract<DhcpEffect, { do: 'send' }>): void {
    // The interface may have gone while the lease was being stored: the client asks again when it is back.
    const listening = this.#listening.get(via.interface);
    if (listening === undefined) return;
    const payload = encodePacket(packet);
    // A boot server answers from the port that it was asked at (iPXE takes nothing else).
    const port = via.asker === undefined ? listening.direct : listening.bootServer;
    switch (to.way) {
      case 'relay':
      case 'client':
        this.#packets.sent(payload, to.address, to.port, via);
        (port ?? listening.bootServer)?.send(payload, { address: to.address, port: to.port });
        return;
      case 'hardware':
        this.#packets.sent(payload, to.address, CLIENT_PORT, via);
        // Where the system has no raw frames a broadcast reaches the client too (RFC 2131 §4.1, last paragraph).
        if (listening.raw === undefined) broadcast(listening, payload, to.port);
        else
          listening.raw.send({
            from: { address: via.server, port: SERVER_PORT },
            to: { address: to.address, port: CLIENT_PORT },
            hardwareAddress: to.hardwareAddress,
            payload,
          });
        return;
      case 'broadcast':
        this.#packets.sent(payload, LIMITED_BROADCAST, to.port, via);
        broadcast(listening, payload, to.port);
        return;
    }
  }

  #hear(bytes: Uint8Array, from: Endpoint, via: Arrival, waitedMs: number): void {
    this.#packets.received(bytes, from, via);
    this.#listener(bytes, via, waitedMs);
  }

  async #open(served: ServedNetwork): Promise<void> {
    const { facts, service } = served;
    const onFault = (what: string) => (fault: Error) =>
      this.#tell({ type: 'server.fault', where: `${what} on ${facts.name}`, detail: fault.message });
    const ports: DatagramPort[] = [];
    try {
      const sniffer = await this.#openPorts(served, ports).catch((fault: unknown) => this.#besideOther(service, served, fault));
      const direct = ports[1];
      const bootServer = await this.#openBootServer(served, ports);
      const raw = this.#sockets.openRawLink(facts, onFault('frames'));
      const prober = this.#sockets.openArpProber(facts, onFault('frames'));
      this.#listening.set(facts.name, { served, direct: sniffer ? undefined : direct, bootServer, ports, raw, prober, sniffer });
    } catch (fault) {
      await Promise.all(ports.map((port) => port.close()));
      throw fault;
    }
  }

  /** The ports of a DHCP server: the first hears broadcasts, the second is bound to our address. */
  async #openPorts({ facts, address }: ServedNetwork, ports: DatagramPort[]): Promise<undefined> {
    const own = new Set([address.address, ...facts.addresses.map((cidr) => cidr.address)]);
    const open = async (at: Ipv4 | undefined): Promise<void> => {
      const port = await this.#sockets.openUdp({
        interface: facts.name,
        address: at,
        port: SERVER_PORT,
        broadcast: true,
        receiveBuffer: RECEIVE_BUFFER_OCTETS,
        batched: true,
      });
      ports.push(port);
      const via = arrival(facts, at ?? address.address, at === undefined ? 'broadcast' : 'unicast');
      port.onDatagram((bytes, from, waitedMs) => this.#hear(bytes, from, via, waitedMs));
      port.onFault((fault) => this.#tell({ type: 'server.fault', where: `DHCP on ${facts.name}`, detail: fault.message }));
    };
    // The socket without an address hears broadcasts; unicast goes to the one that is bound to the address.
    await open(undefined);
    await open(address.address);
    for (const other of own) if (other !== address.address) await open(other);
    return undefined;
  }

  /** A proxyDHCP server can do without the port where another server of this machine has it: it hears the same frames beside it. */
  #besideOther(service: ServedNetwork['service'], { facts, address }: ServedNetwork, fault: unknown): RequestSniffer {
    const isTaken = fault instanceof Error && 'code' in fault && fault.code === 'EADDRINUSE';
    const sniffer =
      service === 'proxy' && isTaken
        ? this.#sockets.openRequestSniffer(facts, (error) =>
            this.#tell({ type: 'server.fault', where: `frames on ${facts.name}`, detail: error.message }),
          )
        : undefined;
    if (sniffer === undefined) throw fault;
    const everybody = arrival(facts, address.address, 'broadcast');
    const us = arrival(facts, address.address, 'unicast');
    sniffer.onRequest((bytes, to) => this.#hear(bytes, UNKNOWN_CLIENT, to === address.address ? us : everybody, 0));
    const detail = `another DHCP server of this machine has UDP port 67 on ${facts.name}: clients are heard beside it, and are told their boot files`;
    this.#tell({ type: 'server.limited', detail });
    return sniffer;
  }

  /** Without it some firmware cannot be told its boot file; all others are served all the same. */
  async #openBootServer({ facts, address }: ServedNetwork, ports: DatagramPort[]): Promise<DatagramPort | undefined> {
    try {
      const port = await this.#sockets.openUdp({ interface: facts.name, address: address.address, port: BOOT_SERVER_PORT });
      ports.push(port);
      const via = arrival(facts, address.address, 'unicast');
      port.onDatagram((bytes, from, waitedMs) => this.#hear(bytes, from, { ...via, asker: from }, waitedMs));
      port.onFault((fault) => this.#tell({ type: 'server.fault', where: `boot server on ${facts.name}`, detail: fault.message }));
      return port;
    } catch (fault) {
      const why = fault instanceof Error ? fault.message : String(fault);
      this.#tell({ type: 'server.limited', detail: `no boot server on ${facts.name}: ${why}` });
      return undefined;
    }
  }
}

function arrival(facts: ServedNetwork['facts'], server: Ipv4, cast: Arrival['cast']): Arrival {
  return { interface: facts.name, server, cast, mtu: facts.mtu };
}

function broadcast({ direct, raw, served }: Listening, payload: Uint8Array, port: number): void {
  const to = { address: LIMITED_BROADCAST, port };
  if (direct !== undefined) direct.send(payload, to);
  else raw?.send({ from: { address: served.address.address, port: SERVER_PORT }, to, hardwareAddress: ALL_HOSTS, payload });
}

/** The same interface with the same addresses: its sockets stay open. */
function isSamePlace(a: ServedNetwork, b: ServedNetwork): boolean {
  const addresses = (network: ServedNetwork) => network.facts.addresses.map((cidr) => cidr.address).join();
  return (
    a.network === b.network &&
    a.facts.name === b.facts.name &&
    a.facts.index === b.facts.index &&
    a.address.address === b.address.address &&
    addresses(a) === addresses(b)
  );
}
