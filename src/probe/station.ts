/**
 * The network of a simulated device on a wire: it answers and asks by ARP, has UDP and TCP, and needs no address of the machine that plays it.
 * Frames in, frames and events out.
 */
import { type Ipv4, isInside, LIMITED_BROADCAST, type Mac, NO_ADDRESS } from '../base/addresses.ts';
import { after, type MonoMs } from '../base/clock.ts';
import { CLIENT_PORT } from '../dhcp/packet.ts';
import { udpFrame } from '../net/linux/raw-frame.ts';
import type { Endpoint } from '../net/ports.ts';
import { AnswerReader, requestOctets } from './http-message.ts';
import type { HttpAnswer, HttpRequest, ProbeEvent } from './life.ts';
import { arpFrame, BROADCAST_MAC, type Heard, readFrame, separated, tcpFrame } from './station-frames.ts';
import { TcpClient, type TcpEffect } from './tcp-client.ts';

/** What comes out of a station. */
export type StationEffect = { readonly do: 'frame'; readonly frame: Uint8Array } | { readonly do: 'event'; readonly event: ProbeEvent };

export interface StationParts {
  readonly mac: Mac;
  /** Octets of an IP packet on this wire. */
  readonly mtu: number;
  readonly random: () => number;
}

interface Neighbour {
  mac: Mac | undefined;
  /** Frames that wait for its address. */
  readonly waiting: ((mac: Mac) => Uint8Array | undefined)[];
  askAt: MonoMs;
  asked: number;
}

interface Connection {
  readonly id: number;
  readonly server: Endpoint;
  readonly tcp: TcpClient;
  readonly reader: AnswerReader;
  isTold: boolean;
}

const ASK_AGAIN_MS = 500;
const MOST_QUESTIONS = 5;
const FIRST_TCP_PORT = 32768;

export class Station {
  readonly #parts: StationParts;
  #address: Ipv4 = NO_ADDRESS;
  #prefix = 32;
  #router: Ipv4 | undefined;
  readonly #neighbours = new Map<Ipv4, Neighbour>();
  readonly #connections = new Map<number, Connection>();
  #tcpPort = FIRST_TCP_PORT;
  #effects: StationEffect[] = [];

  constructor(parts: StationParts) {
    this.#parts = parts;
    this.#tcpPort += parts.random() % 16384;
  }

  /** It has this address from here on; a loader that begins anew has none. */
  takeAddress(address: Ipv4, mask: Ipv4, router: Ipv4 | undefined): void {
    this.#address = address;
    this.#prefix = mask.toString(2).split('1').length - 1;
    this.#router = router;
  }

  /** A DHCP message: to all by broadcast, to one through ARP. */
  sendDhcp(octets: Uint8Array, from: Ipv4, to: Endpoint, now: MonoMs): StationEffect[] {
    return this.#sendUdp(octets, { address: from, port: CLIENT_PORT }, to, now);
  }

  sendUdp(octets: Uint8Array, fromPort: number, to: Endpoint, now: MonoMs): StationEffect[] {
    return this.#sendUdp(octets, { address: this.#address, port: fromPort }, to, now);
  }

  request(id: number, request: HttpRequest, now: MonoMs): StationEffect[] {
    this.#tcpPort += 1;
    const parts = {
      fromPort: this.#tcpPort,
      toPort: request.server.port,
      firstSequence: this.#parts.random(),
      request: requestOctets(request),
    };
    const connection = { id, server: request.server, tcp: new TcpClient(parts), reader: new AnswerReader(request.method), isTold: false };
    this.#connections.set(this.#tcpPort, connection);
    this.#carryOut(this.#tcpPort, connection, connection.tcp.start(now), now);
    return this.#take();
  }

  receive(frame: Uint8Array, now: MonoMs): StationEffect[] {
    const heard = readFrame(frame);
    if (heard !== undefined) this.#hear(heard, now);
    return this.#take();
  }

