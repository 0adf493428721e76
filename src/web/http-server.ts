/** The HTTP server: its ports, one for each address that clients may ask, and how much of it anybody can have. */
import type { Server, ServerResponse } from 'node:http';
import type { Socket } from 'node:net';
import type { Ipv4 } from '../base/addresses.ts';
import type { Listen } from '../net/ports.ts';
import type { BootFiles, BootFilesParts } from './boot-files.ts';
import { createServer } from './create-server.ts';

/** An interface to serve, with the server's own addresses there. */
export interface HttpNetwork {
  readonly interface: string;
  readonly addresses: readonly Ipv4[];
}

export interface HttpParts extends BootFilesParts {
  readonly listen: Listen;
}

/** A port at one address. */
interface Door {
  readonly server: Server;
  readonly connections: Set<Socket>;
}

const LOOPBACK = 'lo';
/** Of firmware, loaders and phones none sends a tenth of it. */
const MOST_HEADER_OCTETS = 16 * 1024;
/** For the whole head of a request, from the first octet or the opening of the connection on. */
const HEAD_MS = 15_000;
/** For a whole request: a phone's log, or a backup, by a slow line. */
const BODY_MS = 600_000;
const IDLE_MS = 30_000;
const CHECKED_EVERY_MS = 5_000;
/** Requests that came before the answers to those in front of them; each may have a file open. */
const MOST_WAITING = 16;

/** Connections at one time. */
const MOST_CONNECTIONS = 1_000;
const MOST_OF_ONE_ADDRESS = 100;

export class HttpServer {
  readonly #parts: HttpParts;
  /** Loaded when somebody asks for the first file: most sites boot by TFTP alone, and fastify takes its room in memory. */
  #files: BootFiles | undefined;
  #loading: Promise<BootFiles> | undefined;
  readonly #doors = new Map<string, Door[]>();
  readonly #connections = new Map<string, number>();
  /** Requests of a connection that have no whole answer yet. */
  readonly #waiting = new WeakMap<Socket, number>();
  #count = 0;

  constructor(parts: HttpParts) {
    this.#parts = parts;
  }

  /** Serves an interface; one that is served already is served anew. An address whose port cannot be had is told of and left out. */
  async listen(network: HttpNetwork, port: number): Promise<void> {
    await this.unlisten(network.interface);
    this.#doors.set(network.interface, []);
    for (const address of network.addresses) {
      try {
        await this.#openDoor(network.interface, network.interface, address, port);
      } catch (fault) {
        const why = fault instanceof Error ? fault.message : String(fault);
        this.#parts.tell({ type: 'http.unavailable', interface: network.interface, address, port, why });
        continue;
      }
      this.#parts.tell({ type: 'http.ready', interface: network.interface, address, port });
      // What this machine sends to its own address never passes the interface. A convenience, and not needed where that reaches the first.
      if (network.interface !== LOOPBACK) await this.#openDoor(network.interface, LOOPBACK, address, port).catch(() => undefined);
    }
  }

  /** Somebody is about to ask: what answers is loaded before. Never rejects. */
  async prepare(): Promise<void> {
    await this.#load().catch(() => undefined);
  }

  /** Leaves an interface: its transfers break off. */
  async unlisten(networkInterface: string): Promise<void> {
    const doors = this.#doors.get(networkInterface) ?? [];
    this.#doors.delete(networkInterface);
    this.#files?.fail('the server stops serving there', (connection) => doors.some((door) => door.connections.has(connection)));
    await Promise.all(doors.map(closeDoor));
  }

