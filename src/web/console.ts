/**
 * What the server tells of itself, at `web.listen`. Apart from the files by HTTP, which are for firmware and everybody: another port, other
 * rules of who may ask. The routes are loaded when somebody asks for the first time.
 */
import type { Server } from 'node:http';
import { hostname } from 'node:os';
import { showIpv4 } from '../base/addresses.ts';
import type { Clock } from '../base/clock.ts';
import type { ListenAt } from '../config/config.ts';
import type { Tell } from '../events/bus.ts';
import { explainOpening } from '../net/open-fault.ts';
import type { MetricsSource } from '../observe/metrics.ts';
import type { ApiSources } from './api/sources.ts';
import type { ConsoleApp } from './console-app.ts';
import { createServer } from './create-server.ts';

export interface ConsoleParts {
  readonly clock: Clock;
  readonly tell: Tell;
  readonly metrics: MetricsSource;
  readonly api: ApiSources;
  /** Undefined on the loopback: whoever works on this machine may ask. */
  readonly token: string | undefined;
  /** The folder of the page; undefined: the one that is built with the program. */
  readonly page?: string | undefined;
}

const MOST_HEADER_OCTETS = 16 * 1024;
const HEAD_MS = 15_000;
/** For the whole of a request: a file of gigabytes over a slow line. Who sends nothing meanwhile is given up much earlier. */
const BODY_MS = 6 * 3_600_000;
const MOST_CONNECTIONS = 100;

export class Console {
  readonly #server: Server;
  #app: Promise<ConsoleApp> | undefined;

  private constructor(parts: ConsoleParts) {
    this.#server = createServer({ maxHeaderSize: MOST_HEADER_OCTETS, headersTimeout: HEAD_MS, requestTimeout: BODY_MS });
    this.#server.maxConnections = MOST_CONNECTIONS;
    this.#server.on('request', (request, response) => {
      this.#app ??= import('./console-app.ts').then((web) => web.ConsoleApp.open({ ...parts, names: [hostname(), `${hostname()}.local`] }));
      this.#app.then(
        (app) => app.handle(request, response),
        (fault: unknown) => {
          parts.tell({ type: 'server.fault', where: 'the web server', detail: String(fault) });
          response.writeHead(503).end();
        },
      );
    });
  }

  /** @throws {Error} when the port cannot be had, with a text for the operator. */
  static async open({ address, port }: ListenAt, parts: ConsoleParts): Promise<Console> {
    const opened = new Console(parts);
    await new Promise<void>((resolve, reject) => {
      opened.#server.once('error', (fault) => reject(explainOpening(fault, { interface: 'any interface', address, port }, 'TCP')));
      opened.#server.listen({ host: showIpv4(address), port }, resolve);
    });
    return opened;
  }

  async close(): Promise<void> {
    await new Promise((resolve) => {
      this.#server.close(resolve);
      this.#server.closeAllConnections();
    });
    await (await this.#app)?.close();
  }
}
