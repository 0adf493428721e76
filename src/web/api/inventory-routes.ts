/** `/inventory`: devices that are written down, those that are not, and writing one of these down. */
import type { FastifyPluginAsyncZod } from 'fastify-type-provider-zod';
import { z } from 'zod';
import type { Result } from '../../base/result.ts';
import { type AdoptionShape, adoption, type InventoryShape, inventory } from './inventory-shapes.ts';
import { type ApiRefusal, faultOf, REFUSALS } from './refusal-answer.ts';

/** Where a device was written, and what is made for it. */
export interface AdoptedDevice {
  readonly place: string;
  readonly files: readonly string[];
  /** What has to be done before it counts. */
  readonly advice?: string | undefined;
}

export interface InventorySource {
  inventory(): InventoryShape;
  adopt(device: AdoptionShape): Promise<Result<AdoptedDevice, ApiRefusal>>;
}

const adopted = z.object({
  place: z.string().describe('File and line.'),
  files: z.array(z.string()).describe('Names of files that are made for it.'),
  advice: z.string().optional().describe('What has to be done before it counts.'),
});

export function inventoryRoutes(source: InventorySource): FastifyPluginAsyncZod {
  return async (app) => {
    app.get(
      '/inventory',
      { schema: { summary: 'Devices that are written down, and those that are not', response: { 200: inventory } } },
      async () => source.inventory(),
    );
    app.post(
      '/inventory',
      {
        schema: {
          summary: 'Write a device into the inventory, as `bootlace devices adopt`',
          body: adoption,
          response: { 201: adopted, ...REFUSALS },
        },
      },
      async ({ body }, reply) => {
        const outcome = await source.adopt(body);
        if (!outcome.ok) return reply.code(outcome.error.status).send(faultOf(outcome.error));
        const { place, files, advice } = outcome.value;
        return reply.code(201).send({ place, files: [...files], ...(advice !== undefined && { advice }) });
      },
    );
  };
}
