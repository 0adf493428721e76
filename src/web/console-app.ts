/** The routes of `web.listen`, and the rules for every request to them. */
import type { IncomingMessage, ServerResponse } from 'node:http';
import fastify, { type FastifyInstance, type FastifyRequest } from 'fastify';
import { Metrics } from '../observe/metrics.ts';
import { addApi } from './api/api.ts';
import type { ConsoleParts } from './console.ts';
import { type Visitor, VisitorCheck } from './visitor.ts';

export interface ConsoleAppParts extends ConsoleParts {
  /** Names by which this machine may be asked. */
  readonly names: readonly string[];
}

/** On every answer: nothing of it is to be framed, guessed at, kept, or told to others. */
const FIELDS = {
  'content-security-policy': "default-src 'none'; frame-ancestors 'none'",
  'x-content-type-options': 'nosniff',
  'referrer-policy': 'no-referrer',
  'cache-control': 'no-store',
} as const;

export class ConsoleApp {
  readonly #app: FastifyInstance;

  private constructor(app: FastifyInstance) {
    this.#app = app;
  }

  static async open(parts: ConsoleAppParts): Promise<ConsoleApp> {
    const app = fastify({ logger: false });
    const visitors = new VisitorCheck(parts);
    const metrics = new Metrics(parts.metrics);
    app.addHook('onRequest', async (request, reply) => {
      reply.headers(FIELDS);
      const visitor = visitorOf(request);
      const verdict = visitors.judge(visitor, parts.clock.mono());
      if (verdict.may) return;
      parts.tell({ type: 'web.refused', from: visitor.from, reason: verdict.reason });
      if (verdict.status === 401) reply.header('www-authenticate', 'Bearer');
      await reply.code(verdict.status).type('text/plain; charset=utf-8').send('You may not ask this: the server’s log says why.\n');
    });
    app.setErrorHandler(async (fault, _request, reply) => {
      parts.tell({
        type: 'server.fault',
        where: 'a request to the web server',
        detail: fault instanceof Error ? fault.message : String(fault),
      });
      return reply.code(500).type('text/plain; charset=utf-8').send('The server made a mistake: its log says which.\n');
    });
    app.setNotFoundHandler((_request, reply) => reply.code(404).type('text/plain; charset=utf-8').send('There is nothing here.\n'));
    app.get('/metrics', async (_request, reply) => {
      const text = await metrics.text();
      return reply.header('content-type', metrics.contentType).send(text);
    });
    await addApi(app, parts.api);
    await app.ready();
    return new ConsoleApp(app);
  }

  handle(request: IncomingMessage, response: ServerResponse): void {
    this.#app.routing(request, response);
  }

  async close(): Promise<void> {
    await this.#app.close();
  }
}

function visitorOf({ headers, raw }: FastifyRequest): Visitor {
  return {
    from: raw.socket.remoteAddress ?? 'nowhere',
    host: headers.host,
    origin: headers.origin,
    token: /^Bearer +(\S+)$/i.exec(headers.authorization ?? '')?.[1],
  };
}
