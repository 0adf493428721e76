/** ACK, NAK or silence for a REQUEST (RFC 2131 §4.3.2): every pair of kind and knowledge in one place. */
import { type Ipv4, isHostAddress } from '../base/addresses.ts';
import type { WallMs } from '../base/clock.ts';
import type { Allocator } from './allocator.ts';
import type { Inquiry } from './inquiry.ts';
import { isInForce } from './lease.ts';
import type { LeaseBook } from './lease-book.ts';
import type { RequestKind } from './request.ts';

/** A closed set: there is no fourth answer. */
export type RequestVerdict =
  | { readonly say: 'ack' }
  | { readonly say: 'nak'; readonly reason: string }
  | { readonly say: 'nothing'; readonly reason: string };

/** What a REQUEST is judged by. A SELECTING one that names another server does not come here. */
export interface RequestCase {
  readonly kind: RequestKind;
  /** Option 50 or ciaddr, as the kind has it. */
  readonly address: Ipv4;
  readonly inquiry: Inquiry;
  readonly book: LeaseBook;
  readonly allocator: Allocator;
  readonly now: WallMs;
  /** Our records are gone: who says that an address is its own is believed. */
  readonly isTrusting: boolean;
}

const ACK: RequestVerdict = { say: 'ack' };

export function judgeRequest(asked: RequestCase): RequestVerdict {
  const { kind, address, inquiry, book, allocator, now } = asked;
  const { subnet, client } = inquiry;
  const proposed = book.proposedAt(address);
  if (proposed?.client === client) return { say: 'nothing', reason: 'its lease is just being written' };

  const record = book.of(subnet.name, client);
  const isKnown = record !== undefined;
  // A wrong network is refused by whoever serves the right one (§4.3.2, INIT-REBOOT); a renewal may be for a server of that other network.
  if (!isHostAddress(subnet.network, address)) {
    const mayRefuse = kind === 'SELECTING' || kind === 'INIT-REBOOT' || subnet.authoritative || isKnown;
    return mayRefuse ? nak('this address is not of this network') : nothing('its address is not of this network');
  }

  const offered = book.holdOf(subnet.name, client, now);
  const mayHave = allocator.mayHave(inquiry, address, now);
  switch (kind) {
    case 'SELECTING':
      if (offered !== undefined && offered.address !== address) return nak('another address was offered');
      // Without an offer on record (we restarted, or it came late) a free address is as good as an offered one.
      return mayHave ? ACK : nak('this address is not free');
    case 'INIT-REBOOT':
      // Field note: simple clients (npm `dhcp`, some boot loaders) take up an offer without naming the server.
      if (offered?.address === address && mayHave) return ACK;
      if (record?.address === address) return mayHave ? ACK : nak('this address is no longer yours');
      if (isKnown) return nak('another address is yours');
      if (asked.isTrusting && subnet.authoritative && mayHave) return ACK;
      // §4.3.2: without a record a server must stay silent, so that others can answer; authoritative means that there are no others.
      return subnet.authoritative ? nak('no lease for this address is known') : nothing('nothing is known of this client');
    case 'RENEWING':
    case 'REBINDING':
      if (mayHave && (record?.address === address || subnet.authoritative)) return ACK;
      if (isKnown || subnet.authoritative) return nak('this address is not yours');
      return nothing('nothing is known of this client');
  }
}

/**
 * Beside another server we speak to none but the clients of our leases, and to those who only ask for parameters. A proxy does not even that:
 * the parameters are the other server's, too.
 */
export function mayAnswerBesideOthers({ request, subnet, client }: Inquiry, book: LeaseBook, now: WallMs): boolean {
  const record = book.of(subnet.name, client);
  if (request.type !== 'REQUEST') {
    const isOurs = subnet.service !== 'proxy' || record !== undefined;
    return isOurs && request.type !== 'DISCOVER' && request.type !== 'BOOTP';
  }
  const address = request.requestedAddress ?? request.packet.clientAddress;
  return record !== undefined && record.address === address && isInForce(record, now);
}

function nak(reason: string): RequestVerdict {
  return { say: 'nak', reason };
}

function nothing(reason: string): RequestVerdict {
  return { say: 'nothing', reason };
}
