/** `/server`: what is served where, what is not, and why. */
import type { FastifyPluginAsyncZod } from 'fastify-type-provider-zod';
import type { Subscribe } from './feed.ts';
import { type ServerStateShape, serverState } from './server-shapes.ts';

export interface ServerSource {
  state(): Promise<ServerStateShape>;
  readonly subscribe: Subscribe<ServerStateShape>;
}

export function serverRoutes(server: ServerSource): FastifyPluginAsyncZod {
  return async (app) => {
    app.get(
      '/server',
      { schema: { summary: 'The server: its networks, its services, and what does not work here', response: { 200: serverState } } },
      () => server.state(),
    );
  };
}
