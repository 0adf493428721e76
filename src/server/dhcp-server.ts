/**
 * The shell around the DHCP engine: sockets, the clock and the store on one side, effects on the other.
 * An engine's `commit` goes to the store; what the engine says when it is durable goes out.
 */
import { LIMITED_BROADCAST } from '../base/addresses.ts';
import type { Clock } from '../base/clock.ts';
import type { DhcpEffect, DhcpEngine, Ticket } from '../dhcp/engine.ts';
import { CLIENT_PORT, decodePacket, encodePacket, SERVER_PORT } from '../dhcp/packet.ts';
import type { Arrival } from '../dhcp/request.ts';
import type { Tell } from '../events/bus.ts';
import type { CommitOutcome, GroupCommit } from '../leases/group-commit.ts';
import type { DatagramPort, RawLink, SocketFactory } from '../net/ports.ts';
import { type ServedNetwork, type SiteConfig, siteOf } from './site.ts';

/** Datagrams that the kernel keeps for us while a commit syncs: some thousand messages. */
const RECEIVE_BUFFER_OCTETS = 4 * 1024 * 1024;
/** The timer looks again at the latest after this, however far the next deadline is: `setTimeout` takes 24 days at most. */
const LONGEST_SLEEP_MS = 3_600_000;

export interface DhcpServerParts {
  readonly config: SiteConfig;
  readonly engine: DhcpEngine;
  readonly commits: GroupCommit;
  readonly sockets: SocketFactory;
  readonly clock: Clock;
  readonly tell: Tell;
}

/** The sockets of one interface. */
interface Listening {
  readonly served: ServedNetwork;
  /** Bound to our address: takes unicast, and sends everything, so that our address is the source. */
  readonly direct: DatagramPort;
  /** All of them, `direct` included. */
  readonly ports: readonly DatagramPort[];
  readonly raw: RawLink | undefined;
}

export class DhcpServer {
  readonly #parts: DhcpServerParts;
  readonly #listening = new Map<string, Listening>();
  #timer: NodeJS.Timeout | undefined;
  /** Serves one `serve` after another: a cable that comes and goes quickly must not open sockets twice. */
  #changing: Promise<void> = Promise.resolve();

  constructor(parts: DhcpServerParts) {
    this.#parts = parts;
  }

  /** Serves exactly these networks from now on. Rejects when a socket cannot be opened; the others are served all the same. */
  serve(networks: readonly ServedNetwork[]): Promise<void> {
    const change = this.#changing.then(() => this.#change(networks));
    this.#changing = change.catch(() => undefined);
    return change;
  }

  /** Stops listening and waits for what is on its way to the store. */
  async close(): Promise<void> {
    await this.serve([]);
    clearTimeout(this.#timer);
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
          this.#parts.commits.add(effect.lease, (outcome) => this.#settle(effect.ticket, outcome));
          break;
        case 'send':
          this.#send(effect);
          break;
      }
    }
    this.#setTimer();
  }

  async #change(networks: readonly ServedNetwork[]): Promise<void> {
    for (const [name, listening] of this.#listening) {
      if (networks.some((network) => isSamePlace(network, listening.served))) continue;
      this.#listening.delete(name);
      listening.raw?.close();
      await Promise.all(listening.ports.map((port) => port.close()));
    }
    const faults: unknown[] = [];
    for (const network of networks) {
      if (this.#listening.has(network.facts.name)) continue;
      await this.#listen(network).catch((fault: unknown) => faults.push(fault));
    }
    this.#parts.engine.configure(
      siteOf(
        this.#parts.config,
        Array.from(this.#listening.values(), ({ served }) => served),
      ),
    );
    if (faults.length > 0) throw faults[0];
  }

  async #listen(served: ServedNetwork): Promise<void> {
    const { facts, address } = served;
    const own = new Set([address.address, ...facts.addresses.map((cidr) => cidr.address)]);
    const ports: DatagramPort[] = [];
    const open = async (at: typeof address.address | undefined): Promise<DatagramPort> => {
      const port = await this.#parts.sockets.openUdp({
        interface: facts.name,
        address: at,
        port: SERVER_PORT,
        broadcast: true,
        receiveBuffer: RECEIVE_BUFFER_OCTETS,
      });
      ports.push(port);
      const via: Arrival = {
        interface: facts.name,
        server: at ?? address.address,
        cast: at === undefined ? 'broadcast' : 'unicast',
        mtu: facts.mtu,
      };
      port.onDatagram((bytes) => this.#guarded(`a message on ${facts.name}`, () => this.#receive(bytes, via)));
      port.onFault((fault) => this.#parts.tell({ type: 'server.fault', where: `DHCP on ${facts.name}`, detail: fault.message }));
      return port;
    };
    try {
      // The socket without an address hears broadcasts; unicast goes to the one that is bound to the address.
      await open(undefined);
      const direct = await open(address.address);
      for (const other of own) if (other !== address.address) await open(other);
      const raw = this.#parts.sockets.openRawLink(facts, (fault) =>
        this.#parts.tell({ type: 'server.fault', where: `frames on ${facts.name}`, detail: fault.message }),
      );
      this.#listening.set(facts.name, { served, direct, ports, raw });
    } catch (fault) {
      await Promise.all(ports.map((port) => port.close()));
      throw fault;
    }
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
    this.perform(this.#parts.engine.receive(packet.value, via, this.#parts.clock.wall()));
  }

  #settle(ticket: Ticket, outcome: CommitOutcome): void {
    this.#guarded('an answer of the lease store', () =>
      this.perform(this.#parts.engine.settled(ticket, outcome, this.#parts.clock.wall())),
    );
  }

  #send({ packet, to, via }: Extract<DhcpEffect, { do: 'send' }>): void {
    // The interface may have gone while the lease was being stored: the client asks again when it is back.
    const listening = this.#listening.get(via.interface);
    if (listening === undefined) return;
    const payload = encodePacket(packet);
    const broadcast = { address: LIMITED_BROADCAST, port: to.port };
    switch (to.way) {
      case 'relay':
      case 'client':
        listening.direct.send(payload, { address: to.address, port: to.port });
        return;
      case 'hardware':
        // Where the system has no raw frames a broadcast reaches the client too (RFC 2131 §4.1, last paragraph).
        if (listening.raw === undefined) listening.direct.send(payload, broadcast);
        else
          listening.raw.send({
            from: { address: via.server, port: SERVER_PORT },
            to: { address: to.address, port: CLIENT_PORT },
            hardwareAddress: to.hardwareAddress,
            payload,
          });
        return;
      case 'broadcast':
        listening.direct.send(payload, broadcast);
        return;
    }
  }

  #setTimer(): void {
    const deadline = this.#parts.engine.nextDeadline();
    clearTimeout(this.#timer);
    if (deadline === undefined || this.#listening.size === 0) return;
    const { clock, engine } = this.#parts;
    this.#timer = setTimeout(
      () => this.perform(engine.expire(clock.wall())),
      Math.min(Math.max(deadline - clock.wall(), 0) + 1, LONGEST_SLEEP_MS),
    );
    this.#timer.unref();
  }
}

/** The same interface with the same addresses: its sockets stay open. */
function isSamePlace(a: ServedNetwork, b: ServedNetwork): boolean {
  const addresses = (network: ServedNetwork) => network.facts.addresses.map((cidr) => cidr.address).join();
  return (
    a.network === b.network &&
    a.facts.name === b.facts.name &&
    a.facts.index === b.facts.index &&
    a.address.address === b.address.address &&
    addresses(a) === addresses(b)
  );
}
