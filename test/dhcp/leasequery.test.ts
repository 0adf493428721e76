import { describe, expect, it } from 'vitest';
import { hex } from '../../src/base/bytes.ts';
import { cidr, ip } from '../support/addresses.ts';
import { addressOption, type MessageParts, message, secondsOption, sent, told } from '../support/dhcp-client.ts';
import { EngineBench, subnet } from '../support/dhcp-engine.ts';

const A = '02:00:00:00:00:0a';
const B = '02:00:00:00:00:0b';
const NOBODY = '00:00:00:00:00:00';
const ASKER = '10.8.0.1';

function bench(): EngineBench {
  const one = new EngineBench([subnet()], [], {}, { leasequeryFrom: [cidr('10.8.0.0/24')] });
  const options = [[61, Uint8Array.of(0, 1, 2, 3)]] as const;
  one.receive(message('DISCOVER', A, { options }));
  one.receive(message('REQUEST', A, { options, requested: '10.0.0.100', server: '10.0.0.1' }));
  one.pass(600);
  return one;
}

const NO_HARDWARE: MessageParts = { packet: { hardwareType: 0, hardwareLength: 0 } };

describe('Lease query (RFC 4388)', () => {
  it.each<[string, string, MessageParts, string, string]>([
    ['by address (§6.2)', NOBODY, { ...NO_HARDWARE, ciaddr: '10.0.0.100' }, 'LEASEACTIVE', '10.0.0.100'],
    ['by hardware address', A, {}, 'LEASEACTIVE', '10.0.0.100'],
    ['by client identifier', NOBODY, { ...NO_HARDWARE, options: [[61, Uint8Array.of(0, 1, 2, 3)]] }, 'LEASEACTIVE', '10.0.0.100'],
    ['of an address that nobody has', NOBODY, { ...NO_HARDWARE, ciaddr: '10.0.0.150' }, 'LEASEUNASSIGNED', '10.0.0.150'],
    ['of an address that is none of ours', NOBODY, { ...NO_HARDWARE, ciaddr: '192.168.1.1' }, 'LEASEUNKNOWN', '192.168.1.1'],
    ['of a client that is not known', B, {}, 'LEASEUNKNOWN', '0.0.0.0'],
  ])('%s', (_name, mac, parts, type, address) => {
    const [reply] = sent(bench().receive(message('LEASEQUERY', mac, { giaddr: ASKER, ...parts })));
    expect(reply).toMatchObject({ type, to: { way: 'relay', address: ip(ASKER), port: 67 } });
    expect(reply?.packet.clientAddress).toBe(ip(address));
  });

  it('tells who it is, by which identifier and for how much longer (§6.4.1)', () => {
    const [reply] = sent(bench().receive(message('LEASEQUERY', NOBODY, { ...NO_HARDWARE, giaddr: ASKER, ciaddr: '10.0.0.100' })));
    const packet = reply?.packet;
    expect(
      packet && [hex(packet.hardwareAddress.subarray(0, 6), ':'), packet.hardwareLength, hex(packet.options.get(61) ?? new Uint8Array())],
    ).toEqual([A, 6, '00010203']);
    expect(packet && [secondsOption(packet, 51), addressOption(packet, 54)]).toEqual([3000, '10.0.0.1']);
  });

  it.each<[string, MessageParts]>([
    ['without a giaddr', { ciaddr: '10.0.0.100' }],
    ['from a network that may not ask', { giaddr: '172.16.0.1', ciaddr: '10.0.0.100' }],
  ])('is not answered %s', (_name, parts) => {
    const effects = bench().receive(message('LEASEQUERY', NOBODY, { ...NO_HARDWARE, ...parts }));
    expect([sent(effects), told(effects)]).toMatchObject([[], [{ type: 'dhcp.silent', message: 'LEASEQUERY' }]]);
  });

  it('of an ended lease finds nobody', () => {
    const one = bench();
    one.pass(4000);
    expect(sent(one.receive(message('LEASEQUERY', A, { giaddr: ASKER })))[0]?.type).toBe('LEASEUNKNOWN');
  });
});
