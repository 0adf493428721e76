import { describe, expect, it } from 'vitest';
import type { MessageType } from '../../src/dhcp/codes.ts';
import type { DhcpEffect } from '../../src/dhcp/effects.ts';
import type { DhcpPacket } from '../../src/dhcp/packet.ts';
import type { Arrival } from '../../src/dhcp/request.ts';
import { addressOption, LAN, LAN_UNICAST, type MessageParts, message, secondsOption, sent, told } from '../support/dhcp-client.ts';
import { EngineBench, host, site, subnet } from '../support/dhcp-engine.ts';

const A = '02:00:00:00:00:0a';
const B = '02:00:00:00:00:0b';
const C = '02:00:00:00:00:0c';
const SERVER = '10.0.0.1';

/** A client that goes through DISCOVER and REQUEST; its address. */
function bind(bench: EngineBench, mac: string, parts: MessageParts = {}): string {
  const [offer] = sent(bench.receive(message('DISCOVER', mac, parts)));
  const [ack] = sent(bench.receive(message('REQUEST', mac, { ...parts, requested: offer?.address, server: SERVER })));
  expect([offer?.type, ack?.type, ack?.address]).toEqual(['OFFER', 'ACK', offer?.address]);
  return ack?.address ?? '';
}

/** `TYPE address` of each reply. */
function answers(effects: readonly DhcpEffect[]): readonly string[] {
  return sent(effects).map(({ type, address }) => `${type} ${address}`);
}

function eventTypes(effects: readonly DhcpEffect[]): readonly string[] {
  return told(effects).map(({ type }) => type);
}

function reasonOf(effects: readonly DhcpEffect[]): string | undefined {
  const [event] = told(effects);
  return event !== undefined && 'reason' in event ? event.reason : undefined;
}

