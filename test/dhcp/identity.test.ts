import { describe, expect, it } from 'vitest';
import { LAN_UNICAST, type MessageParts, message, sent, told } from '../support/dhcp-client.ts';
import { EngineBench, host, site, subnet } from '../support/dhcp-engine.ts';

const A = '02:00:00:00:00:0a';
const B = '02:00:00:00:00:0b';
const SERVER = '10.0.0.1';
const identifier = (...octets: number[]): MessageParts => ({ options: [[61, Uint8Array.from(octets)]] });

function bind(bench: EngineBench, mac: string, parts: MessageParts = {}): string | undefined {
  const [offer] = sent(bench.receive(message('DISCOVER', mac, parts)));
  return sent(bench.receive(message('REQUEST', mac, { ...parts, requested: offer?.address, server: SERVER })))[0]?.address;
}

describe('One machine with several identifiers: ROM, iPXE, its system', () => {
  const boots = [{}, identifier(1, 2, 0, 0, 0, 0, 0xa), identifier(0xff, 0, 0, 0, 1, 0, 2, 0xab)];

  it('keeps one address where the MAC is the identity', () => {
    const bench = new EngineBench([subnet({ identity: 'mac' })]);
    expect(new Set(boots.map((parts) => bind(bench, A, parts)))).toEqual(new Set(['10.0.0.100']));
  });

  it('takes one for each where the client identifier is (RFC 2131 §4.2)', () => {
    const bench = new EngineBench([subnet({ identity: 'client-id' })]);
    expect(new Set(boots.map((parts) => bind(bench, A, parts))).size).toBe(3);
  });

  it('without a 48-bit MAC is known by its identifier all the same (RFC 4390)', () => {
    const bench = new EngineBench([subnet({ identity: 'mac' })]);
    const infiniband: MessageParts = { packet: { hardwareType: 32, hardwareLength: 0 }, ...identifier(0xff, 0, 0, 0, 7) };
    expect(bind(bench, A, infiniband)).toBe(bind(bench, B, infiniband));
  });
});

describe('A network that tells its clients apart by their MAC from now on', () => {
  it('lets them keep the leases that they have under their identifiers', () => {
    const bench = new EngineBench([subnet({ identity: 'client-id' })]);
    const parts = identifier(1, 2, 3);
    const address = bind(bench, A, parts);
    bench.engine.configure(site([subnet({ identity: 'mac' })]));
    expect(sent(bench.receive(message('REQUEST', A, { ...parts, ciaddr: address }), LAN_UNICAST))).toMatchObject([
      { type: 'ACK', address },
    ]);
    expect(bind(bench, A)).toBe(address);
  });
});

describe('Rapid commit (RFC 4039)', () => {
  const rapid: MessageParts = { options: [[80, new Uint8Array()]] };

  it('binds by the DISCOVER alone, when the lease is stored, and says so', () => {
    const bench = new EngineBench([subnet({ rapidCommit: true })]);
    bench.store = 'waits';
    expect(sent(bench.receive(message('DISCOVER', A, rapid)))).toEqual([]);
    const [ack] = sent(bench.answerStore('stored'));
    expect([ack?.type, ack?.address, ack?.packet.options.get(80)]).toEqual(['ACK', '10.0.0.100', new Uint8Array()]);
  });

  it.each([
    ['not asked for', true, {}],
    ['not configured', false, rapid],
  ])('%s: an OFFER without option 80', (_name, rapidCommit, parts: MessageParts) => {
    const [offer] = sent(new EngineBench([subnet({ rapidCommit })]).receive(message('DISCOVER', A, parts)));
    expect([offer?.type, offer?.packet.options.has(80)]).toEqual(['OFFER', false]);
  });
});

describe('BOOTP (RFC 1534 §2)', () => {
  it('from a pool, where that is wanted: for ever, and stored before the reply', () => {
    const bench = new EngineBench([subnet({ bootp: 'pool', pools: ['10.0.0.100'] })]);
    bench.store = 'waits';
    expect(sent(bench.receive(message(undefined, A)))).toEqual([]);
    expect(sent(bench.answerStore('stored'))).toMatchObject([{ type: 'BOOTREPLY', address: '10.0.0.100' }]);
    bench.pass(10 * 365 * 86_400);
    expect(told(bench.receive(message('DISCOVER', B)))).toMatchObject([{ type: 'pool.exhausted' }]);
  });

  it('off: not even for a reservation', () => {
    const bench = new EngineBench([subnet({ bootp: 'off' })], [host(A, { address: '10.0.0.6' })], {});
    expect(told(bench.receive(message(undefined, A)))).toMatchObject([{ type: 'dhcp.silent', reason: 'BOOTP is off' }]);
  });

  it('a reply has the one size of BOOTP, 300 octets, and no more options than fit', () => {
    const options = new Map([
      [3, Uint8Array.of(10, 0, 0, 254)],
      [200, new Uint8Array(100)],
    ]);
    const [reply] = sent(new EngineBench([subnet({ options })], [host(A, { address: '10.0.0.6' })]).receive(message(undefined, A)));
    expect(reply && [...reply.packet.options.keys()]).toEqual([1, 28, 66, 150, 3]);
  });
});

describe('Floods', () => {
  const made = (at: number) => `02:ff:00:00:${(at >> 8).toString(16).padStart(2, '0')}:${(at & 255).toString(16).padStart(2, '0')}`;

  it('of made-up clients take no address for good: an offer that nobody took up gives way', () => {
    const bench = new EngineBench([subnet({ pools: ['10.0.0.100-10.0.0.109'] })]);
    for (let at = 0; at < 50; at++) bench.receive(message('DISCOVER', made(at)));
    expect(sent(bench.receive(message('DISCOVER', A)))).toEqual([]);
    bench.pass(2);
    expect(bind(bench, A)).toBe('10.0.0.100');
  });

  it('do not cost a client that was here before its address', () => {
    const bench = new EngineBench([subnet({ pools: ['10.0.0.100-10.0.0.109'] })]);
    const address = bind(bench, A);
    bench.receive(message('RELEASE', A, { ciaddr: address }), LAN_UNICAST);
    for (let at = 0; at < 50; at++) bench.receive(message('DISCOVER', made(at)));
    expect(bind(bench, A)).toBe(address);
  });

  it('of one client are cut off, and it is heard again when it calms down', () => {
    const bench = new EngineBench();
    const outcomes = Array.from({ length: 300 }, () => sent(bench.receive(message('DISCOVER', A))).length);
    expect(outcomes.filter((count) => count > 0)).toHaveLength(200);
    expect(sent(bench.receive(message('DISCOVER', B)))).toHaveLength(1);
    bench.pass(1);
    expect(sent(bench.receive(message('DISCOVER', A)))).toHaveLength(1);
  });
});

describe('After the records were lost', () => {
  it('a client that comes back with its address is believed for a while, unless somebody else has it', () => {
    const bench = new EngineBench();
    bench.engine.trustClientsUntil((bench.now + 1000 * 60) as typeof bench.now);
    expect(sent(bench.receive(message('REQUEST', A, { requested: '10.0.0.150' })))).toMatchObject([{ type: 'ACK', address: '10.0.0.150' }]);
    expect(sent(bench.receive(message('REQUEST', B, { requested: '10.0.0.150' })))).toMatchObject([{ type: 'NAK' }]);
    bench.pass(61);
    expect(sent(bench.receive(message('REQUEST', B, { requested: '10.0.0.151' })))).toMatchObject([{ type: 'NAK' }]);
  });
});
