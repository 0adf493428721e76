/** What the main thread and the TFTP thread say to each other, beside what every thread does. Plain data only. */
import type { Ipv4 } from '../base/addresses.ts';
import type { BootChoice } from '../boot/boot-choices.ts';
import type { AppEvent, Subject } from '../events/events.ts';
import type { FilesConfig } from './live-files.ts';
import type { KeptPacket } from './packet-ring.ts';
import type { TftpNetwork } from './tftp-doors.ts';

/** What the TFTP thread is started with. */
export interface TftpThreadStart {
  readonly config: FilesConfig;
  /** Which socket implementation the main thread chose. */
  readonly host: 'linux' | 'portable';
}

/** From the main thread. */
export type TftpOrder =
  | { readonly do: 'listen'; readonly network: TftpNetwork }
  | { readonly do: 'unlisten'; readonly interface: string }
  | { readonly do: 'configure'; readonly config: FilesConfig }
  /** Other entries of menus. */
  | { readonly do: 'choose'; readonly choices: readonly BootChoice[] }
  /** Who has an address now that was asked about. Needs no answer. */
  | { readonly do: 'learn'; readonly address: Ipv4; readonly holder: Subject }
  /** The last packets of a client that had these addresses, answered by the news of that name and `request`. */
  | { readonly do: 'packets'; readonly request: number; readonly addresses: readonly Ipv4[] }
  | { readonly do: 'close' };

/** From the TFTP thread. */
export type TftpNews =
  | { readonly say: 'events'; readonly events: readonly AppEvent[] }
  /** What was told in the rehearsal, and never happened. */
  | { readonly say: 'rehearsed'; readonly events: readonly AppEvent[] }
  /** Who has the address? It wants to hear of every change from then on. */
  | { readonly say: 'who'; readonly address: Ipv4 }
  | { readonly say: 'packets'; readonly request: number; readonly packets: readonly KeptPacket[] };
