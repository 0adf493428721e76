/**
 * The shell around the DHCP engine: sockets, the clock and the store on one side, effects on the other.
 * An engine's `commit` goes to the store; what the engine says when it is durable goes out.
 * Messages wait in a backlog and are dealt with in turns, so that those of one turn share a commit and their answers a system call.
 */
import type { Mac } from '../base/addresses.ts';
import type { Clock, WallMs } from '../base/clock.ts';
import type { DhcpEffect, Ticket } from '../dhcp/effects.ts';
import type { DhcpEngine } from '../dhcp/engine.ts';
import { decodePacket } from '../dhcp/packet.ts';
import type { Arrival } from '../dhcp/request.ts';
import type { Tell } from '../events/bus.ts';
import type { CommitOutcome, GroupCommit } from '../leases/group-commit.ts';
import type { SocketFactory } from '../net/ports.ts';
import { Backlog } from './backlog.ts';
import { DhcpDoors } from './dhcp-doors.ts';
import type { DhcpPackets } from './dhcp-packets.ts';
import { Gathering } from './gathering.ts';
import { isOwnProbe } from './guard-probe.ts';
import { OverloadReport } from './overload-report.ts';
import { type ServedNetwork, type SiteConfig, siteOf } from './site.ts';

/** Messages that wait here: a third of a second's work. */
const BACKLOG_MESSAGES = 8192;
/** A client asks again after 4 s or less (RFC 2131 §4.1), PXE ROMs after 1 or 2: an answer later than that meets a new question. */
const PATIENCE_MS = 2000;
/** Messages in one turn: enough to make a commit worth its sync, and few enough that the first is not kept waiting. */
const MESSAGES_A_TURN = 256;
/** With this many leases on their way to a slow store, nothing new is begun: it could not be promised in time. */
const MOST_UNSETTLED = 4096;
/** How often an overload is told while it lasts. */
const OVERLOAD_REPORT_MS = 10_000;
/** The timer looks again at the latest after this, however far the next deadline is: `setTimeout` takes 24 days at most. */
const LONGEST_SLEEP_MS = 3_600_000;

export interface DhcpServerParts {
  readonly config: SiteConfig;
  readonly engine: DhcpEngine;
  readonly commits: GroupCommit;
  readonly sockets: SocketFactory;
  readonly clock: Clock;
  readonly tell: Tell;
  /** Keeps what comes in and goes out. */
  readonly packets: DhcpPackets;
}

type Commit = Extract<DhcpEffect, { do: 'commit' }>;

interface Message {
  readonly bytes: Uint8Array;
  readonly via: Arrival;
}

export class DhcpServer {
  #parts: DhcpServerParts;
  readonly #doors: DhcpDoors;
  readonly #backlog = new Backlog<Message>(BACKLOG_MESSAGES, PATIENCE_MS);
  readonly #gathering: Gathering<Commit>;
  readonly #overload: OverloadReport;
  #hasTurn = false;
  #unsettled = 0;
  #timer: NodeJS.Timeout | undefined;
  #timerSetFor: WallMs | undefined;
  /** Serves one `serve` after another: a cable that comes and goes quickly must not open sockets twice. */
  #changing: Promise<void> = Promise.resolve();

  constructor(parts: DhcpServerParts) {
    this.#parts = parts;
    const { sockets, tell, packets } = parts;
    this.#doors = new DhcpDoors(sockets, tell, packets, (bytes, via, waitedMs) => this.#queue(bytes, via, waitedMs));
    this.#gathering = new Gathering(parts.clock, (group) => {
      for (const { lease, ticket } of group) parts.commits.add(lease, (outcome) => this.#settle(ticket, outcome));
    });
    this.#overload = new OverloadReport(OVERLOAD_REPORT_MS, (shed) =>
      parts.tell({ type: 'dhcp.overloaded', shed, waiting: this.#backlog.length, unsettled: this.#unsettled }),
    );
  }

  /** Serves exactly these networks from now on, by `config` if it is given. Rejects when a socket cannot be opened; the others are served all the same. */
  serve(networks: readonly ServedNetwork[], config?: SiteConfig): Promise<void> {
    const change = this.#changing.then(() => this.#change(networks, config));
    this.#changing = change.catch(() => undefined);
    return change;
  }

