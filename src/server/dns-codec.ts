/** Questions and answers of DNS as octets. `dns-packet` reads and writes records; header and question are copied, so that they come back as they came. */
import packet from 'dns-packet';
import type { DnsAnswer, DnsQuery, ResponseCode } from '../services/dns-answer.ts';
import { HEADER_OCTETS, questionOctets } from '../services/dns-message.ts';

/** RFC 1035 §4.2.1: what fits into UDP without EDNS. */
const PLAIN_LIMIT = 512;
/** What crosses any link in one piece (RFC 9715 §3.1 and DNS flag day 2020). */
export const EDNS_LIMIT = 1232;

const CODES: Readonly<Record<ResponseCode, number>> = {
  NOERROR: 0,
  FORMERR: 1,
  SERVFAIL: 2,
  NXDOMAIN: 3,
  NOTIMP: 4,
  REFUSED: 5,
  BADVERS: 16,
};

/** Reads a question; undefined when it is damaged. Never throws. */
export function readDnsQuery(octets: Uint8Array): DnsQuery | undefined {
  try {
    const read = packet.decode(Buffer.from(octets.buffer, octets.byteOffset, octets.length));
    const questions = (read.questions ?? []).map(({ name, type, class: of }) => ({ name, type, class: String(of) }));
    const opt = (read.additionals ?? []).find((record) => record.type === 'OPT');
    const edns = opt === undefined ? undefined : { version: opt.ednsVersion, payload: opt.udpPayloadSize };
    // The types know only names; numbers that nobody has a name for come as `OPCODE_9`.
    const { opcode } = read as { readonly opcode?: string };
    return { opcode: opcode ?? 'QUERY', questions, edns };
  } catch {
    return undefined;
  }
}

/** How an answer is sent. */
export interface ReplyFrame {
  /** The question, as it came. */
  readonly octets: Uint8Array;
  readonly query: DnsQuery | undefined;
  readonly transport: 'udp' | 'tcp';
  /** Questions for other names are taken elsewhere for who asks. */
  readonly isRecursive: boolean;
  /** There is more than the client takes by UDP, whatever the answer holds. */
  readonly isCut?: boolean;
}

/** The answer as octets: with TC and without its records where it is longer than UDP may carry. */
export function encodeDnsReply(answer: DnsAnswer, frame: ReplyFrame): Uint8Array {
  const whole = build(answer, frame, frame.isCut === true);
  if (frame.transport === 'tcp' || whole.length <= udpLimit(frame.query)) return whole;
  return build({ ...answer, answers: [], authorities: [] }, frame, true);
}

/** The most octets that a client takes by UDP (RFC 6891 §6.2.3). */
export function udpLimit(query: DnsQuery | undefined): number {
  return Math.min(Math.max(query?.edns?.payload ?? PLAIN_LIMIT, PLAIN_LIMIT), EDNS_LIMIT);
}

function build(answer: DnsAnswer, { octets, query, isRecursive }: ReplyFrame, isTruncated: boolean): Uint8Array {
  const code = CODES[answer.code];
  const records = packet.encode({
    type: 'response',
    answers: [...answer.answers],
    authorities: [...answer.authorities],
    additionals:
      query?.edns === undefined
        ? []
        : [
            {
              type: 'OPT',
              name: '.',
              udpPayloadSize: EDNS_LIMIT,
              extendedRcode: code >> 4,
              ednsVersion: 0,
              flags: 0,
              flag_do: false,
              options: [],
            },
          ],
  });
  const question = questionOctets(octets) ?? new Uint8Array();
  const reply = new Uint8Array(records.length + question.length);
  reply.set(records.subarray(0, HEADER_OCTETS));
  reply.set(question, HEADER_OCTETS);
  reply.set(records.subarray(HEADER_OCTETS), HEADER_OCTETS + question.length);
  reply.set(octets.subarray(0, 2));
  // QR, the opcode and RD as they came, AA, TC; RA and the code.
  reply[2] = 0x80 | ((octets[2] ?? 0) & 0x79) | (answer.isAuthoritative ? 0x04 : 0) | (isTruncated ? 0x02 : 0);
  reply[3] = (isRecursive ? 0x80 : 0) | (code & 0x0f);
  reply[5] = question.length > 0 ? 1 : 0;
  return reply;
}
