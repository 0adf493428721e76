/** The network of a simulated device, frame by frame. */
import { describe, expect, it } from 'vitest';
import { LIMITED_BROADCAST } from '../../src/base/addresses.ts';
import { latin1Bytes, latin1Text } from '../../src/base/bytes.ts';
import { monoMs } from '../../src/base/clock.ts';
import { invariant } from '../../src/base/result.ts';
import { udpFrame } from '../../src/net/linux/raw-frame.ts';
import { AnswerReader, requestOctets } from '../../src/probe/http-message.ts';
import { Station, type StationEffect } from '../../src/probe/station.ts';
import { arpFrame, BROADCAST_MAC, type Heard, readFrame, separated, tcpFrame } from '../../src/probe/station-frames.ts';
import { TCP_FLAG, type TcpSegment } from '../../src/probe/tcp-client.ts';
import { encodePacket } from '../../src/tftp/packet.ts';
import { ip, mac } from '../support/addresses.ts';

const OWN = { mac: mac('52:54:00:12:34:56'), address: ip('192.168.77.100') };
const SERVER = { mac: mac('02:00:00:00:00:01'), address: ip('192.168.77.1') };
const ROUTER = { mac: mac('02:00:00:00:00:fe'), address: ip('192.168.77.254') };
const MASK = ip('255.255.255.0');
const T0 = monoMs(0);

function station(): Station {
  const made = new Station({ mac: OWN.mac, mtu: 1500, random: () => 7 });
  made.takeAddress(OWN.address, MASK, ROUTER.address);
  return made;
}

function frames(effects: readonly StationEffect[]): readonly Heard[] {
  return effects.flatMap((effect) => (effect.do === 'frame' ? (readFrame(effect.frame) ?? []) : []));
}

function events(effects: readonly StationEffect[]) {
  return effects.flatMap((effect) => (effect.do === 'event' ? [effect.event] : []));
}

function datagram(to: number, payload: Uint8Array, mtu = 1500): Uint8Array {
  const frame = udpFrame(
    SERVER.mac,
    { from: { address: SERVER.address, port: 69 }, to: { address: to as never, port: 4000 }, hardwareAddress: OWN.mac, payload },
    mtu,
  );
  invariant(frame.ok, 'it fits');
  return frame.value;
}

describe('A station', () => {
  it('asks by ARP who has an address before it speaks to it (RFC 826)', () => {
    const own = station();
    const asked = frames(own.sendUdp(latin1Bytes('hello'), 4000, { address: SERVER.address, port: 69 }, T0));
    expect(asked).toEqual([{ kind: 'arp', isRequest: true, mac: OWN.mac, sender: OWN.address, target: SERVER.address }]);
    const said = frames(own.receive(arpFrame(SERVER.mac, SERVER.address, 'reply', OWN), monoMs(1)));
    expect(said).toMatchObject([{ kind: 'udp', from: OWN.address, to: SERVER.address, fromPort: 4000, toPort: 69 }]);
  });

  it('asks again, and gives up', () => {
    const own = station();
    own.sendUdp(latin1Bytes('hello'), 4000, { address: SERVER.address, port: 69 }, T0);
    const again = [500, 1000, 1500, 2000, 2500].map((at) => frames(own.timeout(monoMs(at))).length);
    expect(again).toEqual([1, 1, 1, 1, 0]);
    expect(own.nextDeadline()).toBeUndefined();
  });

  it('goes by its router to what is elsewhere', () => {
    const asked = frames(station().sendUdp(latin1Bytes('hello'), 4000, { address: ip('10.0.0.9'), port: 69 }, T0));
    expect(asked).toMatchObject([{ kind: 'arp', target: ROUTER.address }]);
  });

  it('answers who asks for its address, and nobody who asks for another', () => {
    const own = station();
    const question = (target: number) => arpFrame(SERVER.mac, SERVER.address, 'request', { mac: BROADCAST_MAC, address: target as never });
    expect(frames(own.receive(question(OWN.address), T0))).toMatchObject([{ kind: 'arp', isRequest: false, sender: OWN.address }]);
    expect(own.receive(question(ROUTER.address), T0)).toEqual([]);
  });

  it('hears what is for it or for all', () => {
    const own = station();
    expect(events(own.receive(datagram(OWN.address, latin1Bytes('a')), T0))).toHaveLength(1);
    expect(events(own.receive(datagram(LIMITED_BROADCAST, latin1Bytes('a')), T0))).toHaveLength(1);
    expect(events(own.receive(datagram(ROUTER.address, latin1Bytes('a')), T0))).toHaveLength(0);
  });

  it('takes no harm from any frame', () => {
    const own = station();
    const whole = datagram(OWN.address, latin1Bytes('hello'));
    for (let length = 0; length < whole.length; length += 1) expect(() => own.receive(whole.subarray(0, length), T0)).not.toThrow();
    for (let at = 0; at < whole.length; at += 1)
      expect(() =>
        own.receive(
          whole.map((octet, n) => (n === at ? 255 : octet)),
          T0,
        ),
      ).not.toThrow();
  });
});

describe('A window of TFTP in one frame (UDP_SEGMENT)', () => {
  const data = (block: number, octets: number) => encodePacket({ type: 'data', block, octets: new Uint8Array(octets).fill(block) });
  const joined = (...parts: readonly Uint8Array[]) => Uint8Array.from(parts.flatMap((part) => [...part]));

  it('is cut where the block numbers stand', () => {
    const parts = [data(1, 1468), data(2, 1468), data(3, 100)];
    expect(separated(joined(...parts), 1500)).toEqual(parts);
  });

  it('is cut across the end of the numbers', () => {
    const parts = [data(65535, 1468), data(0, 1468)];
    expect(separated(joined(...parts), 1500)).toEqual(parts);
  });

  it('is left alone when it is one block', () => {
    const one = data(9, 8000);
    expect(separated(one, 1500)).toEqual([one]);
  });
});

