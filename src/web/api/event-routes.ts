/** `/events`: what happens, as it happens (server-sent events). */
import type { FastifyPluginAsyncZod } from 'fastify-type-provider-zod';
import { z } from 'zod';
import { type GateParts, visitorOf } from '../gate.ts';
import { EventStream } from './event-stream.ts';
import type { Subscribe } from './feed.ts';
import { apiFault } from './plain-shapes.ts';
import type { ApiSources } from './sources.ts';
import { STREAM_TOPICS, type StreamTopic } from './stream-shapes.ts';

/** Pages that are open at one time: each holds a connection, of which the console has a hundred. */
const MOST_STREAMS = 32;

const TOPIC = `(?:${STREAM_TOPICS.join('|')})`;
const query = z.object({
  topics: z
    .string()
    .regex(new RegExp(`^${TOPIC}(?:,${TOPIC})*$`), `it has to be a list of ${STREAM_TOPICS.join(', ')}, with commas`)
    .optional()
    .describe(`Of ${STREAM_TOPICS.map((topic) => `\`${topic}\``).join(', ')}, with commas; all of them where it is left out.`),
});

export function eventRoutes(sources: Readonly<Pick<ApiSources, StreamTopic>>, { visitors, clock, tell }: GateParts): FastifyPluginAsyncZod {
  return async (app) => {
    const streams = new Set<EventStream>();
    app.addHook('preClose', async () => {
      for (const stream of streams) stream.end();
    });
    app.get(
      '/events',
      {
        schema: {
          summary: 'What happens, as it happens',
          description:
            'Server-sent events: the name of each is a topic, its data JSON. Who reads too slowly loses the oldest and is told how many (`missed`).',
          querystring: query,
          response: { 200: { description: 'A stream.', content: { 'text/event-stream': { schema: z.string() } } }, 503: apiFault },
        },
      },
      (request, reply) => {
        if (streams.size >= MOST_STREAMS) {
          void reply.code(503).send({ error: `${MOST_STREAMS} pages listen already: close one of them` });
          return;
        }
        const asked = request.query.topics?.split(',') ?? STREAM_TOPICS;
        const visitor = visitorOf(request);
        const output = reply.raw;
        reply.hijack();
        for (const [name, value] of Object.entries(reply.getHeaders())) if (value !== undefined) output.setHeader(name, value);
        output.writeHead(200, { 'content-type': 'text/event-stream' });
        const stream = new EventStream({
          output,
          now: () => clock.mono(),
          isWelcome: () => visitors.judge(visitor, clock.mono()).may,
          onFault: (fault) => tell({ type: 'server.fault', where: 'the stream of events', detail: String(fault) }),
        });
        streams.add(stream);
        output.once('close', () => {
          streams.delete(stream);
          stream.close();
        });
        for (const topic of STREAM_TOPICS) if (asked.includes(topic)) stream.add(topic, sources[topic].subscribe as Subscribe<unknown>);
        // What is served stands at the head of the page.
        if (asked.includes('server')) stream.news('server');
      },
    );
  };
}
