/**
 * Plays made-up clients against servers of their own, over real sockets on the loopback interface and in memory, so that a storm's first clients meet
 * code that is compiled. The files are the program's own; nothing of it leaves the machine, and no port that others know is opened.
 */
import { readdirSync } from 'node:fs';
import { join, relative, sep } from 'node:path';
import { type Ipv4, ipv4, macOf } from '../base/addresses.ts';
import { madeWhenAsked } from '../base/made-when-asked.ts';
import type { AppEvent, Subject } from '../events/events.ts';
import type { Endpoint, SharedPort, SharedSockets, UdpOptions } from '../net/ports.ts';
import { wireBlock } from '../tftp/block-window.ts';
import { decodePacket, encodePacket, type TftpPacket } from '../tftp/packet.ts';
import { EventBundle } from './event-bundle.ts';
import { KnownHolders } from './known-holders.ts';
import { type FilesConfig, LiveFiles } from './live-files.ts';
import { liveTftpServer } from './live-tftp.ts';
import { MemoryWire } from './memory-wire.ts';
import { systemClock } from './system-clock.ts';
import { TftpPackets } from './tftp-packets.ts';

interface Round {
  readonly transfers: number;
  readonly blockSize: number;
  readonly window: number;
  /** What transfer number `n` asks for. */
  readonly name: (n: number) => string;
  /** How long one client waits in the middle of its first transfer: what lasts longer than a moment is told. */
  readonly pauseMs?: number;
}

/** Files of the program's own, however it was installed, most of them of the size of a phone's configuration. */
const OWN_FOLDER = join(import.meta.dirname, '../../boot-images/templates');
const ownFiles = madeWhenAsked(() =>
  readdirSync(OWN_FOLDER, { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile())
    .map(({ parentPath, name }) => relative(OWN_FOLDER, join(parentPath, name)).replaceAll(sep, '/')),
);
const longFile = (): string => 'cisco-sip/sep.cnf.xml.liquid';
const eachFile = (n: number): string => ownFiles()[n % ownFiles().length] ?? longFile();
/** Short and long, in a folder that is there, in one that is not, and in none: V8 has several kinds of text, and makes code for those that it has met. */
const noFile = (n: number): string => [`no-such/${n}`, `cisco-sip/no-such-file-${n}.cfg`, `${n}`, `no/such/folder-${n}/file`][n % 4] ?? '';

/** With the kernel's part, which costs most of the time. To be played by each of two servers. */
const ROUNDS: readonly Round[] = [
  // Of clients that have fetched nothing yet.
  { transfers: 40, name: noFile, blockSize: 1024, window: 1 },
  { transfers: 60, name: longFile, blockSize: 128, window: 1 },
  { transfers: 24, name: longFile, blockSize: 128, window: 16 },
  { transfers: 100, name: eachFile, blockSize: 1468, window: 1 },
  { transfers: 200, name: noFile, blockSize: 1024, window: 1 },
];
/** Without it: what is told of these is enough for those who hear of it, too. */
const SMALL_ROUNDS: readonly Round[] = [
  { transfers: 400, name: eachFile, blockSize: 1468, window: 1 },
  { transfers: 400, name: noFile, blockSize: 1024, window: 1 },
];
/** Enough blocks for V8's last compiler, which takes a function after 60,000 calls; see `compiled-code.ts`. */
const BLOCK_ROUNDS: readonly Round[] = [
  { transfers: 2200, name: longFile, blockSize: 128, window: 1, pauseMs: 110 },
  { transfers: 200, name: longFile, blockSize: 128, window: 16 },
];
const CLIENTS = 8;
/** The block of which the ACK comes late, and which ACKs come twice. */
const PAUSED_BLOCK = 8;
const DOUBLED_EVERY = 16;
/** How often events would be told. */
const TELL_MS = 5;
/** Whoever waits for a file waits no longer than this for the rehearsal, however slow the machine is. */
const LONGEST_MS = 1000;
/** What is known of who has one. */
const LEASE: Subject = { mac: macOf(Uint8Array.of(2, 0, 0, 0, 0, 1)), hostName: 'warm-up', isLeased: true };
/** Of one client: more than it asks for. */
const MOST_OF_CLIENT = 5000;
const LOOPBACK = ipv4(0x7f00_0001);

/**
 * Plays all rounds: a few tenths of a second. Resolves also where it could not be done: it is only about speed.
 * @param onTold hears what the made-up servers tell.
 * @param config what is served later: the compiler takes notice of how objects are made, so they have to be made the same way.
 */
export async function warmUpTftp(
  sockets: SharedSockets,
  config: FilesConfig,
  onTold: (events: readonly AppEvent[]) => void,
): Promise<void> {
  const stopAt = performance.now() + LONGEST_MS;
  // Twice: what V8 has made for the parts of one server alone, it throws away when it meets those of another, which would be at the first real client.
  for (const isKnown of [nobody, everybody]) await playWith({ sockets, config, rounds: ROUNDS, onTold, isKnown, stopAt });
  const inMemory = { config, isKnown: everySecond, stopAt };
  await playWith({ ...inMemory, sockets: new MemoryWire(), rounds: SMALL_ROUNDS, onTold });
  await playWith({ ...inMemory, sockets: new MemoryWire(), rounds: BLOCK_ROUNDS, onTold: () => {} });
}

interface Play {
  readonly sockets: SharedSockets;
  readonly config: FilesConfig;
  readonly rounds: readonly Round[];
  readonly onTold: (events: readonly AppEvent[]) => void;
  /** Which addresses are leases. */
  readonly isKnown: (address: Ipv4) => boolean;
  /** On the clock of `performance.now`. */
  readonly stopAt: number;
}

const nobody = (): boolean => false;
const everybody = (): boolean => true;
const everySecond = (address: Ipv4): boolean => address % 4 > 1;

async function playWith({ sockets, config, rounds, onTold, isKnown, stopAt }: Play): Promise<void> {
  if (performance.now() >= stopAt) return;
  const onLoopback = (isDoor: boolean) => sockets.openShared({ interface: 'lo', address: LOOPBACK, port: 0, isDoor });
  let door: Endpoint | undefined;
  const openShared = async ({ isDoor = false }: UdpOptions): Promise<SharedPort> => {
    const port = await onLoopback(isDoor);
    door ??= port.local;
    return port;
  };
  const files = await LiveFiles.open(rehearsed(config));
  const holders = new KnownHolders((address) => holders.learn(address, isKnown(address) ? { address, ...LEASE } : { address }));
  const bundle = new EventBundle(systemClock, TELL_MS, onTold);
  const server = liveTftpServer({ sockets: { openShared }, files, holders, bundle, packets: new TftpPackets(systemClock) });
  const clients: Client[] = [];
  try {
    await server.listen({ interface: 'lo', addresses: [LOOPBACK], mtu: 1500 });
    for (let n = 0; n < CLIENTS; n++) clients.push(new Client(await onLoopback(false), door, rounds, n === 0));
    const isLate = new Promise((resolve) => setTimeout(resolve, Math.max(stopAt - performance.now(), 0)).unref());
    await Promise.race([Promise.all(clients.map((client) => client.play())), isLate]);
  } catch {
    // No loopback interface, or no right to use it.
  } finally {
    await Promise.all(clients.map((client) => client.close()));
    await server.close();
  }
}

/** The same with the program's own files for everybody and nothing that slows down. Cloned, as what the thread is given is: V8 tells objects by how they came about, too. */
function rehearsed({ tftp, ...config }: FilesConfig): FilesConfig {
  return structuredClone({
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
      maxTransfersPerClient: MOST_OF_CLIENT,
      maxRequestsPerClient: MOST_OF_CLIENT,
      bandwidth: undefined,
      bandwidthPerClient: undefined,
      singlePort: false,
      portRange: undefined,
      uploads: { ...tftp.uploads, dir: join(OWN_FOLDER, 'no-such-folder') },
    },
  });
}

