/** `/devices`: where each device stands and what happened to it. */
import type { FastifyPluginAsyncZod } from 'fastify-type-provider-zod';
import { z } from 'zod';
import { type DeviceSummaryShape, deviceSummary, type TimelineShape, timeline } from './device-shapes.ts';
import type { Subscribe } from './feed.ts';
import { apiFault } from './plain-shapes.ts';
import type { StreamMessage } from './stream-shapes.ts';

export interface DeviceSource {
  /** Those that are stuck first. */
  list(): DeviceSummaryShape[];
  /** By its MAC, its address, or its name. */
  timeline(called: string): TimelineShape | undefined;
  readonly subscribe: Subscribe<StreamMessage<'devices'>>;
}

const called = z.object({ id: z.string().max(255).describe('A MAC, an address or a name.') });

export function deviceRoutes(devices: DeviceSource): FastifyPluginAsyncZod {
  return async (app) => {
    app.get(
      '/devices',
      { schema: { summary: 'Every device, those that are stuck first', response: { 200: z.object({ devices: z.array(deviceSummary) }) } } },
      () => ({ devices: devices.list() }),
    );
    app.get(
      '/devices/:id',
      { schema: { summary: 'What happened to a device', params: called, response: { 200: timeline, 404: apiFault } } },
      async ({ params }, reply) => devices.timeline(params.id) ?? reply.code(404).send(nobody(params.id)),
    );
    app.get(
      '/devices/:id/export',
      { schema: { summary: 'The same, to be saved as a file', params: called, response: { 200: timeline, 404: apiFault } } },
      async ({ params }, reply) => {
        const found = devices.timeline(params.id);
        if (found === undefined) return reply.code(404).send(nobody(params.id));
        const name = found.device.id.replace(/[^\w.-]/g, '-');
        return reply.header('content-disposition', `attachment; filename="timeline-${name}.json"`).send(found);
      },
    );
  };
}

function nobody(id: string) {
  return { error: `no device is called ${id}` };
}
