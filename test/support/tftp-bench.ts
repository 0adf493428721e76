/** A TFTP server on a network in memory, with files in memory, in virtual time (vitest's fake timers). */
import { expect, vi } from 'vitest';
import type { Ipv4 } from '../../src/base/addresses.ts';
import { type Clock, monoMs, wallMs } from '../../src/base/clock.ts';
import { err, invariant, ok, type Result } from '../../src/base/result.ts';
import type { AppEvent, EventType } from '../../src/events/events.ts';
import { FileCatalog, type FileRoute, type FileSink, type RouteAnswer } from '../../src/files/catalog.ts';
import type { Refusal } from '../../src/files/refusal.ts';
import type { SafePath } from '../../src/files/safe-path.ts';
import type { Endpoint } from '../../src/net/ports.ts';
import { TftpPackets } from '../../src/server/tftp-packets.ts';
import { TftpServer, type TftpSettings } from '../../src/server/tftp-server.ts';
import { decodePacket, encodePacket, type TftpPacket } from '../../src/tftp/packet.ts';
import { ip } from './addresses.ts';
import { MemoryNetwork, type MemoryPort } from './memory-network.ts';
import { packetText, pattern } from './tftp-script.ts';

export const SERVER = ip('192.168.77.1');
export const SECOND = ip('192.168.77.2');
export const CLIENT = ip('192.168.77.100');

/** Files by name. A name may be told to go wrong. */
class MemoryRoute implements FileRoute {
  readonly name = 'memory';
  readonly files = new Map<string, Uint8Array>();
  /** What the next reads, writes and commits say instead of doing it. */
  refusal: Refusal | undefined;
  nearest: SafePath | undefined;
  opened = 0;
  aborted = 0;
  /** Waited for before anything is opened or committed. */
  gate: Promise<void> = Promise.resolve();

  async open({ path }: { path: SafePath }): Promise<RouteAnswer> {
    await this.gate;
    if (path === 'broken-route') throw new Error('a bug in a route');
    const content = this.files.get(path);
    if (content === undefined) return 'not-mine';
    this.opened += 1;
    const read = (into: Uint8Array, offset: number) => {
      if (this.refusal) return err(this.refusal);
      const octets = content.subarray(offset, offset + into.length);
      into.set(octets);
      return ok(octets.length);
    };
    const close = () => {
      this.opened -= 1;
    };
    return ok({ file: { size: content.length, contentKey: undefined, read, close }, path, tolerated: undefined });
  }

  /** What uploads were announced as. */
  readonly announced: (number | undefined)[] = [];

  async create({ path, size }: { path: string; size?: number | undefined }): Promise<Result<FileSink, Refusal>> {
    this.announced.push(size);
    if (size !== undefined && size > 9000) return err({ refused: 'full', detail: 'no room' });
    if (this.files.has(path)) return err({ refused: 'exists', detail: 'is there' });
    const pieces: Uint8Array[] = [];
    let isCommitted = false;
    return ok({
      write: async (octets: Uint8Array) => {
        if (this.refusal) return err(this.refusal);
        pieces.push(octets);
        return ok(undefined);
      },
      commit: async () => {
        await this.gate;
        if (this.refusal) return err(this.refusal);
        isCommitted = true;
        this.files.set(path, Buffer.concat(pieces));
        return ok({ storedAs: `memory/${path}`, unchanged: false });
      },
      abort: async () => {
        if (isCommitted) return undefined;
        this.aborted += 1;
        return `memory/${path}.partial`;
      },
    });
  }

  near(): SafePath | undefined {
    return this.nearest;
  }

  placeOf({ path }: { path: string }): string {
    return `memory/${path}`;
  }
}

/** A client's socket: says packets, and keeps what comes. */
export class BenchClient {
  readonly port: MemoryPort;
  readonly heard: { packet: TftpPacket; from: Endpoint }[] = [];
  /** Called with each packet that comes, after it was kept. */
  onPacket: (packet: TftpPacket, from: Endpoint) => void = () => {};

  constructor(port: MemoryPort) {
    this.port = port;
    port.onDatagram((bytes, from) => {
      const packet = decodePacket(bytes);
      invariant(packet.ok, 'the server sends packets');
      this.heard.push({ packet: packet.value, from });
      this.onPacket(packet.value, from);
    });
  }

  /** Says a packet and goes on. */
  send(packet: TftpPacket, to: Endpoint = this.transferPort()): void {
    this.port.send(encodePacket(packet), to);
  }

