import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { type Mac, NO_ADDRESS } from '../../src/base/addresses.ts';
import { invariant } from '../../src/base/result.ts';
import { MESSAGE_CODES, type MessageType } from '../../src/dhcp/codes.ts';
import { type DhcpPacket, encodePacket } from '../../src/dhcp/packet.ts';
import { udpFrame } from '../../src/net/linux/raw-frame.ts';
import { readOverheardReply } from '../../src/net/overheard-reply.ts';
import { ip } from '../support/addresses.ts';
import { message } from '../support/dhcp-client.ts';

const SERVER = '00:1a:1e:00:11:22' as Mac;

function frameOf(packet: DhcpPacket, toPort = 68): Uint8Array {
  const frame = udpFrame(
    SERVER,
    {
      from: { address: ip('192.168.1.2'), port: 67 },
      to: { address: ip('255.255.255.255'), port: toPort },
      hardwareAddress: 'ff:ff:ff:ff:ff:ff' as Mac,
      payload: encodePacket(packet),
    },
    1500,
  );
  invariant(frame.ok, 'it fits');
  return frame.value;
}

function reply(type: MessageType | undefined, change: Partial<DhcpPacket> = {}, server?: string): DhcpPacket {
  return { ...message(type, '02:00:00:00:00:07', { server }), operation: 2, yourAddress: ip('192.168.1.57'), ...change };
}

test('an OFFER: who sent it, for whom it speaks, and what it offers', () => {
  expect(readOverheardReply(frameOf(reply('OFFER', {}, '192.168.1.1')))).toEqual({
    mac: SERVER,
    from: { address: ip('192.168.1.2'), port: 67 },
    toPort: 68,
    server: ip('192.168.1.1'),
    type: 'OFFER',
    yourAddress: ip('192.168.1.57'),
    client: '02:00:00:00:00:07',
    relayAddress: NO_ADDRESS,
  });
});

test('a message to a relay agent', () => {
  const relayed = reply('ACK', { relayAddress: ip('10.88.0.1') }, '192.168.1.1');
  expect(readOverheardReply(frameOf(relayed, 67))).toMatchObject({ toPort: 67, type: 'ACK', relayAddress: ip('10.88.0.1') });
});

test('without option 54 (BOOTP, RFC 1534 §2), or with a damaged one, the sender is the server', () => {
  const damaged = { options: new Map([[54, Uint8Array.of(10, 0)]]) };
  for (const packet of [reply(undefined), reply(undefined, damaged)])
    expect(readOverheardReply(frameOf(packet))).toMatchObject({ server: ip('192.168.1.2'), type: undefined });
});

test.each(Object.keys(MESSAGE_CODES) as MessageType[])('type %s', (type) => {
  const isServers = type === 'OFFER' || type === 'ACK' || type === 'NAK';
  expect(readOverheardReply(frameOf(reply(type)))?.type).toBe(isServers ? type : undefined);
});

describe('is undefined', () => {
  const offer = frameOf(reply('OFFER'));
  const changed = (at: number, ...octets: readonly number[]) => {
    const frame = Uint8Array.from(offer);
    frame.set(octets, at);
    return frame;
  };

  test.each([
    ['a question', frameOf(message('DISCOVER', '02:00:00:00:00:07'))],
    ['no IPv4', changed(12, 0x86, 0xdd)],
    ['no UDP', changed(23, 6)],
    ['a later piece of a fragmented datagram', changed(20, 0x00, 0x10)],
    ['an IPv4 header longer than the frame', offer.subarray(0, 60).with(14, 0x4f)],
    ['a UDP length of nothing', changed(38, 0, 0)],
    ['no DHCP', changed(42 + 236, 0, 0, 0, 1)],
  ])('%s', (_what, frame) => {
    expect(readOverheardReply(frame)).toBeUndefined();
  });

  test('a frame that is cut off before its options', () => {
    for (let length = 0; length < 42 + 240; length += 1) expect(readOverheardReply(offer.subarray(0, length))).toBeUndefined();
  });
});

test('never throws, whatever the octets', () => {
  const offer = frameOf(reply('OFFER'));
  const changes = fc.array(fc.tuple(fc.nat(offer.length - 1), fc.nat(255)), { maxLength: 20 });
  fc.assert(
    fc.property(changes, fc.nat(offer.length), (octets, length) => {
      const frame = Uint8Array.from(offer);
      for (const [at, octet] of octets) frame[at] = octet;
      readOverheardReply(frame.subarray(0, length));
    }),
  );
  fc.assert(fc.property(fc.uint8Array({ maxLength: 700 }), (frame) => void readOverheardReply(frame)));
});
