/**
 * Passes questions on to other name servers: each from a port of its own with an id of its own, both by chance, and the answer has to come from who was asked
 * and repeat the question (RFC 5452 §9). Nothing is remembered.
 */
import { randomInt } from 'node:crypto';
import { createSocket } from 'node:dgram';
import { Resolver } from 'node:dns';
import { connect } from 'node:net';
import { type Ipv4, parseIpv4, showIpv4 } from '../base/addresses.ts';
import { numericLookup } from '../net/datagram-port.ts';
import { answers, idOf, withId } from '../services/dns-message.ts';
import { framed, MessageStream } from './dns-stream.ts';
import { OverloadReport } from './overload-report.ts';

export type Transport = 'udp' | 'tcp';

/** A name server that is asked. */
interface Upstream {
  readonly address: string;
  readonly port: number;
}

export interface ForwarderParts {
  /** Our own addresses: a question that comes back to us would go round for ever. */
  readonly isOwn: (address: Ipv4) => boolean;
  readonly onUnanswered: (asked: readonly string[], count: number, why: string) => void;
  /** Only tests ask elsewhere than at 53. */
  readonly port?: number;
  readonly timeoutMs?: number;
}

const PORT = 53;
/** Two tries fit into what clients wait for, which is five seconds with most. */
const TIMEOUT_MS = 2_000;
const MOST_TRIES = 2;
/** Questions that are out at one time; beyond it clients are told that it failed. */
const MOST_OUT = 256;
const REPORT_MS = 30_000;

export class DnsForwarder {
  readonly #parts: ForwarderParts;
  readonly #report: OverloadReport;
  #forward: 'off' | 'system' | readonly Ipv4[];
  #out = 0;
  #why = '';
  #asked: readonly string[] = [];

  constructor(forward: 'off' | 'system' | readonly Ipv4[], parts: ForwarderParts) {
    this.#forward = forward;
    this.#parts = parts;
    this.#report = new OverloadReport(REPORT_MS, (count) => parts.onUnanswered(this.#asked, count, this.#why));
  }

  configure(forward: 'off' | 'system' | readonly Ipv4[]): void {
    this.#forward = forward;
  }

  get isOn(): boolean {
    return this.#forward !== 'off';
  }

  close(): void {
    this.#report.close();
  }

  /** The answer with the id of the question; undefined when nobody gave one in time. Never rejects. */
  async ask(query: Uint8Array, transport: Transport): Promise<Uint8Array | undefined> {
    if (this.#out >= MOST_OUT) return this.#failed('too many questions at one time', []);
    this.#out += 1;
    try {
      const upstreams = this.#upstreams();
      let why = 'this machine has no name server';
      for (const upstream of tries(upstreams)) {
        const asked = withId(query, randomInt(0x10000));
        const answer = await this.#askOne(asked, upstream, transport);
        if (answer instanceof Uint8Array) return withId(answer, idOf(query));
        why = answer.message;
      }
      return this.#failed(why, upstreams);
    } finally {
      this.#out -= 1;
    }
  }

  #failed(why: string, asked: readonly Upstream[]): undefined {
    this.#why = why;
    this.#asked = asked.map(({ address }) => address);
    this.#report.add(1);
    return undefined;
  }

  #upstreams(): readonly Upstream[] {
    const port = this.#parts.port ?? PORT;
    if (this.#forward === 'off') return [];
    if (this.#forward !== 'system') return this.#forward.map((address) => ({ address: showIpv4(address), port }));
    // Asked anew each time, as a laptop comes into other networks.
    return new Resolver().getServers().flatMap((server) => {
      const [text = '', ownPort] = server.split(':');
      const address = parseIpv4(text);
      return address === undefined || this.#parts.isOwn(address) ? [] : [{ address: text, port: Number(ownPort ?? port) }];
    });
  }

  #askOne(query: Uint8Array, upstream: Upstream, transport: Transport): Promise<Uint8Array | Error> {
    const timeoutMs = this.#parts.timeoutMs ?? TIMEOUT_MS;
    return transport === 'udp' ? askByUdp(query, upstream, timeoutMs) : askByTcp(query, upstream, timeoutMs);
  }
}

function tries(upstreams: readonly Upstream[]): readonly Upstream[] {
  const [only] = upstreams;
  // One that stands alone gets a second chance, as a datagram may be lost.
  return upstreams.length === 1 && only !== undefined ? [only, only] : upstreams.slice(0, MOST_TRIES);
}

function askByUdp(query: Uint8Array, { address, port }: Upstream, timeoutMs: number): Promise<Uint8Array | Error> {
  const { promise, resolve } = Promise.withResolvers<Uint8Array | Error>();
  const socket = createSocket({ type: 'udp4', lookup: numericLookup });
  const end = (outcome: Uint8Array | Error): void => {
    clearTimeout(timer);
    socket.removeAllListeners();
    socket.on('error', () => undefined);
    socket.close();
    resolve(outcome);
  };
  const timer = setTimeout(() => end(new Error(`${address} does not answer`)), timeoutMs);
  socket.on('error', end);
  socket.on('message', (message) => {
    const octets = new Uint8Array(message.buffer, message.byteOffset, message.byteLength);
    // Anything else may be somebody who guesses, and the true answer is still to come.
    if (answers(octets, query)) end(octets);
  });
  // A connected socket hears nobody but the server that it asks.
  socket.connect(port, address, () => socket.send(query));
  return promise;
}

function askByTcp(query: Uint8Array, { address, port }: Upstream, timeoutMs: number): Promise<Uint8Array | Error> {
  const { promise, resolve } = Promise.withResolvers<Uint8Array | Error>();
  const socket = connect({ port, host: address });
  const end = (outcome: Uint8Array | Error): void => {
    clearTimeout(timer);
    socket.destroy();
    resolve(outcome);
  };
  const timer = setTimeout(() => end(new Error(`${address} does not answer by TCP`)), timeoutMs);
  const stream = new MessageStream((message) => {
    if (answers(message, query)) end(message);
  });
  socket.on('error', end);
  socket.on('close', () => end(new Error(`${address} closed the connection`)));
  // Without an encoding, pieces are octets.
  socket.on('data', (piece) => stream.take(piece as Uint8Array));
  socket.write(framed(query));
  return promise;
}
