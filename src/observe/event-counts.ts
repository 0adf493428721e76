/**
 * How often everything has happened since the start, as plain numbers: a listener that costs next to nothing while nobody asks.
 * `metrics.ts` gives them the names that monitoring knows.
 */
import type { EventListener } from '../events/bus.ts';
import type { AppEvent } from '../events/events.ts';

/** Labels that come from the configuration or from a short list, so that no device can make up new ones. */
type Key = readonly [counter: CounterName, ...labels: string[]];

export type CounterName =
  | 'sent'
  | 'silent'
  | 'malformed'
  | 'leases'
  | 'shed'
  | 'exhausted'
  | 'conflicts'
  | 'declined'
  | 'transfers'
  | 'octets'
  | 'missed'
  | 'refused'
  | 'resent'
  | 'events'
  | 'storeFailures';

/** One number with its labels' values, in the order of `COUNTERS` in `metrics.ts`. */
export interface Count {
  readonly labels: readonly string[];
  readonly value: number;
}

const SEPARATOR = '\u0000';

export class EventCounts {
  readonly #counts = new Map<string, number>();

  readonly listener: EventListener = (event) => {
    this.#add(1, ['events', event.type]);
    for (const [by, key] of countsOf(event)) this.#add(by, key);
  };

  of(counter: CounterName): readonly Count[] {
    return Array.from(this.#counts).flatMap(([key, value]) => {
      const [name, ...labels] = key.split(SEPARATOR);
      return name === counter ? [{ labels, value }] : [];
    });
  }

  #add(by: number, key: Key): void {
    const text = key.join(SEPARATOR);
    this.#counts.set(text, (this.#counts.get(text) ?? 0) + by);
  }
}

/** What an event adds, and to what. */
function countsOf(event: AppEvent): readonly (readonly [by: number, key: Key])[] {
  switch (event.type) {
    case 'dhcp.offered':
    case 'boot.offered':
      return [[1, ['sent', 'offer', event.network]]];
    case 'boot.answered':
    case 'dhcp.informed':
      return [[1, ['sent', 'ack', event.network]]];
    case 'lease.bound':
      return [
        [1, ['sent', 'ack', event.network]],
        [1, ['leases', event.network, event.how]],
      ];
    case 'lease.refused':
      return [[1, ['sent', 'nak', event.network]]];
    case 'dhcp.silent':
      return [[1, ['silent', event.network ?? '']]];
    case 'dhcp.dropped':
      return [[1, ['malformed', event.interface]]];
    case 'dhcp.overloaded':
      return [[event.shed, ['shed']]];
    case 'pool.exhausted':
      return [[1, ['exhausted', event.network]]];
    case 'lease.conflict':
      return [[1, ['conflicts', event.network]]];
    case 'lease.declined':
      return [[1, ['declined', event.network]]];
    case 'transfer.done':
      return [
        [1, ['transfers', event.protocol, event.direction, 'done']],
        [event.octets, ['octets', event.protocol, event.direction]],
        [event.resent ?? 0, ['resent']],
      ];
    case 'transfer.failed':
      return [
        [1, ['transfers', event.protocol, event.direction, 'failed']],
        [event.octets, ['octets', event.protocol, event.direction]],
      ];
    case 'transfer.declined':
      return [[1, ['transfers', event.protocol, event.direction, 'declined']]];
    case 'transfer.missed':
      return [[1, ['missed', event.protocol]]];
    case 'transfer.refused':
      return [[1, ['refused', event.protocol, event.direction]]];
    case 'store.failed':
      return [[1, ['storeFailures']]];
    default:
      return [];
  }
}
