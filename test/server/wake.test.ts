import { describe, expect, it } from 'vitest';
import { showIpv4 } from '../../src/base/addresses.ts';
import { hex } from '../../src/base/bytes.ts';
import { magicPacket, wakeFrame } from '../../src/boot/magic-packet.ts';
import type { InterfaceFacts, UdpOptions } from '../../src/net/ports.ts';
import { sendWakeCall, type WakeSockets } from '../../src/net/wake-call.ts';
import { interfacesFor, obeyWake, wakePlaces } from '../../src/server/wake.ts';
import { cidr, mac } from '../support/addresses.ts';
import { configFrom } from '../support/config-text.ts';
import { card, loopback } from '../support/interfaces.ts';

const SLEEPER = { mac: mac('00:1b:54:aa:bb:cc'), password: undefined };
const CONFIG = configFrom(`
networks:
  - { name: bench, interface: eth1, address: 192.168.77.1/24 }
  - { name: phones, interface: eth2, address: 10.9.0.1/16 }
  - { name: floor-2, subnet: 10.88.0.0/24 }
`);
const ETH1 = card('eth1', 2, { addresses: [cidr('192.168.77.1/24')] });
const ETH2 = card('eth2', 3, { addresses: [cidr('10.9.0.1/16')] });
const FACTS = [loopback, ETH1, ETH2, card('eth3', 4, { isUp: false })];

/** Sockets that write down what is sent, and fail as they are told to. */
class NotedSockets implements WakeSockets {
  readonly udp: string[] = [];
  readonly frames: string[] = [];
  readonly opened: UdpOptions[] = [];
  failOpening: Error | undefined;
  failSending: Error | undefined;
  failFrame: Error | undefined;

  openUdp: WakeSockets['openUdp'] = async (options) => {
    this.opened.push(options);
    if (this.failOpening) throw this.failOpening;
    let onFault: (fault: Error) => void = () => undefined;
    return {
      local: { address: options.address ?? cidr('0.0.0.0/0').address, port: 40_000 },
      onDatagram: () => undefined,
      onFault: (listener) => {
        onFault = listener;
      },
      send: (bytes, to) => {
        const fault = this.failSending;
        if (fault) setImmediate(() => onFault(fault));
        else this.udp.push(`${options.interface} ${showIpv4(to.address)}:${to.port} ${hex(bytes)}`);
      },
      close: async () => undefined,
    };
  };

  openFrameLink: WakeSockets['openFrameLink'] = ({ name }: InterfaceFacts, onFault) => {
    if (this.failFrame) {
      onFault(this.failFrame);
      return undefined;
    }
    return { send: (frame) => void this.frames.push(`${name} ${hex(frame)}`), close: () => undefined };
  };
}

describe('A wake-up call', () => {
  it('goes to the broadcast address of every network of the interface, to all, and as a frame', async () => {
    const sockets = new NotedSockets();
    const facts = card('eth1', 2, { addresses: [cidr('192.168.77.1/24'), cidr('10.0.0.1/31'), cidr('10.9.0.1/16')] });
    const packet = hex(magicPacket(SLEEPER.mac));
    expect(await sendWakeCall(facts, SLEEPER, sockets)).toEqual({
      interface: 'eth1',
      udp: ['192.168.77.255:9', '10.9.255.255:9', '255.255.255.255:9'],
      frame: true,
      faults: [],
    });
    expect(sockets.udp).toEqual(['192.168.77.255', '10.9.255.255', '255.255.255.255'].map((to) => `eth1 ${to}:9 ${packet}`));
    expect(sockets.frames).toEqual([`eth1 ${hex(wakeFrame(mac('02:00:00:00:00:02'), magicPacket(SLEEPER.mac)))}`]);
    expect(sockets.opened).toMatchObject([{ interface: 'eth1', address: cidr('192.168.77.1/24').address, port: 0, broadcast: true }]);
  });

  it('goes from an interface without an address, too', async () => {
    const sockets = new NotedSockets();
    expect(await sendWakeCall(card('eth1', 2), SLEEPER, sockets)).toMatchObject({ udp: ['255.255.255.255:9'], frame: true });
  });

  it('says what could not be sent, and why', async () => {
    const sockets = new NotedSockets();
    sockets.failSending = new Error('ENETUNREACH');
    sockets.failFrame = new Error('EPERM: operation not permitted');
    expect(await sendWakeCall(ETH1, SLEEPER, sockets)).toEqual({
      interface: 'eth1',
      udp: [],
      frame: false,
      faults: ['UDP to 192.168.77.255: ENETUNREACH', 'UDP to 255.255.255.255: ENETUNREACH', 'Ethernet: EPERM: operation not permitted'],
    });
  });
});

