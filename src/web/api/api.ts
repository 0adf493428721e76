/** The REST API below `/api/v1`: each area is a plugin of its own; what is asked and answered has a shape, and OpenAPI is made from those. */
import type { FastifyInstance } from 'fastify';
import { serializerCompiler, validatorCompiler } from 'fastify-type-provider-zod';
import { deviceRoutes } from './device-routes.ts';
import { packetRoutes } from './packet-routes.ts';
import type { ApiSources } from './sources.ts';

export async function addApi(app: FastifyInstance, sources: ApiSources): Promise<void> {
  await app.register(
    async (api) => {
      api.setValidatorCompiler(validatorCompiler);
      api.setSerializerCompiler(serializerCompiler);
      await api.register(deviceRoutes(sources.devices));
      await api.register(packetRoutes(sources.packets));
    },
    { prefix: '/api/v1' },
  );
}
