/** `/session`: a browser shows the token once, and has a cookie from then on. Programs send the token itself, as `Bearer`. */
import type { FastifyPluginAsyncZod } from 'fastify-type-provider-zod';
import { z } from 'zod';
import type { GateParts } from '../gate.ts';
import { refuse, SESSION_COOKIE, visitorOf } from '../gate.ts';
import { apiFault } from './plain-shapes.ts';
import { login, session } from './server-shapes.ts';

/** Not `secure`, as the console is plain HTTP. No page of another site has it sent, and no script reads it. */
const COOKIE = { path: '/', httpOnly: true, sameSite: 'strict' } as const;

export function sessionRoutes({ visitors, clock, tell }: GateParts): FastifyPluginAsyncZod {
  return async (app) => {
    const config = { isPublic: true };
    app.get(
      '/session',
      { config, schema: { summary: 'Whether a token is needed, and whether it was shown', response: { 200: session } } },
      async (request) => {
        const visitor = visitorOf(request);
        return { isTokenNeeded: visitors.isTokenNeeded, isSignedIn: visitors.judge(visitor, clock.mono()).may };
      },
    );
    app.post(
      '/session',
      {
        config,
        schema: {
          summary: 'Show the token; the answer sets the cookie',
          body: login,
          response: { 200: session, 401: apiFault, 429: apiFault },
        },
      },
      async (request, reply) => {
        if (!visitors.isTokenNeeded) return { isTokenNeeded: false, isSignedIn: true };
        const verdict = visitors.signIn({ ...visitorOf(request), token: request.body.token }, clock.mono());
        if (!verdict.may) return refuse(request, reply, verdict, tell);
        reply.setCookie(SESSION_COOKIE, verdict.session, COOKIE);
        return { isTokenNeeded: true, isSignedIn: true };
      },
    );
    app.delete('/session', { config, schema: { summary: 'End the session', response: { 204: z.null() } } }, async (request, reply) => {
      visitors.signOut(visitorOf(request));
      return reply.clearCookie(SESSION_COOKIE, COOKIE).code(204).send(null);
    });
  };
}
