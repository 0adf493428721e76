import { type Cidr, showCidr } from '../../src/base/addresses.ts';
import type { AppEvent } from '../../src/events/events.ts';
import type { WatchedNetwork } from '../../src/net/network-plan.ts';
import type { InterfaceControl, InterfaceFacts } from '../../src/net/ports.ts';
import { NetworkWatcher } from '../../src/net/watcher.ts';
import { cidr } from '../support/addresses.ts';

/** Interfaces in memory, and a script of what the watcher did, one line each. */
export class Bench implements InterfaceControl {
  interfaces: InterfaceFacts[] = [];
  readonly said: string[] = [];
  /** Set: the next changes are refused with this text. */
  refusal: string | undefined;
  listFault: string | undefined;
  openFault: string | undefined;
  #look: () => void = () => undefined;
  isTimerRunning = false;

  watch(...networks: readonly Partial<WatchedNetwork>[]): NetworkWatcher {
    const whole = networks.map((network) => ({
      name: 'bench',
      interface: 'auto',
      address: cidr('192.168.77.1/24'),
      assign: true,
      ...network,
    }));
    return new NetworkWatcher(whole, {
      interfaces: this,
      tell: (event) => this.said.push(lineOf(event)),
      every: (_periodMs, look) => {
        this.#look = look;
        this.isTimerRunning = true;
        return () => {
          this.isTimerRunning = false;
        };
      },
      onUp: async ({ network, facts, address }) => {
        await Promise.resolve();
        if (this.openFault !== undefined) throw new Error(this.openFault);
        const isOn = facts.addresses.some((there) => there.address === address.address);
        this.said.push(
          `${network.name} open on ${facts.name}/${facts.index} as ${showCidr(address)}${isOn ? '' : ' (address not in facts)'}`,
        );
      },
      onDown: async (network, why) => {
        await Promise.resolve();
        this.said.push(`${network.name} closed: ${why}`);
      },
    });
  }

  list(): readonly InterfaceFacts[] {
    if (this.listFault !== undefined) throw new Error(this.listFault);
    return this.interfaces;
  }

  addAddress(facts: InterfaceFacts, address: Cidr): void {
    if (this.refusal !== undefined) throw new Error(this.refusal);
    this.change(facts.index, (now) => ({ addresses: [...now.addresses, address], isUp: true }));
  }

  removeAddress(facts: InterfaceFacts, address: Cidr): void {
    this.change(facts.index, (now) => ({ addresses: now.addresses.filter((there) => there.address !== address.address) }));
  }

  bringUp(facts: InterfaceFacts): void {
    this.said.push(`set ${facts.name} up`);
    this.change(facts.index, () => ({ isUp: true, hasCarrier: true }));
  }

  change(index: number, difference: (now: InterfaceFacts) => Partial<InterfaceFacts>): void {
    this.interfaces = this.interfaces.map((now) => (now.index === index ? { ...now, ...difference(now) } : now));
  }

  addressesOn(index: number): string[] {
    return (this.interfaces.find((candidate) => candidate.index === index)?.addresses ?? []).map(showCidr);
  }

  /** What was said since the last call. */
  heard(): string[] {
    return this.said.splice(0);
  }

  /** One second passes. */
  async tick(): Promise<string[]> {
    this.#look();
    // All that the fakes await is settled promises.
    await new Promise((resolve) => setImmediate(resolve));
    return this.heard();
  }
}

function lineOf(event: AppEvent): string {
  switch (event.type) {
    case 'network.interface-chosen':
      return `${event.network} chose ${event.interface}: ${event.why}`;
    case 'network.waiting':
      return `${event.network} waits: ${event.why}`;
    case 'network.address-added':
      return `${event.network} put ${showCidr(event.address)} on ${event.interface}`;
    case 'network.address-removed':
      return `${event.network} took ${showCidr(event.address)} off ${event.interface}`;
    case 'network.down':
      return `${event.network} down on ${event.interface}: ${event.why}`;
    case 'server.fault':
      return `fault ${event.where}: ${event.detail}`;
    default:
      return event.type;
  }
}
