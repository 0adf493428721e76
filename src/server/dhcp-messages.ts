/** What the main thread and the DHCP thread say to each other. Plain data only. */
import type { Ipv4 } from '../base/addresses.ts';
import type { BootSettings } from '../boot/boot-plan.ts';
import type { AppEvent, Subject } from '../events/events.ts';
import type { ServedNetwork, SiteConfig } from './site.ts';

/** What the DHCP thread is started with. */
export interface DhcpThreadStart {
  readonly config: SiteConfig;
  readonly boot: BootSettings;
  /** The lease store's file. */
  readonly storeFile: string;
  /** Which socket implementation the main thread chose. */
  readonly host: 'linux' | 'portable';
}

/** From the main thread; every message is answered by one `done` with its `id`. */
export type DhcpCommand =
  | { readonly id: number; readonly do: 'serve'; readonly networks: readonly ServedNetwork[] }
  | {
      readonly id: number;
      readonly do: 'configure';
      readonly config: SiteConfig;
      readonly boot: BootSettings;
      readonly networks: readonly ServedNetwork[];
    }
  | { readonly id: number; readonly do: 'release'; readonly address: Ipv4 }
  | { readonly id: number; readonly do: 'close' };

/** A command without its number. */
export type DhcpOrder = DhcpCommand extends infer Command ? (Command extends DhcpCommand ? Omit<Command, 'id'> : never) : never;

/** From the DHCP thread. */
export type DhcpNews =
  | { readonly say: 'events'; readonly events: readonly AppEvent[] }
  /** Who holds an address, from the store; in pieces, before `ready`. */
  | { readonly say: 'holders'; readonly holders: readonly Subject[] }
  | { readonly say: 'ready' }
  /** `fault` is a text for people; `found`: there was something to release. */
  | { readonly say: 'done'; readonly id: number; readonly fault?: string; readonly found?: boolean };