describe('DISCOVER (RFC 2131 §4.3.1)', () => {
  it('is offered the first address of the pool', () => {
    const bench = new EngineBench();
    expect(answers(bench.receive(message('DISCOVER', A)))).toEqual(['OFFER 10.0.0.100']);
  });

  it('is offered the same address again while the offer stands, whatever its xid', () => {
    const bench = new EngineBench();
    bench.receive(message('DISCOVER', A));
    expect(answers(bench.receive(message('DISCOVER', A, { packet: { transactionId: 9 } })))).toEqual(['OFFER 10.0.0.100']);
  });

  it('gives two clients two addresses, even when the second asks for the one on offer', () => {
    const bench = new EngineBench();
    bench.receive(message('DISCOVER', A));
    expect(answers(bench.receive(message('DISCOVER', B, { requested: '10.0.0.100' })))).toEqual(['OFFER 10.0.0.101']);
  });

  it('gets the free address that it asks for', () => {
    const bench = new EngineBench();
    expect(answers(bench.receive(message('DISCOVER', A, { requested: '10.0.0.150' })))).toEqual(['OFFER 10.0.0.150']);
  });

  it.each(['10.0.0.50', '10.0.1.100', '10.0.0.1', '255.255.255.255'])('does not get %s, which is in no pool', (requested) => {
    const bench = new EngineBench();
    expect(answers(bench.receive(message('DISCOVER', A, { requested })))).toEqual(['OFFER 10.0.0.100']);
  });

  it('gets back what it holds, and after the end what it had', () => {
    const bench = new EngineBench();
    const address = bind(bench, A, { requested: '10.0.0.120' });
    expect(answers(bench.receive(message('DISCOVER', A)))).toEqual([`OFFER ${address}`]);
    bench.pass(5000);
    expect(answers(bench.receive(message('DISCOVER', A)))).toEqual([`OFFER ${address}`]);
  });

  it('of a reserved client gets its reservation, and nobody else does', () => {
    const bench = new EngineBench([subnet()], [host(A, { address: '10.0.0.100' })]);
    expect(answers(bench.receive(message('DISCOVER', B)))).toEqual(['OFFER 10.0.0.101']);
    expect(answers(bench.receive(message('DISCOVER', C, { requested: '10.0.0.100' })))).toEqual(['OFFER 10.0.0.102']);
    expect(answers(bench.receive(message('DISCOVER', A)))).toEqual(['OFFER 10.0.0.100']);
  });

  it('gets a reservation outside of the pool', () => {
    const bench = new EngineBench([subnet()], [host(A, { address: '10.0.0.5' })]);
    expect(bind(bench, A)).toBe('10.0.0.5');
  });

  it('gets no offer when the pool is exhausted, and that is said', () => {
    const bench = new EngineBench([subnet({ pools: ['10.0.0.100-10.0.0.101'] })]);
    bind(bench, A);
    bind(bench, B);
    const effects = bench.receive(message('DISCOVER', C));
    expect(sent(effects)).toEqual([]);
    expect(told(effects)).toMatchObject([{ type: 'pool.exhausted', network: 'lan', size: 2 }]);
  });

  it('an offer that nobody takes up frees its address', () => {
    const bench = new EngineBench([subnet({ pools: ['10.0.0.100'] })]);
    bench.receive(message('DISCOVER', A));
    expect(answers(bench.receive(message('DISCOVER', B)))).toEqual([]);
    bench.pass(31);
    expect(answers(bench.receive(message('DISCOVER', B)))).toEqual(['OFFER 10.0.0.100']);
  });

  it('of a new client takes fresh addresses first, then the one that has been free the longest', () => {
    const bench = new EngineBench([subnet({ pools: ['10.0.0.100-10.0.0.102'] })]);
    for (const mac of [A, B]) bind(bench, mac);
    bench.receive(message('RELEASE', B, { ciaddr: '10.0.0.101' }), LAN_UNICAST);
    bench.receive(message('RELEASE', A, { ciaddr: '10.0.0.100' }), LAN_UNICAST);
    expect(bind(bench, '02:00:00:00:00:01')).toBe('10.0.0.102');
    expect(bind(bench, '02:00:00:00:00:02')).toBe('10.0.0.101');
    expect(bind(bench, '02:00:00:00:00:03')).toBe('10.0.0.100');
  });

  it.each([
    ['default', undefined, 3600],
    ['as asked', 600, 600],
    ['not under the least', 1, 60],
    ['not over the most', 1_000_000, 7200],
  ])('lease time: %s', (_name, asked, given) => {
    const bench = new EngineBench();
    const options =
      asked === undefined ? [] : ([[51, Uint8Array.of(asked >>> 24, (asked >>> 16) & 255, (asked >>> 8) & 255, asked & 255)]] as const);
    const [offer] = sent(bench.receive(message('DISCOVER', A, { options })));
    expect(offer && secondsOption(offer.packet, 51)).toBe(given);
  });
});

