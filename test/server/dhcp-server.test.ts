import { afterEach, describe, expect, it } from 'vitest';
import { LIMITED_BROADCAST, showIpv4 } from '../../src/base/addresses.ts';
import { monoMs, wallMs } from '../../src/base/clock.ts';
import { BootPlanner } from '../../src/boot/boot-plan.ts';
import { defaultConfig } from '../../src/config/resolve.ts';
import { DhcpEngine } from '../../src/dhcp/engine.ts';
import type { Lease } from '../../src/dhcp/lease.ts';
import { type DhcpPacket, decodePacket, encodePacket } from '../../src/dhcp/packet.ts';
import type { AppEvent } from '../../src/events/events.ts';
import { GroupCommit } from '../../src/leases/group-commit.ts';
import type { RawDatagram, SocketFactory } from '../../src/net/ports.ts';
import { DhcpPackets } from '../../src/server/dhcp-packets.ts';
import { DhcpServer } from '../../src/server/dhcp-server.ts';
import type { ServedNetwork } from '../../src/server/site.ts';
import { cidr, ip } from '../support/addresses.ts';
import { message } from '../support/dhcp-client.ts';
import { NO_BOOT } from '../support/dhcp-engine.ts';
import { card } from '../support/interfaces.ts';
import { MemoryNetwork, type MemoryPort } from '../support/memory-network.ts';

const MAC = '02:00:00:00:00:0a';

const LAN: ServedNetwork = { network: 'lan', facts: card('lan0', 7), address: cidr('192.168.77.1/24') };

/** The server on a network in memory, with a store that remembers what came before each reply. */
class Bench {
  readonly wire = new MemoryNetwork();
  readonly events: AppEvent[] = [];
  /** Stores and replies in the order in which they happened. */
  readonly history: string[] = [];
  readonly frames: RawDatagram[] = [];
  readonly server: DhcpServer;
  client: MemoryPort | undefined;

  constructor({ raw = true }: { readonly raw?: boolean } = {}) {
    const config = defaultConfig('/nowhere');
    const store = {
      description: 'memory',
      load: (): Iterable<Lease> => [],
      put: async (leases: readonly Lease[]) => {
        await Promise.resolve();
        this.history.push(...leases.map((lease) => `stored ${showIpv4(lease.address)} ${lease.state}`));
      },
      close: () => {},
    };
    const clock = { wall: () => wallMs(1_000_000_000_000), mono: () => monoMs(0) };
    const tell = (event: AppEvent) => void this.events.push(event);
    const sockets: SocketFactory = {
      openUdp: (options) => this.wire.openUdp(options),
      openRawLink: () =>
        raw ? { send: (datagram) => this.#seeFrame(datagram), close: () => void this.history.push('raw link closed') } : undefined,
      openArpProber: () => undefined,
      openReplySniffer: () => undefined,
      openRequestSniffer: () => undefined,
    };
    this.server = new DhcpServer({
      config,
      engine: new DhcpEngine(new BootPlanner(NO_BOOT)),
      commits: new GroupCommit(store, clock, tell),
      sockets,
      clock,
      tell,
      packets: new DhcpPackets(clock),
    });
  }

  /** A client without an address on the wire of `lan0`; what it hears goes into `heard`. */
  async plugIn(): Promise<DhcpPacket[]> {
    const heard: DhcpPacket[] = [];
    this.client = await this.wire.openUdp({ interface: 'lan0', port: 68, broadcast: true });
    this.client.onDatagram((bytes) => {
      const packet = decodePacket(bytes);
      if (packet.ok) heard.push(packet.value);
      this.history.push('heard a broadcast');
    });
    return heard;
  }

  async say(packet: DhcpPacket | Uint8Array): Promise<void> {
    this.client?.send(packet instanceof Uint8Array ? packet : encodePacket(packet), { address: LIMITED_BROADCAST, port: 67 });
    // Turns for the message to be taken, the group to gather, and the store to answer.
    for (let turn = 0; turn < 6; turn++) await new Promise((resolve) => setImmediate(resolve));
  }

  #seeFrame(datagram: RawDatagram): void {
    this.frames.push(datagram);
    this.history.push(`frame to ${datagram.hardwareAddress} ${showIpv4(datagram.to.address)}`);
  }
}

