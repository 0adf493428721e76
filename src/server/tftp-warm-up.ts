/**
 * Plays made-up clients against a second server, over real sockets on the loopback interface, so that a storm's first clients meet code that is
 * compiled. The files are the program's own; nothing of it leaves the machine, and no port that others know is opened.
 */
import { join } from 'node:path';
import { ipv4 } from '../base/addresses.ts';
import type { Endpoint, SharedPort, SharedSockets, UdpOptions } from '../net/ports.ts';
import { wireBlock } from '../tftp/block-window.ts';
import { decodePacket, encodePacket, type TftpPacket } from '../tftp/packet.ts';
import { EventBundle } from './event-bundle.ts';
import { KnownHolders } from './known-holders.ts';
import { type FilesConfig, LiveFiles } from './live-files.ts';
import { liveTftpServer } from './live-tftp.ts';
import { systemClock } from './system-clock.ts';
import { TftpPackets } from './tftp-packets.ts';

interface Round {
  readonly transfers: number;
  readonly file: string;
  readonly blockSize: number;
  readonly window: number;
}

/** Files of the program's own, however it was installed, of the size of a phone's configuration. */
const OWN_FOLDER = join(import.meta.dirname, '../../boot-images/templates');
const OWN_FILE = 'cisco-sip/sep.cnf.xml.liquid';

/** Enough calls of everything for V8's first optimising compiler, half of them to each server. */
const ROUNDS: readonly Round[] = [
  { transfers: 60, file: OWN_FILE, blockSize: 128, window: 1 },
  { transfers: 24, file: OWN_FILE, blockSize: 128, window: 16 },
  { transfers: 200, file: OWN_FILE, blockSize: 1468, window: 1 },
  { transfers: 400, file: 'cisco-sip/no-such-file', blockSize: 1024, window: 1 },
];
const CLIENTS = 8;
/** How often events would be told. */
const TELL_MS = 5;
/** Where something is in the way of this, it is left. */
const LONGEST_MS = 1000;
const LOOPBACK = ipv4(0x7f00_0001);

/**
 * Plays all rounds: a tenth of a second or two. Resolves also where it could not be done: it is only about speed.
 * @param config what is served later: the compiler takes notice of how objects are made, so they have to be made the same way.
 */
export async function warmUpTftp(sockets: SharedSockets, config: FilesConfig): Promise<void> {
  // Twice: what V8 has made for the parts of one server alone, it throws away when it meets those of another, which would be at the first real client.
  for (let n = 0; n < 2; n++) await playWith(sockets, config);
}

async function playWith(sockets: SharedSockets, config: FilesConfig): Promise<void> {
  const onLoopback = (isDoor: boolean) => sockets.openShared({ interface: 'lo', address: LOOPBACK, port: 0, isDoor });
  let door: Endpoint | undefined;
  const openShared = async ({ isDoor = false }: UdpOptions): Promise<SharedPort> => {
    const port = await onLoopback(isDoor);
    door ??= port.local;
    return port;
  };
  const files = await LiveFiles.open(rehearsed(config));
  const holders = new KnownHolders((address) => holders.learn(address, { address }));
  const bundle = new EventBundle(systemClock, TELL_MS, () => {});
  const server = liveTftpServer({ sockets: { openShared }, files, holders, bundle, packets: new TftpPackets(systemClock) });
  const clients: Client[] = [];
  try {
    await server.listen({ interface: 'lo', addresses: [LOOPBACK], mtu: 1500 });
    for (let n = 0; n < CLIENTS; n++) clients.push(new Client(await onLoopback(false), door));
    const isLate = new Promise((resolve) => setTimeout(resolve, LONGEST_MS).unref());
    await Promise.race([Promise.all(clients.map((client) => client.play())), isLate]);
  } catch {
    // No loopback interface, or no right to use it.
  } finally {
    await Promise.all(clients.map((client) => client.close()));
    await server.close();
  }
}

/** The same with the program's own files for everybody and nothing that slows down. */
function rehearsed({ tftp, ...config }: FilesConfig): FilesConfig {
  return {
    ...config,
    tftp: {
      ...tftp,
      root: OWN_FOLDER,
      remap: [],
      perClientRoot: 'none',
      allow: [],
      deny: [],
      secure: { boundToMac: false, except: [] },
      maxBlockSize: 1468,
      maxWindow: 64,
      maxTransfers: 2 * CLIENTS,
      maxTransfersPerClient: undefined,
      maxRequestsPerClient: undefined,
      bandwidth: undefined,
      bandwidthPerClient: undefined,
      singlePort: false,
      portRange: undefined,
      uploads: { ...tftp.uploads, dir: join(OWN_FOLDER, 'no-such-folder') },
    },
  };
}

/** One client that fetches its share of all rounds, one file after another. */
class Client {
  readonly #port: SharedPort;
  readonly #door: Endpoint | undefined;
  readonly #ended = Promise.withResolvers<void>();
  #round = 0;
  #left = 0;
  #next = 1;

  constructor(port: SharedPort, door: Endpoint | undefined) {
    this.#port = port;
    this.#door = door;
    port.onDatagram((octets, address, peer) => this.#hear(octets, { address, port: peer }));
    port.onFault(() => this.#ended.resolve());
  }

  play(): Promise<void> {
    this.#left = this.#share();
    this.#ask();
    return this.#ended.promise;
  }

  async close(): Promise<void> {
    await this.#port.close();
  }

  #share(): number {
    return Math.ceil((ROUNDS[this.#round]?.transfers ?? 0) / CLIENTS);
  }

  #ask(): void {
    while (this.#left === 0 && this.#round < ROUNDS.length) {
      this.#round += 1;
      this.#left = this.#share();
    }
    const round = ROUNDS[this.#round];
    if (round === undefined || this.#door === undefined) {
      this.#ended.resolve();
      return;
    }
    this.#left -= 1;
    this.#next = 1;
    const options = [
      { name: 'blksize', value: String(round.blockSize) },
      { name: 'tsize', value: '0' },
      ...(round.window === 1 ? [] : [{ name: 'windowsize', value: String(round.window) }]),
    ];
    this.#say({ type: 'rrq', fileName: round.file, mode: 'octet', options }, this.#door);
  }

  #hear(octets: Uint8Array, from: Endpoint): void {
    const packet = decodePacket(octets);
    const { blockSize = 0, window = 1 } = ROUNDS[this.#round] ?? {};
    if (!packet.ok) return;
    if (packet.value.type === 'oack') this.#say({ type: 'ack', block: 0 }, from);
    if (packet.value.type === 'error') this.#ask();
    if (packet.value.type !== 'data' || packet.value.block !== wireBlock(this.#next)) return;
    const isLast = packet.value.octets.length < blockSize;
    if (isLast || this.#next % window === 0) this.#say({ type: 'ack', block: packet.value.block }, from);
    this.#next += 1;
    if (isLast) this.#ask();
  }

  #say(packet: TftpPacket, to: Endpoint): void {
    this.#port.send(encodePacket(packet), to.address, to.port);
  }
}
