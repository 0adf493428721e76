/** More than can be done: what the DHCP server does with it. */
import { afterEach, describe, expect, it } from 'vitest';
import type { Ipv4 } from '../../src/base/addresses.ts';
import { type MonoMs, monoMs, wallMs } from '../../src/base/clock.ts';
import { invariant } from '../../src/base/result.ts';
import { BootPlanner } from '../../src/boot/boot-plan.ts';
import { defaultConfig } from '../../src/config/resolve.ts';
import { OPTION } from '../../src/dhcp/codes.ts';
import { DhcpEngine } from '../../src/dhcp/engine.ts';
import { decodePacket, encodePacket } from '../../src/dhcp/packet.ts';
import type { AppEvent } from '../../src/events/events.ts';
import { GroupCommit } from '../../src/leases/group-commit.ts';
import type { DatagramListener, DatagramPort, SocketFactory, UdpOptions } from '../../src/net/ports.ts';
import { DhcpPackets } from '../../src/server/dhcp-packets.ts';
import { DhcpServer } from '../../src/server/dhcp-server.ts';
import { siteConfigOf } from '../../src/server/site.ts';
import { cidr, ip } from '../support/addresses.ts';
import { message } from '../support/dhcp-client.ts';
import { NO_BOOT } from '../support/dhcp-engine.ts';
import { card } from '../support/interfaces.ts';

const ADDRESS = cidr('10.0.0.1/16');
const FIRST = ip('10.0.16.0');
const LAST = ip('10.0.255.250');

const macOf = (n: number) => `02:00:00:00:${(n >> 8).toString(16).padStart(2, '0')}:${(n & 255).toString(16).padStart(2, '0')}`;

/** The server with sockets and a store that the test holds in its hands. */
class Crowd {
  now = 1000;
  readonly events: AppEvent[] = [];
  /** MAC of each client that was answered, in order, with the type of the answer. */
  readonly answered: string[] = [];
  readonly stored: (() => void)[] = [];
  readonly server: DhcpServer;
  #hear: DatagramListener = () => {};

  constructor() {
    const config = siteConfigOf(defaultConfig('/nowhere'));
    const [network] = config.networks;
    invariant(network !== undefined && FIRST !== undefined && LAST !== undefined, 'a default network');
    const clock = { wall: () => wallMs(1_000_000_000_000 + this.now), mono: (): MonoMs => monoMs(this.now) };
    const tell = (event: AppEvent) => void this.events.push(event);
    const store = {
      description: 'slow',
      load: () => [],
      put: () => new Promise<void>((resolve) => void this.stored.push(resolve)),
      close: () => {},
    };
    const sockets: SocketFactory = {
      openUdp: async (options) => this.#port(options),
      openRawLink: () => ({ send: ({ payload }) => this.#see(payload), close: () => {} }),
      openArpProber: () => undefined,
      openReplySniffer: () => undefined,
      openRequestSniffer: () => undefined,
    };
    this.server = new DhcpServer({
      config: { ...config, networks: [{ ...network, pools: [{ first: FIRST, last: LAST }], conflictCheck: 'off' }] },
      engine: new DhcpEngine(new BootPlanner(NO_BOOT)),
      commits: new GroupCommit(store, clock, tell),
      sockets,
      clock,
      tell,
      packets: new DhcpPackets(clock),
    });
  }

  async open(): Promise<this> {
    const network = defaultConfig('/nowhere').networks[0]?.name ?? '';
    await this.server.serve([{ network, facts: card('lan0', 7), address: ADDRESS }]);
    return this;
  }

  discover(client: number, waitedMs = 0): void {
    this.#hear(encodePacket(message('DISCOVER', macOf(client))), { address: 0 as Ipv4, port: 68 }, waitedMs);
  }

  request(client: number, address: Ipv4): void {
    const parts = { requested: `10.0.${(address >> 8) & 255}.${address & 255}`, server: '10.0.0.1' };
    this.#hear(encodePacket(message('REQUEST', macOf(client), parts)), { address: 0 as Ipv4, port: 68 }, 0);
  }

  async turns(count: number): Promise<void> {
    for (let turn = 0; turn < count; turn += 1) await new Promise((resolve) => setImmediate(resolve));
  }

  #port(options: UdpOptions): DatagramPort {
    return {
      local: { address: options.address ?? (0 as Ipv4), port: options.port },
      onDatagram: (listener) => {
        if (options.address === undefined) this.#hear = listener;
      },
      onFault: () => {},
      send: (bytes) => this.#see(bytes),
      close: async () => {},
    };
  }

  #see(bytes: Uint8Array): void {
    const packet = decodePacket(bytes);
    invariant(packet.ok, 'the server sends whole packets');
    const type = packet.value.options.get(OPTION.messageType)?.[0] === 5 ? 'ACK' : 'OFFER';
    this.answered.push(`${type} ${((packet.value.hardwareAddress[4] ?? 0) << 8) | (packet.value.hardwareAddress[5] ?? 0)}`);
  }
}

const crowds: Crowd[] = [];
async function crowd(): Promise<Crowd> {
  const made = await new Crowd().open();
  crowds.push(made);
  return made;
}

afterEach(async () => {
  for (const made of crowds.splice(0)) {
    const closed = made.server.close();
    for (let turn = 0; turn < 20; turn += 1) {
      for (const resolve of made.stored.splice(0)) resolve();
      await made.turns(1);
    }
    await closed;
  }
});

describe('A DHCP server that is asked more than it can answer', () => {
  it('sheds the oldest questions when too many wait, answers the newest, and says so', async () => {
    const made = await crowd();
    for (let client = 0; client < 8192 + 100; client += 1) made.discover(client);
    await made.turns(40);
    expect(made.answered).toHaveLength(8192);
    expect([made.answered[0], made.answered.at(-1)]).toEqual(['OFFER 100', 'OFFER 8291']);
    expect(made.events.filter(({ type }) => type === 'dhcp.overloaded')).toEqual([
      { type: 'dhcp.overloaded', shed: 100, waiting: 8192 - 256, unsettled: 0 },
    ]);
  });

  it('does not answer a question that waited longer than its client does', async () => {
    const made = await crowd();
    made.discover(1, 2500);
    made.discover(2, 1500);
    await made.turns(3);
    expect(made.answered).toEqual(['OFFER 2']);
    expect(made.events).toContainEqual({ type: 'dhcp.overloaded', shed: 1, waiting: 0, unsettled: 0 });
  });

  it('begins nothing new while thousands of leases wait for a slow store, and goes on when it has answered', async () => {
    const made = await crowd();
    invariant(FIRST !== undefined, 'an address');
    for (let client = 0; client < 4096; client += 1) made.request(client, (FIRST + client) as Ipv4);
    await made.turns(40);
    expect(made.answered).toEqual([]);
    made.discover(5000);
    await made.turns(5);
    expect(made.answered).toEqual([]);
    for (let turn = 0; turn < 20; turn += 1) {
      for (const resolve of made.stored.splice(0)) resolve();
      await made.turns(1);
    }
    expect(made.answered).toHaveLength(4097);
    expect(made.answered).toContain('OFFER 5000');
    expect(made.answered.filter((answer) => answer.startsWith('ACK'))).toHaveLength(4096);
  });
});