describe('REQUEST (RFC 2131 §4.3.2)', () => {
  it('SELECTING: the offer is granted when its lease is durable, not before', () => {
    const bench = new EngineBench();
    bench.receive(message('DISCOVER', A));
    bench.store = 'waits';
    const request = message('REQUEST', A, { requested: '10.0.0.100', server: SERVER });
    expect(answers(bench.receive(request))).toEqual([]);
    expect(reasonOf(bench.receive(request))).toBe('its lease is just being written');
    expect(answers(bench.answerStore('stored'))).toEqual(['ACK 10.0.0.100']);
  });

  it('SELECTING: a lease that could not be stored is not granted, and the address stays free', () => {
    const bench = new EngineBench([subnet({ pools: ['10.0.0.100'] })]);
    bench.receive(message('DISCOVER', A));
    bench.store = 'fails';
    expect(answers(bench.receive(message('REQUEST', A, { requested: '10.0.0.100', server: SERVER })))).toEqual([]);
    bench.store = 'works';
    expect(bind(bench, B)).toBe('10.0.0.100');
  });

  it('SELECTING: a repeated REQUEST is acknowledged again', () => {
    const bench = new EngineBench();
    const address = bind(bench, A);
    expect(answers(bench.receive(message('REQUEST', A, { requested: address, server: SERVER })))).toEqual([`ACK ${address}`]);
  });

  it('SELECTING: another server was chosen: silence, and the offer ends', () => {
    const bench = new EngineBench([subnet({ pools: ['10.0.0.100'] })]);
    bench.receive(message('DISCOVER', A));
    expect(reasonOf(bench.receive(message('REQUEST', A, { requested: '10.0.0.200', server: '10.0.0.2' })))).toBe('it chose another server');
    expect(answers(bench.receive(message('DISCOVER', B)))).toEqual(['OFFER 10.0.0.100']);
  });

  it('SELECTING: an address leased to another is refused', () => {
    const bench = new EngineBench();
    const address = bind(bench, A);
    bench.receive(message('DISCOVER', B));
    expect(answers(bench.receive(message('REQUEST', B, { requested: address, server: SERVER })))).toEqual(['NAK 0.0.0.0']);
  });

  it('SELECTING: without an offer on record (we restarted) a free address is granted', () => {
    const bench = new EngineBench();
    expect(answers(bench.receive(message('REQUEST', A, { requested: '10.0.0.130', server: SERVER })))).toEqual(['ACK 10.0.0.130']);
  });

  const cases: readonly {
    readonly name: string;
    readonly who: 'holder' | 'stranger';
    readonly authoritative: boolean;
    readonly parts: MessageParts;
    readonly unicast?: true;
    readonly answer: readonly string[];
  }[] = [
    {
      name: 'INIT-REBOOT, its own address',
      who: 'holder',
      authoritative: true,
      parts: { requested: '10.0.0.100' },
      answer: ['ACK 10.0.0.100'],
    },
    {
      name: 'INIT-REBOOT, another address',
      who: 'holder',
      authoritative: true,
      parts: { requested: '10.0.0.140' },
      answer: ['NAK 0.0.0.0'],
    },
    {
      name: 'INIT-REBOOT, another address, not authoritative',
      who: 'holder',
      authoritative: false,
      parts: { requested: '10.0.0.140' },
      answer: ['NAK 0.0.0.0'],
    },
    {
      name: 'INIT-REBOOT, an address of another network',
      who: 'stranger',
      authoritative: true,
      parts: { requested: '192.168.1.7' },
      answer: ['NAK 0.0.0.0'],
    },
    {
      name: 'INIT-REBOOT, an address of another network, not authoritative',
      who: 'stranger',
      authoritative: false,
      parts: { requested: '192.168.1.7' },
      answer: ['NAK 0.0.0.0'],
    },
    {
      name: 'INIT-REBOOT, nothing known of it',
      who: 'stranger',
      authoritative: true,
      parts: { requested: '10.0.0.140' },
      answer: ['NAK 0.0.0.0'],
    },
    {
      name: 'INIT-REBOOT, nothing known of it, not authoritative',
      who: 'stranger',
      authoritative: false,
      parts: { requested: '10.0.0.140' },
      answer: [],
    },
    {
      name: 'INIT-REBOOT, the address of another',
      who: 'stranger',
      authoritative: true,
      parts: { requested: '10.0.0.100' },
      answer: ['NAK 0.0.0.0'],
    },
    { name: 'RENEWING', who: 'holder', authoritative: true, parts: { ciaddr: '10.0.0.100' }, unicast: true, answer: ['ACK 10.0.0.100'] },
    {
      name: 'RENEWING, the address of another',
      who: 'stranger',
      authoritative: true,
      parts: { ciaddr: '10.0.0.100' },
      unicast: true,
      answer: ['NAK 0.0.0.0'],
    },
    {
      name: 'RENEWING, a free address and no record (its lease was lost)',
      who: 'stranger',
      authoritative: true,
      parts: { ciaddr: '10.0.0.140' },
      unicast: true,
      answer: ['ACK 10.0.0.140'],
    },
    {
      name: 'RENEWING, a free address and no record, not authoritative',
      who: 'stranger',
      authoritative: false,
      parts: { ciaddr: '10.0.0.140' },
      unicast: true,
      answer: [],
    },
    { name: 'REBINDING', who: 'holder', authoritative: true, parts: { ciaddr: '10.0.0.100' }, answer: ['ACK 10.0.0.100'] },
    {
      name: 'REBINDING, an address of another network',
      who: 'stranger',
      authoritative: true,
      parts: { ciaddr: '192.168.1.7' },
      answer: ['NAK 0.0.0.0'],
    },
    {
      name: 'REBINDING, an address of another network, not authoritative',
      who: 'stranger',
      authoritative: false,
      parts: { ciaddr: '192.168.1.7' },
      answer: [],
    },
    { name: 'without any address', who: 'holder', authoritative: true, parts: {}, answer: [] },
  ];
  it.each(cases)('$name: $answer', ({ who, authoritative, parts, unicast, answer }) => {
    const bench = new EngineBench([subnet({ authoritative })]);
    expect(bind(bench, A)).toBe('10.0.0.100');
    expect(answers(bench.receive(message('REQUEST', who === 'holder' ? A : B, parts), unicast === true ? LAN_UNICAST : LAN))).toEqual(
      answer,
    );
  });

  it('a client that takes up its offer without naming us is understood', () => {
    const bench = new EngineBench();
    bench.receive(message('DISCOVER', A));
    expect(answers(bench.receive(message('REQUEST', A, { requested: '10.0.0.100' })))).toEqual(['ACK 10.0.0.100']);
  });

  it('INIT-REBOOT after the lease ended is granted while nobody else has the address, and refused afterwards', () => {
    const bench = new EngineBench([subnet({ pools: ['10.0.0.100'] })]);
    bind(bench, A);
    bench.pass(4000);
    expect(answers(bench.receive(message('REQUEST', A, { requested: '10.0.0.100' })))).toEqual(['ACK 10.0.0.100']);
    bench.pass(4000);
    bind(bench, B);
    expect(answers(bench.receive(message('REQUEST', A, { requested: '10.0.0.100' })))).toEqual(['NAK 0.0.0.0']);
  });

  it('a renewal moves the end of the lease and is told as one', () => {
    const bench = new EngineBench();
    bind(bench, A);
    bench.pass(1800);
    expect(told(bench.receive(message('REQUEST', A, { ciaddr: '10.0.0.100' }), LAN_UNICAST))).toMatchObject([
      { type: 'lease.bound', how: 'renewed' },
    ]);
    bench.pass(3000);
    expect(answers(bench.receive(message('DISCOVER', B, { requested: '10.0.0.100' })))).toEqual(['OFFER 10.0.0.101']);
  });

  it('a client that got a reservation since is moved to it at its next renewal', () => {
    const bench = new EngineBench();
    bind(bench, A);
    bench.engine.configure(site([subnet()], { hosts: [host(A, { address: '10.0.0.7' })] }));
    expect(answers(bench.receive(message('REQUEST', A, { ciaddr: '10.0.0.100' }), LAN_UNICAST))).toEqual(['NAK 0.0.0.0']);
    expect(bind(bench, A)).toBe('10.0.0.7');
  });

  it('a client that takes another address gives the first one back', () => {
    const bench = new EngineBench();
    bind(bench, A);
    bench.engine.configure(site([subnet()], { hosts: [host(A, { address: '10.0.0.7' })] }));
    bind(bench, A);
    expect(answers(bench.receive(message('DISCOVER', B, { requested: '10.0.0.100' })))).toEqual(['OFFER 10.0.0.100']);
    expect([...bench.stored.values()].map(({ address, state }) => [address & 255, state])).toEqual([
      [100, 'released'],
      [7, 'bound'],
    ]);
  });
});

