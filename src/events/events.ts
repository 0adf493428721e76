/**
 * Everything that happens, in one vocabulary. Engines and shells say it once; the log, metrics, timeline and page listen.
 * An event is a past fact named `area.happened`; `catalog.ts` holds its level and what it means to the operator,
 * `describe.ts` its one line of text. Events cross threads as they are, so they hold plain data only.
 */
import type { Cidr, Ipv4, Mac } from '../base/addresses.ts';
import type { BackupEvent, ImageEvent } from './backup-events.ts';
import type { Asking, DeviceEvent, Unanswered } from './device-events.ts';
import type { ProvisioningEvent } from './provisioning-events.ts';
import type { ServiceEvent } from './service-events.ts';
import type { StoreEvent } from './store-events.ts';
import type { TransferEvent } from './transfer-events.ts';

/** Who an event is about, as far as it is known. The log adds the device's name and vendor. */
export interface Subject {
  readonly mac?: Mac | undefined;
  readonly address?: Ipv4 | undefined;
  /** What the device calls itself, or what the configuration calls it. */
  readonly hostName?: string | undefined;
  /** The classes that fitted it when it got its lease; unknown after a restart, until it renews. */
  readonly classes?: readonly string[] | undefined;
  /** The family of a device that belongs to one (`profile` in the configuration), and what it says in DHCP of itself. */
  readonly profile?: string | undefined;
  readonly model?: string | undefined;
  readonly serial?: string | undefined;
  /** True when it is this server that gave the MAC its address. */
  readonly isLeased?: boolean | undefined;
}

/** The server as a whole. */
export type ServerEvent =
  | { readonly type: 'server.started'; readonly version: string; readonly config: string; readonly runtime: string }
  | { readonly type: 'server.ready'; readonly networks: number }
  | { readonly type: 'server.stopping'; readonly why: string }
  | { readonly type: 'server.privileges-dropped'; readonly user: string; readonly kept: readonly string[] }
  | { readonly type: 'server.privileges-kept'; readonly why: string }
  | { readonly type: 'server.limited'; readonly detail: string }
  | { readonly type: 'server.fault'; readonly where: string; readonly detail: string }
  | { readonly type: 'config.warning'; readonly where: string; readonly detail: string }
  /** One difference that a reload made, told before `config.reloaded`. */
  | { readonly type: 'config.changed'; readonly change: string }
  | { readonly type: 'config.reloaded'; readonly file: string; readonly changes: readonly string[] }
  /** A reload that changed nothing, as something was wrong. */
  | { readonly type: 'config.refused'; readonly file: string; readonly reasons: readonly string[] };

/** An interface and its cable. */
export type NetworkEvent =
  | { readonly type: 'network.interface-chosen'; readonly network: string; readonly interface: string; readonly why: string }
  | { readonly type: 'network.waiting'; readonly network: string; readonly why: string }
  | { readonly type: 'network.address-added'; readonly network: string; readonly interface: string; readonly address: Cidr }
  | { readonly type: 'network.address-removed'; readonly network: string; readonly interface: string; readonly address: Cidr }
  | { readonly type: 'network.up'; readonly network: string; readonly interface: string; readonly address: Cidr; readonly serving: string }
  | { readonly type: 'network.down'; readonly network: string; readonly interface: string; readonly why: string };

/** What a device asked and what it was told. */
export type DhcpEvent =
  | (Subject & { readonly type: 'dhcp.dropped'; readonly interface: string; readonly reason: string; readonly detail?: string | undefined })
  | (Subject &
      Unanswered & {
        readonly type: 'dhcp.silent';
        readonly network?: string | undefined;
        readonly message: string;
        readonly reason: string;
      })
  | (Subject &
      Asking & {
        readonly type: 'dhcp.offered';
        readonly network: string;
        readonly leaseSeconds: number;
        readonly bootFile?: string | undefined;
        /** Why this address and this boot file. */
        readonly why: string;
      })
  /** Told what to boot, as a proxyDHCP server beside the server that gives the address. */
  | (Subject &
      Asking & { readonly type: 'boot.offered'; readonly network: string; readonly bootFile?: string | undefined; readonly why: string })
  /** The answer on port 4011. */
  | (Subject & { readonly type: 'boot.answered'; readonly network: string; readonly bootFile?: string | undefined; readonly why: string })
  | (Subject & { readonly type: 'dhcp.informed'; readonly network: string })
  | (Subject & {
      readonly type: 'lease.bound';
      readonly network: string;
      readonly leaseSeconds: number;
      readonly bootFile?: string | undefined;
      /** `renewed` when the client held this address already. */
      readonly how: 'new' | 'renewed';
      /** How it loads its boot file (`pxe`, `ipxe`, `http`, …); absent when it has none. */
      readonly loader?: string | undefined;
      /** False when its list of wanted options has none that tells a boot file or a server of files. */
      readonly asksForFile?: boolean | undefined;
    })
  | (Subject & { readonly type: 'lease.refused'; readonly network: string; readonly asked?: Ipv4 | undefined; readonly reason: string })
  | (Subject & { readonly type: 'lease.released'; readonly network: string; readonly by: 'client' | 'operator' })
  | (Subject & { readonly type: 'lease.declined'; readonly network: string; readonly quarantineSeconds: number })
  | (Subject & { readonly type: 'lease.expired'; readonly network: string })
  /** A stranger, `mac`, uses an address that was about to be offered, to `askedBy`. */
  | (Subject & {
      readonly type: 'lease.conflict';
      readonly network: string;
      readonly quarantineSeconds: number;
      readonly askedBy?: Mac | undefined;
    })
  | (Subject & { readonly type: 'pool.exhausted'; readonly network: string; readonly size: number })
  | {
      readonly type: 'dhcp.overloaded';
      /** Messages that were thrown away since this was last said. */
      readonly shed: number;
      /** Messages that wait to be dealt with, and leases that wait to be stored. */
      readonly waiting: number;
      readonly unsettled: number;
    };