  /** Something may be due: a question by ARP again, a segment again. */
  timeout(now: MonoMs): StationEffect[] {
    for (const [address, neighbour] of this.#neighbours) {
      if (neighbour.mac !== undefined || neighbour.askAt > now) continue;
      if (neighbour.asked < MOST_QUESTIONS) this.#ask(address, neighbour, now);
      else this.#neighbours.delete(address);
    }
    for (const [port, connection] of this.#connections) this.#carryOut(port, connection, connection.tcp.timeout(now), now);
    return this.#take();
  }

  nextDeadline(): MonoMs | undefined {
    const asking = [...this.#neighbours.values()].filter(({ mac }) => mac === undefined).map(({ askAt }) => askAt);
    const connecting = [...this.#connections.values()].flatMap(({ tcp }) => tcp.deadline ?? []);
    const all = [...asking, ...connecting];
    return all.length === 0 ? undefined : (Math.min(...all) as MonoMs);
  }

  #hear(heard: Heard, now: MonoMs): void {
    if (heard.kind === 'arp') {
      this.#hearArp(heard);
      return;
    }
    if (heard.kind === 'udp') {
      // Before it has an address an answer may come to the one that it is offered.
      const isOurs =
        heard.to === this.#address || heard.to === LIMITED_BROADCAST || this.#isDirectedBroadcast(heard.to) || heard.toPort === CLIENT_PORT;
      if (!isOurs) return;
      for (const octets of separated(heard.payload, this.#parts.mtu))
        this.#tell({ on: 'datagram', octets, from: { address: heard.from, port: heard.fromPort }, toPort: heard.toPort });
      return;
    }
    const connection = this.#connections.get(heard.segment.toPort);
    if (connection === undefined || heard.to !== this.#address || heard.from !== connection.server.address) return;
    this.#carryOut(heard.segment.toPort, connection, connection.tcp.receive(heard.segment, now), now);
  }

  #hearArp({ isRequest, mac, sender, target }: Extract<Heard, { kind: 'arp' }>): void {
    const neighbour = this.#neighbours.get(sender);
    if (neighbour !== undefined) {
      neighbour.mac = mac;
      for (const frame of neighbour.waiting.splice(0)) this.#frame(frame(mac));
    }
    if (isRequest && target === this.#address && target !== NO_ADDRESS)
      this.#frame(arpFrame(this.#parts.mac, this.#address, 'reply', { mac, address: sender }));
  }

  #carryOut(port: number, connection: Connection, effects: readonly TcpEffect[], now: MonoMs): void {
    const from = { mac: this.#parts.mac, address: this.#address };
    for (const effect of effects) {
      if (effect.do === 'segment') {
        const { segment } = effect;
        this.#toHost(connection.server.address, now, (mac) => tcpFrame(from, { mac, address: connection.server.address }, segment));
        continue;
      }
      const answer: HttpAnswer | undefined =
        effect.do === 'data'
          ? connection.reader.add(effect.octets)
          : effect.do === 'finished'
            ? connection.reader.end()
            : { fault: effect.why };
      if (effect.do !== 'data') this.#connections.delete(port);
      if (answer === undefined || connection.isTold) continue;
      connection.isTold = true;
      this.#tell({ on: 'http', id: connection.id, answer });
    }
  }

  #sendUdp(payload: Uint8Array, from: Endpoint, to: Endpoint, now: MonoMs): StationEffect[] {
    this.#toHost(to.address, now, (mac) => {
      const frame = udpFrame(this.#parts.mac, { from, to, hardwareAddress: mac, payload }, this.#parts.mtu);
      return frame.ok ? frame.value : undefined;
    });
    return this.#take();
  }

  /** Directly, or by the router for what is elsewhere. */
  #toHost(to: Ipv4, now: MonoMs, made: (mac: Mac) => Uint8Array | undefined): void {
    if (to === LIMITED_BROADCAST || this.#isDirectedBroadcast(to)) {
      this.#frame(made(BROADCAST_MAC));
      return;
    }
    const isNear = isInside({ address: this.#address, prefix: this.#prefix }, to);
    const hop = isNear ? to : (this.#router ?? to);
    const neighbour = this.#neighbours.get(hop) ?? { mac: undefined, waiting: [], askAt: now, asked: 0 };
    if (neighbour.mac !== undefined) {
      this.#frame(made(neighbour.mac));
      return;
    }
    neighbour.waiting.push(made);
    if (this.#neighbours.has(hop)) return;
    this.#neighbours.set(hop, neighbour);
    this.#ask(hop, neighbour, now);
  }

  #ask(address: Ipv4, neighbour: Neighbour, now: MonoMs): void {
    neighbour.asked += 1;
    neighbour.askAt = after(now, ASK_AGAIN_MS);
    this.#frame(arpFrame(this.#parts.mac, this.#address, 'request', { mac: BROADCAST_MAC, address }));
  }

  #isDirectedBroadcast(address: Ipv4): boolean {
    const hosts = 2 ** (32 - this.#prefix);
    return (
      this.#address !== NO_ADDRESS &&
      hosts > 2 &&
      address % hosts === hosts - 1 &&
      isInside({ address: this.#address, prefix: this.#prefix }, address)
    );
  }

  #frame(frame: Uint8Array | undefined): void {
    if (frame !== undefined) this.#effects.push({ do: 'frame', frame });
  }

  #tell(event: ProbeEvent): void {
    this.#effects.push({ do: 'event', event });
  }

  #take(): StationEffect[] {
    const taken = this.#effects;
    this.#effects = [];
    return taken;
  }
}
