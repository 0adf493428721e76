/** The REST API below `/api/v1`: each area is a plugin of its own; what is asked and answered has a shape, and OpenAPI is made from those. */
import type { FastifyInstance } from 'fastify';
import { serializerCompiler, validatorCompiler } from 'fastify-type-provider-zod';
import { backupRoutes } from './backup-routes.ts';
import { bootRoutes } from './boot-routes.ts';
import { configRoutes } from './config-routes.ts';
import { deviceRoutes } from './device-routes.ts';
import { fileRoutes } from './file-routes.ts';
import { inventoryRoutes } from './inventory-routes.ts';
import type { ApiSources } from './sources.ts';

export async function addApi(app: FastifyInstance, sources: ApiSources): Promise<void> {
  await app.register(
    async (api) => {
      api.setValidatorCompiler(validatorCompiler);
      api.setSerializerCompiler(serializerCompiler);
      await api.register(deviceRoutes(sources.devices));
      await api.register(fileRoutes(sources.files));
      await api.register(inventoryRoutes(sources.inventory));
      await api.register(backupRoutes(sources.backups));
      await api.register(bootRoutes(sources.boot));
      await api.register(configRoutes(sources.config));
    },
    { prefix: '/api/v1' },
  );
}
