import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { answerDns, type DnsAnswer, type DnsQuery } from '../../src/services/dns-answer.ts';
import { addressOfReverse, DnsNames, reverseZone } from '../../src/services/dns-names.ts';
import { cidr, ip } from '../support/addresses.ts';

const SERVER = ip('192.168.77.1');
const NAMES = new DnsNames({
  domains: ['bench.lan', 'lab.lan'],
  given: [
    { name: 'pbx', addresses: [ip('192.168.77.5'), ip('192.168.77.6')] },
    { name: 'files.example.com', addresses: ['server'] },
    { name: 'deep.down.bench.lan', addresses: [ip('192.168.77.7')] },
  ],
  devices: [
    { name: 'desk-101', address: ip('192.168.77.21'), isGiven: true },
    { name: 'desk-101', address: ip('10.88.0.21'), isGiven: true },
    { name: 'desk-101', address: ip('192.168.77.66'), isGiven: false },
    { name: 'Printer', address: ip('192.168.77.101'), isGiven: false },
    { name: 'printer.bench.lan', address: ip('192.168.77.102'), isGiven: false },
    { name: 'nas.home.arpa', address: ip('192.168.77.103'), isGiven: false },
    { name: 'wpad', address: ip('192.168.77.104'), isGiven: false },
    { name: 'pbx', address: ip('192.168.77.105'), isGiven: false },
    { name: 'not a name', address: ip('192.168.77.106'), isGiven: false },
  ],
  networks: [cidr('192.168.77.1/24'), cidr('10.88.0.0/28')],
});

function ask(name: string, type = 'A', changes: Partial<DnsQuery> & { class?: string } = {}): DnsAnswer | 'elsewhere' {
  const { class: of = 'IN', ...query } = changes;
  return answerDns({ opcode: 'QUERY', questions: [{ name, type, class: of }], edns: undefined, ...query }, NAMES, SERVER);
}

/** `NOERROR 192.168.77.21`, `NXDOMAIN SOA bench.lan`. */
function said(answer: DnsAnswer | 'elsewhere'): string {
  if (answer === 'elsewhere') return answer;
  const data = answer.answers.map((record) => (record.type === 'SOA' ? 'SOA' : record.data));
  return [answer.code, ...data, ...answer.authorities.map(({ type, name }) => `${type} ${name}`)].join(' ');
}

describe('a name', () => {
  test.each([
    ['of a device of the configuration, with all its addresses', 'desk-101.bench.lan', 'A', 'NOERROR 192.168.77.21 10.88.0.21'],
    ['below each domain', 'desk-101.lab.lan', 'A', 'NOERROR 192.168.77.21 10.88.0.21'],
    ['without a domain', 'desk-101', 'A', 'NOERROR 192.168.77.21 10.88.0.21'],
    ['of leases that say the same: the last', 'printer.bench.lan', 'A', 'NOERROR 192.168.77.102'],
    ['of a device that believes to be elsewhere', 'nas.bench.lan', 'A', 'NOERROR 192.168.77.103'],
    ['that programs look for by themselves is no device', 'wpad.bench.lan', 'A', 'NXDOMAIN SOA bench.lan'],
    ['of the configuration goes before a device', 'pbx.bench.lan', 'A', 'NOERROR 192.168.77.5 192.168.77.6'],
    ['in another domain, with our own address', 'files.example.com', 'A', 'NOERROR 192.168.77.1'],
    ['of our own', 'bootlace.bench.lan', 'A', 'NOERROR 192.168.77.1'],
    ['RFC 2308 §2.2: that has no such record', 'desk-101.bench.lan', 'AAAA', 'NOERROR SOA bench.lan'],
    ['RFC 2308 §2.2: in another domain', 'files.example.com', 'AAAA', 'NOERROR SOA files.example.com'],
    ['RFC 2308 §2.1: that is none', 'nobody.bench.lan', 'A', 'NXDOMAIN SOA bench.lan'],
    ['RFC 8020 §2: between others', 'down.bench.lan', 'A', 'NOERROR SOA bench.lan'],
    ['RFC 8482 §4.1: and anything', 'desk-101.bench.lan', 'ANY', 'NOERROR 192.168.77.21 10.88.0.21'],
    ['of type HTTPS, as browsers ask', 'pbx.bench.lan', 'UNKNOWN_65', 'NOERROR SOA bench.lan'],
    ['that is the domain', 'bench.lan', 'SOA', 'NOERROR SOA'],
    ['that is the domain, its server', 'lab.lan', 'NS', 'NOERROR bootlace.bench.lan'],
    ['that is the domain, anything', 'bench.lan', 'ANY', 'NOERROR SOA bootlace.bench.lan'],
    ['that is the domain, its address', 'bench.lan', 'A', 'NOERROR SOA bench.lan'],
    ['of somebody else', 'www.example.org', 'A', 'elsewhere'],
    ['of somebody else that only ends alike', 'workbench.lan', 'A', 'elsewhere'],
    ['of somebody else below one of ours', 'x.files.example.com', 'A', 'elsewhere'],
    ['that is the root', '', 'NS', 'elsewhere'],
  ])('%s', (_name, name, type, expected) => {
    expect(said(ask(name, type))).toBe(expected);
  });

  test('comes back with the capitals that it was asked with', () => {
    const answer = ask('DeSk-101.bench.LAN');
    expect(answer !== 'elsewhere' && answer.answers[0]?.name).toBe('DeSk-101.bench.LAN');
  });
});

