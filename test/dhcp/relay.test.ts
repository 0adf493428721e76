import { describe, expect, it } from 'vitest';
import { ipv4Bytes } from '../../src/base/addresses.ts';
import { readRelayInformation } from '../../src/dhcp/relay-information.ts';
import { ip } from '../support/addresses.ts';
import { addressOption, LAN_UNICAST, type MessageParts, message, sent, told } from '../support/dhcp-client.ts';
import { EngineBench, host, subnet } from '../support/dhcp-engine.ts';

const MAC = '02:00:00:00:00:0a';
const near = subnet();
const far = subnet({ name: 'far', network: '10.8.0.0/24', interface: undefined, pools: ['10.8.0.100-10.8.0.110'] });
const farther = subnet({ name: 'farther', network: '10.9.0.0/24', interface: undefined, pools: ['10.9.0.100-10.9.0.110'] });

function agent(...subOptions: readonly (readonly [number, Uint8Array])[]): Uint8Array {
  return Uint8Array.from(subOptions.flatMap(([code, value]) => [code, value.length, ...value]));
}

function offer(parts: MessageParts, bench = new EngineBench([near, far, farther])) {
  const [seen] = sent(bench.receive(message('DISCOVER', MAC, parts)));
  return seen;
}

describe('Option 82 (RFC 3046)', () => {
  it.each<[string, Uint8Array, object]>([
    [
      'circuit and remote id',
      agent([1, Uint8Array.of(0, 4, 0, 10)], [2, Uint8Array.of(0, 6)]),
      { circuitId: '0004000a', remoteId: '0006' },
    ],
    ['subscriber id (RFC 3993)', agent([6, Uint8Array.of(0x61)]), { subscriberId: '61' }],
    ['link selection (RFC 3527)', agent([5, ipv4Bytes(ip('10.9.0.0'))]), { linkSelection: ip('10.9.0.0') }],
    ['server identifier override (RFC 5107)', agent([11, ipv4Bytes(ip('10.8.0.1'))]), { serverIdentifier: ip('10.8.0.1') }],
    ['empty', new Uint8Array(), {}],
    ['a code without a length', Uint8Array.of(1), {}],
    ['a length past the end, after a good part', Uint8Array.of(2, 1, 7, 1, 9, 0), { remoteId: '07' }],
    ['addresses of the wrong size', agent([5, Uint8Array.of(1, 2)], [11, Uint8Array.of(1)]), {}],
    ['parts that nobody knows', agent([200, Uint8Array.of(1)], [1, Uint8Array.of(5)]), { circuitId: '05' }],
  ])('%s', (_name, octets, parts) => {
    expect(readRelayInformation(octets)).toEqual(parts);
  });
});

describe('Which network (RFC 3527, RFC 3011, RFC 2131 §4.3.1)', () => {
  const selection = (network: string): MessageParts => ({ options: [[82, agent([5, ipv4Bytes(ip(network))])]] });
  it.each<[string, MessageParts, string | undefined]>([
    ['the relay agent’s own', { giaddr: '10.8.0.1' }, '10.8.0.100'],
    ['the one that the relay agent selects, before its own', { giaddr: '10.8.0.1', ...selection('10.9.0.0') }, '10.9.0.100'],
    ['the one that the client selects', { options: [[118, ipv4Bytes(ip('10.9.0.0'))]] }, '10.9.0.100'],
    ['none when the selected one is not served', { giaddr: '10.8.0.1', ...selection('172.16.0.0') }, undefined],
    ['none when the relay agent’s is not served', { giaddr: '172.16.0.1' }, undefined],
  ])('%s', (_name, parts, address) => {
    expect(offer(parts)?.address).toBe(address);
  });

  it('a selected subnet comes back in option 118, or the client drops the reply (RFC 3011 §2)', () => {
    const seen = offer({ options: [[118, ipv4Bytes(ip('10.9.0.0'))]], list: [1] });
    expect(seen && addressOption(seen.packet, 118)).toBe('10.9.0.0');
  });

  it('the reply goes to giaddr all the same (RFC 3527 §3)', () => {
    expect(offer({ giaddr: '10.8.0.1', ...selection('10.9.0.0') })?.to).toMatchObject({ way: 'relay', address: ip('10.8.0.1') });
  });
});

