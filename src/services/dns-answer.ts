/**
 * What is said to a question for a name (RFC 1034 §4.3.2, RFC 2308 for negative answers, RFC 8482 for ANY). Only what is ours is answered; the rest is to be
 * asked elsewhere or refused. Octets are another's affair.
 */
import { type Ipv4, showIpv4 } from '../base/addresses.ts';
import { addressOfReverse, type DnsNames, reverseZone } from './dns-names.ts';

/** What is asked. */
export interface DnsQuestion {
  /** As it was written, with its capitals (0x20), without a dot at the end. */
  readonly name: string;
  /** `A`, `PTR`, …; `UNKNOWN_65` for what nobody has a word for. */
  readonly type: string;
  readonly class: string;
}

/** What stands in one of its sections. */
export interface DnsQuery {
  readonly opcode: string;
  readonly questions: readonly DnsQuestion[];
  /** EDNS (RFC 6891). */
  readonly edns: { readonly version: number; readonly payload: number } | undefined;
}

export type DnsRecord =
  | { readonly type: 'A'; readonly name: string; readonly ttl: number; readonly data: string }
  | { readonly type: 'PTR' | 'NS'; readonly name: string; readonly ttl: number; readonly data: string }
  | { readonly type: 'SOA'; readonly name: string; readonly ttl: number; readonly data: StartOfAuthority };

/** RFC 1035 §3.3.13; times in seconds. */
export interface StartOfAuthority {
  readonly mname: string;
  readonly rname: string;
  readonly serial: number;
  readonly refresh: number;
  readonly retry: number;
  readonly expire: number;
  readonly minimum: number;
}

export type ResponseCode = 'NOERROR' | 'FORMERR' | 'SERVFAIL' | 'NXDOMAIN' | 'NOTIMP' | 'REFUSED' | 'BADVERS';

export interface DnsAnswer {
  readonly code: ResponseCode;
  /** It is ours to know. */
  readonly isAuthoritative: boolean;
  readonly answers: readonly DnsRecord[];
  readonly authorities: readonly DnsRecord[];
}

/** Of leases and names: long enough for a page and its pictures, short enough for the next lease. */
const TTL = 60;
/** Of "there is no such thing": the device may be plugged in a moment later. */
const NEGATIVE_TTL = 10;

/** The answer; `elsewhere` when the name is none of ours. `server` is our own address on the way to who asks. */
export function answerDns(query: DnsQuery, names: DnsNames, server: Ipv4): DnsAnswer | 'elsewhere' {
  if (query.opcode !== 'QUERY') return failure('NOTIMP');
  if (query.edns !== undefined && query.edns.version !== 0) return failure('BADVERS');
  const [question, ...more] = query.questions;
  if (question === undefined || more.length > 0) return failure('FORMERR');
  if (question.class !== 'IN' || NEVER_ANSWERED.has(question.type)) return failure('REFUSED');
  const name = question.name.toLowerCase();
  return aboutAddress(question, name, names) ?? aboutName(question, name, names, server) ?? 'elsewhere';
}

/** Whole zones are given to nobody. */
const NEVER_ANSWERED: ReadonlySet<string> = new Set(['AXFR', 'IXFR', 'MAILA', 'MAILB', 'TKEY', 'TSIG']);

/** An answer without any records. */
export function failure(code: ResponseCode): DnsAnswer {
  return { code, isAuthoritative: false, answers: [], authorities: [] };
}

function aboutAddress(question: DnsQuestion, name: string, names: DnsNames): DnsAnswer | undefined {
  const address = addressOfReverse(name);
  if (address === undefined) return undefined;
  const found = names.nameOf(address);
  if (found === undefined && !names.isOurs(address)) return undefined;
  const zone = reverseZone(address);
  if (found === undefined) return negative('NXDOMAIN', zone, names);
  if (!asksFor(question, 'PTR')) return negative('NOERROR', zone, names);
  return positive([{ type: 'PTR', name: question.name, ttl: TTL, data: found }]);
}

function aboutName(question: DnsQuestion, name: string, names: DnsNames, server: Ipv4): DnsAnswer | undefined {
  const addresses = names.addressesOf(name);
  const domain = names.domainOf(name);
  if (domain !== undefined && name === domain) return aboutDomain(question, domain, names);
  if (addresses === undefined) {
    return domain === undefined ? undefined : negative(names.isAbove(name) ? 'NOERROR' : 'NXDOMAIN', domain, names);
  }
  // A name that the configuration gives in a domain that is not ours is a zone of its own.
  if (!asksFor(question, 'A')) return negative('NOERROR', domain ?? name, names);
  return positive(
    addresses.map((address) => ({
      type: 'A',
      name: question.name,
      ttl: TTL,
      data: showIpv4(address === 'server' ? server : address),
    })),
  );
}

function aboutDomain(question: DnsQuestion, domain: string, names: DnsNames): DnsAnswer {
  const soa = startOf(question.name, names, TTL);
  const ns = { type: 'NS', name: question.name, ttl: TTL, data: names.ownName } as const;
  const records = [...(asksFor(question, 'SOA') ? [soa] : []), ...(asksFor(question, 'NS') ? [ns] : [])];
  return records.length === 0 ? negative('NOERROR', domain, names) : positive(records);
}

/** ANY gets what there is, which is one set of records everywhere (RFC 8482 §4.1). */
function asksFor({ type }: DnsQuestion, wanted: DnsRecord['type']): boolean {
  return type === wanted || type === 'ANY';
}

function positive(answers: readonly DnsRecord[]): DnsAnswer {
  return { code: 'NOERROR', isAuthoritative: true, answers, authorities: [] };
}

/** RFC 2308 §2: no such name, or a name without such a record. The SOA says for how long that may be remembered. */
function negative(code: 'NXDOMAIN' | 'NOERROR', zone: string, names: DnsNames): DnsAnswer {
  return { code, isAuthoritative: true, answers: [], authorities: [startOf(zone, names, NEGATIVE_TTL)] };
}

function startOf(zone: string, names: DnsNames, ttl: number): DnsRecord {
  const data = {
    mname: names.ownName,
    rname: `hostmaster.${names.mainDomain}`,
    // Nobody copies the zone, so nobody compares serials.
    serial: 1,
    refresh: 3600,
    retry: 600,
    expire: 86_400,
    minimum: NEGATIVE_TTL,
  };
  return { type: 'SOA', name: zone, ttl, data };
}
