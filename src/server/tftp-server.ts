/**
 * The TFTP server: admission of requests, and their transfers (RFC 1350 §4). What can be answered at once is answered before the next
 * datagram is looked at. The rules of a transfer are in `src/tftp/`, where its files come from is the catalogue's business.
 */
import type { Ipv4 } from '../base/addresses.ts';
import type { Clock, MonoMs } from '../base/clock.ts';
import { err, ok, type Result } from '../base/result.ts';
import type { Tell } from '../events/bus.ts';
import type { Direction, Subject } from '../events/events.ts';
import type { FileCatalog, FoundFile, OpenedFile } from '../files/catalog.ts';
import { netasciiSource } from '../files/netascii-source.ts';
import type { Refusal } from '../files/refusal.ts';
import { showName } from '../files/safe-path.ts';
import { WireImages, type WireSource } from '../files/wire-image.ts';
import type { Endpoint, SharedSockets } from '../net/ports.ts';
import { type Limits, negotiate, type Terms } from '../tftp/options.ts';
import { decodePacket, ERROR_CODE, encodePacket, type TftpFault, type TftpRequest } from '../tftp/packet.ts';
import { ReadSession } from '../tftp/read-session.ts';
import { WriteSession } from '../tftp/write-session.ts';
import { type DataPort, peerKey } from './data-ports.ts';
import { DeadlineTimer } from './deadline-timer.ts';
import { type Door, TftpDoors, type TftpNetwork } from './tftp-doors.ts';
import { faultOf, type Load, TftpTransfer } from './tftp-transfer.ts';

export interface TftpSettings extends Limits {
  /** Transfers at one time; one more is told that the server is busy. */
  readonly maxTransfers: number;
}

export interface TftpParts {
  readonly sockets: SharedSockets;
  readonly catalog: FileCatalog;
  readonly clock: Clock;
  readonly tell: Tell;
  /** Who has an address, as far as the leases know; at once where that is known here. */
  readonly whoHas: (address: Ipv4) => Subject | Promise<Subject>;
  readonly settings: TftpSettings;
}

/** A request that was let in. Its transfer comes when the file is open. */
interface Visit {
  readonly door: Door;
  readonly client: Endpoint;
  readonly key: number;
  readonly request: TftpRequest;
  from: Subject;
  transfer: TftpTransfer | undefined;
}

/** What a transfer needs beside its socket. */
interface Prepared {
  readonly load: Load;
  readonly terms: Terms;
}

/** Octets of files that are kept as they go over the wire. */
const IMAGE_OCTETS = 96 * 1024 * 1024;
const BUSY: TftpFault = { code: ERROR_CODE.undefined, message: 'server is busy' };
const GOING_DOWN: TftpFault = { code: ERROR_CODE.undefined, message: 'server is going down' };

export class TftpServer {
  readonly #parts: TftpParts;
  readonly #doors: TftpDoors;
  readonly #images = new WireImages(IMAGE_OCTETS);
  /** By interface, and there by peer. */
  readonly #visits = new Map<string, Map<number, Visit>>();
  /** Those whose file is being opened count as well. */
  #visitCount = 0;
  readonly #timer: DeadlineTimer;
  #transfers = 0;

