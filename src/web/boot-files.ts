/** What becomes of a request for a file, or with one: the rules of RFC 9110. Files, and who may have or put them, are the catalogue’s business. */
import type { IncomingMessage, ServerResponse } from 'node:http';
import type { Socket } from 'node:net';
import fastify, { type FastifyInstance, type FastifyReply, type FastifyRequest } from 'fastify';
import { type Ipv4, parseIpv4 } from '../base/addresses.ts';
import type { Clock } from '../base/clock.ts';
import type { Tell } from '../events/bus.ts';
import type { Subject } from '../events/events.ts';
import type { Served } from '../events/transfer-events.ts';
import type { FileCatalog, FolderList, FoundFile } from '../files/catalog.ts';
import { type Refusal, refusal } from '../files/refusal.ts';
import { showName } from '../files/safe-path.ts';
import { servedOf } from '../files/served.ts';
import type { SendFile } from '../net/ports.ts';
import { askedRange, type ByteRange } from './byte-range.ts';
import { clientWords } from './client-words.ts';
import { isSameContent, judge, type Validators, validatorsOf } from './conditions.ts';
import { contentTypeOf } from './content-type.ts';
import { deviceClaims } from './device-claims.ts';
import { FileTransfer } from './file-transfer.ts';
import { receiveUpload } from './file-upload.ts';
import { showHttpDate } from './http-date.ts';
import { listingPage, PAGE_POLICY } from './listing-page.ts';
import { requestName } from './request-name.ts';

export interface BootFilesParts {
  /** Asked for at every request: a reload puts another in its place. */
  readonly catalog: () => FileCatalog;
  readonly clock: Clock;
  readonly tell: Tell;
  readonly whoHas: (address: Ipv4) => Subject;
  readonly sendFile: SendFile;
  /** Octets that one upload may have; asked for at every request. */
  readonly maxUploadSize: () => number;
  /** Hears of a file that nobody has. */
  readonly onMiss: (miss: { readonly fileName: string; readonly from: Subject; readonly lookedFor: string }) => void;
  /** Hears who got one. */
  readonly onFound: (from: Subject) => void;
}

const METHODS = 'GET, HEAD, PUT';
const PATIENCE_MS = 120_000;
/** What a client is told of a refusal: nothing about this machine. */
const ANSWERS: Readonly<Record<Refusal['refused'], readonly [status: number, text: string]>> = {
  'not-found': [404, 'There is no such file here.'],
  forbidden: [403, 'This file is not for you: the server’s log says why.'],
  exists: [403, 'This file is not for you: the server’s log says why.'],
  full: [503, 'The server cannot give this file now.'],
  fault: [503, 'The server cannot reach this file now.'],
};

const UPLOAD_ANSWERS: typeof ANSWERS = {
  'not-found': [404, 'There is no place of that name here.'],
  forbidden: [403, 'You may not put this file here: the server’s log says why.'],
  exists: [409, 'There is a file of that name already.'],
  full: [413, 'The server has no room for this file.'],
  fault: [503, 'The server cannot take this file now.'],
};

export class BootFiles {
  readonly #parts: BootFilesParts;
  readonly #app: FastifyInstance;
  readonly #running = new Set<FileTransfer>();
  #transfers = 0;

  private constructor(parts: BootFilesParts) {
    this.#parts = parts;
    // Names are octets, which may be no UTF-8: nobody but `requestName` reads them, and there is one route for all.
    this.#app = fastify({ logger: false, exposeHeadRoutes: false, rewriteUrl: () => '/' });
  }

  static async open(parts: BootFilesParts): Promise<BootFiles> {
    const files = new BootFiles(parts);
    files.#setUp();
    await files.#app.ready();
    return files;
  }

  /** Answers a request. */
  handle(request: IncomingMessage, response: ServerResponse): void {
    this.#app.routing(request, response);
  }

