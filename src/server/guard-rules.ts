/**
 * What is done about other DHCP servers on the wire of one interface: when to ask for them, whom to believe, what may still be
 * served. Opens nothing and reads no clock: it is told what was heard and when, and answers with effects.
 */
import { type Ipv4, type Mac, NO_ADDRESS } from '../base/addresses.ts';
import { after, type MonoMs } from '../base/clock.ts';
import { BOOT_SERVER_PORT } from '../dhcp/boot-server.ts';
import { CLIENT_PORT } from '../dhcp/packet.ts';
import type { DhcpService } from '../dhcp/subnet.ts';
import type { GuardEvent } from '../events/events.ts';
import type { OverheardReply } from '../net/ports.ts';

/** What the configuration wants done when another server is there. */
export type GuardMode = 'refuse' | 'warn' | 'proxy';

/** What DHCP may do while another server is there. */
const BESIDE_OTHERS = { refuse: 'renewals', proxy: 'proxy', warn: 'full' } as const satisfies Record<GuardMode, DhcpService>;

export type GuardEffect =
  /** Broadcast a DISCOVER. */
  { readonly do: 'ask' } | { readonly do: 'serve'; readonly service: DhcpService } | { readonly do: 'tell'; readonly event: GuardEvent };

export interface GuardTimes {
  /** When a look asks, from its beginning. */
  readonly askAtMs: readonly number[];
  /** How long the first look listens before the wire counts as clear; until then `refuse` and `proxy` give no new address. */
  readonly firstLookMs: number;
  /** When the looks after the first begin, from the start. */
  readonly earlyLooksMs: readonly number[];
  /** From then on. */
  readonly lookEveryMs: number;
  /** While another server is there. */
  readonly recheckEveryMs: number;
  /** A server that has left so many looks unanswered, one after another, is gone. */
  readonly looksUntilGone: number;
}

/**
 * *Field note:* dnsmasq pings an address for three seconds before its first OFFER; most others answer within one. A boot ROM
 * repeats its DISCOVER after four seconds, so that a look that ends before costs it nothing. A switch with spanning tree
 * carries nothing in the first half minute after the cable is in, hence the early looks.
 */
export const GUARD_TIMES: GuardTimes = {
  askAtMs: [0, 300, 900],
  firstLookMs: 3_400,
  earlyLooksMs: [5_000, 15_000, 30_000, 45_000, 60_000],
  lookEveryMs: 180_000,
  recheckEveryMs: 30_000,
  looksUntilGone: 6,
};

/** Whose addresses a reply may carry without being another server's. */
export interface OwnMachine {
  readonly macs: ReadonlySet<Mac>;
  readonly addresses: ReadonlySet<Ipv4>;
}

/** Servers remembered; a wire with more has one problem only. */
const MOST_SERVERS = 16;

/**
 * True when the reply is ours. A second interface of this machine on the same wire is known by its hardware address. Our address
 * alone proves nothing: another Bootlace with the same configuration has it too. By way of a relay agent it does.
 */
export function isOwnReply({ mac, server, relayAddress }: OverheardReply, own: OwnMachine): boolean {
  return own.macs.has(mac) || (relayAddress !== NO_ADDRESS && own.addresses.has(server));
}

/** True when the sender decides about addresses of clients on this wire; a proxyDHCP or boot server gives none (PXE 2.1 §2.2.3). */
export function isAddressServer({ from, toPort, type, yourAddress }: OverheardReply): boolean {
  // What goes to a relay agent is for another wire.
  if (from.port === BOOT_SERVER_PORT || toPort !== CLIENT_PORT) return false;
  return type === 'NAK' || yourAddress !== NO_ADDRESS;
}

interface OtherServer {
  readonly address: Ipv4;
  readonly mac: Mac;
  looksUnanswered: number;
}

export class GuardRules {
  readonly #mode: GuardMode;
  readonly #place: { readonly network: string; readonly interface: string };
  readonly #times: GuardTimes;
  readonly #others = new Map<string, OtherServer>();
  #service: DhcpService;
  /** The DISCOVERs still to be sent in this look. */
  #asks: readonly MonoMs[] = [];
  #earlyLooks: readonly MonoMs[] = [];
  #nextLookAt: MonoMs | undefined;
  #verdictAt: MonoMs | undefined;