describe('Where a machine is called', () => {
  const places = wakePlaces(CONFIG, FACTS);

  it.each([
    ['its network is known', { network: 'bench', interface: undefined }, ['eth1']],
    ['its network is not known: all', { network: undefined, interface: undefined }, ['eth1', 'eth2']],
    ['an interface is named', { network: 'bench', interface: 'eth2' }, ['eth2']],
    ['an interface is named, for a network behind a relay', { network: 'floor-2', interface: 'eth1' }, ['eth1']],
  ])('%s', (_what, order, names) => {
    const outcome = interfacesFor(order, { config: CONFIG, facts: FACTS, places });
    expect(outcome.ok && outcome.value.map(({ name }) => name)).toEqual(names);
  });

  it.each([
    [
      'an interface that is not there',
      { network: undefined, interface: 'eth9' },
      FACTS,
      /^there is no interface eth9 \(there is lo, eth1, eth2, eth3\)$/,
    ],
    ['an interface that is down', { network: undefined, interface: 'eth3' }, FACTS, /^eth3 is down$/],
    [
      'a network behind a relay',
      { network: 'floor-2', interface: undefined },
      FACTS,
      /^it is in the network floor-2, which is behind a relay: /,
    ],
    [
      'no cable',
      { network: 'bench', interface: undefined },
      [card('eth1', 2, { hasCarrier: false }), ETH2],
      /^no interface is up: bench: eth1 has no cable; --interface/,
    ],
    [
      'no interfaces',
      { network: undefined, interface: undefined },
      [loopback],
      /^no interface is up: bench: there is no interface eth1 .*; phones: /,
    ],
  ])('nowhere: %s', (_what, order, facts, why) => {
    const outcome = interfacesFor(order, { config: CONFIG, facts, places: wakePlaces(CONFIG, facts) });
    expect(outcome.ok ? 'found' : outcome.error).toMatch(why);
  });

  it('is settled for `auto` as the server does: not where another network is, not by the way out', () => {
    const config = configFrom(
      'networks: [{ name: a, interface: auto, address: 10.1.0.1/24 }, { name: b, interface: eth1, address: 10.2.0.1/24 }]',
    );
    const facts = [loopback, ETH1, card('eth0', 5, { hasDefaultRoute: true }), ETH2];
    expect(wakePlaces(config, facts).map(({ network, facts: { name } }) => `${network} ${name}`)).toEqual(['a eth2', 'b eth1']);
  });
});

describe('An order to wake', () => {
  const site = { config: CONFIG, facts: FACTS, places: wakePlaces(CONFIG, FACTS) };

  it('is carried out', async () => {
    const sockets = new NotedSockets();
    const order = { do: 'wake', mac: SLEEPER.mac, network: 'bench', password: '1.2.3.4' } as const;
    expect(await obeyWake(order, site, sockets)).toMatchObject({ ok: true, calls: [{ interface: 'eth1', frame: true }] });
    expect(sockets.frames[0]).toMatch(/01020304$/);
  });

  it.each([
    [{ mac: 'nobody' }, 'nobody is no hardware address'],
    [{ mac: SLEEPER.mac, password: 'secret' }, 'that is no password of SecureOn'],
  ])('is refused: %j', async (more, error) => {
    expect(await obeyWake({ do: 'wake', ...more }, site, new NotedSockets())).toEqual({ ok: false, error });
  });

  it('fails when nothing could be sent', async () => {
    const sockets = new NotedSockets();
    sockets.failOpening = new Error('the system forbids it; run as root');
    sockets.failFrame = new Error('EPERM');
    expect(await obeyWake({ do: 'wake', mac: SLEEPER.mac, network: 'bench' }, site, sockets)).toEqual({
      ok: false,
      error: 'nothing could be sent: eth1: UDP: the system forbids it; run as root; eth1: Ethernet: EPERM',
    });
  });
});