describe('DECLINE (RFC 2131 §4.3.3)', () => {
  it('keeps the address from everybody for the quarantine, without an answer', () => {
    const bench = new EngineBench([subnet({ pools: ['10.0.0.100'] })]);
    bind(bench, A);
    const effects = bench.receive(message('DECLINE', A, { requested: '10.0.0.100', server: SERVER }));
    expect(answers(effects)).toEqual([]);
    expect(told(effects)).toMatchObject([{ type: 'lease.declined', quarantineSeconds: 600 }]);
    bench.pass(599);
    for (const mac of [A, B]) expect(eventTypes(bench.receive(message('DISCOVER', mac)))).toEqual(['pool.exhausted']);
    bench.pass(2);
    expect(bind(bench, B)).toBe('10.0.0.100');
  });

  it('is durable, and holds even when it could not be stored', () => {
    const bench = new EngineBench([subnet({ pools: ['10.0.0.100'] })]);
    bind(bench, A);
    bench.store = 'fails';
    bench.receive(message('DECLINE', A, { requested: '10.0.0.100', server: SERVER }));
    expect(eventTypes(bench.receive(message('DISCOVER', B)))).toEqual(['pool.exhausted']);
  });

  it('of an address that the client was not given changes nothing', () => {
    const bench = new EngineBench();
    bind(bench, A);
    expect(eventTypes(bench.receive(message('DECLINE', B, { requested: '10.0.0.100', server: SERVER })))).toEqual(['dhcp.silent']);
    expect(answers(bench.receive(message('REQUEST', A, { ciaddr: '10.0.0.100' }), LAN_UNICAST))).toEqual(['ACK 10.0.0.100']);
  });
});

