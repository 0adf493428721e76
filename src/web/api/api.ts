/** The REST API below `/api/v1`: each area is a plugin of its own; what is asked and answered has a shape, and OpenAPI is made from those. */
import type { FastifyInstance } from 'fastify';
import { serializerCompiler, validatorCompiler } from 'fastify-type-provider-zod';
import type { GateParts } from '../gate.ts';
import { deviceRoutes } from './device-routes.ts';
import { eventRoutes } from './event-routes.ts';
import { leaseRoutes } from './lease-routes.ts';
import { logRoutes } from './log-routes.ts';
import { serverRoutes } from './server-routes.ts';
import { sessionRoutes } from './session-routes.ts';
import type { ApiSources } from './sources.ts';
import { transferRoutes } from './transfer-routes.ts';

/** Octets of a body, where a route says nothing else. */
const MOST_BODY = 64 * 1024;

export interface ApiParts extends GateParts {
  readonly version: string;
  readonly api: ApiSources;
}

export async function addApi(app: FastifyInstance, parts: ApiParts): Promise<void> {
  const { api: sources, version } = parts;
  await app.register(
    async (api) => {
      api.setValidatorCompiler(validatorCompiler);
      api.setSerializerCompiler(serializerCompiler);
      // JSON alone: a form of another site's page can send nothing that is understood here.
      api.removeContentTypeParser('text/plain');
      api.addHook('onRoute', (route) => {
        route.bodyLimit ??= MOST_BODY;
      });
      await api.register(sessionRoutes(parts));
      await api.register(serverRoutes(sources.server));
      await api.register(deviceRoutes(sources.devices));
      await api.register(leaseRoutes(sources.leases));
      await api.register(transferRoutes(sources.transfers));
      await api.register(logRoutes(sources.log));
      await api.register(eventRoutes(sources, parts));
      api.get('/openapi.json', { schema: { hide: true } }, async () => {
        const { openApiDocument } = await import('./openapi.ts');
        return openApiDocument(version);
      });
    },
    { prefix: '/api/v1' },
  );
}
