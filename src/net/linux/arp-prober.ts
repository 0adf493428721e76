/**
 * ARP probes through one packet socket. RFC 5227 §2.1.1 spreads three probes over seven seconds, for a host that is about to
 * use an address; a DHCP client that waits for its offer asks again after one second, so two quick probes have to do (RFC 2131 §2.2).
 */
import type { Ipv4, Mac } from '../../base/addresses.ts';
import { arpProbe, ETHERTYPE_ARP, readArpReply } from '../arp-packet.ts';
import type { ArpProber, InterfaceFacts } from '../ports.ts';
import { FOR_THIS_MACHINE, packetFilter } from './packet-filter.ts';
import { LONGEST_FRAME, openPacketSocket, type PacketSocket } from './packet-socket.ts';

/** The first may be lost in a switch that has just learnt of the port, or meet a host that sleeps. */
const ASK_AGAIN_MS = 100;
const DEFAULT_TIMEOUT_MS = 250;
/** How often it is looked which probes are to be sent again or given up, while any are out. */
const LOOK_EVERY_MS = 10;

/** ARP's operation field says that it is an answer. */
const ANSWERS = packetFilter([FOR_THIS_MACHINE, { value: { at: 20, octets: 2 }, is: 'equal', than: 2 }], LONGEST_FRAME);

/** Opens the prober. Undefined for an interface without a hardware address, and (after a word to `onFault`) without CAP_NET_RAW. */
export function openArpProber(facts: InterfaceFacts, onFault: (fault: Error) => void): ArpProber | undefined {
  if (facts.mac === undefined || facts.isLoopback) return undefined;
  const socket = openPacketSocket(facts, ETHERTYPE_ARP, ANSWERS, onFault);
  return socket && new PacketArpProber(facts.mac, socket);
}

/** One who asked. Moments are those of `performance.now()`. */
interface Asker {
  readonly answer: (mac: Mac | undefined) => void;
  readonly until: number;
}

interface Probe {
  readonly frame: Uint8Array;
  /** All who asked about this address while it was out. */
  askers: readonly Asker[];
  /** Undefined once it was sent again. */
  askAgainAt: number | undefined;
}

/** Probes over any socket that is open already. */
export class PacketArpProber implements ArpProber {
  readonly #mac: Mac;
  readonly #socket: PacketSocket;
  readonly #probes = new Map<Ipv4, Probe>();
  #timer: NodeJS.Timeout | undefined;
  #isOpen = true;

  constructor(mac: Mac, socket: PacketSocket) {
    this.#mac = mac;
    this.#socket = socket;
    socket.onFrame((frame) => {
      const reply = readArpReply(frame);
      if (reply) this.#settle(reply.address, reply.mac);
    });
  }

  probe(address: Ipv4, timeoutMs = DEFAULT_TIMEOUT_MS): Promise<Mac | undefined> {
    if (!this.#isOpen) return Promise.resolve(undefined);
    const { promise, resolve } = Promise.withResolvers<Mac | undefined>();
    const now = performance.now();
    const asker = { answer: resolve, until: now + timeoutMs };
    const out = this.#probes.get(address);
    if (out !== undefined) {
      out.askers = [...out.askers, asker];
      return promise;
    }
    const frame = arpProbe(this.#mac, address);
    this.#probes.set(address, { frame, askers: [asker], askAgainAt: now + ASK_AGAIN_MS });
    this.#socket.send(frame);
    this.#timer ??= setInterval(() => this.#look(), LOOK_EVERY_MS);
    return promise;
  }

  close(): void {
    if (!this.#isOpen) return;
    this.#isOpen = false;
    for (const address of [...this.#probes.keys()]) this.#settle(address, undefined);
    this.#socket.close();
  }

  #settle(address: Ipv4, found: Mac | undefined): void {
    const probe = this.#probes.get(address);
    if (probe === undefined) return;
    for (const { answer } of probe.askers) answer(found);
    this.#forget(address);
  }

  #look(): void {
    // A thread that was held up (by a commit, say) must not take answers that wait for it as silence.
    this.#socket.drain();
    const now = performance.now();
    for (const [address, probe] of this.#probes) {
      for (const { answer, until } of probe.askers) if (until <= now) answer(undefined);
      probe.askers = probe.askers.filter(({ until }) => until > now);
      if (probe.askers.length === 0) this.#forget(address);
      else if (probe.askAgainAt !== undefined && probe.askAgainAt <= now) {
        probe.askAgainAt = undefined;
        this.#socket.send(probe.frame);
      }
    }
  }

  #forget(address: Ipv4): void {
    this.#probes.delete(address);
    if (this.#probes.size > 0) return;
    clearInterval(this.#timer);
    this.#timer = undefined;
  }
}