describe('RELEASE (RFC 2131 §4.3.4)', () => {
  it('frees the address without an answer, and the client gets it again', () => {
    const bench = new EngineBench();
    const address = bind(bench, A);
    const effects = bench.receive(message('RELEASE', A, { ciaddr: address, server: SERVER }), LAN_UNICAST);
    expect(answers(effects)).toEqual([]);
    expect(told(effects)).toMatchObject([{ type: 'lease.released', by: 'client' }]);
    bind(bench, B);
    expect(bind(bench, A)).toBe(address);
  });

  it('lets another have the address, and refuses its old holder then', () => {
    const bench = new EngineBench();
    const address = bind(bench, A);
    bench.receive(message('RELEASE', A, { ciaddr: address }), LAN_UNICAST);
    expect(bind(bench, B, { requested: address })).toBe(address);
    expect(answers(bench.receive(message('REQUEST', A, { ciaddr: address }), LAN_UNICAST))).toEqual(['NAK 0.0.0.0']);
  });

  it('by a stranger changes nothing', () => {
    const bench = new EngineBench();
    const address = bind(bench, A);
    bench.receive(message('RELEASE', B, { ciaddr: address }), LAN_UNICAST);
    expect(answers(bench.receive(message('DISCOVER', C, { requested: address })))).toEqual(['OFFER 10.0.0.101']);
  });

  it('by the operator frees the address too', () => {
    const bench = new EngineBench();
    bind(bench, A);
    expect(told(bench.release('10.0.0.100'))).toMatchObject([{ type: 'lease.released', by: 'operator' }]);
    expect(bench.release('10.0.0.100')).toEqual([]);
  });
});

