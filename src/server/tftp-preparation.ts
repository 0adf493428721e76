/** What becomes of a request before it has a socket: terms are agreed, and the file is opened or the upload begun; or it is refused. */
import type { Ipv4 } from '../base/addresses.ts';
import { err, ok, type Result } from '../base/result.ts';
import type { Subject } from '../events/events.ts';
import type { Direction, Served } from '../events/transfer-events.ts';
import type { FileCatalog, FoundFile } from '../files/catalog.ts';
import { netasciiSource } from '../files/netascii-source.ts';
import type { OpenedFile } from '../files/opened-file.ts';
import type { Refusal } from '../files/refusal.ts';
import { servedOf } from '../files/served.ts';
import { WireImages, type WireSource } from '../files/wire-image.ts';
import { type BandwidthSettings, isBounded } from '../tftp/bandwidth.ts';
import { type Limits, negotiate, type Terms } from '../tftp/options.ts';
import { ERROR_CODE, type TftpFault, type TftpRequest } from '../tftp/packet.ts';
import { ReadSession } from '../tftp/read-session.ts';
import { WriteSession } from '../tftp/write-session.ts';
import { faultOf } from './tftp-faults.ts';
import type { TftpLessons } from './tftp-lessons.ts';
import type { Load } from './tftp-load.ts';
import { whenKnown } from './when-known.ts';

/** What a transfer needs beside its socket. */
export interface Prepared {
  readonly load: Load;
  readonly terms: Terms;
  readonly served: Served;
}

/** Why there is no transfer. */
export interface Denial {
  /** For the client. */
  readonly fault: TftpFault;
  /** For the operator. */
  readonly reason: string;
  /** A file that nobody has is ordinary: phones and loaders try one name after another. */
  readonly isMiss: boolean;
}

export type Preparation = Result<Prepared, Denial>;

/** Octets of files that are kept as they go over the wire. */
const IMAGE_OCTETS = 96 * 1024 * 1024;

export interface PreparationParts {
  readonly catalog: FileCatalog;
  readonly settings: Limits & BandwidthSettings;
}

export class Preparations {
  readonly #parts: PreparationParts;
  readonly #lessons: TftpLessons;
  readonly #images = new WireImages(IMAGE_OCTETS);

  constructor(parts: PreparationParts, lessons: TftpLessons) {
    this.#parts = parts;
    this.#lessons = lessons;
  }

  /** At once where nothing has to be waited for. `server` is our address that was asked. */
  prepare(request: TftpRequest, from: Subject, server?: Ipv4): Preparation | Promise<Preparation> {
    const fault = modeFault(request);
    if (fault !== undefined) return denied(fault);
    return request.type === 'rrq' ? this.#read(request, from, server) : this.#write(request, from);
  }

  /** Gives back what a transfer had, and says where what there is of an unfinished upload is kept. */
  release(load: Load): string | undefined | Promise<string | undefined> {
    if (load.direction === 'write') return load.sink.abort();
    this.#images.release(load.image);
    load.file.close();
    return undefined;
  }

  #read(request: TftpRequest, from: Subject, server: Ipv4 | undefined): Preparation | Promise<Preparation> {
    return whenKnown(this.#parts.catalog.open(request.fileName, from, server), (found) =>
      found.ok ? this.#readFound(request, from, found.value) : refused(found.error, 'read'),
    );
  }

  #readFound(request: TftpRequest, from: Subject, found: FoundFile): Preparation | Promise<Preparation> {
    const { file } = found;
    const terms = negotiate(request, file.size, this.#lessons.limitsFor(from, this.#parts.settings));
    if (!terms.ok) {
      file.close();
      return denied(terms.error);
    }
    const isText = request.mode === 'netascii';
    const source: Result<WireSource, Refusal> | Promise<Result<WireSource, Refusal>> = isText ? netasciiSource(file) : ok(octetsOf(file));
    return whenKnown(source, (opened): Preparation => {
      if (opened.ok) {
        const load = this.#loadOf(file, opened.value, terms.value, isText);
        return ok({ load, terms: terms.value, served: servedOf(found, request.fileName) });
      }
      file.close();
      return refused(opened.error, 'read');
    });
  }

  #loadOf(file: OpenedFile, source: WireSource, terms: Terms, isText: boolean): Load {
    const { length } = source;
    const key = file.contentKey === undefined ? undefined : `${file.contentKey}${isText ? ' netascii' : ''}`;
    const image = this.#images.take(key, length, terms.blockSize);
    const session = new ReadSession({ size: file.size, length, terms, isPaced: isBounded(this.#parts.settings) });
    return { direction: 'read', session, file, source, image };
  }

  async #write(request: TftpRequest, from: Subject): Promise<Preparation> {
    const terms = negotiate(request, undefined, this.#parts.settings);
    if (!terms.ok) return denied(terms.error);
    const sink = await this.#parts.catalog.create(request.fileName, from, announcedSize(terms.value));
    if (!sink.ok) return refused(sink.error, 'write');
    const mode = request.mode === 'netascii' ? 'netascii' : 'octet';
    const session = new WriteSession({ mode, terms: terms.value, maxSize: this.#parts.settings.maxUploadSize });
    return ok({ load: { direction: 'write', session, sink: sink.value }, terms: terms.value, served: {} });
  }
}

function denied(fault: TftpFault): Preparation {
  return err({ fault, reason: fault.message, isMiss: false });
}

function refused(refusal: Refusal, direction: Direction): Preparation {
  return err({
    fault: faultOf(refusal, direction),
    reason: refusal.detail,
    isMiss: direction === 'read' && refusal.refused === 'not-found',
  });
}

function modeFault({ mode }: TftpRequest): TftpFault | undefined {
  if (mode === 'octet' || mode === 'netascii') return undefined;
  const message = mode === 'mail' ? 'mail mode is obsolete and not served' : 'unknown transfer mode';
  return { code: ERROR_CODE.illegalOperation, message };
}

/** In octet mode a file goes over the wire as it is. */
function octetsOf(file: OpenedFile): WireSource {
  return { length: file.size, read: (into, offset) => file.read(into, offset) };
}

/** What the client says that its upload has (RFC 2349 §4). */
export function announcedSize({ answer }: Terms): number | undefined {
  const announced = answer.find(({ name }) => name === 'tsize');
  return announced === undefined ? undefined : Number(announced.value);
}
