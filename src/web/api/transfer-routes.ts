/** `/transfers`: files on their way. */
import type { FastifyPluginAsyncZod } from 'fastify-type-provider-zod';
import type { Subscribe } from './feed.ts';
import type { StreamMessage } from './stream-shapes.ts';
import { type TransferShape, transferList } from './transfer-shapes.ts';

export interface TransferSource {
  /** Newest first. */
  list(): TransferShape[];
  readonly subscribe: Subscribe<StreamMessage<'transfers'>>;
}

export function transferRoutes(transfers: TransferSource): FastifyPluginAsyncZod {
  return async (app) => {
    app.get(
      '/transfers',
      { schema: { summary: 'Files on their way, and the last hundred that have ended', response: { 200: transferList } } },
      () => ({ transfers: transfers.list() }),
    );
  };
}