  constructor(parts: TftpParts) {
    this.#parts = parts;
    this.#doors = new TftpDoors(parts.sockets, parts.clock, {
      onDatagram: (door, octets, address, port) => this.#onDatagram(door, octets, { address, port }),
      onFault: (on, fault) => parts.tell({ type: 'tftp.dropped', interface: on, reason: `the system's fault: ${fault.message}` }),
    });
    this.#timer = new DeadlineTimer(parts.clock, (now) => this.#runDue(now));
  }

  /** Serves an interface; one that is served already is served anew. Rejects with the system's error, and then has no socket there. */
  async listen(network: TftpNetwork): Promise<void> {
    await this.unlisten(network.interface);
    await this.#doors.open(network);
  }

  /** Leaves an interface: its transfers are told and end. Resolves when their files and sockets are given back. */
  async unlisten(networkInterface: string): Promise<void> {
    const visits = [...(this.#visits.get(networkInterface)?.values() ?? [])];
    for (const visit of visits) this.#leave(visit);
    await Promise.all(visits.map(async ({ transfer }) => transfer?.fail(GOING_DOWN)));
    await this.#doors.close(networkInterface);
  }

  /** Leaves all interfaces. */
  async close(): Promise<void> {
    await Promise.all(this.#doors.interfaces().map((name) => this.unlisten(name)));
    this.#timer.stop();
  }

  #onDatagram(door: Door, octets: Uint8Array, client: Endpoint): void {
    const packet = decodePacket(octets);
    if (packet.ok && (packet.value.type === 'rrq' || packet.value.type === 'wrq')) {
      this.#onRequest(door, packet.value, client);
      return;
    }
    const reason = packet.ok
      ? `${packet.value.type.toUpperCase()} at port 69, where only requests belong`
      : `not a TFTP request: ${packet.error.reason}`;
    this.#parts.tell({ address: client.address, type: 'tftp.dropped', interface: door.interface, reason });
    if (!packet.ok && packet.error.reason !== 'short') {
      this.#refuse(door, client, { code: ERROR_CODE.illegalOperation, message: 'Illegal TFTP operation' });
    }
  }

  #onRequest(door: Door, request: TftpRequest, client: Endpoint): void {
    const key = peerKey(client.address, client.port);
    const earlier = this.#visitsOn(door).get(key);
    if (earlier !== undefined) {
      // The same request again is a duplicate, as long as the first is not stuck: two transfers to one port confuse every client.
      if (isSame(earlier.request, request) && earlier.transfer?.mayBeginAnew !== true) return;
      this.#leave(earlier);
      earlier.transfer?.abandon();
    }
    const visit: Visit = { door, client, key, request, from: { address: client.address }, transfer: undefined };
    const isFull = this.#visitCount >= this.#parts.settings.maxTransfers;
    this.#visitsOn(door).set(key, visit);
    this.#visitCount += 1;
    this.#guarded(visit, () =>
      whenKnown(this.#parts.whoHas(client.address), (who) => {
        visit.from = { ...who, address: client.address };
        const fault = modeFault(request) ?? (isFull ? BUSY : undefined);
        return fault === undefined ? this.#admit(visit) : this.#turnAway(visit, fault, fault.message);
      }),
    );
  }

  /** Opens what is asked for; then the transfer begins, unless the client is no longer there. */
  #admit(visit: Visit): void | Promise<void> {
    return whenKnown(visit.request.type === 'rrq' ? this.#prepareRead(visit) : this.#prepareWrite(visit), (prepared) => {
      if (prepared === undefined) return;
      if (!this.#isWelcome(visit)) return this.#release(prepared.load);
      return whenKnown(this.#takeDataPort(visit), (data) => {
        if (data.ok && this.#isWelcome(visit)) return this.#begin(visit, prepared, data.value);
        if (!data.ok && this.#isWelcome(visit)) this.#turnAway(visit, BUSY, `no socket: ${data.error}`);
        return this.#release(prepared.load);
      });
    });
  }

  #takeDataPort({ door }: Visit): Result<DataPort, string> | Promise<Result<DataPort, string>> {
    const data = door.data.take();
    return data instanceof Promise ? data.then(ok, (fault: unknown) => err(String(fault))) : ok(data);
  }

  #begin(visit: Visit, { load, terms }: Prepared, data: DataPort): void {
    const { clock, tell } = this.#parts;
    this.#transfers += 1;
    const path = showName(visit.request.fileName);
    const label = { ...visit.from, transfer: this.#transfers, protocol: 'tftp', direction: load.direction, path } as const;
    visit.transfer = new TftpTransfer({
      load,
      data,
      peer: visit.client,
      clock,
      tell,
      label,
      terms,
      size: sizeOf(load, terms),
      onMoved: (deadline) => this.#timer.notice(deadline),
      onClosed: () => this.#leave(visit),
      releaseImage: (image) => this.#images.release(image),
    });
    visit.transfer.start();
  }

  #prepareRead(visit: Visit): Prepared | undefined | Promise<Prepared | undefined> {
    return whenKnown(this.#parts.catalog.open(visit.request.fileName, visit.from), (found) =>
      found.ok ? this.#prepareFound(visit, found.value) : this.#sayRefused(visit, found.error),
    );
  }

  #prepareFound(visit: Visit, { file }: FoundFile): Prepared | undefined | Promise<Prepared | undefined> {
    const { request } = visit;
    const terms = negotiate(request, file.size, this.#parts.settings);
    if (!terms.ok) {
      file.close();
      return this.#turnAway(visit, terms.error, terms.error.message);
    }
    const isText = request.mode === 'netascii';
    const sources = isText ? netasciiSource(file) : ok({ length: file.size, read: file.read.bind(file) });
    return whenKnown<Result<WireSource, Refusal>, Prepared | undefined>(sources, (source) => {
      if (source.ok) return { load: this.#loadOf(file, source.value, terms.value, isText), terms: terms.value };
      file.close();
      return this.#sayRefused(visit, source.error);
    });
  }

  #loadOf(file: OpenedFile, source: WireSource, terms: Terms, isText: boolean): Load {
    const { length } = source;
    const key = file.contentKey === undefined ? undefined : `${file.contentKey}${isText ? ' netascii' : ''}`;
    const image = this.#images.take(key, length, terms.blockSize);
    return { direction: 'read', session: new ReadSession({ size: file.size, length, terms }), file, source, image };
  }

  async #prepareWrite(visit: Visit): Promise<Prepared | undefined> {
    const { request, from } = visit;
    const terms = negotiate(request, undefined, this.#parts.settings);
    if (!terms.ok) return this.#turnAway(visit, terms.error, terms.error.message);
    const sink = await this.#parts.catalog.create(request.fileName, from);
    if (!sink.ok) return this.#sayRefused(visit, sink.error);
    const mode = request.mode === 'netascii' ? 'netascii' : 'octet';
    const session = new WriteSession({ mode, terms: terms.value, maxSize: this.#parts.settings.maxUploadSize });
    return { load: { direction: 'write', session, sink: sink.value }, terms: terms.value };
  }

  /** The catalogue said no. A file that nobody has is ordinary: phones and loaders try one name after another. */
  #sayRefused(visit: Visit, refusal: Refusal): undefined {
    const direction = directionOf(visit.request);
    const fault = faultOf(refusal, direction);
    if (direction === 'write' || refusal.refused !== 'not-found') return this.#turnAway(visit, fault, refusal.detail);
    const path = showName(visit.request.fileName);
    this.#parts.tell({ ...visit.from, type: 'transfer.missed', protocol: 'tftp', path, lookedFor: refusal.detail });
    this.#refuse(visit.door, visit.client, fault);
    this.#leave(visit);
  }

  #turnAway(visit: Visit, fault: TftpFault, reason: string): undefined {
    const { from, request } = visit;
    this.#parts.tell({
      ...from,
      type: 'transfer.refused',
      protocol: 'tftp',
      direction: directionOf(request),
      path: showName(request.fileName),
      reason,
    });
    this.#refuse(visit.door, visit.client, fault);
    this.#leave(visit);
  }

  /** Answers from port 69: a refusal is not worth a socket. A broadcast may be meant for another server, so it gets silence. */
  #refuse(door: Door, client: Endpoint, fault: TftpFault): void {
    if (door.address !== undefined) door.port.send(encodePacket({ type: 'error', ...fault }), client.address, client.port);
  }

  #visitsOn({ network }: Door): Map<number, Visit> {
    let visits = this.#visits.get(network.interface);
    if (visits === undefined) {
      visits = new Map();
      this.#visits.set(network.interface, visits);
    }
    return visits;
  }

  #isWelcome(visit: Visit): boolean {
    return this.#visitsOn(visit.door).get(visit.key) === visit;
  }

  #leave(visit: Visit): void {
    if (!this.#isWelcome(visit)) return;
    this.#visitsOn(visit.door).delete(visit.key);
    this.#visitCount -= 1;
  }

  #release(load: Load): void | Promise<void> {
    if (load.direction === 'write') return load.sink.abort();
    this.#images.release(load.image);
    load.file.close();
  }

  /** A bug of ours costs one request, not the service. */
  #guarded(visit: Visit, act: () => void | Promise<void>): void {
    const onBug = (bug: unknown): void => {
      this.#leave(visit);
      this.#parts.tell({ type: 'server.fault', where: 'tftp request', detail: bug instanceof Error ? bug.message : String(bug) });
    };
    try {
      const acting = act();
      if (acting instanceof Promise) acting.catch(onBug);
    } catch (bug) {
      onBug(bug);
    }
  }

  #runDue(now: MonoMs): MonoMs | undefined {
    let next: MonoMs | undefined;
    for (const visits of this.#visits.values()) {
      for (const { transfer } of visits.values()) {
        if (transfer?.deadline !== undefined && transfer.deadline <= now) transfer.timeout();
        const deadline = transfer?.deadline;
        if (deadline !== undefined && (next === undefined || deadline < next)) next = deadline;
      }
    }
    return next;
  }
}

/** Goes on with a value: at once where it is there, else when it comes. */
function whenKnown<Value, Next>(value: Value | Promise<Value>, next: (value: Value) => Next | Promise<Next>): Next | Promise<Next> {
  return value instanceof Promise ? value.then(next) : next(value);
}

function modeFault({ mode }: TftpRequest): TftpFault | undefined {
  if (mode === 'octet' || mode === 'netascii') return undefined;
  const message = mode === 'mail' ? 'mail mode is obsolete and not served' : 'unknown transfer mode';
  return { code: ERROR_CODE.illegalOperation, message };
}

function directionOf(request: TftpRequest): Direction {
  return request.type === 'rrq' ? 'read' : 'write';
}

function sizeOf(load: Load, terms: Terms): number | undefined {
  if (load.direction === 'read') return load.file.size;
  const announced = terms.answer.find((option) => option.name === 'tsize');
  return announced === undefined ? undefined : Number(announced.value);
}

function isSame(a: TftpRequest, b: TftpRequest): boolean {
  return a.type === b.type && a.fileName === b.fileName && a.mode === b.mode && JSON.stringify(a.options) === JSON.stringify(b.options);
}