  /** Ends transfers; clients notice. */
  fail(reason: string, concerns: (connection: Socket) => boolean): void {
    for (const transfer of this.#running) if (concerns(transfer.connection)) transfer.fail(reason);
  }

  async close(): Promise<void> {
    await this.#app.close();
  }

  #setUp(): void {
    const app = this.#app;
    app.addHook('onRequest', async (request, reply) => {
      reply.header('x-content-type-options', 'nosniff');
      if (METHODS.split(', ').includes(request.method)) return;
      // What a POST brings is not read, so the connection ends here.
      reply.header('allow', METHODS).header('connection', 'close');
      await say(reply, 405, `Files can be read and put here, and nothing else: ${METHODS}.`);
    });
    // A body is whatever file it is, and is read by nobody but `receiveUpload`.
    app.removeAllContentTypeParsers();
    app.addContentTypeParser('*', (_request, _body, done) => done(null));
    app.addHook('onResponse', async (request, reply) => this.#tellAnswer(request, reply));
    app.route({ method: ['GET', 'HEAD'], url: '/', handler: (request, reply) => this.#answer(request, reply) });
    app.route({ method: 'PUT', url: '/', handler: (request, reply) => this.#take(request, reply) });
    app.setErrorHandler(async (fault, _request, reply) => {
      this.#parts.tell({ type: 'server.fault', where: 'http request', detail: fault instanceof Error ? fault.message : String(fault) });
      return say(reply, 500, 'The server made a mistake: its log says which.');
    });
  }

  async #answer(request: FastifyRequest, reply: FastifyReply): Promise<FastifyReply> {
    const name = requestName(request.originalUrl);
    if (!name.ok) return say(reply, 400, `Bad request: ${name.error}.`);
    const from = this.#subjectOf(request);
    if (name.value === '' || /[/\\]$/.test(name.value)) return this.#answerFolder(name.value, from, reply);
    const { localAddress } = request.raw.socket;
    const server = localAddress === undefined ? undefined : parseIpv4(localAddress);
    const found = await this.#parts.catalog().open(name.value, from, server);
    if (found.ok) return this.#answerFile(name.value, from, found.value, request, reply);
    const folder = found.error.refused === 'forbidden' ? this.#parts.catalog().list(name.value, from) : undefined;
    return folder?.ok === true ? sendPage(reply, folder.value) : this.#refuse(name.value, from, found.error, reply);
  }

  /** Takes a file. What a refused request still brings is not read, so its connection ends. */
  async #take(request: FastifyRequest, reply: FastifyReply): Promise<FastifyReply> {
    const { headers, raw } = request;
    const name = requestName(request.originalUrl);
    if (!name.ok) return say(endingConnection(reply), 400, `Bad request: ${name.error}.`);
    // RFC 9110 §14.5: who does not know parts must not take one for the whole.
    if (headers['content-range'] !== undefined) return say(endingConnection(reply), 400, 'Files are taken whole.');
    const from = this.#subjectOf(request);
    const size = headers['content-length'] === undefined ? undefined : Number(headers['content-length']);
    const maxSize = this.#parts.maxUploadSize();
    const refuse = ({ refused, detail }: Refusal): FastifyReply => {
      this.#parts.tell({
        ...from,
        type: 'transfer.refused',
        protocol: 'http',
        direction: 'write',
        path: showName(name.value) || '/',
        reason: detail,
      });
      return say(endingConnection(reply), ...UPLOAD_ANSWERS[refused]);
    };
    if (size !== undefined && size > maxSize) return refuse(refusal('full', `${size} octets are more than the ${maxSize} that are taken`));
    const sink = await this.#parts.catalog().create(name.value, from, size);
    if (!sink.ok) return refuse(sink.error);
    this.#transfers += 1;
    const label = { ...from, transfer: this.#transfers, protocol: 'http', direction: 'write', path: showName(name.value) } as const;
    const { clock, tell } = this.#parts;
    const outcome = await receiveUpload({ request: raw, sink: sink.value, label, size, maxSize, patienceMs: PATIENCE_MS, clock, tell });
    if ('refused' in outcome) return say(endingConnection(reply), ...UPLOAD_ANSWERS[outcome.refused]);
    return reply.code(outcome.unchanged ? 204 : 201).send();
  }

  #answerFolder(name: string, from: Subject, reply: FastifyReply): FastifyReply {
    const list = this.#parts.catalog().list(name, from);
    return list.ok ? sendPage(reply, list.value) : this.#refuse(name, from, list.error, reply);
  }

  #refuse(fileName: string, from: Subject, { refused, detail }: Refusal, reply: FastifyReply): FastifyReply {
    if (refused === 'not-found') this.#parts.onMiss({ fileName, from, lookedFor: detail });
    else {
      const path = showName(fileName) || '/';
      this.#parts.tell({ ...from, type: 'transfer.refused', protocol: 'http', direction: 'read', path, reason: detail });
    }
    return say(reply, ...ANSWERS[refused]);
  }

