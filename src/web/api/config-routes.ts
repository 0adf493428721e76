/** `/config`: what is in force and which line says so, and reading it again. */
import type { FastifyPluginAsyncZod } from 'fastify-type-provider-zod';
import { z } from 'zod';
import type { Result } from '../../base/result.ts';
import { type ConfigStateShape, configState } from './config-shapes.ts';
import { type ApiRefusal, faultOf, REFUSALS } from './refusal-answer.ts';

export interface ConfigControl {
  state(): Promise<ConfigStateShape>;
  /** @returns what changed, in words. */
  reload(): Promise<Result<readonly string[], ApiRefusal>>;
}

export function configRoutes(config: ConfigControl): FastifyPluginAsyncZod {
  return async (app) => {
    app.get('/config', { schema: { summary: 'Effective values and their lines', response: { 200: configState } } }, () => config.state());
    app.post(
      '/config/reload',
      {
        schema: {
          summary: 'Read the configuration again',
          response: { 200: z.object({ changes: z.array(z.string()) }), ...REFUSALS },
        },
      },
      async (_, reply) => {
        const outcome = await config.reload();
        return outcome.ok ? { changes: [...outcome.value] } : reply.code(outcome.error.status).send(faultOf(outcome.error));
      },
    );
  };
}
