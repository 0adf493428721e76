/** A switch (a bridge in a namespace of its own) and the machines plugged into it. */
import { connect, Namespace, sweep } from './netns.ts';
import { sweepScratch } from './scratch.ts';

/** The interface by which every machine is plugged in. */
export const LAN = 'lan0';

/** How a machine is plugged in. */
export interface PlugOptions {
  /** Its hardware address; the kernel draws one otherwise. */
  readonly mac?: string | undefined;
}

export class VirtualSwitch {
  readonly namespace: Namespace;
  readonly #machines: Namespace[] = [];
  readonly #portOf = new Map<Namespace, string>();
  #ports = 0;

  constructor() {
    sweep();
    sweepScratch();
    this.namespace = new Namespace('switch');
    // Ports forward at once: a bridge without spanning tree has no learning delay.
    this.namespace.ip('link', 'add', 'br0', 'type', 'bridge', 'stp_state', '0', 'forward_delay', '0', 'mcast_snooping', '0');
    this.namespace.ip('link', 'set', 'br0', 'up');
  }

  /** A new machine with a cable from its `lan0` to the switch. It has no address. */
  plug(role: string, options: PlugOptions = {}): Namespace {
    const machine = this.machine(role);
    const port = this.#nextPort();
    connect(this.namespace, port, machine, LAN);
    this.#portOf.set(machine, port);
    if (options.mac !== undefined) machine.ip('link', 'set', LAN, 'address', options.mac);
    this.namespace.ip('link', 'set', port, 'master', 'br0');
    return machine;
  }

  /** Pulls the cable of a machine out of the switch: its `lan0` has no carrier. */
  pull(machine: Namespace): void {
    this.#setPort(machine, 'down');
  }

  /** Puts the cable back in. */
  putBack(machine: Namespace): void {
    this.#setPort(machine, 'up');
  }

  /** A new machine with no cable; it goes when the switch goes. */
  machine(role: string): Namespace {
    const machine = new Namespace(role);
    this.#machines.push(machine);
    return machine;
  }

  /** A port for a virtual machine, which has to run in the switch's namespace; returns the name of the tap. */
  tap(): string {
    const port = this.#nextPort();
    this.namespace.ip('tuntap', 'add', 'dev', port, 'mode', 'tap');
    this.namespace.ip('link', 'set', port, 'master', 'br0', 'up');
    return port;
  }

  /** The names of the namespaces of its machines. */
  machineNames(): string[] {
    return this.#machines.map((machine) => machine.name);
  }

  /** Takes everything away, running programs included. Closing twice is allowed. */
  close(): void {
    for (const machine of this.#machines) machine.close();
    this.namespace.close();
  }

  #setPort(machine: Namespace, state: 'up' | 'down'): void {
    const port = this.#portOf.get(machine);
    if (port !== undefined) this.namespace.ip('link', 'set', port, state);
  }

  #nextPort(): string {
    this.#ports += 1;
    return `port${this.#ports}`;
  }
}

/**
 * A laptop with a cable in the switch and, on `wlan0`, a Wi-Fi that holds its default route. `wifi` is the other end of the
 * Wi-Fi, where no DHCP packet of the laptop may ever arrive.
 */
export function plugLaptop(to: VirtualSwitch): { readonly laptop: Namespace; readonly wifi: Namespace } {
  const laptop = to.plug('laptop');
  const wifi = to.machine('wifi');
  connect(laptop, 'wlan0', wifi, 'air0');
  wifi.ip('address', 'add', '172.30.0.1/24', 'dev', 'air0');
  laptop.ip('address', 'add', '172.30.0.2/24', 'dev', 'wlan0');
  laptop.ip('route', 'add', 'default', 'via', '172.30.0.1');
  return { laptop, wifi };
}
