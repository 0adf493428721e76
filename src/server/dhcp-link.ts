/** The main thread's end of the DHCP thread. */
import type { Ipv4, Mac } from '../base/addresses.ts';
import type { ImageStanding } from '../boot/image-rules.ts';
import type { Occupancy } from '../dhcp/lease-book.ts';
import type { Tell } from '../events/bus.ts';
import type { Subject } from '../events/events.ts';
import { AwaitedPackets } from './awaited-packets.ts';
import type { DhcpNews, DhcpOrder, DhcpThreadStart } from './dhcp-messages.ts';
import type { KeptPacket } from './packet-ring.ts';
import type { ServedNetwork, SiteConfig } from './site.ts';
import { ThreadLink } from './thread-link.ts';

export interface DhcpLinkListeners {
  readonly tell: Tell;
  /** Who holds an address already, from the store. */
  readonly onHolders: (holders: readonly Subject[]) => void;
  /** The thread ended without being asked to: nobody serves DHCP any more. */
  readonly onDeath: (why: string) => void;
}

export class DhcpLink {
  readonly #thread: ThreadLink<DhcpOrder, DhcpNews>;
  /** As last told. */
  #occupancy: readonly Occupancy[] = [];
  readonly #packets: AwaitedPackets;

  private constructor(thread: ThreadLink<DhcpOrder, DhcpNews>, packets: AwaitedPackets) {
    this.#packets = packets;
    this.#thread = thread;
  }

  /** Starts the thread; resolves when the store is open and its leases are known. Rejects with the reason why it cannot start. */
  static async open(start: DhcpThreadStart, { tell, onHolders, onDeath }: DhcpLinkListeners): Promise<DhcpLink> {
    let link: DhcpLink | undefined;
    const packets = new AwaitedPackets();
    const onNews = (news: DhcpNews): void => {
      if (news.say === 'holders') onHolders(news.holders);
      else if (news.say === 'events') for (const event of news.events) tell(event);
      else if (news.say === 'packets') packets.came(news);
      else if (link !== undefined) link.#occupancy = news.networks;
    };
    const thread = new ThreadLink<DhcpOrder, DhcpNews>('dhcp', start, { onNews, onDeath });
    link = new DhcpLink(thread, packets);
    await thread.ready;
    return link;
  }

  /** Serves exactly these networks from now on. Rejects when one of them cannot be served; the others are. */
  async serve(networks: readonly ServedNetwork[]): Promise<void> {
    await this.#thread.order({ do: 'serve', networks });
  }

  /** As `serve`, by another configuration. Leases stay. */
  async configure(config: SiteConfig, networks: readonly ServedNetwork[]): Promise<void> {
    await this.#thread.order({ do: 'configure', config, networks });
  }

  /** Takes an address back; false when nobody has it. */
  release(address: Ipv4): Promise<boolean> {
    return this.#thread.order({ do: 'release', address });
  }

  /** How full each network is. */
  async occupancy(): Promise<readonly Occupancy[]> {
    // The news comes before the word that the order is done.
    await this.#thread.order({ do: 'occupancy' });
    return this.#occupancy;
  }

  /** The last messages of a client that are still kept, oldest first. */
  packetsOf(client: Mac): Promise<readonly KeptPacket[]> {
    return this.#packets.ask((request) => this.#thread.order({ do: 'packets', request, client }));
  }

  /** Resolves when everything was told that has happened until now: a lease is told some milliseconds after the client has it. */
  async told(): Promise<void> {
    await this.#thread.order({ do: 'tell' });
  }

  /** Leaves images of firmware out of answers by this from now on. */
  stand(standing: ImageStanding): void {
    this.#thread.tell({ do: 'stand', standing });
  }

  /** Ends the thread when all that was promised is stored. */
  close(): Promise<void> {
    return this.#thread.close({ do: 'close' });
  }
}