  /** Says a packet and lets the server work; gives what came in answer. */
  async say(packet: TftpPacket | Uint8Array, to: Endpoint = this.transferPort()): Promise<string[]> {
    const before = this.heard.length;
    this.port.send(packet instanceof Uint8Array ? packet : encodePacket(packet), to);
    await settle();
    return this.heard.slice(before).map((heard) => packetText(heard.packet));
  }

  async ask(fileName: string, options: Readonly<Record<string, number>> = {}, to: Ipv4 = SERVER, mode = 'octet'): Promise<string[]> {
    return this.say(request('rrq', fileName, options, mode), { address: to, port: 69 });
  }

  async put(fileName: string, options: Readonly<Record<string, number>> = {}): Promise<string[]> {
    return this.say(request('wrq', fileName, options), { address: SERVER, port: 69 });
  }

  /** The socket that spoke last. */
  transferPort(): Endpoint {
    const last = this.heard.at(-1);
    invariant(last !== undefined, 'a server that spoke');
    return last.from;
  }
}

export function request(type: 'rrq' | 'wrq', fileName: string, options: Readonly<Record<string, number>> = {}, mode = 'octet'): TftpPacket {
  return { type, fileName, mode, options: Object.entries(options).map(([name, value]) => ({ name, value: String(value) })) };
}

/** Lets everything happen that needs no time. */
export async function settle(): Promise<void> {
  for (let n = 0; n < 10; n++) await vi.advanceTimersByTimeAsync(0);
}

const SETTINGS: TftpSettings = {
  maxBlockSize: 1468,
  maxWindow: 64,
  maxTransfers: 1000,
  maxTransfersPerClient: undefined,
  maxRequestsPerClient: undefined,
  maxUploadSize: 10_000,
  bandwidth: undefined,
  bandwidthPerClient: undefined,
  singlePort: false,
  portRange: undefined,
};

export class TftpBench {
  readonly network: MemoryNetwork;
  readonly route = new MemoryRoute();
  readonly events: AppEvent[] = [];
  /** Called with each event, as it comes. */
  onEvent: (event: AppEvent) => void = () => {};
  readonly server: TftpServer;
  readonly packets = new TftpPackets({ wall: () => wallMs(Date.now()) });
  readonly #clients = new Set<MemoryPort>();
  #settings: TftpSettings;

  private constructor(settings: Partial<TftpSettings>, network: MemoryNetwork) {
    this.network = network;
    const clock: Clock = { wall: () => wallMs(Date.now()), mono: () => monoMs(performance.now()) };
    this.#settings = { ...SETTINGS, ...settings };
    const settingsNow = () => this.#settings;
    this.server = new TftpServer({
      packets: this.packets,
      sockets: network,
      catalog: new FileCatalog([this.route]),
      clock,
      tell: (event) => {
        this.events.push(event);
        this.onEvent(event);
      },
      whoHas: (who) => ({ hostName: who === CLIENT ? 'desk-101' : undefined }),
      get settings() {
        return settingsNow();
      },
    });
  }

  /** A bench in virtual time whose server listens and has files of 1000 and 5000 octets. `end` it. */
  static async open(settings: Partial<TftpSettings> = {}, network = new MemoryNetwork()): Promise<TftpBench> {
    vi.useFakeTimers({ toFake: ['setTimeout', 'clearTimeout', 'Date', 'performance'] });
    const bench = new TftpBench(settings, network);
    for (const size of [1000, 5000]) bench.route.files.set(`f${size}`, pattern(size));
    await bench.listen();
    return bench;
  }

  /** Other settings are in force from now on, as after a reload. */
  configure(settings: Partial<TftpSettings>): void {
    this.#settings = { ...SETTINGS, ...settings };
  }

  async listen(): Promise<void> {
    await this.server.listen({ interface: 'lan0', addresses: [SERVER, SECOND], mtu: 1500 });
  }

  /** Closes the server, which has to leave nothing open and no timer running. */
  async end(): Promise<void> {
    await this.server.close();
    expect(this.serverPorts()).toEqual([]);
    expect(this.route.opened).toBe(0);
    expect(vi.getTimerCount()).toBe(0);
    vi.useRealTimers();
  }

  async client(on = 'wire', at = CLIENT, number = 0): Promise<BenchClient> {
    const port = await this.network.openUdp({ interface: on, address: at, port: number });
    this.#clients.add(port);
    return new BenchClient(port);
  }

  eventTypes(): EventType[] {
    return this.events.map((event) => event.type);
  }

  /** Sockets of the server. */
  serverPorts(): string[] {
    const own = this.network.openPorts.filter((port) => !this.#clients.has(port));
    return own.map((port) => (port.local.port === 69 ? 'door' : 'transfer'));
  }
}