describe('an address', () => {
  test.each([
    ['RFC 1035 §3.5: has the name of its device', '21.77.168.192.in-addr.arpa', 'PTR', 'NOERROR desk-101.bench.lan'],
    ['that the configuration names', '5.77.168.192.in-addr.arpa', 'PTR', 'NOERROR pbx.bench.lan'],
    ['of ours without a name', '250.77.168.192.in-addr.arpa', 'PTR', 'NXDOMAIN SOA 77.168.192.in-addr.arpa'],
    ['of whom others said that it is somebody’s', '66.77.168.192.in-addr.arpa', 'PTR', 'NXDOMAIN SOA 77.168.192.in-addr.arpa'],
    ['and another type', '21.77.168.192.in-addr.arpa', 'A', 'NOERROR SOA 77.168.192.in-addr.arpa'],
    ['with a name, outside of the network', '21.0.88.10.in-addr.arpa', 'PTR', 'NOERROR desk-101.bench.lan'],
    ['of others', '8.8.8.8.in-addr.arpa', 'PTR', 'elsewhere'],
    ['in pieces', '77.168.192.in-addr.arpa', 'PTR', 'elsewhere'],
    ['with a zero before it is none', '021.77.168.192.in-addr.arpa', 'PTR', 'elsewhere'],
  ])('%s', (_name, name, type, expected) => {
    expect(said(ask(name, type))).toBe(expected);
  });
});

describe('what is refused', () => {
  test.each<[string, string, DnsAnswer | 'elsewhere']>([
    ['RFC 5936: whole zones', 'REFUSED', ask('bench.lan', 'AXFR')],
    ['what program this is', 'REFUSED', ask('version.bind', 'TXT', { class: 'CH' })],
    ['RFC 2136: updates', 'NOTIMP', ask('bench.lan', 'SOA', { opcode: 'UPDATE' })],
    ['RFC 6891 §6.1.3: EDNS of later versions', 'BADVERS', ask('bench.lan', 'SOA', { edns: { version: 1, payload: 1232 } })],
    ['RFC 9619: no question', 'FORMERR', ask('', 'A', { questions: [] })],
    ['RFC 9619: two questions', 'FORMERR', ask('', 'A', { questions: [1, 2].map(() => ({ name: 'a', type: 'A', class: 'IN' })) })],
  ])('%s', (_name, code, answer) => {
    expect(answer).toEqual({ code, isAuthoritative: false, answers: [], authorities: [] });
  });
});

test('every address is read from its name and is in its zone', () => {
  fc.assert(
    fc.property(fc.nat(255), fc.nat(255), fc.nat(255), fc.nat(255), (a, b, c, d) => {
      expect(addressOfReverse(`${d}.${c}.${b}.${a}.in-addr.arpa`)).toBe(ip(`${a}.${b}.${c}.${d}`));
      expect(reverseZone(ip(`${a}.${b}.${c}.${d}`))).toBe(`${c}.${b}.${a}.in-addr.arpa`);
    }),
  );
});

test('any name has an answer', () => {
  fc.assert(
    fc.property(fc.string(), fc.constantFrom('A', 'PTR', 'ANY', 'UNKNOWN_7'), (name, type) => {
      const answer = ask(`${name}.bench.lan`, type);
      expect(answer).not.toBe('elsewhere');
    }),
  );
});
