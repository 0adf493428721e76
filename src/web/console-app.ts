/** The routes of `web.listen`: the page, the API below `/api/v1`, and figures for Prometheus. */
import type { IncomingMessage, ServerResponse } from 'node:http';
import fastify, { type FastifyInstance } from 'fastify';
import { Metrics } from '../observe/metrics.ts';
import { addApi } from './api/api.ts';
import type { ConsoleParts } from './console.ts';
import { addGate } from './gate.ts';
import { addPage, PAGE_FOLDER } from './page-files.ts';
import { VisitorCheck } from './visitor.ts';

export interface ConsoleAppParts extends ConsoleParts {
  /** Names by which this machine may be asked. */
  readonly names: readonly string[];
}

export class ConsoleApp {
  readonly #app: FastifyInstance;

  private constructor(app: FastifyInstance) {
    this.#app = app;
  }

  static async open(parts: ConsoleAppParts): Promise<ConsoleApp> {
    const app = fastify({ logger: false });
    const metrics = new Metrics(parts.metrics);
    const gate = { ...parts, visitors: new VisitorCheck(parts) };
    await addGate(app, gate);
    app.get('/metrics', async (_request, reply) => {
      const text = await metrics.text();
      return reply.header('content-type', metrics.contentType).send(text);
    });
    await addPage(app, parts.page ?? PAGE_FOLDER);
    await addApi(app, { ...gate, version: parts.metrics.version });
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
