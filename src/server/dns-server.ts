/** The name server: sockets for UDP and TCP at port 53 of each of our addresses (RFC 1035 §4.2, RFC 7766), and whom it passes questions on for. */
import { createServer, type Server, type Socket } from 'node:net';
import { type Ipv4, NO_ADDRESS, parseIpv4 } from '../base/addresses.ts';
import type { Clock } from '../base/clock.ts';
import type { DatagramPort, Endpoint, Listen, SocketFactory } from '../net/ports.ts';
import { answerDns, type DnsAnswer, failure } from '../services/dns-answer.ts';
import { HEADER_OCTETS, isResponse } from '../services/dns-message.ts';
import { ClientBuckets } from '../tftp/client-buckets.ts';
import type { DeviceNames } from './device-names.ts';
import { encodeDnsReply, readDnsQuery, udpLimit } from './dns-codec.ts';
import type { DnsForwarder, Transport } from './dns-forwarder.ts';
import { framed, MessageStream } from './dns-stream.ts';
import { FloodReport } from './flood-report.ts';
import type { ServiceKind, ServicePlace } from './service-doors.ts';

export interface DnsServerParts {
  readonly sockets: Pick<SocketFactory, 'openUdp'>;
  readonly listen: Listen;
  readonly clock: Clock;
  readonly names: DeviceNames;
  readonly forwarder: DnsForwarder;
  readonly onFlood: (sender: Ipv4 | undefined, count: number) => void;
  readonly onFault: (on: string, fault: Error) => void;
}

const PORT = 53;
/** A browser asks for some dozens of names with one page. */
const PER_SECOND = 100;
const BURST = 500;
/** Connections at one address, and how long one may be silent (RFC 7766 §6.2.3). */
const MOST_CONNECTIONS = 64;
const MOST_OF_A_CLIENT = 8;
const IDLE_MS = 10_000;
/** Questions of one connection that have no answer yet. */
const MOST_PENDING = 16;

export class DnsServer {
  readonly #parts: DnsServerParts;
  readonly #clients = new ClientBuckets();
  readonly #floods: FloodReport;

  constructor(parts: DnsServerParts) {
    this.#parts = parts;
    this.#floods = new FloodReport(parts.onFlood);
  }

  readonly kind: ServiceKind = {
    name: 'dns',
    port: PORT,
    rivals:
      'often dnsmasq (of libvirt or NetworkManager too), unbound or named; systemd-resolved only with `DNSStubListenerExtra` in resolved.conf',
    open: (place) => this.#open(place),
  };

  close(): void {
    this.#floods.close();
    this.#parts.forwarder.close();
  }

  async #open(place: ServicePlace): Promise<() => Promise<void>> {
    const { sockets, listen, onFault } = this.#parts;
    const { interface: name, address } = place;
    const port = await sockets.openUdp({ interface: name, address, port: PORT, batched: true });
    port.onFault((fault) => onFault(name, fault));
    port.onDatagram((octets, from) => this.#receive(port, octets, from, address));
    const connections = new Set<Socket>();
    const server = createServer((connection) => this.#serve(connection, connections, address));
    server.maxConnections = MOST_CONNECTIONS;
    server.on('error', (fault) => onFault(name, fault));
    try {
      await listen(server, { interface: name, address, port: PORT });
    } catch (fault) {
      await port.close();
      throw fault;
    }
    return async () => {
      await port.close();
      for (const connection of connections) connection.destroy();
      await closed(server);
    };
  }

  #receive(port: DatagramPort, octets: Uint8Array, from: Endpoint, own: Ipv4): void {
    // Nobody asks from port 0; an answer to another server would be the beginning of a game without end.
    if (from.port === 0 || from.port === PORT) return;
    this.#answer(octets, from.address, own, 'udp')
      .then((reply) => {
        if (reply !== undefined) port.send(reply, from);
      })
      .catch((fault: unknown) => this.#parts.onFault('a question', fault instanceof Error ? fault : new Error(String(fault))));
  }

  #serve(connection: Socket, connections: Set<Socket>, own: Ipv4): void {
    const ofSameClient = [...connections].filter(({ remoteAddress }) => remoteAddress === connection.remoteAddress);
    if (ofSameClient.length >= MOST_OF_A_CLIENT) {
      connection.destroy();
      return;
    }
    connections.add(connection);
    const client = parseIpv4(connection.remoteAddress ?? '') ?? NO_ADDRESS;
    let pending = 0;
    const stream = new MessageStream((message) => {
      pending += 1;
      if (pending > MOST_PENDING) connection.destroy();
      this.#answer(message, client, own, 'tcp')
        .then((reply) => {
          pending -= 1;
          if (reply === undefined) connection.destroy();
          else if (connection.writable) connection.write(framed(reply));
        })
        .catch(() => connection.destroy());
    });
    connection.setTimeout(IDLE_MS, () => connection.destroy());
    // Without an encoding, pieces are octets.
    connection.on('data', (piece) => stream.take(piece as Uint8Array));
    // Who goes away early is no fault of ours.
    connection.on('error', () => undefined);
    connection.on('close', () => connections.delete(connection));
  }

  /** Undefined: no answer at all. */
  async #answer(octets: Uint8Array, client: Ipv4, own: Ipv4, transport: Transport): Promise<Uint8Array | undefined> {
    const { clock, names, forwarder } = this.#parts;
    if (octets.length < HEADER_OCTETS || isResponse(octets)) return undefined;
    const now = clock.mono();
    if (!this.#clients.of(client, PER_SECOND, BURST).tryTake(1, now)) {
      this.#floods.add(client);
      return undefined;
    }
    const query = readDnsQuery(octets);
    const known = names.at(now);
    // Others could have us ask in their place, and flood whom they want with what comes back.
    const isRecursive = forwarder.isOn && known.isOurs(client);
    const reply = (answer: DnsAnswer) => encodeDnsReply(answer, { octets, query, transport, isRecursive });
    if (query === undefined) return reply(failure('FORMERR'));
    const answer = answerDns(query, known, own);
    if (answer !== 'elsewhere') return reply(answer);
    if (!isRecursive || !wantsRecursion(octets)) return reply(failure('REFUSED'));
    const forwarded = await forwarder.ask(octets, transport);
    if (forwarded === undefined) return reply(failure('SERVFAIL'));
    if (transport === 'tcp' || forwarded.length <= udpLimit(query)) return forwarded;
    return encodeDnsReply(failure('NOERROR'), { octets, query, transport, isRecursive, isCut: true });
  }
}

/** RD. */
function wantsRecursion(octets: Uint8Array): boolean {
  return ((octets[2] ?? 0) & 0x01) !== 0;
}

function closed(server: Server): Promise<void> {
  return new Promise((resolve) => {
    server.close(() => resolve());
  });
}
