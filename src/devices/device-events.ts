/** Which events are about a device, and about which. */
import type { AppEvent, Subject } from '../events/events.ts';

/** Who it is about; undefined for what is about no device, or says nothing of it that its other events do not say. */
export function placeOf(event: AppEvent): Subject | undefined {
  switch (event.type) {
    case 'dhcp.silent':
    case 'dhcp.offered':
    case 'boot.offered':
    case 'boot.answered':
    case 'dhcp.informed':
    case 'dhcp.overheard':
    case 'lease.bound':
    case 'lease.refused':
    case 'lease.released':
    case 'lease.declined':
    case 'lease.expired':
    case 'lease.conflict':
    case 'pool.exhausted':
    case 'transfer.started':
    case 'transfer.progressed':
    case 'transfer.done':
    case 'transfer.failed':
    case 'transfer.declined':
    case 'transfer.missed':
    case 'transfer.refused':
    case 'tftp.learned':
    case 'wake.sent':
    case 'boot.chosen':
    case 'boot.choice-cleared':
    case 'boot.choice-used':
    case 'syslog.received':
      return event;
    case 'http.answered':
      // Files have their transfers; what remains are refusals, lists and questions for the head of a file.
      return event.method === 'HEAD' ? event : undefined;
    default:
      return undefined;
  }
}