  /** Stops listening and waits for what is on its way to the store. */
  async close(): Promise<void> {
    await this.serve([]);
    clearTimeout(this.#timer);
    this.#overload.close();
    this.#gathering.flush();
    await this.#parts.commits.drained();
  }

  /** Carries out effects that did not come from a datagram, such as an operator's release. */
  perform(effects: readonly DhcpEffect[]): void {
    for (const effect of effects) {
      switch (effect.do) {
        case 'tell':
          this.#parts.tell(effect.event);
          break;
        case 'commit':
          this.#unsettled += 1;
          this.#gathering.add(effect);
          break;
        case 'probe':
          this.#probe(effect);
          break;
        case 'send':
          this.#doors.send(effect);
          break;
      }
    }
    this.#setTimer();
  }

  async #change(networks: readonly ServedNetwork[], config = this.#parts.config): Promise<void> {
    this.#parts = { ...this.#parts, config };
    const faults = await this.#doors.serve(networks);
    this.#parts.engine.configure(siteOf(config, this.#doors.served));
    if (faults.length > 0) throw faults[0];
  }

  #queue(bytes: Uint8Array, via: Arrival, waitedMs: number): void {
    this.#backlog.add({ bytes, via }, this.#parts.clock.mono(), waitedMs);
    if (!this.#hasTurn) this.#setTurn();
  }

  /** After the sockets have handed over what they have: the messages of a moment make one turn, and the oldest are known. */
  #setTurn(): void {
    this.#hasTurn = true;
    setImmediate(() => {
      this.#hasTurn = false;
      this.#takeTurn();
    });
  }

  #takeTurn(): void {
    const now = this.#parts.clock.mono();
    for (let taken = 0; taken < MESSAGES_A_TURN && this.#unsettled < MOST_UNSETTLED; taken += 1) {
      const message = this.#backlog.take(now);
      if (message === undefined) break;
      // What came to an interface that is gone by now is nobody's question any more.
      if (!this.#doors.isOpen(message.via.interface)) continue;
      this.#guarded(`a message on ${message.via.interface}`, () => this.#receive(message.bytes, message.via));
    }
    this.#overload.add(this.#backlog.takeShed());
    // Otherwise the next turn begins when the store has answered.
    if (this.#backlog.length > 0 && this.#unsettled < MOST_UNSETTLED) this.#setTurn();
  }

  /** A bug of ours costs one message, not the service. */
  #guarded(where: string, act: () => void): void {
    try {
      act();
    } catch (fault) {
      this.#parts.tell({ type: 'server.fault', where, detail: fault instanceof Error ? (fault.stack ?? fault.message) : String(fault) });
    }
  }

  #receive(bytes: Uint8Array, via: Arrival): void {
    const packet = decodePacket(bytes);
    if (!packet.ok) {
      this.#parts.tell({
        type: 'dhcp.dropped',
        interface: via.interface,
        reason: packet.error.reason,
        detail: `at octet ${packet.error.offset} of ${bytes.length}`,
      });
      return;
    }
    // Our own question for other servers, which came back in by a second interface on the same wire.
    if (isOwnProbe(packet.value, this.#doors.ownMacs)) return;
    this.perform(this.#parts.engine.receive(packet.value, via, this.#parts.clock.wall()));
  }

  #settle(ticket: Ticket, outcome: CommitOutcome): void {
    this.#unsettled -= 1;
    this.#guarded('an answer of the lease store', () =>
      this.perform(this.#parts.engine.settled(ticket, outcome, this.#parts.clock.wall())),
    );
    if (!this.#hasTurn && this.#backlog.length > 0) this.#setTurn();
  }

  #probe({ id, address, interface: name }: Extract<DhcpEffect, { do: 'probe' }>): void {
    const answer = (usedBy: Mac | undefined): void =>
      this.#guarded('a probe', () => this.perform(this.#parts.engine.probed(id, usedBy, this.#parts.clock.wall())));
    // Where the wire cannot be asked the client is not kept waiting for it.
    this.#doors.probe(address, name).then(answer, () => answer(undefined));
  }

  /** A timer that is early enough already is left alone: it costs an idle look, and setting it anew for each message costs more. */
  #setTimer(): void {
    const deadline = this.#parts.engine.nextDeadline();
    if (deadline === undefined || (this.#timerSetFor !== undefined && this.#timerSetFor <= deadline)) return;
    if (this.#doors.served.length === 0) return;
    const { clock, engine } = this.#parts;
    clearTimeout(this.#timer);
    this.#timerSetFor = deadline;
    const sleepMs = Math.min(Math.max(deadline - clock.wall(), 0) + 1, LONGEST_SLEEP_MS);
    this.#timer = setTimeout(() => {
      this.#timerSetFor = undefined;
      this.#guarded('the ends of leases', () => this.perform(engine.expire(clock.wall())));
    }, sleepMs);
    this.#timer.unref();
  }
}
