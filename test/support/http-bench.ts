/** The HTTP server on the loopback, with files of a folder of its own, and clients that say exactly what a test wants them to. */
import { mkdirSync, readdirSync, readlinkSync, writeFileSync } from 'node:fs';
import { connect as connectTo, createServer, type Socket } from 'node:net';
import { dirname, join } from 'node:path';
import { monoMs, wallMs } from '../../src/base/clock.ts';
import { invariant } from '../../src/base/result.ts';
import type { AppEvent, EventType } from '../../src/events/events.ts';
import type { AccessRules } from '../../src/files/access.ts';
import { FileCatalog, type FileRoute } from '../../src/files/catalog.ts';
import { DiskRoute } from '../../src/files/disk-route.ts';
import { NameRules } from '../../src/files/name-rules.ts';
import { type HostKind, openNetworkHost } from '../../src/net/choose-host.ts';
import { HttpServer } from '../../src/web/http-server.ts';
import { ip, mac } from './addresses.ts';
import { eventually } from './program.ts';
import { scratch } from './scratch.ts';

const LOCALHOST = ip('127.0.0.1');
/** Far enough from now that times of files are settled in a test that has only just written them. */
const LATER_MS = 10_000;

/** The answer to one request. */
export interface HttpAnswer {
  readonly status: number;
  readonly statusLine: string;
  /** By their names in small letters. */
  readonly fields: Readonly<Record<string, string>>;
  readonly body: Buffer;
}

export class HttpBench {
  readonly root: string;
  readonly events: AppEvent[];
  readonly missed: string[];
  readonly port: number;
  readonly server: HttpServer;

  private constructor(server: HttpServer, port: number, { root, events, missed }: Pick<HttpBench, 'root' | 'events' | 'missed'>) {
    this.server = server;
    this.port = port;
    this.root = root;
    this.events = events;
    this.missed = missed;
  }

  /** @param routes beside the files of its folder. */
  static async open(kind: HostKind, access?: AccessRules, routes: readonly FileRoute[] = []): Promise<HttpBench> {
    const parts = { root: scratch('http'), events: [] as AppEvent[], missed: [] as string[] };
    const { listen, sendFile } = await openNetworkHost(kind);
    const catalog = new FileCatalog([new DiskRoute(parts.root), ...routes], new NameRules({ root: parts.root }), access);
    const server = new HttpServer({
      catalog: () => catalog,
      clock: { wall: () => wallMs(Date.now() + LATER_MS), mono: () => monoMs(performance.now()) },
      tell: (event) => void parts.events.push(event),
      whoHas: () => ({ mac: mac('00:1b:54:aa:bb:cc'), isLeased: true }),
      onMiss: ({ fileName }) => void parts.missed.push(fileName),
      onFound: () => undefined,
      listen,
      sendFile,
      maxUploadSize: () => 1_000_000,
    });
    const port = await freePort();
    await server.listen({ interface: 'lo', addresses: [LOCALHOST] }, port);
    return new HttpBench(server, port, parts);
  }

  /** Puts a file into the folder that is served. */
  offer(path: string, content: string | Uint8Array): string {
    const file = join(this.root, path);
    mkdirSync(dirname(file), { recursive: true });
    writeFileSync(file, content);
    return file;
  }

  connect(): Promise<Socket> {
    return new Promise((resolve, reject) => {
      const socket = connectTo({ port: this.port, host: '127.0.0.1' }, () => resolve(socket));
      socket.once('error', reject);
    });
  }

  /** Sends octets as they are; what comes until the server closes the connection. */
  async exchange(request: string): Promise<Buffer> {
    const socket = await this.connect();
    const pieces: Buffer[] = [];
    socket.on('data', (piece: Buffer) => pieces.push(piece));
    // Broken off counts as closed.
    socket.on('error', () => undefined);
    socket.write(request, 'latin1');
    await new Promise((resolve) => socket.once('close', resolve));
    return Buffer.concat(pieces);
  }

  /** One request on a connection of its own. */
  async ask(target: string, fields: Readonly<Record<string, string>> = {}, method = 'GET'): Promise<HttpAnswer> {
    const lines = Object.entries({ Host: 'x', Connection: 'close', ...fields }).map(([name, value]) => `${name}: ${value}`);
    return answerOf(await this.exchange(`${[`${method} ${target} HTTP/1.1`, ...lines].join('\r\n')}\r\n\r\n`));
  }

  /** The first event of this type, told already or soon. */
  event<Type extends EventType>(type: Type): Promise<Extract<AppEvent, { type: Type }>> {
    return eventually(`event ${type}`, () => this.events.find((event): event is Extract<AppEvent, { type: Type }> => event.type === type));
  }

  /** Descriptors of this process that lead to files of the folder. */
  openFiles(): number {
    const links = readdirSync('/proc/self/fd', { encoding: 'utf8' }).map((fd) => linkOf(join('/proc/self/fd', fd)));
    return links.filter((link) => link.startsWith(`${this.root}/`)).length;
  }
}

function linkOf(path: string): string {
  try {
    return readlinkSync(path);
  } catch {
    // It was the descriptor that the folder was read by.
    return '';
  }
}

export function answerOf(octets: Buffer): HttpAnswer {
  const end = octets.indexOf('\r\n\r\n');
  invariant(end >= 0, `an HTTP response, not ${JSON.stringify(octets.subarray(0, 200).toString('latin1'))}`);
  const [statusLine = '', ...lines] = octets.subarray(0, end).toString('latin1').split('\r\n');
  const fields = lines.map((line) => [line.slice(0, line.indexOf(':')).toLowerCase(), line.slice(line.indexOf(':') + 1).trim()] as const);
  return { status: Number(statusLine.split(' ')[1]), statusLine, fields: Object.fromEntries(fields), body: octets.subarray(end + 4) };
}

export async function freePort(): Promise<number> {
  const server = createServer();
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const address = server.address();
  await new Promise((resolve) => server.close(resolve));
  invariant(address !== null && typeof address === 'object', 'a port');
  return address.port;
}