/** One client that fetches its share of all rounds, one file after another. */
class Client {
  readonly #port: SharedPort;
  readonly #door: Endpoint | undefined;
  readonly #rounds: readonly Round[];
  readonly #ended = Promise.withResolvers<void>();
  #round = 0;
  #left = 0;
  #asked = 0;
  #next = 1;
  #pauseMs: number | undefined;

  constructor(port: SharedPort, door: Endpoint | undefined, rounds: readonly Round[], isSlow: boolean) {
    this.#rounds = rounds;
    this.#port = port;
    this.#door = door;
    this.#pauseMs = isSlow ? rounds[0]?.pauseMs : undefined;
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
    return Math.ceil((this.#rounds[this.#round]?.transfers ?? 0) / CLIENTS);
  }

  #ask(): void {
    while (this.#left === 0 && this.#round < this.#rounds.length) {
      this.#round += 1;
      this.#left = this.#share();
    }
    const round = this.#rounds[this.#round];
    if (round === undefined || this.#door === undefined) {
      this.#ended.resolve();
      return;
    }
    this.#left -= 1;
    this.#asked += 1;
    this.#next = 1;
    const options = [
      { name: 'blksize', value: String(round.blockSize) },
      { name: 'tsize', value: '0' },
      ...(round.window === 1 ? [] : [{ name: 'windowsize', value: String(round.window) }]),
    ];
    this.#say({ type: 'rrq', fileName: round.name(this.#asked), mode: 'octet', options }, this.#door);
  }

  #hear(octets: Uint8Array, from: Endpoint): void {
    const packet = decodePacket(octets);
    const { blockSize = 0, window = 1 } = this.#rounds[this.#round] ?? {};
    if (!packet.ok) return;
    if (packet.value.type === 'oack') this.#say({ type: 'ack', block: 0 }, from);
    if (packet.value.type === 'error') this.#ask();
    if (packet.value.type !== 'data' || packet.value.block !== wireBlock(this.#next)) return;
    const { block } = packet.value;
    const isLast = packet.value.octets.length < blockSize;
    this.#next += 1;
    if (isLast || block % window === 0) {
      const ack = { type: 'ack', block } as const;
      if (block === PAUSED_BLOCK && this.#pauseMs !== undefined) {
        setTimeout(() => this.#say(ack, from), this.#pauseMs);
        this.#pauseMs = undefined;
      } else this.#say(ack, from);
      // Lines double packets: the server has to let it pass, also after the end.
      if (block % DOUBLED_EVERY === 0 || isLast) this.#say(ack, from);
    }
    if (isLast) this.#ask();
  }

  #say(packet: TftpPacket, to: Endpoint): void {
    this.#port.send(encodePacket(packet), to.address, to.port);
  }
}
