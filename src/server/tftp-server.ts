/**
 * The TFTP server: sockets at port 69, admission of requests, and a socket of its own for every transfer (RFC 1350 §4).
 * The rules of a transfer are in `src/tftp/`, where its files come from is the catalogue's business.
 */
import type { Ipv4 } from '../base/addresses.ts';
import type { Clock, MonoMs } from '../base/clock.ts';
import type { Tell } from '../events/bus.ts';
import type { Direction, Subject } from '../events/events.ts';
import type { FileCatalog } from '../files/catalog.ts';
import type { Refusal } from '../files/refusal.ts';
import { showName } from '../files/safe-path.ts';
import type { DatagramPort, Endpoint, SocketFactory } from '../net/ports.ts';
import { type Limits, negotiate, type Terms } from '../tftp/options.ts';
import { decodePacket, ERROR_CODE, encodePacket, type TftpFault, type TftpRequest } from '../tftp/packet.ts';
import { ReadSession } from '../tftp/read-session.ts';
import { WriteSession } from '../tftp/write-session.ts';
import { DeadlineTimer } from './deadline-timer.ts';
import { type Door, TftpDoors, type TftpNetwork } from './tftp-doors.ts';
import { faultOf, type Load, TftpTransfer } from './tftp-transfer.ts';

export interface TftpSettings extends Limits {
  /** Transfers at one time; one more is told that the server is busy. */
  readonly maxTransfers: number;
}

export interface TftpParts {
  readonly sockets: SocketFactory;
  readonly catalog: FileCatalog;
  readonly clock: Clock;
  readonly tell: Tell;
  /** Who has an address, as far as the leases know. */
  readonly whoHas: (address: Ipv4) => Subject;
  readonly settings: TftpSettings;
}

/** A request that was let in. Its transfer comes when the file is open. */
interface Visit {
  readonly door: Door;
  readonly client: Endpoint;
  readonly request: TftpRequest;
  readonly from: Subject;
  transfer: TftpTransfer | undefined;
}

const BUSY: TftpFault = { code: ERROR_CODE.undefined, message: 'server is busy' };
const GOING_DOWN: TftpFault = { code: ERROR_CODE.undefined, message: 'server is going down' };

export class TftpServer {
  readonly #parts: TftpParts;
  readonly #doors: TftpDoors;
  readonly #visits = new Map<string, Visit>();
  readonly #timer: DeadlineTimer;
  #transfers = 0;

