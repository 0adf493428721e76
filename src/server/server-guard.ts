/** The guard of one interface: `guard-rules.ts` on real sockets and a real clock. */
import { randomInt } from 'node:crypto';
import { LIMITED_BROADCAST, type Mac, NO_ADDRESS } from '../base/addresses.ts';
import type { Clock, MonoMs } from '../base/clock.ts';
import { CLIENT_PORT, encodePacket, SERVER_PORT } from '../dhcp/packet.ts';
import type { DhcpService } from '../dhcp/subnet.ts';
import type { Tell } from '../events/bus.ts';
import type { InterfaceControl, InterfaceFacts, OverheardReply, RawLink, ReplySniffer, SocketFactory } from '../net/ports.ts';
import { DeadlineTimer } from './deadline-timer.ts';
import { guardProbe } from './guard-probe.ts';
import {
  type GuardEffect,
  type GuardMode,
  GuardRules,
  type GuardTimes,
  isAddressServer,
  isOwnReply,
  type OwnMachine,
} from './guard-rules.ts';

const EVERYBODY = 'ff:ff:ff:ff:ff:ff' as Mac;
/** What this machine's own addresses are is believed for this long. */
const OWN_MACHINE_MS = 1_000;
/** The cable is out or the interface has gone: the watcher of interfaces says so. */
const NO_CABLE: ReadonlySet<unknown> = new Set(['ENETDOWN', 'ENXIO', 'ENODEV']);

export interface ServerGuardParts {
  readonly mode: GuardMode;
  /** The network's name, for events. */
  readonly network: string;
  readonly facts: InterfaceFacts;
  readonly sockets: SocketFactory;
  readonly interfaces: InterfaceControl;
  readonly clock: Clock;
  readonly tell: Tell;
  /** What DHCP may do on this interface from now on. Called when that changes; `service` says how it begins. */
  readonly onService: (service: DhcpService) => void;
  readonly times?: GuardTimes;
}

/**
 * Looks for other DHCP servers from its start until it is closed. Everything is served where it cannot look: on the
 * loopback, and (said as `server.limited`) on a system without raw sockets.
 */
export class ServerGuard {
  readonly #parts: ServerGuardParts;
  readonly #rules: GuardRules | undefined;
  readonly #link: RawLink | undefined;
  readonly #sniffer: ReplySniffer | undefined;
  readonly #timer: DeadlineTimer;
  #own: { readonly machine: OwnMachine; readonly at: MonoMs } | undefined;
  #isOpen = true;

  constructor(parts: ServerGuardParts) {
    this.#parts = parts;
    this.#timer = new DeadlineTimer(parts.clock, (now) => this.#act((rules) => rules.timeout(now)));
    const { facts, sockets } = parts;
    if (facts.isLoopback) return;
    let reason = '';
    const onFault = (fault: Error) => {
      reason ||= `: ${fault.message}`;
      if (this.#rules !== undefined) this.#fault(fault);
    };
    this.#sniffer = sockets.openReplySniffer(facts, onFault);
    this.#link = this.#sniffer && sockets.openRawLink(facts, onFault);
    if (this.#sniffer === undefined || this.#link === undefined) {
      this.#sniffer?.close();
      parts.tell({ type: 'server.limited', detail: `other DHCP servers on ${facts.name} are not looked for${reason}` });
      return;
    }
    this.#rules = new GuardRules(parts.mode, { network: parts.network, interface: facts.name }, parts.times);
    this.#sniffer.onReply((reply) => this.#hear(reply));
  }

  /** Begins to look. */
  start(): void {
    const now = this.#parts.clock.mono();
    this.#timer.notice(this.#act((rules) => rules.start(now)));
  }

  /** What DHCP may do on this interface at this moment. */
  get service(): DhcpService {
    return this.#rules?.service ?? 'full';
  }

  /** Nothing is sent or said afterwards. Closing twice is allowed. */
  close(): void {
    if (!this.#isOpen) return;
    this.#isOpen = false;
    this.#timer.stop();
    this.#link?.close();
    this.#sniffer?.close();
  }

  #hear(reply: OverheardReply): void {
    const now = this.#parts.clock.mono();
    const own = this.#ownMachine(now);
    if (isOwnReply(reply, own)) {
      this.#timer.notice(this.#act(() => []));
      return;
    }
    this.#timer.notice(this.#act((rules) => rules.heard(reply, now)));
    this.#tellOf(reply, own);
  }

  /** What another server says to a device belongs to the story of that device. */
  #tellOf(reply: OverheardReply, { macs }: OwnMachine): void {
    const { client, type, server, mac: serverMac, yourAddress } = reply;
    if (!this.#isOpen || client === undefined || type === undefined || macs.has(client) || !isAddressServer(reply)) return;
    const address = yourAddress === NO_ADDRESS ? undefined : yourAddress;
    const { name } = this.#parts.facts;
    this.#parts.tell({ type: 'dhcp.overheard', mac: client, address, interface: name, message: type, server, serverMac });
  }

  /** Asks the rules and does as they say; gives their next deadline. A bug of ours costs one message, not the service. */
  #act(ask: (rules: GuardRules) => readonly GuardEffect[]): MonoMs | undefined {
    if (!this.#isOpen || this.#rules === undefined) return undefined;
    try {
      for (const effect of ask(this.#rules)) this.#perform(effect);
    } catch (fault) {
      this.#fault(fault instanceof Error ? fault : new Error(String(fault)));
    }
    return this.#isOpen ? this.#rules.nextDeadline() : undefined;
  }

  #perform(effect: GuardEffect): void {
    switch (effect.do) {
      case 'ask':
        this.#ask();
        break;
      case 'serve':
        this.#parts.onService(effect.service);
        break;
      case 'tell':
        this.#parts.tell(effect.event);
        break;
    }
  }

  #ask(): void {
    const { mac } = this.#parts.facts;
    if (mac === undefined) return;
    this.#link?.send({
      from: { address: NO_ADDRESS, port: CLIENT_PORT },
      to: { address: LIMITED_BROADCAST, port: SERVER_PORT },
      hardwareAddress: EVERYBODY,
      payload: encodePacket(guardProbe(mac, randomInt(2 ** 32))),
    });
  }

  /** Every interface's, as a second one may be plugged into the same switch at any time. */
  #ownMachine(now: MonoMs): OwnMachine {
    if (this.#own !== undefined && now - this.#own.at < OWN_MACHINE_MS) return this.#own.machine;
    const all = this.#parts.interfaces.list();
    const machine = {
      macs: new Set(all.flatMap(({ mac }) => (mac === undefined ? [] : [mac]))),
      addresses: new Set(all.flatMap(({ addresses }) => addresses.map(({ address }) => address))),
    };
    this.#own = { machine, at: now };
    return machine;
  }

  #fault(fault: Error): void {
    if ('code' in fault && NO_CABLE.has(fault.code)) return;
    this.#parts.tell({ type: 'server.fault', where: `the guard on ${this.#parts.facts.name}`, detail: fault.stack ?? fault.message });
  }
}
