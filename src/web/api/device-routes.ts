/** `/devices`: where each device stands and what happened to it. */
import type { FastifyPluginAsyncZod } from 'fastify-type-provider-zod';
import { z } from 'zod';
import type { Devices } from '../../devices/api.ts';
import { deviceSummary, timeline } from './device-shapes.ts';
import { apiFault } from './plain-shapes.ts';

export type DeviceSource = Pick<Devices, 'list' | 'timeline'>;

const called = z.object({ id: z.string().max(255).describe('A MAC, an address or a name.') });

export function deviceRoutes(devices: DeviceSource): FastifyPluginAsyncZod {
  return async (app) => {
    app.get(
      '/devices',
      { schema: { summary: 'Every device, those that are stuck first', response: { 200: z.object({ devices: z.array(deviceSummary) }) } } },
      async () => ({ devices: [...devices.list()] }),
    );
    app.get(
      '/devices/:id',
      { schema: { summary: 'What happened to a device', params: called, response: { 200: timeline, 404: apiFault } } },
      async ({ params }, reply) => {
        const found = devices.timeline(params.id);
        if (found === undefined) return reply.code(404).send({ error: `no device is called ${params.id}` });
        return { device: found.device, entries: [...found.entries] };
      },
    );
  };
}
