/** `/files` and `/file-readers`: what lies in the root, what is put there and taken away by the page, and who would get a file. */
import type { IncomingMessage } from 'node:http';
import type { FastifyPluginAsyncZod } from 'fastify-type-provider-zod';
import { z } from 'zod';
import type { Result } from '../../base/result.ts';
import { type FileEntryShape, type FileListShape, type FileReadersShape, fileEntry, fileList, fileReaders } from './file-shapes.ts';
import { type ApiRefusal, apiRefusal, faultOf, REFUSALS } from './refusal-answer.ts';

/** A file on its way into the root. */
export interface ArrivingFile {
  readonly path: string;
  /** Octets, all of which are in `body`. */
  readonly size: number;
  readonly body: AsyncIterable<Uint8Array>;
  /** A file of that name is not replaced. */
  readonly mustBeNew: boolean;
  /** The address of who sends it. */
  readonly from: string;
}

export interface FileSource {
  /** @param path of a folder below the root; empty for the root. */
  list(path: string): Promise<Result<FileListShape, ApiRefusal>>;
  /** In its place and durable when it resolves; never rejects. */
  place(file: ArrivingFile): Promise<Result<{ readonly entry: FileEntryShape; readonly isNew: boolean }, ApiRefusal>>;
  remove(path: string, from: string): Promise<Result<void, ApiRefusal>>;
  readers(path: string): Promise<Result<FileReadersShape, ApiRefusal>>;
}

/** Who sends nothing for so long is given up. */
const PATIENCE_MS = 30_000;

const named = z.object({ '*': z.string().max(4_096).describe('The path of the file below the root.') });
const asked = z.object({ path: z.string().max(4_096).default('').describe('Below the root; empty for the root itself.') });

export function fileRoutes(files: FileSource): FastifyPluginAsyncZod {
  return async (app) => {
    app.get(
      '/files',
      { schema: { summary: 'What is in a folder of the root', querystring: asked, response: { 200: fileList, ...REFUSALS } } },
      async ({ query }, reply) => {
        const listed = await files.list(query.path);
        return listed.ok ? listed.value : reply.code(listed.error.status).send(faultOf(listed.error));
      },
    );
    app.get(
      '/file-readers',
      { schema: { summary: 'Which devices would get a file, and why', querystring: asked, response: { 200: fileReaders, ...REFUSALS } } },
      async ({ query }, reply) => {
        const found = await files.readers(query.path);
        return found.ok ? found.value : reply.code(found.error.status).send(faultOf(found.error));
      },
    );
    app.delete(
      '/files/*',
      { schema: { summary: 'Take a file away', params: named, response: { 204: z.null(), ...REFUSALS } } },
      async ({ params, raw }, reply) => {
        const removed = await files.remove(params['*'], addressOf(raw));
        return removed.ok ? reply.code(204).send(null) : reply.code(removed.error.status).send(faultOf(removed.error));
      },
    );
    await app.register(arrivals(files));
  };
}

/** On its own: here a body is octets, whatever its type says. */
function arrivals(files: FileSource): FastifyPluginAsyncZod {
  return async (app) => {
    app.removeAllContentTypeParsers();
    app.addContentTypeParser('*', (_request, payload, done) => done(null, payload));
    app.put(
      '/files/*',
      {
        // How much is taken is the source's affair.
        bodyLimit: Number.MAX_SAFE_INTEGER,
        schema: {
          summary: 'Put a file into the root: the body is its octets; `If-None-Match: *` keeps one that is there',
          params: named,
          response: { 200: fileEntry, 201: fileEntry, ...REFUSALS },
        },
      },
      async ({ params, headers, raw }, reply) => {
        const size = sizeOf(headers['content-length']);
        const refuse = (refused: ApiRefusal) => reply.header('connection', 'close').code(refused.status).send(faultOf(refused));
        if (size === undefined)
          return refuse(apiRefusal(411, 'say how long the file is (Content-Length), so that there can be room for it'));
        raw.setTimeout(PATIENCE_MS, () => raw.destroy(new Error(`it sent nothing for ${PATIENCE_MS / 1000} s`)));
        const mustBeNew = headers['if-none-match']?.trim() === '*';
        const placed = await files.place({ path: params['*'], size, body: raw, mustBeNew, from: addressOf(raw) });
        // What was not read of the body stands in the way of the next request.
        if (!placed.ok) return refuse(placed.error);
        return reply.code(placed.value.isNew ? 201 : 200).send(placed.value.entry);
      },
    );
  };
}

function sizeOf(header: string | undefined): number | undefined {
  return header !== undefined && /^\d{1,15}$/.test(header) ? Number(header) : undefined;
}

/** Of who asks. */
export function addressOf({ socket }: IncomingMessage): string {
  return socket.remoteAddress ?? 'nowhere';
}