describe('A request by HTTP over TCP (RFC 9293)', () => {
  const request = { method: 'GET', server: { address: SERVER.address, port: 8080 }, path: '/f', headers: {} } as const;

  /** A station whose connection the server has accepted; it counts from 1000. */
  function connected(): { own: Station; say: (flags: number, sequence: number, text?: string) => StationEffect[]; first: TcpSegment } {
    const own = station();
    own.request(1, request, T0);
    const [syn] = frames(own.receive(arpFrame(SERVER.mac, SERVER.address, 'reply', OWN), T0));
    invariant(syn?.kind === 'tcp', 'it begins with SYN');
    const first = syn.segment;
    const say = (flags: number, sequence: number, text = '') => {
      const acknowledgement = first.sequence + 1 + (flags === (TCP_FLAG.syn | TCP_FLAG.ack) ? 0 : requestOctets(request).length);
      const segment = { fromPort: 8080, toPort: first.fromPort, sequence, acknowledgement, flags, payload: latin1Bytes(text) };
      return own.receive(tcpFrame(SERVER, OWN, segment), monoMs(5));
    };
    return { own, say, first };
  }

  it('is said when the server accepts, and its answer is taken in order', () => {
    const { say } = connected();
    const [said] = frames(say(TCP_FLAG.syn | TCP_FLAG.ack, 1000));
    invariant(said?.kind === 'tcp', 'it speaks TCP');
    expect(latin1Text(said.segment.payload)).toMatch(/^GET \/f HTTP\/1\.1\r\nHost: 192\.168\.77\.1:8080\r\n/);
    const head = 'HTTP/1.1 200 OK\r\nContent-Length: 5\r\n\r\n';
    expect(events(say(TCP_FLAG.ack, 1001, head))).toEqual([]);
    // What follows a gap is not taken; the server learns where it stands.
    const gap = say(TCP_FLAG.ack, 1001 + head.length + 2, 'llo');
    expect(frames(gap)).toMatchObject([{ segment: { acknowledgement: 1001 + head.length } }]);
    const answered = events(say(TCP_FLAG.ack, 1001 + head.length, 'hello'));
    expect(answered).toMatchObject([{ on: 'http', id: 1, answer: { status: 200, octets: latin1Bytes('hello') } }]);
    const end = frames(say(TCP_FLAG.fin | TCP_FLAG.ack, 1001 + head.length + 5));
    expect(end).toMatchObject([{ segment: { flags: TCP_FLAG.fin | TCP_FLAG.ack } }]);
  });

  it('that nobody listens to is told at once', () => {
    const { say } = connected();
    expect(events(say(TCP_FLAG.rst | TCP_FLAG.ack, 0))).toEqual([{ on: 'http', id: 1, answer: { fault: 'nobody listens at this port' } }]);
  });

  it('is said again until it is acknowledged, and given up', () => {
    const { own } = connected();
    const all = [1000, 2000, 3000, 4000, 5000, 6000].map((at) => own.timeout(monoMs(at)));
    expect(all.slice(0, 5).map((effects) => frames(effects).length)).toEqual([1, 1, 1, 1, 1]);
    expect(events(all[5] ?? [])).toMatchObject([{ answer: { fault: 'the web server does not answer' } }]);
  });
});

describe('An answer by HTTP (RFC 9112)', () => {
  const TEXT = 'HTTP/1.1 200 OK\r\nContent-Type: text/plain\r\nContent-Length: 5\r\n\r\nhello';

  it('is the same in whatever pieces it comes', () => {
    for (let cut = 1; cut < TEXT.length; cut += 1) {
      const reader = new AnswerReader('GET');
      const answers = [TEXT.slice(0, cut), TEXT.slice(cut)].map((part) => reader.add(latin1Bytes(part)));
      expect(answers.at(-1)).toMatchObject({ status: 200, headers: { 'content-type': 'text/plain' }, octets: latin1Bytes('hello') });
    }
  });

  it.each([
    ['without a length ends with its connection', 'HTTP/1.0 200 OK\r\n\r\nhel', { status: 200, octets: latin1Bytes('hel') }],
    ['that breaks off is none', TEXT.slice(0, -1), { fault: 'the web server closed in the middle of its answer' }],
    ['that is none', 'hello', { fault: 'the web server closed without an answer' }],
  ])('%s', (_name, text, wanted) => {
    const reader = new AnswerReader('GET');
    expect(reader.add(latin1Bytes(text))).toBeUndefined();
    expect(reader.end()).toMatchObject(wanted);
  });

  it('to HEAD has no body', () => {
    expect(new AnswerReader('HEAD').add(latin1Bytes('HTTP/1.1 200 OK\r\nContent-Length: 5\r\n\r\n'))).toMatchObject({ status: 200 });
  });

  it('is asked for without a line end out of a name', () => {
    const octets = requestOctets({ method: 'GET', server: { address: SERVER.address, port: 80 }, path: '/a\r\nX: y', headers: {} });
    expect(latin1Text(octets)).toMatch(/^GET \/a%0d%0aX:%20y HTTP\/1\.1\r\n/);
  });
});
