/** Runs a simulated device against a server that is only rehearsed, in time that passes as fast as it can. */
import { type Ipv4, NO_ADDRESS } from '../../base/addresses.ts';
import { type Clock, type MonoMs, monoMs, wallMs } from '../../base/clock.ts';
import { CLIENT_PORT } from '../../dhcp/packet.ts';
import type { Endpoint } from '../../net/ports.ts';
import type { Verdict } from '../device.ts';
import type { DeviceMachine } from '../device-machine.ts';
import type { Action, HttpAnswer, HttpRequest, Line, ProbeEvent } from '../life.ts';

/** What a device speaks with. */
export interface OfflineServer {
  receive(octets: Uint8Array, from: Endpoint, to: Endpoint): void;
  ask(request: { path: string; server: Endpoint; from: Ipv4; method: HttpRequest['method'] }): Promise<HttpAnswer>;
}

/** Real time that a server may take to read a file before its silence counts, ms. */
const GRACE_MS = 150;

/** Time that stands still while somebody works, and jumps to the next deadline when nobody does. */
export class JumpingClock implements Clock {
  readonly #beganAt = Date.now();
  #passed = 0;

  wall = () => wallMs(this.#beganAt + this.#passed);
  mono = () => monoMs(this.#passed);

  jumpTo(at: MonoMs): void {
    this.#passed = Math.max(this.#passed, at);
  }
}

export class OfflineRun {
  readonly #clock: JumpingClock;
  readonly #heard: ProbeEvent[] = [];
  #address: Ipv4 = NO_ADDRESS;
  #wake: () => void = () => undefined;

  constructor(clock: JumpingClock) {
    this.#clock = clock;
  }

  /** What the server sends; each device here is the only one. */
  readonly hear = (octets: Uint8Array, from: Endpoint, to: Endpoint): void => {
    this.#heard.push({ on: 'datagram', octets, from, toPort: to.port });
    this.#wake();
  };

  /** Runs the device to its end. */
  async run(machine: DeviceMachine, server: OfflineServer, onLine: (line: Line) => void): Promise<Verdict> {
    let event: ProbeEvent = { on: 'start' };
    for (;;) {
      const actions: Action[] = machine.step(event, this.#clock.mono());
      for (const action of actions) {
        if (action.do === 'end') return action.verdict;
        if (action.do === 'line') onLine(action.line);
        else this.#carryOut(action, server);
      }
      event = await this.#next(actions, machine.nextDeadline());
    }
  }

  /** What was heard; else the time passes. Only files may make a server wait. */
  async #next(actions: readonly Action[], deadline: MonoMs | undefined): Promise<ProbeEvent> {
    const asksForFiles = actions.some((action) => action.do === 'udp' || action.do === 'http');
    if (this.#heard.length === 0 && asksForFiles) await this.#aWhile();
    // What the server tells beside its answer is told before the device goes on.
    if (asksForFiles) await new Promise((resolve) => setImmediate(resolve));
    const heard = this.#heard.shift();
    if (heard !== undefined) return heard;
    if (deadline !== undefined) this.#clock.jumpTo(deadline);
    return { on: 'timeout' };
  }

  #aWhile(): Promise<void> {
    return new Promise((resolve) => {
      const timer = setTimeout(resolve, GRACE_MS);
      this.#wake = () => {
        clearTimeout(timer);
        resolve();
      };
    });
  }

  #carryOut(action: Exclude<Action, { do: 'line' } | { do: 'end' }>, server: OfflineServer): void {
    if (action.do === 'address') this.#address = action.address;
    if (action.do === 'dhcp') server.receive(action.octets, { address: action.from, port: CLIENT_PORT }, action.to);
    if (action.do === 'udp') server.receive(action.octets, { address: this.#address, port: action.fromPort }, action.to);
    if (action.do !== 'http') return;
    const { id, request } = action;
    const told = (answer: HttpAnswer): void => {
      this.#heard.push({ on: 'http', id, answer });
      this.#wake();
    };
    const asked = { path: request.path, server: request.server, method: request.method, from: this.#address };
    server.ask(asked).then(told, (fault: unknown) => told({ fault: String(fault) }));
  }
}