/** Other DHCP servers on the wire. The subject is the other server: its identifier and the hardware address that its answer came from. */
export type GuardEvent =
  | (Subject & {
      readonly type: 'guard.found';
      readonly network: string;
      readonly interface: string;
      /** What it gave or offered; absent when it refused an address. */
      readonly offered?: Ipv4 | undefined;
      /** `refuse`: no new device gets an address from us; `proxy`: neither, but all get boot files; `warn`: devices get an address from whichever of the two is quicker. */
      readonly mode: 'refuse' | 'warn' | 'proxy';
    })
  | (Subject & { readonly type: 'guard.gone'; readonly network: string; readonly interface: string })
  | { readonly type: 'guard.clear'; readonly network: string; readonly interface: string };

/** A machine that sleeps was called. */
export type WakeEvent = Subject & {
  readonly type: 'wake.sent';
  readonly interface: string;
  /** Where the magic packet went: addresses with their port, and `0x0842` for an Ethernet frame. */
  readonly to: readonly string[];
};

/** The HTTP server, beside its transfers. */
export type HttpEvent =
  /** Files are served by HTTP at an address. */
  | { readonly type: 'http.ready'; readonly interface: string; readonly address: Ipv4; readonly port: number }
  /** A request has its answer. */
  | (Subject & {
      readonly type: 'http.answered';
      readonly method: string;
      readonly path: string;
      readonly status: number;
      /** What the client says of itself, which proves nothing: User-Agent, and the headers of boot loaders, as `NAME: value`. */
      readonly says?: readonly string[] | undefined;
    })
  /** A connection that was closed without a request that could be understood. */
  | (Subject & { readonly type: 'http.dropped'; readonly interface: string; readonly reason: string })
  /** No files by HTTP at an address; everything else is served there. */
  | { readonly type: 'http.unavailable'; readonly interface: string; readonly address: Ipv4; readonly port: number; readonly why: string };

/** What the server tells of itself by HTTP. */
export type WebEvent =
  /** `tokenFile` where a token is needed; it is a secret, and stands there and in no log. */
  | { readonly type: 'web.ready'; readonly address: Ipv4; readonly port: number; readonly tokenFile?: string | undefined }
  | { readonly type: 'web.unavailable'; readonly address: Ipv4; readonly port: number; readonly why: string }
  /** A request that was not answered: from another site's page, or with a wrong token. */
  | { readonly type: 'web.refused'; readonly from: string; readonly reason: string }
  /** What the operator did by the console; `from` is the address that it came from. */
  | { readonly type: 'file.placed'; readonly path: string; readonly size: number; readonly replaced: boolean; readonly from: string }
  | { readonly type: 'file.removed'; readonly path: string; readonly size: number; readonly from: string }
  | {
      readonly type: 'backup.restored';
      readonly of: string;
      readonly file: string;
      /** That was made the newest again, and the number that it has now. */
      readonly version: number;
      readonly newest: number;
      readonly from: string;
    }
  /** A program of the operator's is not told of events, as its server does not take them. Not said again for a while. */
  | { readonly type: 'webhook.failed'; readonly hook: string; readonly reason: string; readonly waiting: number; readonly lost: number }
  | { readonly type: 'webhook.recovered'; readonly hook: string; readonly failedForMs: number; readonly lost: number };

/** Entries of menus that were chosen for devices with `bootlace boot`. */
export type BootEvent =
  | (Subject & { readonly type: 'boot.chosen'; readonly entry: string; readonly once: boolean })
  | (Subject & { readonly type: 'boot.choice-cleared'; readonly entry: string })
  /** A choice for one time: the device has got a menu that was made with it. */
  | (Subject & { readonly type: 'boot.choice-used'; readonly entry: string });

/** Events that came too fast were counted instead of said one by one. */
export interface SuppressedEvent {
  readonly type: 'log.suppressed';
  readonly of: string;
  readonly count: number;
  readonly seconds: number;
}

export type AppEvent =
  | ServerEvent
  | NetworkEvent
  | DhcpEvent
  | GuardEvent
  | WakeEvent
  | StoreEvent
  | TransferEvent
  | BackupEvent
  | ImageEvent
  | HttpEvent
  | WebEvent
  | BootEvent
  | ServiceEvent
  | ProvisioningEvent
  | DeviceEvent
  | SuppressedEvent;
export type EventType = AppEvent['type'];

/** How loud an event is. */
export type Level = 'debug' | 'info' | 'warn' | 'error';
