/** A moment as people read it. */

import { describe } from '../events/describe.ts';
import type { AppEvent } from '../events/events.ts';
import { plainText } from '../events/plain-text.ts';
import type { TimelineEntry } from './api.ts';
import type { Moment } from './moment.ts';

export function entryOf({ id, at, lastAt, count, event, first }: Moment): TimelineEntry {
  return { id, at, lastAt, count, event: event.type, what: whatOf(event), text: textOf(event, first) };
}

/** Who said what, in a word or two. */
function whatOf(event: AppEvent): string {
  switch (event.type) {
    case 'dhcp.offered':
      return 'DISCOVER → OFFER';
    case 'boot.offered':
      return 'DISCOVER → proxy OFFER';
    case 'boot.answered':
      return 'port 4011 → ACK';
    case 'lease.bound':
      return 'REQUEST → ACK';
    case 'lease.refused':
      return 'REQUEST → NAK';
    case 'dhcp.silent':
      return `${event.message} → nothing`;
    case 'pool.exhausted':
      return 'DISCOVER → nothing';
    case 'dhcp.informed':
      return 'INFORM → ACK';
    case 'dhcp.overheard':
      return `other ${event.message}`;
    case 'lease.declined':
      return 'DECLINE';
    case 'lease.released':
      return 'RELEASE';
    case 'http.answered':
      return `HTTP ${event.method}`;
    case 'network.up':
    case 'network.down':
      return 'link';
    case 'syslog.received':
      return 'syslog';
    default:
      return 'protocol' in event ? `${event.protocol.toUpperCase()} ${wordOf(event.type)}` : wordOf(event.type);
  }
}

function wordOf(type: string): string {
  return type.slice(type.indexOf('.') + 1);
}

function textOf(event: AppEvent, first: AppEvent): string {
  return `${describe(event)}${asked(first)}`;
}

/** What the first of its DISCOVERs said: ` – PXEClient:Arch:00007, uefi-x64, 31 s after it began`. */
function asked(event: AppEvent): string {
  if (event.type !== 'dhcp.offered' && event.type !== 'boot.offered') return '';
  const { vendorClass, architecture, seconds } = event;
  const said = [
    ...(vendorClass === undefined ? [] : [plainText(vendorClass)]),
    ...(architecture === undefined ? [] : [architecture]),
    ...(seconds === undefined || seconds === 0 ? [] : [`${seconds} s after it began`]),
  ];
  return said.length === 0 ? '' : ` – ${said.join(', ')}`;
}
