import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { wallMs } from '../../src/base/clock.ts';
import { encodePacket } from '../../src/dhcp/packet.ts';
import { DhcpPackets } from '../../src/server/dhcp-packets.ts';
import { PacketRing } from '../../src/server/packet-ring.ts';
import { TftpPackets } from '../../src/server/tftp-packets.ts';
import { ip, mac } from '../support/addresses.ts';
import { LAN, LAN_UNICAST, message } from '../support/dhcp-client.ts';

const [PEER, OWN] = [ip('192.168.77.100'), ip('192.168.77.1')];

describe('a ring of packets', () => {
  it('gives copies of what it was given, in order, until newer ones took their place', () => {
    let now = 0;
    const ring = new PacketRing({ slots: 4, slotOctets: 8 }, { wall: () => wallMs(now) });
    for (now = 1; now <= 6; now += 1) ring.received(now % 2, Uint8Array.of(now), PEER, 68, OWN, 67);
    const seen = ring.find([0, 1], 10);
    expect(seen.map(({ at, octets }) => [at, ...octets])).toEqual([3, 4, 5, 6].map((n) => [n, n]));
    expect(ring.find([1], 10).map(({ at }) => at)).toEqual([3, 5]);
    // The last ones, where there are more than wanted.
    expect(ring.find([0, 1], 2).map(({ at }) => at)).toEqual([5, 6]);
    expect(ring.find([7], 10)).toEqual([]);
    ring.received(0, Uint8Array.of(99), PEER, 68, OWN, 67);
    expect(seen[0]?.octets).toEqual(Uint8Array.of(3));
  });

  it('says from whom to whom, and how long one was that it has in part', () => {
    const ring = new PacketRing({ slots: 4, slotOctets: 3 }, { wall: () => wallMs(5) });
    ring.received(1, Uint8Array.of(1, 2, 3, 4, 5), PEER, 68, OWN, 67);
    ring.sent(1, Uint8Array.of(6), PEER, 68, OWN, 67);
    const [client, server] = [
      { address: PEER, port: 68 },
      { address: OWN, port: 67 },
    ];
    expect(ring.find([1], 9)).toEqual([
      { at: 5, direction: 'in', from: client, to: server, length: 5, octets: Uint8Array.of(1, 2, 3) },
      { at: 5, direction: 'out', from: server, to: client, length: 1, octets: Uint8Array.of(6) },
    ]);
  });

  it('is what a list of the last packets would be', () => {
    const packet = fc.tuple(fc.nat(3), fc.uint8Array({ maxLength: 12 }), fc.boolean());
    fc.assert(
      fc.property(fc.array(packet, { maxLength: 40 }), fc.integer({ min: 1, max: 9 }), fc.nat(3), (packets, slots, key) => {
        const ring = new PacketRing({ slots, slotOctets: 8 }, { wall: () => wallMs(0) });
        for (const [of, octets, isOut] of packets) ring[isOut ? 'sent' : 'received'](of, octets, PEER, 1, OWN, 2);
        const kept = packets.slice(-slots).filter(([of]) => of === key);
        expect(ring.find([key], slots)).toMatchObject(
          kept.map(([, octets, isOut]) => ({ direction: isOut ? 'out' : 'in', length: octets.length, octets: octets.slice(0, 8) })),
        );
      }),
    );
  });
});

describe('messages of DHCP', () => {
  const CLIENT = '00:1b:54:aa:bb:cc';
  const from = { address: ip('0.0.0.0'), port: 68 };

  it('are found by the hardware address, broken ones too, as long as they have one', () => {
    const packets = new DhcpPackets({ wall: () => wallMs(1) });
    const octets = encodePacket(message('DISCOVER', CLIENT));
    packets.received(octets, from, LAN);
    packets.received(octets.slice(0, 60), from, LAN);
    packets.received(octets.slice(0, 33), from, LAN);
    packets.received(encodePacket(message('DISCOVER', '00:1b:54:aa:bb:cd')), from, LAN);
    expect(packets.of(mac(CLIENT)).map(({ length }) => length)).toEqual([octets.length, 60]);
  });

  it('have the addresses that they travelled between (RFC 2131 §4.1; PXE 2.1 §2.2.3)', () => {
    const packets = new DhcpPackets({ wall: () => wallMs(1) });
    const octets = encodePacket(message('REQUEST', CLIENT));
    const client = { address: PEER, port: 4011 };
    packets.received(octets, from, LAN);
    packets.received(octets, client, { ...LAN_UNICAST, asker: client });
    packets.sent(octets, PEER, 68, LAN);
    packets.sent(octets, PEER, 4011, { ...LAN_UNICAST, asker: client });
    const server = (port: number) => ({ address: LAN.server, port });
    expect(packets.of(mac(CLIENT))).toMatchObject([
      { direction: 'in', from, to: { address: ip('255.255.255.255'), port: 67 } },
      { direction: 'in', from: client, to: server(4011) },
      { direction: 'out', from: server(67), to: { address: PEER, port: 68 } },
      { direction: 'out', from: server(4011), to: client },
    ]);
  });
});

it('of TFTP requests, grants and errors are kept, and neither blocks nor their ACKs', () => {
  const packets = new TftpPackets({ wall: () => wallMs(1) });
  const [client, server] = [
    { address: PEER, port: 2000 },
    { address: OWN, port: 3000 },
  ];
  packets.asked(Uint8Array.of(0, 1, 97, 0), client, server);
  for (let opcode = 3; opcode <= 6; opcode += 1) {
    packets.received(Uint8Array.of(0, opcode, 0, 1), client, server);
    packets.sent(Uint8Array.of(0, opcode, 0, 1), server, client);
  }
  expect(packets.of([PEER]).map(({ direction, octets }) => [direction, octets[1]])).toEqual([
    ['in', 1],
    ['in', 5],
    ['out', 5],
    ['out', 6],
  ]);
  expect(packets.of([OWN])).toEqual([]);
});
