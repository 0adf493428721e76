/**
 * What can be asked about devices. The command line asks it by the control socket, a page or another program in the server itself: whoever shows
 * devices needs nothing else of this folder. All of it is plain data, fit for JSON.
 */
import type { Mac } from '../base/addresses.ts';
import type { WallMs } from '../base/clock.ts';
import type { PacketWords } from '../base/packet-field.ts';
import type { DeviceState } from './verdict.ts';

/** One device in a list. */
export interface DeviceSummary {
  /** Its MAC; for one of which only an address is known, that address. */
  readonly id: string;
  readonly mac: Mac | undefined;
  /** The last address, as text. */
  readonly address: string | undefined;
  readonly name: string | undefined;
  readonly state: DeviceState;
  /** Of the file that is on its way. */
  readonly percent: number | undefined;
  /** The name of the verdict, as in `docs/devices.md`. */
  readonly verdict: string;
  readonly sentence: string;
  /** Since when it is in this state. */
  readonly since: WallMs;
  readonly seenAt: WallMs;
}

/** One line of a timeline. */
export interface TimelineEntry {
  /** Grows with time, over all devices. */
  readonly id: number;
  readonly at: WallMs;
  /** When it happened the last time, and how many times in a row. */
  readonly lastAt: WallMs;
  readonly count: number;
  /** The kind of event, as in `docs/messages.md`. */
  readonly event: string;
  /** In a word or two: `DISCOVER → OFFER`. */
  readonly what: string;
  readonly text: string;
}

export interface Timeline {
  readonly device: DeviceSummary;
  readonly entries: readonly TimelineEntry[];
}

/** A packet that a device sent or was sent. */
export interface DecodedPacket extends PacketWords {
  readonly at: WallMs;
  /** As the server sees it. */
  readonly direction: 'in' | 'out';
  readonly protocol: 'dhcp' | 'tftp';
  /** Address and port, `0.0.0.0:68`. */
  readonly from: string;
  readonly to: string;
  /** Its octets, as far as they were kept. */
  readonly hex: string;
}

/** What has changed about a device. An entry that comes again has one more repeat. */
export interface DeviceChange {
  readonly device: DeviceSummary;
  readonly entry?: TimelineEntry | undefined;
}

/** Changes as they come, to be taken when there is time for them. */
export interface Subscription {
  /** What has come since the last time; `missed` changes were given up, as they were not taken in time. */
  take(): { readonly changes: readonly DeviceChange[]; readonly missed: number };
  close(): void;
}

export interface Devices {
  /** All of them, those that are stuck first, then by state; within that those heard of last first. */
  list(): readonly DeviceSummary[];
  /** Everything that is known of one; by its MAC, its address, or its name. Undefined when nobody is called so. */
  timeline(called: string): Timeline | undefined;
  /** @param onWaiting is called when something waits to be taken; again only after a `take`. */
  subscribe(onWaiting: () => void): Subscription;
}
