/** The page: files that Vite has built. They hold nothing of this server, so that everybody may have them; what they show they ask of the API. */
import { existsSync } from 'node:fs';
import { join, sep } from 'node:path';
import { fileURLToPath } from 'node:url';
import files from '@fastify/static';
import type { FastifyInstance } from 'fastify';

/** Beside `src/` and, in the package, around this very folder. */
export const PAGE_FOLDER = fileURLToPath(new URL('../../dist/page/', import.meta.url));

/** Only what comes from here runs, and only here is asked; styles that scripts set on elements are no matter of a policy. */
const POLICY = [
  "default-src 'self'",
  "img-src 'self' data:",
  "object-src 'none'",
  "base-uri 'none'",
  "form-action 'self'",
  "frame-ancestors 'none'",
].join('; ');

const NOT_BUILT =
  'The page of this server has not been built: run `npm run build:page` where it is installed. The API answers all the same.\n';
const INDEX = 'index.html';
/** As Vite names what it builds, by a digest of what is in it. Icons, whose names the page writes itself, have none. */
const HAS_DIGEST = /-[\w-]{8}\.\w+$/;
const FOREVER = 'public, max-age=31536000, immutable';

export async function addPage(app: FastifyInstance, folder: string): Promise<void> {
  const route = { config: { isPublic: true }, schema: { hide: true } };
  await app.register(files, {
    root: folder,
    serve: false,
    cacheControl: false,
    dotfiles: 'ignore',
    suppressWarning: true,
    setHeaders: (reply, path) => {
      const isFixed = path.startsWith(join(folder, 'assets', sep)) && HAS_DIGEST.test(path);
      reply.headers({ 'content-security-policy': POLICY, 'cache-control': isFixed ? FOREVER : 'no-cache' });
    },
  });
  app.get('/', route, (_request, reply) => {
    if (existsSync(join(folder, INDEX))) return reply.sendFile(INDEX);
    return reply.code(503).type('text/plain; charset=utf-8').send(NOT_BUILT);
  });
  // Browsers ask for it on their own.
  for (const icon of ['favicon.ico', 'favicon.svg']) app.get(`/${icon}`, route, (_request, reply) => reply.sendFile(icon));
  app.get<{ Params: { '*': string } }>('/assets/*', route, ({ params }, reply) => reply.sendFile(`assets/${params['*']}`));
}