describe('INFORM (RFC 2131 §4.3.5)', () => {
  it('is answered with parameters, without address, lease time or lease', () => {
    const bench = new EngineBench();
    const [ack] = sent(bench.receive(message('INFORM', A, { ciaddr: '10.0.0.150', list: [1, 51] })));
    expect(ack).toMatchObject({ type: 'ACK', address: '0.0.0.0', to: { way: 'client', port: 68 } });
    expect(ack && [addressOption(ack.packet, 1), secondsOption(ack.packet, 51), secondsOption(ack.packet, 58)]).toEqual([
      '255.255.255.0',
      undefined,
      undefined,
    ]);
    expect(answers(bench.receive(message('DISCOVER', B, { requested: '10.0.0.150' })))).toEqual(['OFFER 10.0.0.150']);
  });

  it('without an address is not answered', () => {
    expect(answers(new EngineBench().receive(message('INFORM', A)))).toEqual([]);
  });
});

describe('BOOTP (RFC 1534 §2)', () => {
  it('gives a reserved client its address, without any DHCP option', () => {
    const bench = new EngineBench([subnet()], [host(A, { address: '10.0.0.6', boot: { file: 'bios.0' } })]);
    const [reply] = sent(bench.receive(message(undefined, A)));
    expect(reply).toMatchObject({ type: 'BOOTREPLY', address: '10.0.0.6' });
    expect([51, 53, 54, 58, 59].filter((code) => reply?.packet.options.has(code))).toEqual([]);
  });

  it('gives no address of a pool, which would be gone for ever', () => {
    expect(reasonOf(new EngineBench().receive(message(undefined, A)))).toBe('a BOOTP client needs a reservation');
  });
});

describe('Identity (RFC 2131 §4.2)', () => {
  it('is the client identifier before the hardware address', () => {
    const bench = new EngineBench();
    const options = [[61, Uint8Array.of(0, 1, 2, 3)]] as const;
    expect(bind(bench, A, { options })).toBe(bind(bench, B, { options }));
  });

  it('is the hardware address without one, or with an empty one', () => {
    const bench = new EngineBench();
    const options = [[61, Uint8Array.of()]] as const;
    expect(bind(bench, A, { options })).not.toBe(bind(bench, B, { options }));
  });
});

describe('Networks (RFC 2131 §4.3.1)', () => {
  const far = subnet({ name: 'far', network: '10.8.0.0/24', interface: undefined, pools: ['10.8.0.100-10.8.0.110'] });

  it('a relayed client gets an address of its relay agent’s network, and its own in each network', () => {
    const bench = new EngineBench([subnet(), far]);
    expect(bind(bench, A)).toBe('10.0.0.100');
    expect(bind(bench, A, { giaddr: '10.8.0.1' })).toBe('10.8.0.100');
    expect(answers(bench.receive(message('REQUEST', A, { ciaddr: '10.0.0.100' }), LAN_UNICAST))).toEqual(['ACK 10.0.0.100']);
  });

  it('a relayed client renews by unicast, straight to us', () => {
    const bench = new EngineBench([subnet(), far]);
    const address = bind(bench, A, { giaddr: '10.8.0.1' });
    expect(answers(bench.receive(message('REQUEST', A, { ciaddr: address }), LAN_UNICAST))).toEqual([`ACK ${address}`]);
  });

  it('an unknown relay agent and an unknown interface are passed over, with the reason', () => {
    const bench = new EngineBench();
    expect(reasonOf(bench.receive(message('DISCOVER', A, { giaddr: '172.16.0.1' })))).toBe('no network is configured for this relay agent');
    expect(reasonOf(bench.receive(message('DISCOVER', A), { ...LAN, interface: 'other0' }))).toBe(
      'no network is configured on this interface',
    );
  });
});

