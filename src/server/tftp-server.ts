/**
 * The TFTP server: admission of requests, and their transfers (RFC 1350 §4). What can be answered at once is answered before the next
 * datagram is looked at. The rules of a transfer are in `src/tftp/`, where its files come from is the catalogue's business.
 */
import { type Ipv4, LIMITED_BROADCAST } from '../base/addresses.ts';
import type { Clock, MonoMs } from '../base/clock.ts';
import { err, ok, type Result } from '../base/result.ts';
import type { Tell } from '../events/bus.ts';
import type { Subject } from '../events/events.ts';
import type { Direction } from '../events/transfer-events.ts';
import type { FileCatalog } from '../files/catalog.ts';
import { showName } from '../files/safe-path.ts';
import type { Endpoint, SharedSockets } from '../net/ports.ts';
import type { BandwidthSettings } from '../tftp/bandwidth.ts';
import { type ClientLimitSettings, ClientLimits } from '../tftp/client-limits.ts';
import type { Limits } from '../tftp/options.ts';
import { decodePacket, ERROR_CODE, encodePacket, type TftpFault, type TftpRequest } from '../tftp/packet.ts';
import { type DataPort, peerKey } from './data-ports.ts';
import { DeadlineTimer } from './deadline-timer.ts';
import { MissReport } from './miss-report.ts';
import { type DataPortSettings, type Door, type DoorListener, TftpDoors, type TftpNetwork } from './tftp-doors.ts';
import { TftpLessons } from './tftp-lessons.ts';
import type { Load } from './tftp-load.ts';
import { TftpPacing } from './tftp-pacing.ts';
import type { TftpPackets } from './tftp-packets.ts';
import { announcedSize, type Denial, Preparations, type Prepared } from './tftp-preparation.ts';
import { TftpTransfer } from './tftp-transfer.ts';
import { whenKnown } from './when-known.ts';

export interface TftpSettings extends Limits, ClientLimitSettings, BandwidthSettings, DataPortSettings {
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
  /** Keeps what is asked and agreed on. */
  readonly packets: TftpPackets;
  /** Requests that come before are kept by the system until then. */
  readonly hearsAfter?: Promise<void> | undefined;
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

const BUSY: TftpFault = { code: ERROR_CODE.undefined, message: 'server is busy' };
const GOING_DOWN: TftpFault = { code: ERROR_CODE.undefined, message: 'server is going down' };

export class TftpServer {
  readonly #parts: TftpParts;
  readonly #doors: TftpDoors;
  readonly #lessons: TftpLessons;
  readonly #pacing: TftpPacing;
  readonly #preparations: Preparations;
  readonly #misses: MissReport;
  readonly #limits = new ClientLimits();
  /** By interface, and there by peer. */
  readonly #visits = new Map<string, Map<number, Visit>>();
  /** Those whose file is being opened count as well. */
  #visitCount = 0;
  readonly #timer: DeadlineTimer;
  #transfers = 0;

  constructor(parts: TftpParts) {
    this.#parts = parts;
    this.#lessons = new TftpLessons(parts.clock, parts.tell);
    this.#pacing = new TftpPacing(parts.clock, () => parts.settings);
    this.#preparations = new Preparations(parts, this.#lessons);
    this.#misses = new MissReport(parts.clock, parts.tell, () => parts.catalog, 'tftp');
    const listener: DoorListener = {
      onDatagram: (door, octets, address, port) => this.#onDatagram(door, octets, { address, port }),
      onFault: (on, fault) => parts.tell({ type: 'tftp.dropped', interface: on, reason: `the system's fault: ${fault.message}` }),
    };
    this.#doors = new TftpDoors(parts.sockets, parts.clock, listener, () => parts.settings, parts.hearsAfter);
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
    this.#pacing.stop();
    this.#misses.close();
  }

