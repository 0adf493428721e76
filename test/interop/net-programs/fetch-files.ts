/**
 * Many TFTP clients at once, all of the same file: `fetch-files.ts INTERFACE ADDRESS SERVER CLIENTS FILE BLOCK-SIZE WINDOW`. Prints a
 * `Fetched` as JSON.
 */
import { createHash } from 'node:crypto';
import { type Ipv4, parseIpv4 } from '../../../src/base/addresses.ts';
import { invariant } from '../../../src/base/result.ts';
import { openNetworkHost } from '../../../src/net/choose-host.ts';
import type { Endpoint, SharedPort } from '../../../src/net/ports.ts';
import { ReadingClient } from '../../../src/probe/tftp-client.ts';
import { decodePacket, encodePacket, type TftpPacket } from '../../../src/tftp/packet.ts';

/** What became of all of them. */
export interface Fetched {
  readonly whole: number;
  /** SHA-256 of what they got: one, or something is wrong. */
  readonly contents: readonly string[];
  /** DATA that came to somebody who had it. */
  readonly repeats: number;
  readonly errors: readonly string[];
}

const PATIENCE_MS = 1500;

class Fetching {
  readonly #port: SharedPort;
  readonly #client: ReadingClient;
  readonly #ended = Promise.withResolvers<void>();
  readonly #numbers = new Set<number>();
  #to: Endpoint;
  #timer: NodeJS.Timeout | undefined;
  #blocks = 0;
  repeats = 0;
  error: string | undefined;

  constructor(port: SharedPort, door: Endpoint, blockSize: number, window: number) {
    this.#port = port;
    this.#to = door;
    this.#client = new ReadingClient(blockSize, window);
    port.onDatagram((octets, address, from) => this.#hear(octets, { address, port: from }));
  }

  async fetch(request: TftpPacket): Promise<void> {
    this.#say([request]);
    await this.#ended.promise;
    clearTimeout(this.#timer);
    await this.#port.close();
  }

  get isWhole(): boolean {
    return this.#client.isDone;
  }

  get content(): string {
    return createHash('sha256').update(Buffer.concat(this.#client.pieces)).digest('hex');
  }

  #hear(octets: Uint8Array, from: Endpoint): void {
    const packet = decodePacket(octets);
    invariant(packet.ok, 'the server sends packets');
    this.#to = from;
    if (packet.value.type === 'error') this.error = packet.value.message;
    if (packet.value.type === 'data') this.#count(packet.value.block);
    this.#say(this.#client.receive(packet.value));
    if (this.#client.isDone || this.#client.isLost) this.#ended.resolve();
  }

  /** No file here has so many blocks that numbers come again. */
  #count(block: number): void {
    this.#numbers.add(block);
    this.#blocks += 1;
    this.repeats = this.#blocks - this.#numbers.size;
  }

  #say(packets: readonly TftpPacket[]): void {
    for (const packet of packets) this.#port.send(encodePacket(packet), this.#to.address, this.#to.port);
    clearTimeout(this.#timer);
    this.#timer = setTimeout(() => {
      this.#say(this.#client.timeout());
      if (this.#client.isLost) this.#ended.resolve();
    }, PATIENCE_MS);
  }
}

const [name = '', own = '', server = '', clients, fileName = '', blksize = '512', windowsize = '1'] = process.argv.slice(2);
const { sockets } = await openNetworkHost('linux');
const door = { address: addressOf(server), port: 69 };
const options = Object.entries({ blksize, tsize: '0', ...(windowsize === '1' ? {} : { windowsize }) });
const request: TftpPacket = {
  type: 'rrq',
  fileName,
  mode: 'octet',
  options: options.map(([option, value]) => ({ name: option, value })),
};
const fetching: Fetching[] = [];
for (let n = 0; n < Number(clients); n += 1) {
  const port = await sockets.openShared({ interface: name, address: addressOf(own), port: 0, receiveBuffer: 1 << 20 });
  fetching.push(new Fetching(port, door, Number(blksize), Number(windowsize)));
}
await Promise.all(fetching.map((each) => each.fetch(request)));
const fetched: Fetched = {
  whole: fetching.filter(({ isWhole }) => isWhole).length,
  contents: [...new Set(fetching.map(({ content }) => content))],
  repeats: fetching.reduce((sum, { repeats }) => sum + repeats, 0),
  errors: fetching.flatMap(({ error }) => error ?? []),
};
console.log(JSON.stringify(fetched));

function addressOf(text: string): Ipv4 {
  const address = parseIpv4(text);
  invariant(address !== undefined, 'an address');
  return address;
}
