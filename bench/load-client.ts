/**
 * Plays a crowd of DHCP clients behind one relay agent, in a process of its own: `load-client.ts INTERFACE RELAY SERVER ROUNDS`, where ROUNDS is
 * a JSON array of `Round`. Prints one `RoundResult` as JSON for each.
 */
import { type Ipv4, parseIpv4 } from '../src/base/addresses.ts';
import { invariant } from '../src/base/result.ts';
import { type Answer, type ClientKind, discover, readAnswer, renewal, request } from '../src/dhcp/client-messages.ts';
import { openNetworkHost } from '../src/net/choose-host.ts';
import type { DatagramPort } from '../src/net/ports.ts';
import type { Round, RoundResult } from './round.ts';

/** As PXE ROMs do. */
const REPEAT_MS = 1000;
const LONGEST_ROUND_MS = 60_000;

/** The address of each client that has one. */
const addresses = new Map<number, Ipv4>();

interface Waiting {
  /** What was said last. */
  bytes: Uint8Array;
  saidAt: number;
  isRequest: boolean;
}

class Crowd {
  readonly #port: DatagramPort;
  readonly #server: Ipv4;
  readonly #kind: ClientKind;
  readonly #round: Round;
  readonly #waiting = new Map<number, Waiting>();
  readonly #requestMs: number[] = [];
  readonly #finished = Promise.withResolvers<void>();
  #next: number;
  #bound = 0;
  #repeats = 0;

  constructor(port: DatagramPort, server: Ipv4, relay: Ipv4, round: Round) {
    this.#port = port;
    this.#server = server;
    this.#round = round;
    this.#kind = { relay, isPxe: round.isPxe };
    this.#next = round.first;
  }

  async play(): Promise<RoundResult> {
    this.#port.onDatagram((bytes) => {
      const answer = readAnswer(bytes);
      if (answer !== undefined) this.#hear(answer);
    });
    const beganAt = performance.now();
    const timer = setInterval(() => this.#repeat(), 50);
    for (let n = 0; n < this.#round.atOnce; n += 1) this.#begin();
    await Promise.race([this.#finished.promise, new Promise((resolve) => setTimeout(resolve, LONGEST_ROUND_MS).unref())]);
    clearInterval(timer);
    const sorted = this.#requestMs.toSorted((a, b) => a - b);
    const share = (part: number) => sorted[Math.floor(sorted.length * part)] ?? Number.NaN;
    return {
      bound: this.#bound,
      seconds: (performance.now() - beganAt) / 1000,
      repeats: this.#repeats,
      requestMs: { p50: share(0.5), p99: share(0.99) },
    };
  }

  #begin(): void {
    if (this.#next === this.#round.first + this.#round.clients) return;
    const number = this.#next;
    this.#next += 1;
    const address = this.#round.renews ? addresses.get(number) : undefined;
    if (address === undefined) this.#say(number, discover(number, this.#kind), false);
    else this.#say(number, renewal(number, address, this.#kind), true);
  }

  #say(number: number, bytes: Uint8Array, isRequest: boolean): void {
    this.#waiting.set(number, { bytes, saidAt: performance.now(), isRequest });
    this.#port.send(bytes, { address: this.#server, port: 67 });
  }

  #hear(answer: Answer): void {
    const waiting = this.#waiting.get(answer.number);
    if (waiting === undefined) return;
    invariant(answer.type !== 'NAK', 'a client of the bench was refused');
    if (answer.type === 'OFFER' && !waiting.isRequest) this.#say(answer.number, request(answer, this.#kind), true);
    if (answer.type !== 'ACK' || !waiting.isRequest) return;
    this.#requestMs.push(performance.now() - waiting.saidAt);
    this.#waiting.delete(answer.number);
    addresses.set(answer.number, answer.address);
    this.#bound += 1;
    if (this.#bound === this.#round.clients) this.#finished.resolve();
    else this.#begin();
  }

  #repeat(): void {
    const now = performance.now();
    for (const waiting of this.#waiting.values()) {
      if (now - waiting.saidAt < REPEAT_MS) continue;
      waiting.saidAt = now;
      this.#repeats += 1;
      this.#port.send(waiting.bytes, { address: this.#server, port: 67 });
    }
  }
}

const [interfaceName = '', relayText = '', serverText = '', rounds = '[]'] = process.argv.slice(2);
const [relay, server] = [parseIpv4(relayText), parseIpv4(serverText)];
invariant(relay !== undefined && server !== undefined, 'the second and third argument are addresses');
const { sockets } = await openNetworkHost('linux');
const port = await sockets.openUdp({ interface: interfaceName, address: relay, port: 67, batched: true, receiveBuffer: 8 << 20 });
for (const round of JSON.parse(rounds) as readonly Round[]) console.log(JSON.stringify(await new Crowd(port, server, relay, round).play()));
await port.close();