describe('Server identifier override (RFC 5107 §4)', () => {
  const parts: MessageParts = { giaddr: '10.8.0.1', options: [[82, agent([11, ipv4Bytes(ip('10.8.0.1'))])]] };
  it('is option 54 of every reply, and is taken for us in the REQUEST', () => {
    const bench = new EngineBench([near, far]);
    const seen = offer(parts, bench);
    expect(seen && addressOption(seen.packet, 54)).toBe('10.8.0.1');
    const [ack] = sent(bench.receive(message('REQUEST', MAC, { ...parts, requested: seen?.address, server: '10.8.0.1' })));
    expect([ack?.type, ack && addressOption(ack.packet, 54)]).toEqual(['ACK', '10.8.0.1']);
    const [nak] = sent(bench.receive(message('REQUEST', MAC, { ...parts, requested: '192.168.1.1' })));
    expect([nak?.type, nak && addressOption(nak.packet, 54)]).toEqual(['NAK', '10.8.0.1']);
  });

  it('of another relay is not us', () => {
    const bench = new EngineBench([near, far]);
    offer({ giaddr: '10.8.0.1' }, bench);
    expect(sent(bench.receive(message('REQUEST', MAC, { giaddr: '10.8.0.1', requested: '10.8.0.100', server: '10.8.0.99' })))).toEqual([]);
  });
});

describe('A switch port as an identity', () => {
  const port = { circuitId: '0004000a0105', remoteId: '0006001122334455' };
  const behind = (circuit: number[]): MessageParts => ({
    giaddr: '10.8.0.1',
    options: [[82, agent([1, Uint8Array.from(circuit)], [2, Uint8Array.of(0, 6, 0, 0x11, 0x22, 0x33, 0x44, 0x55)])]],
  });

  it('gives whoever is plugged in there the port’s address', () => {
    const bench = new EngineBench([near, far], [host(port, { address: '10.8.0.50' })]);
    expect(offer(behind([0, 4, 0, 10, 1, 5]), bench)?.address).toBe('10.8.0.50');
    expect(offer(behind([0, 4, 0, 10, 1, 6]), bench)?.address).toBe('10.8.0.100');
  });

  it('goes behind the MAC: a device that is known itself keeps what is its own', () => {
    const bench = new EngineBench([near, far], [host(port, { address: '10.8.0.50' }), host(MAC, { address: '10.8.0.60' })]);
    expect(offer(behind([0, 4, 0, 10, 1, 5]), bench)?.address).toBe('10.8.0.60');
  });

  it('a host is known by its client identifier too', () => {
    const bench = new EngineBench([near], [host({ clientId: '00666f6f' }, { address: '10.0.0.7' })]);
    expect(offer({ options: [[61, Uint8Array.of(0, 0x66, 0x6f, 0x6f)]] }, bench)?.address).toBe('10.0.0.7');
    expect(offer({ options: [[61, Uint8Array.of(0, 0x66, 0x6f)]] }, bench)?.address).toBe('10.0.0.100');
  });
});

describe('A relayed client', () => {
  it('moves: INIT-REBOOT with the address of its old network is refused (RFC 2131 §4.3.2)', () => {
    const bench = new EngineBench([near, far]);
    offer({}, bench);
    bench.receive(message('REQUEST', MAC, { requested: '10.0.0.100', server: '10.0.0.1' }));
    const [nak] = sent(bench.receive(message('REQUEST', MAC, { requested: '10.0.0.100', giaddr: '10.8.0.1' })));
    expect([nak?.type, nak?.packet.flags]).toEqual(['NAK', 0x8000]);
  });

  it('is told of no conflict check: nobody behind a relay hears our ARP', () => {
    const bench = new EngineBench([
      near,
      subnet({ name: 'far', network: '10.8.0.0/24', interface: undefined, pools: ['10.8.0.100'], checksConflicts: true }),
    ]);
    expect(offer({ giaddr: '10.8.0.1' }, bench)?.type).toBe('OFFER');
    expect(bench.probes).toEqual([]);
  });

  it('releases by unicast, straight to us', () => {
    const bench = new EngineBench([near, far]);
    offer({ giaddr: '10.8.0.1' }, bench);
    bench.receive(message('REQUEST', MAC, { requested: '10.8.0.100', server: '10.0.0.1', giaddr: '10.8.0.1' }));
    expect(told(bench.receive(message('RELEASE', MAC, { ciaddr: '10.8.0.100' }), LAN_UNICAST))).toMatchObject([{ type: 'lease.released' }]);
  });
});
