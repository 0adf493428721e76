/** `/boot` and `/wake`: which entry of its menu a device boots, and waking it. */
import type { FastifyPluginAsyncZod } from 'fastify-type-provider-zod';
import { z } from 'zod';
import type { Result } from '../../base/result.ts';
import { type BootStateShape, bootState, chooseEntry } from './boot-shapes.ts';
import { type ApiRefusal, faultOf, REFUSALS } from './refusal-answer.ts';

export interface BootControl {
  state(): BootStateShape;
  /** In force when it resolves. */
  choose(mac: string, choice: { readonly entry: string; readonly isOnce: boolean }): Promise<Result<void, ApiRefusal>>;
  clear(mac: string): Promise<Result<void, ApiRefusal>>;
  wake(mac: string): Promise<Result<void, ApiRefusal>>;
}

const called = z.object({ mac: z.string().max(64) });

export function bootRoutes(boot: BootControl): FastifyPluginAsyncZod {
  return async (app) => {
    app.get('/boot', { schema: { summary: 'Menus, and what is chosen', response: { 200: bootState } } }, async () => boot.state());
    app.put(
      '/boot/:mac',
      { schema: { summary: 'Choose what a device boots', params: called, body: chooseEntry, response: { 204: z.null(), ...REFUSALS } } },
      async ({ params, body }, reply) => {
        const outcome = await boot.choose(params.mac, body);
        return outcome.ok ? reply.code(204).send(null) : reply.code(outcome.error.status).send(faultOf(outcome.error));
      },
    );
    app.delete(
      '/boot/:mac',
      { schema: { summary: 'Take back what was chosen', params: called, response: { 204: z.null(), ...REFUSALS } } },
      async ({ params }, reply) => {
        const outcome = await boot.clear(params.mac);
        return outcome.ok ? reply.code(204).send(null) : reply.code(outcome.error.status).send(faultOf(outcome.error));
      },
    );
    app.post(
      '/wake/:mac',
      { schema: { summary: 'Wake a machine (Wake-on-LAN)', params: called, response: { 204: z.null(), ...REFUSALS } } },
      async ({ params }, reply) => {
        const outcome = await boot.wake(params.mac);
        return outcome.ok ? reply.code(204).send(null) : reply.code(outcome.error.status).send(faultOf(outcome.error));
      },
    );
  };
}
