import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest';
import { type Mac, NO_ADDRESS } from '../../src/base/addresses.ts';
import { monoMs, wallMs } from '../../src/base/clock.ts';
import { decodePacket } from '../../src/dhcp/packet.ts';
import type { DhcpService } from '../../src/dhcp/subnet.ts';
import type { AppEvent } from '../../src/events/events.ts';
import type { InterfaceFacts, OverheardReply, RawDatagram, SocketFactory } from '../../src/net/ports.ts';
import type { GuardMode } from '../../src/server/guard-rules.ts';
import { ServerGuard } from '../../src/server/server-guard.ts';
import { cidr, ip } from '../support/addresses.ts';
import { card, loopback } from '../support/interfaces.ts';

const LAN = card('eth1', 2, { addresses: [cidr('192.168.77.1/24')] });
const SECOND = card('eth2', 3, { addresses: [cidr('192.168.78.1/24')] });

const OFFER: OverheardReply = {
  mac: '00:1a:1e:00:11:22' as Mac,
  from: { address: ip('192.168.1.1'), port: 67 },
  toPort: 68,
  server: ip('192.168.1.1'),
  type: 'OFFER',
  yourAddress: ip('192.168.1.57'),
  relayAddress: NO_ADDRESS,
};

interface BenchOptions {
  readonly mode?: GuardMode;
  readonly facts?: InterfaceFacts;
  readonly without?: 'sniffer' | 'raw link';
  readonly onService?: (service: DhcpService) => void;
}

/** A guard on an interface that only remembers. */
class Bench {
  readonly sent: RawDatagram[] = [];
  readonly events: AppEvent[] = [];
  readonly services: DhcpService[] = [];
  readonly open = new Set<string>();
  interfaces: readonly InterfaceFacts[] = [LAN, SECOND];
  readonly guard: ServerGuard;
  hear: (reply: OverheardReply) => void = () => undefined;
  fail: (fault: Error) => void = () => undefined;