  #onDatagram(door: Door, octets: Uint8Array, client: Endpoint): void {
    this.#parts.packets.asked(octets, client, { address: door.address ?? LIMITED_BROADCAST, port: door.port.local.port });
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
    const excess = this.#excessOf(client);
    this.#visitsOn(door).set(key, visit);
    this.#visitCount += 1;
    this.#limits.begin(client.address);
    this.#guarded(visit, () =>
      whenKnown(this.#parts.whoHas(client.address), (who) => {
        visit.from = { ...who, address: client.address };
        return excess === undefined ? this.#admit(visit) : this.#deny(visit, { fault: BUSY, reason: excess, isMiss: false });
      }),
    );
  }

  #excessOf({ address }: Endpoint): string | undefined {
    const { settings, clock } = this.#parts;
    if (this.#visitCount >= settings.maxTransfers) return BUSY.message;
    return this.#limits.refusal(address, settings, clock.mono());
  }

  /** Opens what is asked for; then the transfer begins, unless the client is no longer there. */
  #admit(visit: Visit): void | Promise<void> {
    return whenKnown(this.#preparations.prepare(visit.request, visit.from, askedAddress(visit.door)), (prepared) => {
      if (!prepared.ok) return this.#deny(visit, prepared.error);
      const { load } = prepared.value;
      if (!this.#isWelcome(visit)) return this.#giveBack(load);
      return whenKnown(this.#takeDataPort(visit), (data) => {
        if (data.ok && this.#isWelcome(visit)) return this.#begin(visit, prepared.value, data.value);
        if (!data.ok) this.#deny(visit, { fault: BUSY, reason: `no socket: ${data.error}`, isMiss: false });
        return this.#giveBack(load);
      });
    });
  }

  async #giveBack(load: Load): Promise<void> {
    await this.#preparations.release(load);
  }

  #takeDataPort({ door }: Visit): Result<DataPort, string> | Promise<Result<DataPort, string>> {
    const data = this.#doors.takeDataPort(door);
    return data instanceof Promise ? data.then(ok, (fault: unknown) => err(String(fault))) : ok(data);
  }

  #begin(visit: Visit, { load, terms, served }: Prepared, data: DataPort): void {
    const { clock, packets } = this.#parts;
    this.#transfers += 1;
    if (load.direction === 'read') this.#misses.found(visit.from);
    const path = showName(visit.request.fileName);
    const label = { ...visit.from, transfer: this.#transfers, protocol: 'tftp', direction: load.direction, path, ...served } as const;
    visit.transfer = new TftpTransfer({
      load,
      data,
      peer: visit.client,
      clock,
      tell: this.#tellAfterMisses,
      packets,
      label,
      terms,
      lessons: this.#lessons,
      pacing: this.#pacing,
      size: load.direction === 'read' ? load.file.size : announcedSize(terms),
      onMoved: (deadline) => this.#timer.notice(deadline),
      onClosed: () => this.#leave(visit),
      release: () => this.#preparations.release(load),
    });
    visit.transfer.start();
  }

  /** What a device missed it missed before: a small file is over before the turn in which misses are told. */
  readonly #tellAfterMisses: Tell = (event) => {
    this.#misses.flush();
    this.#parts.tell(event);
  };

  #deny(visit: Visit, { fault, reason, isMiss }: Denial): void {
    if (!this.#isWelcome(visit)) return;
    const { from, request } = visit;
    this.#refuse(visit.door, visit.client, fault);
    this.#leave(visit);
    if (isMiss) this.#misses.add({ fileName: request.fileName, from, lookedFor: reason, lastTransfer: this.#transfers });
    else {
      const path = showName(request.fileName);
      this.#parts.tell({ ...from, type: 'transfer.refused', protocol: 'tftp', direction: directionOf(request), path, reason });
    }
  }

  /** Answers from port 69: a refusal is not worth a socket. A broadcast may be meant for another server, so it gets silence. */
  #refuse(door: Door, client: Endpoint, fault: TftpFault): void {
    if (door.address === undefined) return;
    const octets = encodePacket({ type: 'error', ...fault });
    this.#parts.packets.sent(octets, door.port.local, client);
    door.port.send(octets, client.address, client.port);
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
    this.#limits.end(visit.client.address);
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

/** Who asked all at once is answered from the first. */
function askedAddress({ address, network }: Door): Ipv4 | undefined {
  return address ?? network.addresses[0];
}

function directionOf(request: TftpRequest): Direction {
  return request.type === 'rrq' ? 'read' : 'write';
}

function isSame(a: TftpRequest, b: TftpRequest): boolean {
  return a.type === b.type && a.fileName === b.fileName && a.mode === b.mode && JSON.stringify(a.options) === JSON.stringify(b.options);
}