  constructor(parts: TftpParts) {
    this.#parts = parts;
    this.#doors = new TftpDoors(parts.sockets, {
      onDatagram: (door, bytes, client) => this.#onDatagram(door, bytes, client),
      onFault: (door, fault) =>
        parts.tell({ type: 'tftp.dropped', interface: door.interface, reason: `the system's fault: ${fault.message}` }),
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
    const visits = [...this.#visits].filter(([, visit]) => visit.door.network.interface === networkInterface);
    for (const [key] of visits) this.#visits.delete(key);
    await Promise.all([this.#doors.close(networkInterface), ...visits.map(([, visit]) => visit.transfer?.fail(GOING_DOWN))]);
  }

  /** Leaves all interfaces. */
  async close(): Promise<void> {
    await Promise.all(this.#doors.interfaces().map((name) => this.unlisten(name)));
    this.#timer.stop();
  }

  #onDatagram(door: Door, bytes: Uint8Array, client: Endpoint): void {
    const packet = decodePacket(bytes);
    if (packet.ok && (packet.value.type === 'rrq' || packet.value.type === 'wrq')) {
      this.#onRequest(door, packet.value, client);
      return;
    }
    const reason = packet.ok
      ? `${packet.value.type.toUpperCase()} at port 69, where only requests belong`
      : `not a TFTP request: ${packet.error.reason}`;
    this.#parts.tell({ ...this.#whoIs(client), type: 'tftp.dropped', interface: door.interface, reason });
    if (!packet.ok && packet.error.reason !== 'short') {
      this.#refuse(door, client, { code: ERROR_CODE.illegalOperation, message: 'Illegal TFTP operation' });
    }
  }

  #onRequest(door: Door, request: TftpRequest, client: Endpoint): void {
    const key = `${door.network.interface} ${client.address}:${client.port}`;
    const earlier = this.#visits.get(key);
    if (earlier !== undefined) {
      // The same request again is a duplicate, as long as the first is not stuck: two transfers to one port confuse every client.
      if (isSame(earlier.request, request) && earlier.transfer?.isStalled !== true) return;
      earlier.transfer?.abandon();
    }
    const visit: Visit = { door, client, request, from: this.#whoIs(client), transfer: undefined };
    const fault = this.#faultOf(request);
    if (fault !== undefined) {
      this.#turnAway(visit, fault, fault.message);
      return;
    }
    this.#visits.set(key, visit);
    void this.#admit(visit, key).catch((bug: unknown) => {
      this.#leave(visit, key);
      this.#parts.tell({
        type: 'server.fault',
        where: 'tftp request',
        detail: bug instanceof Error ? bug.message : String(bug),
      });
    });
  }

  #faultOf(request: TftpRequest): TftpFault | undefined {
    const { settings } = this.#parts;
    if (request.mode === 'mail') return { code: ERROR_CODE.illegalOperation, message: 'mail mode is obsolete and not served' };
    if (request.mode !== 'octet' && request.mode !== 'netascii') {
      return { code: ERROR_CODE.illegalOperation, message: 'unknown transfer mode' };
    }
    // Requests whose file is being opened count as well.
    if (this.#visits.size < settings.maxTransfers) return undefined;
    return BUSY;
  }

  async #admit(visit: Visit, key: string): Promise<void> {
    const { door, client, request } = visit;
    const prepared = request.type === 'rrq' ? await this.#prepareRead(visit) : await this.#prepareWrite(visit);
    if (prepared === undefined) {
      this.#leave(visit, key);
      return;
    }
    const address = door.address ?? door.network.addresses[0];
    const port = this.#isWelcome(visit, key)
      ? await this.#parts.sockets.openUdp({ interface: door.interface, address, port: 0 }).catch(String)
      : 'the request is no longer wanted';
    if (typeof port === 'string' || !this.#isWelcome(visit, key)) {
      await release(prepared.load);
      if (typeof port !== 'string') await port.close();
      else if (this.#isWelcome(visit, key)) this.#turnAway(visit, BUSY, `no socket: ${port}`);
      this.#leave(visit, key);
      return;
    }
    this.#begin(visit, key, prepared.load, prepared.terms, port, client);
  }

  #begin(visit: Visit, key: string, load: Load, terms: Terms, port: DatagramPort, peer: Endpoint): void {
    const { clock, tell } = this.#parts;
    this.#transfers += 1;
    const path = showName(visit.request.fileName);
    const label = { ...visit.from, transfer: this.#transfers, protocol: 'tftp', direction: load.direction, path } as const;
    tell({ ...label, type: 'transfer.started', size: sizeOf(load, terms), blockSize: terms.blockSize, window: terms.window });
    const onClosed = () => this.#leave(visit, key);
    const onMoved = (deadline: MonoMs | undefined) => this.#timer.notice(deadline);
    visit.transfer = new TftpTransfer({ load, port, peer, clock, tell, label, onMoved, onClosed });
    visit.transfer.start();
  }

  async #prepareRead(visit: Visit): Promise<{ load: Load; terms: Terms } | undefined> {
    const { request, from } = visit;
    const file = await this.#parts.catalog.open(request.fileName, from);
    if (!file.ok) return this.#sayRefused(visit, file.error);
    const { size } = file.value;
    const terms = negotiate(request, size, this.#parts.settings);
    if (!terms.ok) {
      await file.value.close();
      return this.#turnAway(visit, terms.error, terms.error.message);
    }
    const session = new ReadSession({ size, mode: modeOf(request), terms: terms.value });
    return { load: { direction: 'read', session, file: file.value }, terms: terms.value };
  }

  async #prepareWrite(visit: Visit): Promise<{ load: Load; terms: Terms } | undefined> {
    const { request, from } = visit;
    const terms = negotiate(request, undefined, this.#parts.settings);
    if (!terms.ok) return this.#turnAway(visit, terms.error, terms.error.message);
    const sink = await this.#parts.catalog.create(request.fileName, from, announcedSize(terms.value));
    if (!sink.ok) return this.#sayRefused(visit, sink.error);
    const session = new WriteSession({ mode: modeOf(request), terms: terms.value, maxSize: this.#parts.settings.maxUploadSize });
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
  }

  /** Answers from port 69: a refusal is not worth a socket. A broadcast may be meant for another server, so it gets silence. */
  #refuse(door: Door, client: Endpoint, fault: TftpFault): void {
    if (door.address !== undefined) door.port.send(encodePacket({ type: 'error', ...fault }), client);
  }

  #isWelcome(visit: Visit, key: string): boolean {
    return this.#visits.get(key) === visit;
  }

  #leave(visit: Visit, key: string): void {
    if (this.#isWelcome(visit, key)) this.#visits.delete(key);
  }

  #whoIs(client: Endpoint): Subject {
    return { ...this.#parts.whoHas(client.address), address: client.address };
  }

  #runDue(now: MonoMs): MonoMs | undefined {
    let next: MonoMs | undefined;
    for (const { transfer } of [...this.#visits.values()]) {
      if (transfer?.deadline !== undefined && transfer.deadline <= now) transfer.timeout();
      const deadline = transfer?.deadline;
      if (deadline !== undefined && (next === undefined || deadline < next)) next = deadline;
    }
    return next;
  }
}

function directionOf(request: TftpRequest): Direction {
  return request.type === 'rrq' ? 'read' : 'write';
}

function modeOf(request: TftpRequest): 'octet' | 'netascii' {
  return request.mode === 'netascii' ? 'netascii' : 'octet';
}

function sizeOf(load: Load, terms: Terms): number | undefined {
  if (load.direction === 'read') return load.file.size;
  return announcedSize(terms);
}

/** What the client says that its upload has (RFC 2349 §4). */
function announcedSize(terms: Terms): number | undefined {
  const announced = terms.answer.find((option) => option.name === 'tsize');
  return announced === undefined ? undefined : Number(announced.value);
}

function isSame(a: TftpRequest, b: TftpRequest): boolean {
  return a.type === b.type && a.fileName === b.fileName && a.mode === b.mode && JSON.stringify(a.options) === JSON.stringify(b.options);
}

async function release(load: Load): Promise<void> {
  await (load.direction === 'read' ? load.file.close() : load.sink.abort());
}