  /** Leaves all interfaces. */
  async close(): Promise<void> {
    await Promise.all([...this.#doors.keys()].map((name) => this.unlisten(name)));
    await (await this.#loading)?.close();
  }

  async #openDoor(networkInterface: string, on: string, address: Ipv4, port: number): Promise<void> {
    const server = createServer(
      {
        maxHeaderSize: MOST_HEADER_OCTETS,
        headersTimeout: HEAD_MS,
        requestTimeout: BODY_MS,
        keepAliveTimeout: IDLE_MS,
        connectionsCheckingInterval: CHECKED_EVERY_MS,
      },
      (request, response) => this.#onRequest(on, request, response),
    );
    const door: Door = { server, connections: new Set() };
    server.on('connection', (socket) => this.#onConnection(door, on, socket));
    server.on('clientError', (fault: Error & { readonly code?: string }, socket) => this.#onBadRequest(on, fault, socket as Socket));
    await this.#parts.listen(server, { interface: on, address, port });
    const doors = this.#doors.get(networkInterface);
    if (doors === undefined) await closeDoor(door);
    else doors.push(door);
  }

  #onConnection({ connections }: Door, on: string, socket: Socket): void {
    const from = socket.remoteAddress ?? '';
    const ofAddress = this.#connections.get(from) ?? 0;
    if (this.#count >= MOST_CONNECTIONS || ofAddress >= MOST_OF_ONE_ADDRESS) {
      this.#drop(on, this.#count >= MOST_CONNECTIONS ? 'too many connections' : `too many connections from ${from}`);
      socket.destroy();
      return;
    }
    this.#count += 1;
    this.#connections.set(from, ofAddress + 1);
    connections.add(socket);
    // Every answer that is due listens for its end.
    socket.setMaxListeners(4 * MOST_WAITING);
    socket.once('close', () => {
      this.#count -= 1;
      connections.delete(socket);
      const left = (this.#connections.get(from) ?? 1) - 1;
      if (left > 0) this.#connections.set(from, left);
      else this.#connections.delete(from);
    });
  }

  #onRequest(on: string, request: Parameters<BootFiles['handle']>[0], response: ServerResponse): void {
    const { socket } = request;
    const waiting = (this.#waiting.get(socket) ?? 0) + 1;
    this.#waiting.set(socket, waiting);
    if (waiting > MOST_WAITING) {
      this.#drop(on, `${waiting} requests at once from ${socket.remoteAddress ?? 'somebody'}`);
      socket.destroy();
      return;
    }
    response.once('close', () => this.#waiting.set(socket, (this.#waiting.get(socket) ?? 1) - 1));
    if (this.#files !== undefined) this.#files.handle(request, response);
    else void this.#answerFirst(request, response);
  }

  async #answerFirst(request: Parameters<BootFiles['handle']>[0], response: ServerResponse): Promise<void> {
    try {
      const files = await this.#load();
      files.handle(request, response);
    } catch (fault) {
      this.#parts.tell({ type: 'server.fault', where: 'files by HTTP', detail: fault instanceof Error ? fault.message : String(fault) });
      response.writeHead(503).end();
    }
  }

  async #load(): Promise<BootFiles> {
    this.#loading ??= import('./boot-files.ts').then((web) => web.BootFiles.open(this.#parts));
    this.#files = await this.#loading;
    return this.#files;
  }

  /** No request that could be understood, or none in time. */
  #onBadRequest(on: string, fault: Error & { readonly code?: string }, socket: Socket): void {
    // Whoever goes away is no fault: what it broke off is told by the transfer.
    if (fault.code !== 'ECONNRESET' && fault.code !== 'EPIPE') this.#drop(on, fault.message);
    // An answer that is on its way must not have another in the middle of it.
    if (!socket.writable || (this.#waiting.get(socket) ?? 0) > 0) {
      socket.destroy();
      return;
    }
    const [status, text] = BAD_REQUESTS[fault.code ?? ''] ?? [400, 'Bad Request'];
    socket.end(`HTTP/1.1 ${status} ${text}\r\nContent-Length: 0\r\nConnection: close\r\n\r\n`);
  }

  #drop(on: string, reason: string): void {
    this.#parts.tell({ type: 'http.dropped', interface: on, reason });
  }
}

const BAD_REQUESTS: Readonly<Record<string, readonly [status: number, text: string]>> = {
  ERR_HTTP_REQUEST_TIMEOUT: [408, 'Request Timeout'],
  HPE_HEADER_OVERFLOW: [431, 'Request Header Fields Too Large'],
};

/** Resolves when the port is free again. */
function closeDoor({ server }: Door): Promise<void> {
  return new Promise((resolve) => {
    server.close(() => resolve());
    server.closeAllConnections();
  });
}
