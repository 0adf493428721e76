/** `/backups`: what devices have saved here. Nothing of it goes out with its secrets. */
import type { FastifyPluginAsyncZod } from 'fastify-type-provider-zod';
import { z } from 'zod';
import type { Result } from '../../base/result.ts';
import {
  type BackupContentShape,
  type BackupDiffShape,
  type BackupFileShape,
  backupContent,
  backupDiff,
  backupList,
} from './backup-shapes.ts';
import { addressOf } from './file-routes.ts';
import { type ApiRefusal, faultOf, REFUSALS } from './refusal-answer.ts';

/** A version of a file of a device, by the names of the list. */
export interface VersionCalled {
  readonly device: string;
  readonly file: string;
  readonly number: number;
}

export interface BackupSource {
  list(): Promise<Result<readonly BackupFileShape[], ApiRefusal>>;
  content(wanted: VersionCalled): Promise<Result<BackupContentShape, ApiRefusal>>;
  diff(wanted: Omit<VersionCalled, 'number'>, from: number, to: number, ignoreNoise: boolean): Promise<Result<BackupDiffShape, ApiRefusal>>;
  /** @param by the address of who asks for it. */
  restore(wanted: VersionCalled, by: string): Promise<Result<void, ApiRefusal>>;
}

const number = z.coerce.number().int().min(1).max(999_999_999);
const file = { device: z.string().min(1).max(255), file: z.string().min(1).max(1_024) };

export function backupRoutes(backups: BackupSource): FastifyPluginAsyncZod {
  return async (app) => {
    app.get(
      '/backups',
      { schema: { summary: 'What devices have saved', response: { 200: backupList, ...REFUSALS } } },
      async (_, reply) => {
        const found = await backups.list();
        return found.ok ? { backups: [...found.value] } : reply.code(found.error.status).send(faultOf(found.error));
      },
    );
    app.get(
      '/backups/content',
      {
        schema: {
          summary: 'A version, with its secrets masked',
          querystring: z.object({ ...file, number }),
          response: { 200: backupContent, ...REFUSALS },
        },
      },
      async ({ query }, reply) => {
        const found = await backups.content(query);
        return found.ok ? found.value : reply.code(found.error.status).send(faultOf(found.error));
      },
    );
    app.get(
      '/backups/diff',
      {
        schema: {
          summary: 'Two versions side by side, with their secrets masked',
          querystring: z.object({ ...file, from: number, to: number, ignoreNoise: z.enum(['true', 'false']).default('false') }),
          response: { 200: backupDiff, ...REFUSALS },
        },
      },
      async ({ query: { from, to, ignoreNoise, ...called } }, reply) => {
        const found = await backups.diff(called, from, to, ignoreNoise === 'true');
        return found.ok ? found.value : reply.code(found.error.status).send(faultOf(found.error));
      },
    );
    app.post(
      '/backups/restore',
      {
        schema: {
          summary: 'Make a version the newest again, so that its device reads it',
          body: z.object({ ...file, number }),
          response: { 204: z.null(), ...REFUSALS },
        },
      },
      async ({ body, raw }, reply) => {
        const restored = await backups.restore(body, addressOf(raw));
        return restored.ok ? reply.code(204).send(null) : reply.code(restored.error.status).send(faultOf(restored.error));
      },
    );
  };
}