  #answerFile(name: string, from: Subject, found: FoundFile, request: FastifyRequest, reply: FastifyReply): FastifyReply {
    this.#parts.onFound(from);
    const { file, path } = found;
    const validators = validatorsOf(file, this.#parts.clock.wall());
    describeFile(reply, path, validators);
    const verdict = judge(request.headers, validators);
    const range = rangeOf(request, file.size, validators);
    if (verdict !== 'applies' || range === 'unsatisfiable' || request.method === 'HEAD') {
      file.close();
      if (verdict === 'failed') return say(reply, 412, 'The file is not the one any more that the request is about.');
      if (verdict === 'not-modified') return reply.code(304).removeHeader('content-type').send();
      if (range === 'unsatisfiable')
        return say(reply.header('content-range', `bytes */${file.size}`), 416, `The file has ${file.size} octets.`);
      return reply.header('content-length', file.size).send();
    }
    const isPart = range !== 'whole';
    const part = isPart ? range : { first: 0, octets: file.size };
    if (isPart) reply.code(206).header('content-range', `bytes ${part.first}-${part.first + part.octets - 1}/${file.size}`);
    const claims = deviceClaims(request.headers);
    const about = { ...from, ...servedOf(found, name), path: showName(name), ...(claims !== undefined && { claims }) };
    this.#send(reply.header('content-length', part.octets), file, part, about);
    return reply;
  }

  #send(
    reply: FastifyReply,
    file: FoundFile['file'],
    part: ByteRange,
    about: Subject & Served & { readonly path: string; readonly claims?: string },
  ): void {
    const { clock, tell, sendFile } = this.#parts;
    reply.hijack();
    const response = reply.raw;
    for (const [field, value] of Object.entries(reply.getHeaders())) if (value !== undefined) response.setHeader(field, value);
    response.statusCode = reply.statusCode;
    this.#transfers += 1;
    const label = { ...about, transfer: this.#transfers, protocol: 'http', direction: 'read' } as const;
    const onOver = (): void => void this.#running.delete(transfer);
    const transfer = new FileTransfer({ response, file, part, label, clock, tell, sendFile, patienceMs: PATIENCE_MS, onOver });
    this.#running.add(transfer);
    transfer.start();
  }

  #tellAnswer(request: FastifyRequest, reply: FastifyReply): void {
    const name = requestName(request.originalUrl);
    this.#parts.tell({
      ...this.#subjectOf(request),
      type: 'http.answered',
      method: request.method,
      path: showName(name.ok ? name.value : request.originalUrl) || '/',
      status: reply.statusCode,
      says: clientWords(request.raw.rawHeaders),
    });
  }

  #subjectOf({ raw }: FastifyRequest): Subject {
    const address = raw.socket.remoteAddress === undefined ? undefined : parseIpv4(raw.socket.remoteAddress);
    return address === undefined ? {} : { ...this.#parts.whoHas(address), address };
  }
}

function rangeOf({ method, headers }: FastifyRequest, size: number, validators: Validators): ByteRange | 'whole' | 'unsatisfiable' {
  const ifRange = headers['if-range'];
  // A range of a HEAD has no meaning (§14.2).
  const isAsked = method === 'GET' && isSameContent(typeof ifRange === 'string' ? ifRange : undefined, validators);
  return isAsked ? askedRange(headers.range, size) : 'whole';
}

function describeFile(reply: FastifyReply, path: string, { etag, modifiedAt, isTimeSettled }: Validators): void {
  reply.header('content-type', contentTypeOf(path)).header('accept-ranges', 'bytes');
  if (etag !== undefined) reply.header('etag', etag);
  if (isTimeSettled && modifiedAt !== undefined) reply.header('last-modified', showHttpDate(modifiedAt));
}

function endingConnection(reply: FastifyReply): FastifyReply {
  return reply.header('connection', 'close');
}

function say(reply: FastifyReply, status: number, text: string): FastifyReply {
  return reply.code(status).type('text/plain; charset=utf-8').send(`${text}\n`);
}

function sendPage(reply: FastifyReply, list: FolderList): FastifyReply {
  return reply.type('text/html; charset=utf-8').header('content-security-policy', PAGE_POLICY).send(listingPage(list));
}
