/** A server that hands out the built page as the console does, with its policy, and answers the API with canned areas. It can go away and come back. */
import { existsSync, readFileSync } from 'node:fs';
import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { extname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import type { DeviceSummaryShape } from '../../../src/web/api/device-shapes.ts';
import { backupArea } from './backup-area.ts';
import { bootArea } from './boot-area.ts';
import { configArea } from './config-area.ts';
import { type DeviceArea, deviceArea } from './device-area.ts';
import { fileArea } from './file-area.ts';
import { inventoryArea } from './inventory-area.ts';
import { leaseArea } from './lease-area.ts';
import { logArea } from './log-area.ts';
import { SERVER, serverArea } from './server-area.ts';
import type { StubArea } from './stub-area.ts';
import { transferArea } from './transfer-area.ts';

const PAGE = fileURLToPath(new URL('../../../dist/page/', import.meta.url));
/** As `src/web/` sets it, or stricter. */
const POLICY = "default-src 'self'; object-src 'none'; base-uri 'none'; form-action 'self'; frame-ancestors 'none'";
const KINDS: Readonly<Record<string, string>> = {
  '.html': 'text/html; charset=utf-8',
  '.js': 'text/javascript',
  '.css': 'text/css',
  '.svg': 'image/svg+xml',
};

export interface StubParts {
  readonly devices?: readonly DeviceSummaryShape[];
  /** Without it nobody has to sign in. */
  readonly token?: string;
  /** The port to listen at; any that is free unless told. */
  readonly port?: number;
}

export class ConsoleStub {
  readonly devices: DeviceArea;
  readonly transfers: ReturnType<typeof transferArea>;
  readonly log: ReturnType<typeof logArea>;
  readonly config: ReturnType<typeof configArea>;
  readonly #areas: readonly StubArea[];
  readonly #token: string | undefined;
  readonly #streams = new Set<ServerResponse>();
  #server: Server | undefined;
  #port: number;

  private constructor({ devices, token, port = 0 }: StubParts) {
    const publish = (topic: string, message: unknown): void => this.publish(topic, message);
    this.devices = deviceArea(publish, devices);
    this.transfers = transferArea(publish);
    this.log = logArea(publish);
    this.config = configArea();
    this.#token = token;
    this.#port = port;
    this.#areas = [
      this.devices,
      leaseArea(publish),
      this.transfers,
      fileArea(),
      inventoryArea(),
      backupArea(),
      bootArea(),
      this.log,
      this.config,
      serverArea(),
    ];
  }

  static async open(parts: StubParts = {}): Promise<ConsoleStub> {
    const stub = new ConsoleStub(parts);
    await stub.start();
    return stub;
  }

  get url(): string {
    return `http://127.0.0.1:${this.#port}/`;
  }

  /** Listens; after a `close` at the same port as before. */
  async start(): Promise<void> {
    const server = createServer((request, response) => void this.#answer(request, response));
    this.#server = server;
    await new Promise<void>((resolve, reject) => {
      server.once('error', reject);
      server.listen(this.#port, '127.0.0.1', resolve);
    });
    this.#port = (server.address() as AddressInfo).port;
  }

  /** Goes away, with all its connections. */
  async close(): Promise<void> {
    this.#streams.clear();
    const server = this.#server;
    await new Promise<void>((resolve) => {
      server?.close(() => resolve());
      server?.closeAllConnections();
    });
  }

  /** Sends a message to every open page. */
  publish(topic: string, message: unknown): void {
    for (const stream of this.#streams) stream.write(`event: ${topic}\ndata: ${JSON.stringify(message)}\n\n`);
  }

  async #answer(request: IncomingMessage, response: ServerResponse): Promise<void> {
    const { pathname, searchParams } = new URL(request.url ?? '/', this.url);
    if (!pathname.startsWith('/api/v1/')) return sendFile(pathname, response);
    const path = decodeURIComponent(pathname.slice('/api/v1'.length));
    const body = await bodyOf(request);
    if (path === '/session') return this.#session(request, response, body);
    if (!this.#isSignedIn(request)) return sendJson(response, 401, { error: 'It has no token.' });
    if (path === '/events') {
      response.writeHead(200, { 'content-type': 'text/event-stream', 'cache-control': 'no-store' });
      response.write(`event: server\ndata: ${JSON.stringify(SERVER)}\n\n`);
      this.#streams.add(response);
      response.once('close', () => this.#streams.delete(response));
      return;
    }
    const question = { method: request.method ?? 'GET', path, query: searchParams, body, headers: request.headers };
    for (const area of this.#areas) {
      const answer = area(question);
      if (answer !== undefined) return sendJson(response, answer.status, answer.body);
    }
    sendJson(response, 404, { error: `There is nothing at ${path}.` });
  }

  #session(request: IncomingMessage, response: ServerResponse, body: unknown): void {
    const isTokenNeeded = this.#token !== undefined;
    if (request.method === 'GET') sendJson(response, 200, { isTokenNeeded, isSignedIn: this.#isSignedIn(request) });
    else if (request.method === 'DELETE') {
      response.setHeader('set-cookie', 'bootlace_session=; HttpOnly; SameSite=Strict; Path=/; Max-Age=0');
      sendJson(response, 204, undefined);
    } else if ((body as { token?: unknown }).token === this.#token) {
      response.setHeader('set-cookie', 'bootlace_session=granted; HttpOnly; SameSite=Strict; Path=/');
      sendJson(response, 200, { isTokenNeeded, isSignedIn: true });
    } else sendJson(response, 401, { error: 'Its token is wrong.' });
  }

  #isSignedIn(request: IncomingMessage): boolean {
    return this.#token === undefined || (request.headers.cookie ?? '').includes('bootlace_session=granted');
  }
}

async function bodyOf(request: IncomingMessage): Promise<unknown> {
  const chunks: Uint8Array[] = [];
  for await (const chunk of request) chunks.push(chunk as Uint8Array);
  const octets = Buffer.concat(chunks);
  const isJson = request.headers['content-type'] === 'application/json' && octets.length > 0;
  return isJson ? JSON.parse(octets.toString('utf8')) : octets;
}

function sendJson(response: ServerResponse, status: number, body: unknown): void {
  response.writeHead(status, { 'content-type': 'application/json', 'cache-control': 'no-store' });
  response.end(body === undefined ? undefined : JSON.stringify(body));
}

function sendFile(pathname: string, response: ServerResponse): void {
  const name = pathname === '/' ? 'index.html' : pathname.slice(1);
  const path = join(PAGE, name);
  const isOurs = /^(index\.html|assets\/[\w.-]+)$/.test(name) && existsSync(path);
  response.writeHead(isOurs ? 200 : 404, {
    'content-type': KINDS[extname(name)] ?? 'text/plain',
    'content-security-policy': POLICY,
    'x-content-type-options': 'nosniff',
  });
  response.end(isOurs ? readFileSync(path) : undefined);
}
