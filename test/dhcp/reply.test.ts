import { describe, expect, it } from 'vitest';
import { hex, latin1Text } from '../../src/base/bytes.ts';
import { type DhcpPacket, decodePacket, encodePacket } from '../../src/dhcp/packet.ts';
import { addressOption, LAN, LAN_UNICAST, type MessageParts, message, secondsOption, sent, text } from '../support/dhcp-client.ts';
import { EngineBench, host, subnet } from '../support/dhcp-engine.ts';

const MAC = '02:00:00:00:00:0a';
const options = new Map([
  [3, Uint8Array.of(10, 0, 0, 254)],
  [6, Uint8Array.of(10, 0, 0, 53)],
  [15, text('lan.test')],
  [224, text('x'.repeat(200))],
  [225, text('y'.repeat(200))],
  [226, text('z'.repeat(200))],
]);

function offer(parts: MessageParts = {}, bench = new EngineBench([subnet({ options })])): DhcpPacket {
  const [seen] = sent(bench.receive(message('DISCOVER', MAC, parts)));
  if (seen === undefined) throw new Error('no offer');
  return seen.packet;
}

function codes(packet: DhcpPacket): readonly number[] {
  return [...packet.options.keys()];
}

describe('Header of a reply (RFC 2131 table 3)', () => {
  it('echoes what is the client’s and clears the rest', () => {
    const packet = offer({ packet: { hops: 3, seconds: 9, transactionId: 0xdeadbeef, flags: 0x8000 } });
    expect(packet).toMatchObject({
      operation: 2,
      hops: 0,
      seconds: 0,
      transactionId: 0xdeadbeef,
      flags: 0x8000,
      hardwareType: 1,
      hardwareLength: 6,
    });
    expect(hex(packet.hardwareAddress)).toBe('02000000000a'.padEnd(32, '0'));
  });

  it('keeps ciaddr in an ACK, not in an OFFER', () => {
    const bench = new EngineBench();
    bench.receive(message('DISCOVER', MAC));
    bench.receive(message('REQUEST', MAC, { requested: '10.0.0.100', server: '10.0.0.1' }));
    const [ack] = sent(bench.receive(message('REQUEST', MAC, { ciaddr: '10.0.0.100' }), LAN_UNICAST));
    expect(ack?.packet.clientAddress).toBe(ack?.packet.yourAddress);
  });
});

describe('Which options (RFC 2131 §4.3.1)', () => {
  it('are what the client asked for, in its order, behind type, server and time', () => {
    expect(codes(offer({ list: [15, 6, 1, 3, 44] }))).toEqual([53, 54, 51, 15, 6, 1, 3]);
  });

  it('have the mask before the router (RFC 2132 §3.3)', () => {
    expect(codes(offer({ list: [3, 6, 1] }))).toEqual([53, 54, 51, 1, 3, 6]);
  });

  it('are all that there are when the client does not say', () => {
    expect(codes(offer())).toEqual(expect.arrayContaining([53, 54, 51, 1, 28, 3, 6, 15, 58, 59, 66, 150]));
  });

  it('never hold 50, 55, 57 and 82, asked for or not', () => {
    expect(codes(offer({ requested: '10.0.0.120', list: [1, 50, 55, 57, 82] }))).toEqual([53, 54, 51, 1]);
  });

  it('renew at half of the lease and rebind at seven eighths (§4.4.5)', () => {
    const packet = offer({ list: [58, 59] });
    expect([51, 58, 59].map((code) => secondsOption(packet, code))).toEqual([3600, 1800, 3150]);
  });

  it('have no renewal time in a lease without an end (§3.3)', () => {
    const infinite = { defaultSeconds: 0xffffffff, minSeconds: 60, maxSeconds: 0xffffffff };
    const packet = offer({ list: [58, 59] }, new EngineBench([subnet({ lease: infinite })]));
    expect(codes(packet)).toEqual([53, 54, 51]);
    expect(secondsOption(packet, 51)).toBe(0xffffffff);
  });

  it('name our address on the interface as server, boot server and TFTP server', () => {
    const packet = offer({ list: [66, 150] });
    expect([addressOption(packet, 54), addressOption(packet, 150), latin1Text(packet.options.get(66) ?? new Uint8Array())]).toEqual([
      '10.0.0.1',
      '10.0.0.1',
      '10.0.0.1',
    ]);
    expect(packet.nextServer).toBe(LAN.server);
  });

  it('of the network go before the server’s own, and those of the host before both', () => {
    const other = new Map([[66, text('boot.lan')]]);
    expect(latin1Text(offer({ list: [66] }, new EngineBench([subnet({ options: other })])).options.get(66) ?? new Uint8Array())).toBe(
      'boot.lan',
    );
    const named = host(MAC, { name: 'desk', options: new Map([[66, text('mine.lan')]]) });
    const packet = offer({ list: [12, 66] }, new EngineBench([subnet({ options: other })], [named]));
    expect([12, 66].map((code) => latin1Text(packet.options.get(code) ?? new Uint8Array()))).toEqual(['desk', 'mine.lan']);
  });

  it('echo the client identifier (RFC 6842) and, last of all, the relay’s information (RFC 3046 §2.2)', () => {
    const agent = Uint8Array.of(1, 2, 9, 9, 200, 1, 7);
    const packet = offer({
      list: [1],
      options: [
        [61, Uint8Array.of(0, 1, 2)],
        [82, agent],
      ],
    });
    expect(codes(packet)).toEqual([53, 54, 51, 1, 61, 82]);
    expect(packet.options.get(82)).toEqual(agent);
  });
});

