/** One thing that happened to a device, or the same thing several times in a row. Plain data: it is stored and sent as it is. */
import type { WallMs } from '../base/clock.ts';
import type { AppEvent, EventType } from '../events/events.ts';

export type Told<Type extends EventType> = Extract<AppEvent, { readonly type: Type }>;

export interface Moment {
  /** Later moments have larger numbers, those of all devices together. */
  readonly id: number;
  /** Whose it is, as `deviceId` says. */
  readonly device: string;
  readonly at: WallMs;
  /** When it happened the last time. */
  lastAt: WallMs;
  /** How many times in a row. */
  count: number;
  /** The first of them, and the last. */
  readonly first: AppEvent;
  event: AppEvent;
}

/** True when the second says nothing that the first has not said: both are shown as one, `DISCOVER ×5`. */
export function isRepeat(before: AppEvent, event: AppEvent): boolean {
  switch (event.type) {
    case 'dhcp.offered':
      return (
        before.type === event.type && before.address === event.address && before.bootFile === event.bootFile && isSameAsker(before, event)
      );
    case 'boot.offered':
      return before.type === event.type && before.bootFile === event.bootFile && isSameAsker(before, event);
    case 'dhcp.silent':
      return before.type === event.type && before.message === event.message && before.reason === event.reason;
    case 'dhcp.overheard':
      return before.type === event.type && before.message === event.message && before.server === event.server;
    case 'lease.bound':
      return (
        before.type === event.type && before.how === event.how && before.address === event.address && before.bootFile === event.bootFile
      );
    case 'lease.refused':
      return before.type === event.type && before.reason === event.reason && before.asked === event.asked;
    case 'transfer.missed':
    case 'transfer.done':
    case 'transfer.declined':
    case 'transfer.refused':
      return before.type === event.type && before.path === event.path && before.protocol === event.protocol;
    case 'transfer.failed':
      return before.type === event.type && before.path === event.path && before.reason === event.reason;
    case 'http.answered':
      return before.type === event.type && before.path === event.path && before.status === event.status;
    case 'syslog.received':
      return before.type === event.type && before.text === event.text;
    case 'pool.exhausted':
    case 'dhcp.informed':
    case 'boot.answered':
      return before.type === event.type && before.network === event.network;
    default:
      return false;
  }
}

type Offer = Told<'dhcp.offered' | 'boot.offered'>;

function isSameAsker(a: Offer, b: Offer): boolean {
  return a.machine === b.machine && a.circuit === b.circuit && a.network === b.network && a.loader === b.loader;
}

/** True for events by which a device asks for an address, or for what to boot beside another server. */
export function isAsking(event: AppEvent): boolean {
  switch (event.type) {
    case 'dhcp.offered':
    case 'boot.offered':
    case 'pool.exhausted':
      return true;
    case 'dhcp.silent':
      return event.message === 'DISCOVER' || event.message === 'BOOTP';
    case 'dhcp.overheard':
      return event.message === 'OFFER';
    default:
      return false;
  }
}

/** True for files on their way, and for those that are not. */
export function isAboutFile(event: AppEvent): boolean {
  return event.type.startsWith('transfer.') || event.type === 'http.answered';
}
