/** The rules for every request to the console: who may come in, what each answer says to browsers, and how faults are told. */
import cookies from '@fastify/cookie';
import fastify, { type FastifyError, type FastifyInstance, type FastifyReply, type FastifyRequest } from 'fastify';
import type { Clock } from '../base/clock.ts';
import type { Tell } from '../events/bus.ts';
import type { ApiFault } from './api/plain-shapes.ts';
import type { Refusal, Visitor, VisitorCheck } from './visitor.ts';

declare module 'fastify' {
  interface FastifyContextConfig {
    /** Told to everybody who comes by a name of ours: it holds nothing. */
    isPublic?: boolean;
  }
}

export interface GateParts {
  readonly clock: Clock;
  readonly tell: Tell;
  readonly visitors: VisitorCheck;
}

/** Its value is a session's id. */
export const SESSION_COOKIE = 'bootlace_session';

/** On every answer: nothing of it is to be framed, guessed at, kept, told to others, or used by pages of others. */
const FIELDS = {
  'content-security-policy': "default-src 'none'; frame-ancestors 'none'",
  'x-content-type-options': 'nosniff',
  'x-frame-options': 'DENY',
  'referrer-policy': 'no-referrer',
  'cross-origin-resource-policy': 'same-origin',
  'cache-control': 'no-store',
} as const;

const READING: ReadonlySet<string> = new Set(['GET', 'HEAD']);
const REFUSED = 'You may not ask this: the server’s log says why.';
const BY_STATUS: Readonly<Record<number, string>> = {
  401: 'Sign in with the token of this server first.',
  429: 'There were too many wrong tokens: wait a minute.',
};

/** An app that nobody comes into but by these rules. */
export async function openGate({ clock, tell, visitors }: GateParts): Promise<FastifyInstance> {
  const app = fastify({
    logger: false,
    // A target that is none does not get as far as the hooks.
    frameworkErrors: (fault, request, reply) => {
      reply.headers(FIELDS);
      void answerFault(fault, request, reply, tell);
    },
  });
  await app.register(cookies);
  app.addHook('onRequest', async (request, reply) => {
    reply.headers(FIELDS);
    const visitor = visitorOf(request);
    const isPublic = request.routeOptions.config.isPublic === true;
    const verdict = isPublic ? visitors.judgeWay(visitor) : visitors.judge(visitor, clock.mono());
    if (!verdict.may) await refuse(request, reply, verdict, tell);
  });
  app.setErrorHandler((fault: FastifyError, request, reply) => answerFault(fault, request, reply, tell));
  app.setNotFoundHandler((request, reply) => answer(request, reply.code(404), { error: 'There is nothing here.' }));
  return app;
}

export function visitorOf(request: FastifyRequest): Visitor {
  const { headers, raw, method, cookies: given } = request;
  const site = headers['sec-fetch-site'];
  return {
    from: raw.socket.remoteAddress ?? 'nowhere',
    host: headers.host,
    origin: headers.origin,
    site: typeof site === 'string' ? site.toLowerCase() : undefined,
    token: /^Bearer +(\S+)$/i.exec(headers.authorization ?? '')?.[1],
    session: given[SESSION_COOKIE],
    isChange: !READING.has(method),
  };
}

/** Says no, and says why where only the operator reads it. */
export async function refuse(request: FastifyRequest, reply: FastifyReply, { status, reason }: Refusal, tell: Tell): Promise<FastifyReply> {
  tell({ type: 'web.refused', from: request.raw.socket.remoteAddress ?? 'nowhere', reason });
  if (status === 401) reply.header('www-authenticate', 'Bearer');
  return answer(request, reply.code(status), { error: BY_STATUS[status] ?? REFUSED });
}

/** Programs get JSON, people a line of text. */
function answer(request: FastifyRequest, reply: FastifyReply, fault: ApiFault): FastifyReply {
  const isForPrograms = request.url.startsWith('/api/');
  // What is sent is serialized already: whatever a route would answer, this is none of it.
  if (isForPrograms) return reply.type('application/json; charset=utf-8').serializer(String).send(JSON.stringify(fault));
  return reply.type('text/plain; charset=utf-8').send(`${fault.error}\n`);
}

function answerFault(fault: FastifyError, request: FastifyRequest, reply: FastifyReply, tell: Tell): FastifyReply {
  const { statusCode = 500, validation, validationContext = 'request', message } = fault;
  if (validation !== undefined) {
    const details = validation.map(({ instancePath, message: what = 'is wrong' }) => {
      const place = instancePath.replace(/^\//, '').replaceAll('/', '.');
      return `${validationContext}${place === '' ? '' : `.${place}`}: ${what}`;
    });
    return answer(request, reply.code(400), { error: `This cannot be asked: ${details.join('; ')}`, details });
  }
  if (statusCode >= 400 && statusCode < 500) return answer(request, reply.code(statusCode), { error: message });
  tell({ type: 'server.fault', where: 'a request to the web server', detail: message });
  return answer(request, reply.code(500), { error: 'The server made a mistake: its log says which.' });
}
