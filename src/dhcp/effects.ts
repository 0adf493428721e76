/** What the engine has its shell do. Plain data: tests compare it, and any loop can carry it out. */
import type { Ipv4 } from '../base/addresses.ts';
import type { Unanswered } from '../events/device-events.ts';
import type { DhcpEvent } from '../events/events.ts';
import type { Destination } from './destination.ts';
import type { Lease } from './lease.ts';
import type { DhcpPacket } from './packet.ts';
import type { Arrival, DhcpRequest } from './request.ts';
import { subjectOfRequest } from './subjects.ts';
import type { Subnet } from './subnet.ts';

declare const ticketBrand: unique symbol;
declare const probeBrand: unique symbol;

/** Stands for a lease on its way to the store. */
export type Ticket = number & { readonly [ticketBrand]: true };
/** Stands for an address that is looked for on the wire. */
export type ProbeId = number & { readonly [probeBrand]: true };

export type DhcpEffect =
  | { readonly do: 'send'; readonly packet: DhcpPacket; readonly to: Destination; readonly via: Arrival }
  /** Make it durable, then say `settled`. */
  | { readonly do: 'commit'; readonly ticket: Ticket; readonly lease: Lease }
  /** Ask on the interface who has the address, then say `probed`. */
  | { readonly do: 'probe'; readonly id: ProbeId; readonly address: Ipv4; readonly interface: string }
  | { readonly do: 'tell'; readonly event: DhcpEvent };

export function tell(event: DhcpEvent): DhcpEffect {
  return { do: 'tell', event };
}

/** No answer, and why. */
export function silent(request: DhcpRequest, subnet: Subnet | undefined, reason: string, more: Unanswered = {}): DhcpEffect {
  return tell({ type: 'dhcp.silent', network: subnet?.name, message: request.type, reason, ...more, ...subjectOfRequest(request) });
}
