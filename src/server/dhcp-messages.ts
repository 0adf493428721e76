/** What the main thread and the DHCP thread say to each other, beside what every thread does. Plain data only. */
import type { Ipv4, Mac } from '../base/addresses.ts';
import type { ImageStanding } from '../boot/image-rules.ts';
import type { Occupancy } from '../dhcp/lease-book.ts';
import type { AppEvent, Subject } from '../events/events.ts';
import type { KeptPacket } from './packet-ring.ts';
import type { ServedNetwork, SiteConfig } from './site.ts';

/** What the DHCP thread is started with. */
export interface DhcpThreadStart {
  readonly config: SiteConfig;
  /** The lease store's file. */
  readonly storeFile: string;
  /** Which socket implementation the main thread chose. */
  readonly host: 'linux' | 'portable';
}

/** From the main thread. */
export type DhcpOrder =
  | { readonly do: 'serve'; readonly networks: readonly ServedNetwork[] }
  | {
      readonly do: 'configure';
      readonly config: SiteConfig;
      readonly networks: readonly ServedNetwork[];
    }
  | { readonly do: 'release'; readonly address: Ipv4 }
  /** Answered by the news of that name. */
  | { readonly do: 'occupancy' }
  /** The last packets of a client, answered by the news of that name and `request`. */
  | { readonly do: 'packets'; readonly request: number; readonly client: Mac }
  /** What is bundled is told at once. */
  | { readonly do: 'tell' }
  /** Which images of firmware answers leave out, from now on. Needs no answer. */
  | { readonly do: 'stand'; readonly standing: ImageStanding }
  | { readonly do: 'close' };

/** From the DHCP thread. */
export type DhcpNews =
  | { readonly say: 'events'; readonly events: readonly AppEvent[] }
  /** Who holds an address, from the store; in pieces, before the thread is ready. */
  | { readonly say: 'holders'; readonly holders: readonly Subject[] }
  | { readonly say: 'occupancy'; readonly networks: readonly Occupancy[] }
  | { readonly say: 'packets'; readonly request: number; readonly packets: readonly KeptPacket[] };
