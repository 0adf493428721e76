/**
 * Keeps each configured network served as interfaces, cables and addresses come and go. It looks once a second instead of listening
 * to the kernel: that works on every system, and nobody plugs a cable faster.
 * It takes off exactly the addresses that it put on.
 */

import type { Cidr } from '../base/addresses.ts';
import { faultText } from '../base/result.ts';
import type { Tell } from '../events/bus.ts';
import { planNetwork, type ServedOn, type WatchedNetwork, whatChanged } from './network-plan.ts';
import type { InterfaceControl, InterfaceFacts } from './ports.ts';

/** What the watcher stands on. */
export interface WatcherPorts {
  readonly interfaces: InterfaceControl;
  readonly tell: Tell;
  /** Calls `look` again and again until the returned function is called. */
  readonly every: (periodMs: number, look: () => void) => () => void;
  /**
   * The network can be served: open its sockets. When it rejects, the reason is told as the reason for waiting, and it is tried
   * again at the next look. Telling `network.up` is the listener's, as it knows what it serves.
   */
  onUp(up: ServedOn & { readonly network: WatchedNetwork }): Promise<void>;
  /** The network cannot be served any more: close its sockets. Only after an `onUp` that resolved, and before the next. */
  onDown(network: WatchedNetwork, why: string): Promise<void>;
}

/** The real clock's `every`. It keeps the process alive: one that waits for a cable has nothing else open. */
export const everyInterval: WatcherPorts['every'] = (periodMs, look) => {
  const timer = setInterval(look, periodMs);
  return () => clearInterval(timer);
};

const periodMs = 1000;

/** One network and what became of it. */
interface Watch {
  readonly network: WatchedNetwork;
  /** Name of the interface that is in use or being opened. */
  claimed: string | undefined;
  served: ServedOn | undefined;
  /** The address that we put on, and where. */
  assigned: ServedOn | undefined;
  /** Indexes of interfaces that we set up once; whoever sets them down again means it. */
  readonly woken: Set<number>;
  /** The interface and the reason for waiting that were told last, so that they are not told every second. */
  toldChoice: string | undefined;
  toldWaiting: string | undefined;
  /** Opening or closing that is not finished. */
  pending: Promise<void> | undefined;
}

export class NetworkWatcher {
  readonly #ports: WatcherPorts;
  #watches: readonly Watch[];
  /** A change of the configuration is under way: nothing may be opened or closed by the old one. */
  #isHeld = false;
  #cancel: (() => void) | undefined;
  #isStopped = false;
  #lastFault: string | undefined;

  constructor(networks: readonly WatchedNetwork[], ports: WatcherPorts) {
    this.#ports = ports;
    this.#watches = networks.map(newWatch);
  }

  /** Looks for the first time, and from then on every second. Resolves when each network is served or waits. */
  async start(): Promise<void> {
    this.#cancel = this.#ports.every(periodMs, () => this.#look());
    this.#look();
    await this.#settled();
  }

  /**
   * Watches these networks from now on. Those that are the same as before are not touched; the others are closed and their
   * addresses taken off. Then `change` is carried out, and after it what is new is opened. Rejects when `change` does; the new
   * networks are watched all the same. One at a time.
   */
  async update(networks: readonly WatchedNetwork[], change: () => Promise<void>): Promise<void> {
    this.#isHeld = true;
    try {
      await this.#settled();
      const leaving = this.#watches.filter((watch) => !networks.some((network) => isSameNetwork(network, watch.network)));
      for (const watch of leaving) await this.#leave(watch);
      this.#watches = networks.map((network) => this.#watches.find((watch) => isSameNetwork(network, watch.network)) ?? newWatch(network));
      await change();
    } finally {
      this.#isHeld = false;
    }
    this.#look();
    await this.#settled();
  }

