import packet from 'dns-packet';
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { encodeDnsReply, readDnsQuery } from '../../src/server/dns-codec.ts';
import { type DnsAnswer, failure } from '../../src/services/dns-answer.ts';
import { answers, withId } from '../../src/services/dns-message.ts';

const question = (name: string, payload?: number): Buffer =>
  packet.encode({
    type: 'query',
    id: 0x1234,
    flags: packet.RECURSION_DESIRED,
    questions: [{ type: 'A', name }],
    additionals:
      payload === undefined
        ? []
        : [{ type: 'OPT', name: '.', udpPayloadSize: payload, extendedRcode: 0, ednsVersion: 0, flags: 0, flag_do: false, options: [] }],
  });

function addresses(count: number): DnsAnswer {
  const records = Array.from({ length: count }, (_, at) => ({ type: 'A', name: 'many.bench.lan', ttl: 60, data: `10.0.0.${at}` }) as const);
  return { code: 'NOERROR', isAuthoritative: true, answers: records, authorities: [] };
}

function replied(answer: DnsAnswer, octets: Uint8Array, transport: 'udp' | 'tcp' = 'udp') {
  const reply = encodeDnsReply(answer, { octets, query: readDnsQuery(octets), transport, isRecursive: true });
  return { reply, read: packet.decode(Buffer.from(reply)) };
}

describe('an answer', () => {
  test('RFC 1035 §4.1: has the id and the question as they came, octet by octet', () => {
    const octets = question('MaNy.bench.LAN');
    const { reply, read } = replied(addresses(2), octets);
    expect(Array.from(reply.subarray(0, 2))).toEqual([0x12, 0x34]);
    expect(Buffer.from(reply.subarray(12, 12 + 20)).equals(octets.subarray(12, 32))).toBe(true);
    expect(read.answers?.map((record) => record.type === 'A' && record.data)).toEqual(['10.0.0.0', '10.0.0.1']);
    expect([read.flag_qr, read.flag_aa, read.flag_rd, read.flag_ra, read.flag_tc]).toEqual([true, true, true, true, false]);
  });

  test.each([
    ['RFC 1035 §4.2.1: without EDNS 512 octets', undefined, 40, 512],
    ['RFC 6891 §6.2.3: as much as the client says', 800, 40, 800],
    ['RFC 6891 §6.2.3: less than 512 means 512', 100, 40, 512],
    ['and never more than crosses any link', 65_000, 100, 1232],
  ])('is cut by UDP: %s', (_name, payload, count, limit) => {
    const octets = question('many.bench.lan', payload);
    const { reply, read } = replied(addresses(count), octets);
    expect(reply.length).toBeLessThanOrEqual(limit);
    expect([read.flag_tc, read.answers?.length]).toEqual([true, 0]);
    expect(replied(addresses(count), octets, 'tcp').read.answers).toHaveLength(count);
  });

  test('RFC 6891 §6.1.1: has EDNS when the question has it, and only then', () => {
    expect(replied(addresses(1), question('a.bench.lan', 1232)).read.additionals).toHaveLength(1);
    expect(replied(addresses(1), question('a.bench.lan')).read.additionals).toHaveLength(0);
  });

  test('RFC 6891 §6.1.3: BADVERS is 16, its upper bits in EDNS', () => {
    const { reply, read } = replied(failure('BADVERS'), question('a.bench.lan', 1232));
    expect((reply[3] ?? 0) & 0x0f).toBe(0);
    expect(read.additionals?.[0]).toMatchObject({ type: 'OPT', extendedRcode: 1 });
  });

  test('to what cannot be read is FORMERR without a question', () => {
    const damaged = question('a.bench.lan').subarray(0, 20);
    const { reply } = replied(failure('FORMERR'), damaged);
    expect(reply).toHaveLength(12);
    expect((reply[3] ?? 0) & 0x0f).toBe(1);
  });
});

test('any octets are read, or not, and answered without a throw', () => {
  const mutated = fc.tuple(fc.uint8Array({ minLength: 40, maxLength: 40 }), fc.nat(39)).map(([noise, from]) => {
    const octets = new Uint8Array(question('some.bench.lan', 1232));
    octets.set(noise.subarray(from, Math.min(from + 3, 40)), from);
    return octets;
  });
  fc.assert(
    fc.property(fc.oneof(fc.uint8Array({ maxLength: 100 }), mutated), (octets) => {
      const query = readDnsQuery(octets);
      const reply = encodeDnsReply(failure('REFUSED'), { octets, query, transport: 'udp', isRecursive: false });
      expect(reply.length).toBeLessThanOrEqual(Math.max(octets.length, 12) + 11);
    }),
  );
});

describe('RFC 5452 §9.1: an answer is taken', () => {
  const query = new Uint8Array(question('WwW.example.org'));
  const answer = (changes: { id?: number; name?: string; code?: number } = {}): Uint8Array => {
    const octets = new Uint8Array(
      packet.encode({ type: 'response', id: changes.id ?? 0x1234, questions: [{ type: 'A', name: changes.name ?? 'WwW.example.org' }] }),
    );
    octets[3] = changes.code ?? 0;
    return octets;
  };

  test.each<[string, Uint8Array, boolean]>([
    ['that answers the question', answer(), true],
    ['not with another id', answer({ id: 0x1235 }), false],
    ['not to another question', answer({ name: 'www.example.net' }), false],
    ['not with other capitals', answer({ name: 'www.example.org' }), false],
    ['not when it is a question', query, false],
    ['not when it is cut off', answer().subarray(0, 20), false],
    ['not when it has no question and no error', answer().fill(0, 4, 6), false],
    ['as an error without the question', answer({ code: 1 }).fill(0, 4, 6), true],
  ])('%s', (_name, response, isTaken) => {
    expect(answers(response, query)).toBe(isTaken);
  });

  test('with another id it is another message', () => {
    expect(withId(query, 0xabcd).subarray(0, 2)).toEqual(Uint8Array.of(0xab, 0xcd));
  });
});