  constructor({ mode = 'refuse', facts = LAN, without, onService }: BenchOptions = {}) {
    const sockets: SocketFactory = {
      openUdp: () => Promise.reject(new Error('a guard opens no UDP socket')),
      openArpProber: () => undefined,
      openRequestSniffer: () => undefined,
      openRawLink: (_facts, onFault) => {
        if (without === 'raw link') return undefined;
        this.fail = onFault;
        return { send: (datagram) => void this.sent.push(datagram), close: this.#opened('raw link') };
      },
      openReplySniffer: (_facts, onFault) => {
        if (without === 'sniffer') {
          onFault(new Error('EPERM: operation not permitted'));
          return undefined;
        }
        const onReply = (listener: (reply: OverheardReply) => void) => {
          this.hear = listener;
        };
        return { onReply, close: this.#opened('sniffer') };
      },
    };
    this.guard = new ServerGuard({
      mode,
      network: 'bench',
      facts,
      sockets,
      interfaces: { list: () => this.interfaces, addAddress() {}, removeAddress() {}, bringUp() {} },
      clock: { wall: () => wallMs(Date.now()), mono: () => monoMs(performance.now()) },
      tell: (event) => void this.events.push(event),
      onService: (service) => {
        this.services.push(service);
        onService?.(service);
      },
    });
    this.guard.start();
  }

  get told(): string[] {
    return this.events.map(({ type }) => type);
  }

  #opened(what: string): () => void {
    this.open.add(what);
    return () => this.open.delete(what);
  }
}

beforeEach(() => {
  vi.useFakeTimers();
});
afterEach(() => {
  vi.useRealTimers();
});

test('asks by broadcast from no address, each time with another transaction, and serves everything when nobody answers', () => {
  const bench = new Bench();
  expect(bench.guard.service).toBe('renewals');
  vi.advanceTimersByTime(3_500);
  expect(bench.told).toEqual(['guard.clear']);
  expect(bench.services).toEqual(['full']);
  expect(bench.guard.service).toBe('full');
  expect(bench.sent).toHaveLength(3);
  for (const { from, to, hardwareAddress } of bench.sent)
    expect({ from, to, hardwareAddress }).toEqual({
      from: { address: ip('0.0.0.0'), port: 68 },
      to: { address: ip('255.255.255.255'), port: 67 },
      hardwareAddress: 'ff:ff:ff:ff:ff:ff',
    });
  const packets = bench.sent.map(({ payload }) => decodePacket(payload)).filter((packet) => packet.ok);
  expect(new Set(packets.map(({ value }) => value.transactionId)).size).toBe(3);
  bench.guard.close();
});

test('another server that is heard later ends the offers', () => {
  const bench = new Bench();
  vi.advanceTimersByTime(4_000);
  bench.hear(OFFER);
  expect(bench.events.at(-1)).toMatchObject({ type: 'guard.found', mac: OFFER.mac, address: OFFER.server, offered: OFFER.yourAddress });
  expect(bench.services).toEqual(['full', 'renewals']);
  vi.advanceTimersByTime(400_000);
  expect(bench.told.slice(2)).toEqual(['guard.gone', 'guard.clear']);
  expect(bench.services).toEqual(['full', 'renewals', 'full']);
  bench.guard.close();
});

test('what a second interface of this machine says is its own, from the moment that it is there', () => {
  const bench = new Bench();
  const mac = '02:00:00:00:00:07' as Mac;
  bench.hear({ ...OFFER, mac: SECOND.mac ?? mac });
  expect(bench.told).toEqual([]);
  bench.interfaces = [LAN, SECOND, card('eth3', 7, { mac })];
  vi.advanceTimersByTime(1_500);
  bench.hear({ ...OFFER, mac });
  expect(bench.told).toEqual([]);
  bench.hear(OFFER);
  expect(bench.told).toEqual(['guard.found']);
  bench.guard.close();
});

test('closing ends everything at once', () => {
  const bench = new Bench();
  expect([...bench.open]).toEqual(['sniffer', 'raw link']);
  bench.guard.close();
  bench.guard.close();
  expect([...bench.open]).toEqual([]);
  bench.hear(OFFER);
  vi.advanceTimersByTime(600_000);
  expect(bench).toMatchObject({ events: [], services: [] });
  expect(bench.sent).toHaveLength(1);
  expect(vi.getTimerCount()).toBe(0);
});

test('closing from within its own news is allowed', () => {
  const bench: Bench = new Bench({ onService: () => bench.guard.close() });
  vi.advanceTimersByTime(600_000);
  expect(bench.services).toEqual(['full']);
  expect(bench.sent).toHaveLength(3);
  expect(vi.getTimerCount()).toBe(0);
});

describe('where it cannot look', () => {
  test.each([
    ['sniffer', 'other DHCP servers on eth1 are not looked for: EPERM: operation not permitted'],
    ['raw link', 'other DHCP servers on eth1 are not looked for'],
  ] as const)('without a %s everything is served, and that is said', (without, detail) => {
    const bench = new Bench({ without });
    expect(bench.guard.service).toBe('full');
    expect(bench.events).toEqual([{ type: 'server.limited', detail }]);
    expect([...bench.open]).toEqual([]);
    vi.advanceTimersByTime(600_000);
    expect(bench.sent).toEqual([]);
    bench.guard.close();
  });

  test('on the loopback nothing has to be said', () => {
    const bench = new Bench({ facts: loopback });
    expect(bench.guard.service).toBe('full');
    expect(bench.events).toEqual([]);
    bench.guard.close();
  });
});

describe('what another server answers a device', () => {
  const client = '00:1b:54:00:00:01' as Mac;

  test('is told each time, for the story of that device', () => {
    const bench = new Bench();
    for (let n = 0; n < 2; n += 1) bench.hear({ ...OFFER, client });
    expect(bench.told).toEqual(['guard.found', 'dhcp.overheard', 'dhcp.overheard']);
    expect(bench.events[1]).toEqual({
      type: 'dhcp.overheard',
      mac: client,
      address: OFFER.yourAddress,
      interface: 'eth1',
      message: 'OFFER',
      server: OFFER.server,
      serverMac: OFFER.mac,
    });
    bench.guard.close();
  });

  test.each<[string, Partial<OverheardReply>]>([
    ['an answer to our own question', { client: LAN.mac }],
    ['an answer to nobody that is known', { client: undefined }],
    ['the word of a proxyDHCP server, which gives no address', { client, yourAddress: NO_ADDRESS }],
  ])('is not told of %s', (_name, parts) => {
    const bench = new Bench();
    bench.hear({ ...OFFER, ...parts });
    expect(bench.told).not.toContain('dhcp.overheard');
    bench.guard.close();
  });
});

describe('faults', () => {
  test('of the interface are told, save that it has no cable', () => {
    const bench = new Bench();
    bench.fail(Object.assign(new Error('no cable'), { code: 'ENETDOWN' }));
    bench.fail(Object.assign(new Error('no room'), { code: 'ENOBUFS' }));
    expect(bench.events).toMatchObject([{ type: 'server.fault', where: 'the guard on eth1' }]);
    bench.guard.close();
  });

  test('of our own cost one message', () => {
    const bench = new Bench({
      onService: (service) => {
        if (service === 'full') throw new Error('a bug');
      },
    });
    vi.advanceTimersByTime(4_000);
    expect(bench.told).toEqual(['guard.clear', 'server.fault']);
    bench.hear(OFFER);
    expect(bench.services).toEqual(['full', 'renewals']);
    bench.guard.close();
  });
});