describe('NAK (RFC 2131 table 3)', () => {
  it('holds type, server, reason and the echoes, and nothing else', () => {
    const bench = new EngineBench();
    const [nak] = sent(bench.receive(message('REQUEST', MAC, { requested: '192.168.1.1', options: [[61, Uint8Array.of(1, 2, 3)]] })));
    expect(nak && codes(nak.packet)).toEqual([53, 54, 56, 61]);
    expect(nak?.packet.nextServer).toBe(0);
  });

  it('through a relay has the broadcast flag set (§4.3.2)', () => {
    const far = subnet({ name: 'far', network: '10.8.0.0/24', interface: undefined, pools: ['10.8.0.10'] });
    const [nak] = sent(new EngineBench([subnet(), far]).receive(message('REQUEST', MAC, { requested: '10.0.0.9', giaddr: '10.8.0.1' })));
    expect(nak?.packet.flags).toBe(0x8000);
  });
});

describe('Size (RFC 2131 §2, RFC 2132 §9.10)', () => {
  const list = [1, 3, 6, 224, 225, 226];
  const size = (value: number): MessageParts => ({ list, options: [[57, Uint8Array.of(value >>> 8, value & 255)]] });
  it.each<[string, MessageParts, number, readonly number[]]>([
    ['576 octets without option 57', { list }, 548, [224]],
    ['576 octets when option 57 says less', size(100), 548, [224]],
    ['as option 57 says', size(1000), 972, [224, 225, 226]],
    ['never over the interface’s MTU', size(65280), 1472, [224, 225, 226]],
  ])('%s', (_name, parts, budget, long) => {
    const packet = offer(parts);
    expect(encodePacket(packet).length).toBeLessThanOrEqual(budget);
    expect(codes(packet).filter((code) => code >= 200)).toEqual(long);
  });

  it('puts what is left into the fields file and sname where the client’s limit forces it (option 52, RFC 2131 §4.1)', () => {
    const long = new Map([
      [224, text('x'.repeat(255))],
      [225, text('y'.repeat(120))],
      [226, text('z'.repeat(60))],
    ]);
    const packet = offer({ list: [1, 224, 225, 226] }, new EngineBench([subnet({ options: long })]));
    expect(codes(packet)).toEqual([53, 54, 51, 1, 224, 52]);
    const back = decodePacket(encodePacket(packet));
    expect(back.ok && [...back.value.options.keys()]).toEqual([53, 54, 51, 1, 224, 52, 225, 226]);
    expect(encodePacket(packet).length).toBeLessThanOrEqual(548);
  });

  it('never overloads the field that holds a boot file, nor sends half of what firmware cannot join (43, 60, 67)', () => {
    const long = new Map([
      [43, text('v'.repeat(300))],
      [224, text('x'.repeat(255))],
      [225, text('y'.repeat(120))],
    ]);
    const packet = offer({ list: [43, 224, 225] }, new EngineBench([subnet({ options: long })], [host(MAC, { boot: { file: 'a.0' } })]));
    expect([codes(packet), latin1Text(packet.bootFile)]).toEqual([[53, 54, 51, 224], 'a.0']);
  });

  it('has PXELINUX’s options for who boots, asked for or not, and for nobody else (RFC 5071)', () => {
    const options = new Map([
      [209, text('menus/lab')],
      [210, text('lab/')],
    ]);
    const withFile = new EngineBench([subnet({ options })], [host(MAC, { boot: { file: 'pxelinux.0' } })]);
    expect(codes(offer({ list: [1] }, withFile))).toEqual([53, 54, 51, 1, 209, 210]);
    expect(codes(offer({ list: [1] }, new EngineBench([subnet({ options })])))).toEqual([53, 54, 51, 1]);
  });

  it('leaves out what was asked for last, never type, server, time and echoes', () => {
    const packet = offer({ list: [...list, 15], options: [[61, new Uint8Array(100).fill(7)]] });
    expect(codes(packet)).toEqual([53, 54, 51, 1, 3, 6, 15, 61]);
  });
});