  constructor(mode: GuardMode, place: { readonly network: string; readonly interface: string }, times: GuardTimes = GUARD_TIMES) {
    this.#mode = mode;
    this.#place = place;
    this.#times = times;
    this.#service = BESIDE_OTHERS[mode];
  }

  /** What DHCP may do at this moment; before the first look is over, `refuse` and `proxy` give no new address. */
  get service(): DhcpService {
    return this.#service;
  }

  /** Begins the first look. */
  start(now: MonoMs): readonly GuardEffect[] {
    this.#verdictAt = after(now, this.#times.firstLookMs);
    this.#earlyLooks = this.#times.earlyLooksMs.map((span) => after(now, span));
    this.#nextLookAt = now;
    return this.timeout(now);
  }

  /** A reply of somebody else. */
  heard(reply: OverheardReply, now: MonoMs): readonly GuardEffect[] {
    if (!isAddressServer(reply)) return [];
    const key = `${reply.server} ${reply.mac}`;
    const known = this.#others.get(key);
    if (known !== undefined) {
      known.looksUnanswered = 0;
      return [];
    }
    if (this.#others.size >= MOST_SERVERS) return [];
    this.#others.set(key, { address: reply.server, mac: reply.mac, looksUnanswered: 0 });
    this.#lookBy(after(now, this.#times.recheckEveryMs));
    const offered = reply.yourAddress === NO_ADDRESS ? undefined : reply.yourAddress;
    return [
      tell({ type: 'guard.found', address: reply.server, mac: reply.mac, offered, mode: this.#mode, ...this.#place }),
      ...this.#serve(BESIDE_OTHERS[this.#mode]),
    ];
  }

  /** Does everything that is due. */
  timeout(now: MonoMs): readonly GuardEffect[] {
    const effects: GuardEffect[] = [];
    if (isDue(this.#nextLookAt, now)) {
      effects.push(...this.#forgetGone());
      this.#beginLook(now);
    }
    if (isDue(this.#verdictAt, now)) {
      this.#verdictAt = undefined;
      if (this.#others.size === 0) effects.push(...this.#clear());
    }
    if (isDue(this.#asks[0], now)) {
      this.#asks = this.#asks.slice(1);
      effects.push({ do: 'ask' });
    }
    return effects;
  }

  /** When `timeout` is to be called next. */
  nextDeadline(): MonoMs | undefined {
    const deadlines = [this.#verdictAt, this.#asks[0], this.#nextLookAt].filter((at) => at !== undefined);
    return deadlines.toSorted((a, b) => a - b)[0];
  }

  #beginLook(now: MonoMs): void {
    for (const other of this.#others.values()) other.looksUnanswered += 1;
    this.#asks = this.#times.askAtMs.map((span) => after(now, span));
    this.#earlyLooks = this.#earlyLooks.filter((at) => at > now);
    this.#nextLookAt = after(now, this.#others.size > 0 ? this.#times.recheckEveryMs : this.#times.lookEveryMs);
    this.#lookBy(this.#earlyLooks[0]);
  }

  #lookBy(at: MonoMs | undefined): void {
    if (at !== undefined && this.#nextLookAt !== undefined && at < this.#nextLookAt) this.#nextLookAt = at;
  }

  #forgetGone(): readonly GuardEffect[] {
    const effects: GuardEffect[] = [];
    for (const [key, { address, mac, looksUnanswered }] of this.#others) {
      if (looksUnanswered < this.#times.looksUntilGone) continue;
      this.#others.delete(key);
      effects.push(tell({ type: 'guard.gone', address, mac, ...this.#place }));
    }
    if (effects.length > 0 && this.#others.size === 0) effects.push(...this.#clear());
    return effects;
  }

  #clear(): readonly GuardEffect[] {
    return [tell({ type: 'guard.clear', ...this.#place }), ...this.#serve('full')];
  }

  #serve(service: DhcpService): readonly GuardEffect[] {
    if (service === this.#service) return [];
    this.#service = service;
    return [{ do: 'serve', service }];
  }
}

function tell(event: GuardEvent): GuardEffect {
  return { do: 'tell', event };
}

function isDue(at: MonoMs | undefined, now: MonoMs): boolean {
  return at !== undefined && at <= now;
}