const benches: Bench[] = [];
async function openBench(options?: { readonly raw: boolean }): Promise<{ bench: Bench; heard: DhcpPacket[] }> {
  const bench = new Bench(options);
  benches.push(bench);
  await bench.server.serve([LAN]);
  return { bench, heard: await bench.plugIn() };
}
afterEach(async () => {
  await Promise.all(benches.splice(0).map((bench) => bench.server.close()));
});

describe('The DHCP server around its engine', () => {
  it('sends an ACK only after its lease is stored', async () => {
    const { bench } = await openBench();
    await bench.say(message('DISCOVER', MAC));
    await bench.say(message('REQUEST', MAC, { requested: '192.168.77.128', server: '192.168.77.1' }));
    expect(bench.history).toEqual([`frame to ${MAC} 192.168.77.128`, 'stored 192.168.77.128 bound', `frame to ${MAC} 192.168.77.128`]);
  });

  it('answers from its own address on the interface, ports 67 to 68', async () => {
    const { bench } = await openBench();
    await bench.say(message('DISCOVER', MAC));
    expect(bench.frames).toMatchObject([{ from: { address: ip('192.168.77.1'), port: 67 }, to: { port: 68 } }]);
  });

  it('broadcasts where frames cannot be sent (RFC 2131 §4.1), and when the client asks for it', async () => {
    const without = await openBench({ raw: false });
    await without.bench.say(message('DISCOVER', MAC));
    expect(without.heard).toHaveLength(1);
    const { bench, heard } = await openBench();
    await bench.say(message('DISCOVER', MAC, { broadcast: true }));
    expect([heard.length, bench.frames.length]).toEqual([1, 0]);
  });

  it('drops what is no message, with the reason', async () => {
    const { bench } = await openBench();
    await bench.say(Uint8Array.of(1, 2, 3));
    await bench.say(new Uint8Array());
    expect(bench.events).toMatchObject([
      { type: 'dhcp.dropped', interface: 'lan0', reason: 'only 3 octets, a message has 240 at least' },
      { type: 'dhcp.dropped', interface: 'lan0' },
    ]);
  });

  it('closes the sockets of an interface that is gone and keeps its leases for when it is back', async () => {
    const { bench } = await openBench();
    await bench.say(message('DISCOVER', MAC));
    await bench.say(message('REQUEST', MAC, { requested: '192.168.77.128', server: '192.168.77.1' }));
    await bench.server.serve([]);
    expect(bench.wire.openPorts).toEqual([bench.client]);
    await bench.server.serve([LAN]);
    await bench.say(message('DISCOVER', MAC));
    expect(bench.history.at(-1)).toBe(`frame to ${MAC} 192.168.77.128`);
  });

  it('says what is in the way of a socket, leaves nothing half open, and serves the others', async () => {
    const bench = new Bench();
    benches.push(bench);
    bench.wire.beforeOpen = ({ interface: name, address }) => {
      if (name === 'bad0' && address !== undefined) throw new Error('EADDRINUSE on port 67');
    };
    const bad: ServedNetwork = { network: 'bad', facts: card('bad0', 7), address: cidr('10.1.0.1/24') };
    await expect(bench.server.serve([bad, LAN])).rejects.toThrow('EADDRINUSE on port 67');
    expect(bench.wire.openPorts.map(({ local }) => `${showIpv4(local.address)}:${local.port}`)).toEqual([
      '0.0.0.0:67',
      '192.168.77.1:67',
      '192.168.77.1:4011',
    ]);
  });
});
