/** The main thread's end of the DHCP thread. */
import { Worker } from 'node:worker_threads';
import type { Ipv4 } from '../base/addresses.ts';
import type { BootSettings } from '../boot/boot-plan.ts';
import type { Tell } from '../events/bus.ts';
import type { Subject } from '../events/events.ts';
import type { DhcpNews, DhcpOrder, DhcpThreadStart } from './dhcp-messages.ts';
import type { ServedNetwork, SiteConfig } from './site.ts';

export interface DhcpLinkListeners {
  readonly tell: Tell;
  /** Who holds an address already, from the store. */
  readonly onHolders: (holders: readonly Subject[]) => void;
  /** The thread ended without being asked to: nobody serves DHCP any more. */
  readonly onDeath: (why: string) => void;
}

interface Waiting {
  readonly resolve: (found: boolean) => void;
  readonly reject: (fault: Error) => void;
}

export class DhcpLink {
  readonly #worker: Worker;
  readonly #listeners: DhcpLinkListeners;
  readonly #waiting = new Map<number, Waiting>();
  #lastId = 0;
  #isClosing = false;

  private constructor(worker: Worker, listeners: DhcpLinkListeners) {
    this.#worker = worker;
    this.#listeners = listeners;
  }

  /** Starts the thread; resolves when the store is open and its leases are known. Rejects with the reason why it cannot start. */
  static open(start: DhcpThreadStart, listeners: DhcpLinkListeners): Promise<DhcpLink> {
    const script = new URL(import.meta.url.endsWith('.ts') ? './dhcp-thread.ts' : './dhcp-thread.js', import.meta.url);
    const worker = new Worker(script, { workerData: start, name: 'dhcp' });
    const link = new DhcpLink(worker, listeners);
    return new Promise((resolve, reject) => {
      worker.on('message', (news: DhcpNews) => (news.say === 'ready' ? resolve(link) : link.#hear(news)));
      worker.once('error', (fault: Error) => {
        reject(fault);
        link.#die(fault.message);
      });
      worker.once('exit', (code) => link.#die(`it ended with code ${code}`));
    });
  }

  /** Serves exactly these networks from now on. Rejects when one of them cannot be served; the others are. */
  async serve(networks: readonly ServedNetwork[]): Promise<void> {
    await this.#order({ do: 'serve', networks });
  }

  /** As `serve`, by another configuration. Leases stay. */
  async configure(config: SiteConfig, boot: BootSettings, networks: readonly ServedNetwork[]): Promise<void> {
    await this.#order({ do: 'configure', config, boot, networks });
  }

  /** Takes an address back; false when nobody has it. */
  release(address: Ipv4): Promise<boolean> {
    return this.#order({ do: 'release', address });
  }

  /** Ends the thread when all that was promised is stored. */
  async close(): Promise<void> {
    if (this.#isClosing) return;
    const closed = this.#order({ do: 'close' });
    this.#isClosing = true;
    await closed;
  }

  #order(order: DhcpOrder): Promise<boolean> {
    if (this.#isClosing) return Promise.reject(new Error('DHCP is closing'));
    this.#lastId += 1;
    const id = this.#lastId;
    return new Promise((resolve, reject) => {
      this.#waiting.set(id, { resolve, reject });
      this.#worker.postMessage({ ...order, id });
    });
  }

  #hear(news: DhcpNews): void {
    switch (news.say) {
      case 'events':
        for (const event of news.events) this.#listeners.tell(event);
        return;
      case 'holders':
        this.#listeners.onHolders(news.holders);
        return;
      case 'done': {
        const waiting = this.#waiting.get(news.id);
        this.#waiting.delete(news.id);
        if (news.fault === undefined) waiting?.resolve(news.found ?? true);
        else waiting?.reject(new Error(news.fault));
        return;
      }
      case 'ready':
        return;
    }
  }

  #die(why: string): void {
    for (const waiting of this.#waiting.values()) waiting.reject(new Error(`DHCP has ended: ${why}`));
    this.#waiting.clear();
    if (!this.#isClosing) this.#listeners.onDeath(why);
    this.#isClosing = true;
  }
}