describe('Beside another DHCP server', () => {
  const beside = site([subnet({ service: 'renewals' })]);
  const benchWithLease = (): EngineBench => {
    const bench = new EngineBench();
    bind(bench, A);
    bench.receive(message('DISCOVER', B));
    bench.engine.configure(beside);
    return bench;
  };

  it.each<[string, string, DhcpPacket, Arrival, readonly string[]]>([
    ['nobody gets an offer', 'DISCOVER', message('DISCOVER', A), LAN, []],
    ['an offer made before is not kept', 'SELECTING', message('REQUEST', B, { requested: '10.0.0.101', server: SERVER }), LAN, []],
    ['nobody is refused', 'INIT-REBOOT', message('REQUEST', B, { requested: '192.168.1.1' }), LAN, []],
    ['who has our lease renews it', 'RENEWING', message('REQUEST', A, { ciaddr: '10.0.0.100' }), LAN_UNICAST, ['ACK 10.0.0.100']],
    ['and comes back to it', 'INIT-REBOOT', message('REQUEST', A, { requested: '10.0.0.100' }), LAN, ['ACK 10.0.0.100']],
    ['parameters are for all', 'INFORM', message('INFORM', B, { ciaddr: '10.0.0.9' }), LAN, ['ACK 0.0.0.0']],
    ['a reserved BOOTP client has to wait', 'BOOTP', message(undefined, B), LAN, []],
  ])('%s (%s)', (_name, _kind, packet, via, answer) => {
    expect(answers(benchWithLease().receive(packet, via))).toEqual(answer);
  });
});

describe('What is no question of a client is dropped', () => {
  const withType = (...octets: number[]): MessageParts => ({ options: [[53, Uint8Array.from(octets)]] });
  it.each<[string, MessageType | undefined, MessageParts]>([
    ['op 2', 'DISCOVER', { packet: { operation: 2 } }],
    ['op 3', 'DISCOVER', { packet: { operation: 3 } }],
    ['OFFER', 'OFFER', {}],
    ['ACK', 'ACK', {}],
    ['NAK', 'NAK', {}],
    ['message type 0', undefined, withType(0)],
    ['message type 99', undefined, withType(99)],
    ['message type of two octets', undefined, withType(1, 1)],
    ['neither identifier nor hardware address', 'DISCOVER', { packet: { hardwareLength: 0 } }],
  ])('%s', (_name, type, parts) => {
    const effects = new EngineBench().receive(message(type, A, parts));
    expect(eventTypes(effects)).toEqual(['dhcp.dropped']);
  });
});

describe('Restart', () => {
  it('a client that was at several addresses comes back to the last one, whatever the order of the records', () => {
    const before = new EngineBench([subnet({ pools: ['10.0.0.200'] })]);
    expect(bind(before, A)).toBe('10.0.0.200');
    before.pass(4000);
    const moved = subnet({ pools: ['10.0.0.100'] });
    before.engine.configure(site([moved]));
    expect(bind(before, A)).toBe('10.0.0.100');
    for (const leases of [[...before.stored.values()], [...before.stored.values()].reverse()]) {
      const after = new EngineBench([moved]);
      after.now = before.now;
      for (const lease of leases) after.engine.restore(lease, after.now);
      expect(answers(after.receive(message('REQUEST', A, { requested: '10.0.0.100' })))).toEqual(['ACK 10.0.0.100']);
    }
  });

  it('knows all leases, quarantines and former holders again', () => {
    const before = new EngineBench([subnet({ pools: ['10.0.0.100-10.0.0.102'] })]);
    bind(before, A);
    bind(before, B);
    bind(before, C);
    before.receive(message('RELEASE', B, { ciaddr: '10.0.0.101' }), LAN_UNICAST);
    before.receive(message('DECLINE', C, { requested: '10.0.0.102' }));

    const after = new EngineBench([subnet({ pools: ['10.0.0.100-10.0.0.102'] })]);
    for (const lease of before.stored.values()) after.engine.restore(lease, after.now);
    expect(answers(after.receive(message('REQUEST', A, { requested: '10.0.0.100' })))).toEqual(['ACK 10.0.0.100']);
    expect(bind(after, B)).toBe('10.0.0.101');
    expect(eventTypes(after.receive(message('DISCOVER', C)))).toEqual(['pool.exhausted']);
  });
});
