/** The time server (RFC 4330, RFC 5905): a socket at port 123 of each of our addresses, and what the kernel says of the clock. */
import type { Ipv4 } from '../base/addresses.ts';
import { after, type Clock, type MonoMs } from '../base/clock.ts';
import type { KernelClock } from '../net/kernel-clock.ts';
import type { DatagramPort, Endpoint, SocketFactory } from '../net/ports.ts';
import { answerNtp, type ClockState, judgeNtp, tooOften } from '../services/ntp-answer.ts';
import { ClientBuckets } from '../tftp/client-buckets.ts';
import { FloodReport } from './flood-report.ts';
import type { ServiceKind, ServicePlace } from './service-doors.ts';

export interface NtpServerParts {
  readonly sockets: Pick<SocketFactory, 'openUdp'>;
  readonly clock: Clock;
  /** Undefined where nobody knows. */
  readonly readClock: () => KernelClock | undefined;
  readonly onFlood: (sender: Ipv4 | undefined, count: number) => void;
  readonly onFault: (on: string, fault: Error) => void;
}

const PORT = 123;
/** Clients ask eight times within some seconds when they start (RFC 5905 §13.1, IBURST), programs for one look as often as that in one. */
const PER_SECOND = 2;
const BURST = 32;
/** One kiss of death for each of these seconds: it must not become a flood itself. */
const KISSES_PER_SECOND = 0.1;
const CLOCK_KEPT_MS = 1_000;
const UNKNOWN_CLOCK: ClockState = { isSynchronised: false, maxErrorSeconds: 0, leap: 0 };

export class NtpServer {
  readonly #parts: NtpServerParts;
  readonly #allowed = new ClientBuckets();
  readonly #kisses = new ClientBuckets();
  readonly #floods: FloodReport;
  #state: ClockState = UNKNOWN_CLOCK;
  #readAt: MonoMs | undefined;

  constructor(parts: NtpServerParts) {
    this.#parts = parts;
    this.#floods = new FloodReport(parts.onFlood);
  }

  readonly kind: ServiceKind = {
    name: 'ntp',
    port: PORT,
    rivals: 'often chrony (`systemctl stop chrony`, or leave `allow` out of its configuration), ntpd or ntpsec',
    open: (place) => this.#open(place),
  };

  close(): void {
    this.#floods.close();
  }

  async #open({ interface: name, address }: ServicePlace): Promise<() => Promise<void>> {
    const port = await this.#parts.sockets.openUdp({ interface: name, address, port: PORT, batched: true });
    port.onFault((fault) => this.#parts.onFault(name, fault));
    port.onDatagram((octets, from, waitedMs) => this.#receive(port, octets, from, waitedMs));
    return () => port.close();
  }

  #receive(port: DatagramPort, octets: Uint8Array, from: Endpoint, waitedMs: number): void {
    const { clock } = this.#parts;
    const receivedAt = after(clock.wall(), -waitedMs);
    const verdict = judgeNtp(octets, from.port);
    if (verdict.kind === 'ignore') return;
    const now = clock.mono();
    if (this.#allowed.of(from.address, PER_SECOND, BURST).tryTake(1, now)) {
      port.send(answerNtp(verdict, this.#clockAt(now), { receivedAt, transmitAt: clock.wall() }), from);
      return;
    }
    this.#floods.add(from.address);
    if (this.#kisses.of(from.address, KISSES_PER_SECOND, 1).tryTake(1, now))
      port.send(tooOften(verdict, { receivedAt, transmitAt: clock.wall() }), from);
  }

  #clockAt(now: MonoMs): ClockState {
    if (this.#readAt === undefined || now - this.#readAt >= CLOCK_KEPT_MS) {
      this.#state = this.#parts.readClock() ?? UNKNOWN_CLOCK;
      this.#readAt = now;
    }
    return this.#state;
  }
}
