/** `/log`: the last lines of the log. */
import type { FastifyPluginAsyncZod } from 'fastify-type-provider-zod';
import { z } from 'zod';
import type { Subscribe } from './feed.ts';
import { type LogLineShape, logLine, logPage } from './log-shapes.ts';
import type { StreamMessage } from './stream-shapes.ts';

const MOST_LINES = 1_000;
const USUAL_LINES = 200;

const query = z.object({
  level: logLine.shape.level.optional().describe('Lines of this level and above.'),
  device: z.string().max(255).optional().describe('A MAC, an address or a name.'),
  event: z.string().max(64).optional().describe('A kind of event, `lease.bound`, or the beginning of several: `lease.`.'),
  text: z.string().max(255).optional().describe('What the line holds, in small letters or capitals.'),
  before: z.coerce.number().int().optional().describe('Only lines with a smaller id.'),
  limit: z.coerce.number().int().min(1).max(MOST_LINES).default(USUAL_LINES),
});

export type LogQuery = z.output<typeof query>;

export interface LogSource {
  /** The last lines that fit, oldest first. */
  page(query: LogQuery): LogLineShape[];
  readonly subscribe: Subscribe<StreamMessage<'log'>>;
}

export function logRoutes(log: LogSource): FastifyPluginAsyncZod {
  return async (app) => {
    app.get('/log', { schema: { summary: 'The last lines of the log', querystring: query, response: { 200: logPage } } }, (request) => ({
      lines: log.page(request.query),
    }));
  };
}