  async #leave(watch: Watch): Promise<void> {
    if (watch.served) await this.#close(watch, watch.served, 'the configuration has changed');
    this.#takeOff(watch);
  }

  /** Closes all that is open and takes off the addresses that were put on. */
  async stop(): Promise<void> {
    this.#isStopped = true;
    this.#cancel?.();
    await this.#settled();
    for (const watch of this.#watches) {
      // Told as the end of the server already; a line for each network would look like cables falling out.
      if (watch.served) await this.#closeSockets(watch, 'the server stops');
    }
    this.releaseAddresses();
  }

  /** Takes off what was put on, at once: for an end that leaves no time to close anything. Doing it twice is harmless. */
  releaseAddresses(): void {
    for (const watch of this.#watches) this.#takeOff(watch);
  }

  async #settled(): Promise<void> {
    await Promise.all(this.#watches.flatMap(({ pending }) => pending ?? []));
  }

  #look(): void {
    if (this.#isStopped || this.#isHeld) return;
    let facts: readonly InterfaceFacts[];
    try {
      facts = this.#ports.interfaces.list();
      this.#lastFault = undefined;
    } catch (fault) {
      this.#tellFault('listing the interfaces', fault);
      return;
    }
    for (const watch of this.#watches) {
      if (watch.pending) continue;
      const pending = this.#drive(watch, facts)
        .catch((fault: unknown) => this.#tellFault(`watching the network ${watch.network.name}`, fault))
        .finally(() => {
          watch.pending = undefined;
        });
      watch.pending = pending;
    }
  }

  async #drive(watch: Watch, facts: readonly InterfaceFacts[]): Promise<void> {
    const { network, served } = watch;
    // An interface that is gone took the address with it.
    if (watch.assigned && !facts.some(({ index }) => index === watch.assigned?.facts.index)) watch.assigned = undefined;
    const plan = planNetwork(network, watch, facts, this.#takenFor(watch));
    if (plan.do === 'wait') {
      if (served) await this.#close(watch, served, plan.why);
      watch.claimed = undefined;
      this.#wait(watch, this.#wake(watch, plan.wake) ?? plan.why);
      return;
    }
    const change = served && whatChanged(served, plan);
    watch.claimed = plan.facts.name;
    if (served && change !== undefined) await this.#close(watch, served, change);
    if (watch.assigned && watch.assigned.facts.index !== plan.facts.index) this.#takeOff(watch);
    this.#tellChoice(watch, plan);
    if (!plan.addressIsThere) {
      const obstacle = this.#assign(watch, plan);
      if (obstacle !== undefined) {
        if (watch.served) await this.#close(watch, watch.served, obstacle);
        watch.claimed = undefined;
        this.#wait(watch, obstacle);
        return;
      }
    }
    if (watch.served) {
      watch.served = { facts: plan.facts, address: plan.address };
      return;
    }
    await this.#open(watch, { facts: withAddress(plan.facts, plan.address), address: plan.address });
  }

  async #open(watch: Watch, place: ServedOn): Promise<void> {
    try {
      await this.#ports.onUp({ network: watch.network, ...place });
      watch.served = place;
      watch.toldWaiting = undefined;
    } catch (fault) {
      this.#wait(watch, faultText(fault));
    }
  }

  async #closeSockets(watch: Watch, why: string): Promise<void> {
    watch.served = undefined;
    try {
      await this.#ports.onDown(watch.network, why);
    } catch (fault) {
      this.#tellFault(`closing the network ${watch.network.name}`, fault);
    }
  }

  async #close(watch: Watch, served: ServedOn, why: string): Promise<void> {
    await this.#closeSockets(watch, why);
    this.#ports.tell({ type: 'network.down', network: watch.network.name, interface: served.facts.name, why });
    watch.toldChoice = undefined;
    watch.toldWaiting = why;
  }

  #tellChoice(watch: Watch, { facts: { name }, why }: ServedOn & { readonly why: string }): void {
    if (watch.toldChoice !== name)
      this.#ports.tell({ type: 'network.interface-chosen', network: watch.network.name, interface: name, why });
    watch.toldChoice = name;
  }

  #wait(watch: Watch, why: string): void {
    if (watch.toldWaiting !== why) this.#ports.tell({ type: 'network.waiting', network: watch.network.name, why });
    watch.toldWaiting = why;
  }

  /** Puts the address on; what is in the way is returned. */
  #assign(watch: Watch, { facts, address }: ServedOn): string | undefined {
    try {
      this.#ports.interfaces.addAddress(facts, address);
    } catch (fault) {
      return faultText(fault);
    }
    watch.assigned = { facts, address };
    watch.woken.add(facts.index);
    this.#ports.tell({ type: 'network.address-added', network: watch.network.name, interface: facts.name, address });
    return undefined;
  }

  #takeOff(watch: Watch): void {
    const { assigned, network } = watch;
    if (!assigned) return;
    watch.assigned = undefined;
    const { facts, address } = assigned;
    try {
      this.#ports.interfaces.removeAddress(facts, address);
      this.#ports.tell({ type: 'network.address-removed', network: network.name, interface: facts.name, address });
    } catch (fault) {
      this.#tellFault(`taking the address off ${facts.name}`, fault);
    }
  }

  /** Sets interfaces up for the first time; what is in the way is returned. */
  #wake(watch: Watch, down: readonly InterfaceFacts[]): string | undefined {
    for (const facts of down) {
      if (watch.woken.has(facts.index)) continue;
      watch.woken.add(facts.index);
      try {
        this.#ports.interfaces.bringUp(facts);
      } catch (fault) {
        return faultText(fault);
      }
    }
    return undefined;
  }

  /** Others' interfaces; one that is named in the configuration is its network's even while that one waits. */
  #takenFor(watch: Watch): ReadonlySet<string> {
    const others = this.#watches.filter((other) => other !== watch);
    const claimed = others.flatMap((other) => other.claimed ?? []);
    const named = watch.network.interface === 'auto' ? others.map(({ network }) => network.interface) : [];
    return new Set([...claimed, ...named]);
  }

  #tellFault(where: string, fault: unknown): void {
    const detail = faultText(fault);
    if (this.#lastFault === detail) return;
    this.#lastFault = detail;
    this.#ports.tell({ type: 'server.fault', where, detail });
  }
}

function newWatch(network: WatchedNetwork): Watch {
  return {
    network,
    claimed: undefined,
    served: undefined,
    assigned: undefined,
    woken: new Set(),
    toldChoice: undefined,
    toldWaiting: undefined,
    pending: undefined,
  };
}

function isSameNetwork(a: WatchedNetwork, b: WatchedNetwork): boolean {
  return (
    a.name === b.name &&
    a.interface === b.interface &&
    a.assign === b.assign &&
    a.address?.address === b.address?.address &&
    a.address?.prefix === b.address?.prefix
  );
}

function withAddress(facts: InterfaceFacts, address: Cidr): InterfaceFacts {
  return facts.addresses.some((there) => there.address === address.address)
    ? facts
    : { ...facts, addresses: [...facts.addresses, address] };
}
