import { createSocket } from 'node:dgram';
import { createServer } from 'node:net';
import packet from 'dns-packet';
import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest';
import { type Clock, monoMs, wallMs } from '../../src/base/clock.ts';
import type { AppEvent } from '../../src/events/events.ts';
import type { DatagramPort, ListenOptions } from '../../src/net/ports.ts';
import { DeviceDirectory } from '../../src/observe/directory.ts';
import { DeviceNames } from '../../src/server/device-names.ts';
import { DnsForwarder } from '../../src/server/dns-forwarder.ts';
import { DnsServer } from '../../src/server/dns-server.ts';
import { NtpServer } from '../../src/server/ntp-server.ts';
import { ServiceDoors } from '../../src/server/service-doors.ts';
import { SyslogFiles } from '../../src/server/syslog-files.ts';
import { SyslogServer } from '../../src/server/syslog-server.ts';
import { cidr, ip, mac } from '../support/addresses.ts';
import { MemoryNetwork } from '../support/memory-network.ts';

const SERVER = ip('192.168.77.1');
const CLIENT = ip('192.168.77.21');
const DESK = mac('00:1b:54:aa:bb:cc');
const PLACE = { interface: 'eth1', address: SERVER };
const START = Date.UTC(2026, 10, 28, 1, 2, 3);

let network: MemoryNetwork;
let told: AppEvent[];
let elapsed: number;
const clock: Clock = { wall: () => wallMs(START + elapsed), mono: () => monoMs(elapsed) };
const onFlood = (address: unknown, count: number) => told.push({ type: 'service.flooded', service: 'x', address: address as never, count });
const onFault = (_on: string, fault: Error) => {
  throw fault;
};

beforeEach(() => {
  network = new MemoryNetwork();
  told = [];
  elapsed = 0;
});
afterEach(() => vi.useRealTimers());

const client = (address = CLIENT): Promise<DatagramPort> => network.openUdp({ interface: 'eth1', address, port: 0 });
/** What was sent is there, and its answer too. */
const arrived = () => new Promise(setImmediate);
const replies = (port: DatagramPort): Uint8Array[] => {
  const heard: Uint8Array[] = [];
  port.onDatagram((octets) => heard.push(octets));
  return heard;
};

describe('The doors of a service', () => {
  const kind = {
    name: 'ntp',
    port: 123,
    rivals: 'often chrony',
    open: async (place: typeof PLACE) => {
      const port = await network.openUdp({ ...place, port: 123 });
      return () => port.close();
    },
  } as const;

  test('are at each address, and open and close with the interface', async () => {
    const doors = new ServiceDoors(kind, (event) => told.push(event));
    const places = { interface: 'eth1', addresses: [SERVER, ip('192.168.77.2')] };
    await doors.listen(places);
    await doors.listen(places);
    // One on loopback for each, for this machine itself.
    expect(network.openPorts).toHaveLength(4);
    expect(told).toEqual(
      [SERVER, ip('192.168.77.2')].map((address) => ({ type: 'service.ready', service: 'ntp', port: 123, interface: 'eth1', address })),
    );
    await doors.unlisten('eth1');
    expect(network.openPorts).toEqual([]);
  });

  test('say who may have the port, and are opened at the next try', async () => {
    const other = await network.openUdp({ ...PLACE, port: 123 });
    const doors = new ServiceDoors(kind, (event) => told.push(event));
    await doors.listen({ interface: 'eth1', addresses: [SERVER] });
    expect(told).toMatchObject([{ type: 'service.unavailable', why: 'EADDRINUSE: port 123 on eth1; often chrony' }]);
    await other.close();
    await doors.listen({ interface: 'eth1', addresses: [SERVER] });
    expect(told).toMatchObject([{ type: 'service.unavailable' }, { type: 'service.ready' }]);
    await doors.close();
  });
});

describe('The time server', () => {
  const question = Uint8Array.of(0x23, ...new Array<number>(47).fill(0));

  test('answers, and RFC 5905 §7.4: tells who asks too often, once', async () => {
    vi.useFakeTimers({ toFake: ['setTimeout', 'clearTimeout'] });
    const server = new NtpServer({ sockets: network, clock, readClock: () => undefined, onFlood, onFault });
    await server.kind.open(PLACE);
    const port = await client();
    const heard = replies(port);
    for (let count = 0; count < 40; count += 1) port.send(question, { address: SERVER, port: 123 });
    await arrived();
    expect(heard.filter((octets) => octets[1] === 10)).toHaveLength(32);
    expect(heard.filter((octets) => octets[1] === 0)).toHaveLength(1);
    vi.advanceTimersByTime(1000);
    expect(told).toEqual([{ type: 'service.flooded', service: 'x', address: CLIENT, count: 8 }]);
    elapsed = 60_000;
    port.send(question, { address: SERVER, port: 123 });
    await arrived();
    expect(heard.at(-1)?.[1]).toBe(10);
    server.close();
  });
});

describe('The receiver of syslog', () => {
  test('tells whose message it is, and takes only so many of one sender', async () => {
    vi.useFakeTimers({ toFake: ['setTimeout', 'clearTimeout'] });
    const directory = new DeviceDirectory([{ mac: DESK, name: 'desk-101' }]);
    directory.learn([{ address: CLIENT, mac: DESK }]);
    const tell = (event: AppEvent) => told.push(event);
    const config = { files: 'off', maxSize: 1, keep: 1, perSender: 2 } as const;
    const parts = { sockets: network, clock, tell, whoHas: (address: typeof CLIENT) => directory.whoHas(address), onFlood, onFault };
    const server = new SyslogServer(config, { ...parts, files: new SyslogFiles(config, { folder: '/nowhere', clock, tell }) });
    await server.kind.open(PLACE);
    const port = await client();
    const other = await client(ip('192.168.77.22'));
    for (let count = 0; count < 25; count += 1) port.send(new TextEncoder().encode('<131>hello'), { address: SERVER, port: 514 });
    other.send(new TextEncoder().encode('<13>Nov 28 01:07:03 h t: late'), { address: SERVER, port: 514 });
    await arrived();
    expect(told).toHaveLength(21);
    expect(told[0]).toMatchObject({ type: 'syslog.received', address: CLIENT, mac: DESK, severity: 'error', text: 'hello' });
    expect(told[20]).toMatchObject({ address: ip('192.168.77.22'), clockOffsetSeconds: 300, isClockZoneKnown: false });
    vi.advanceTimersByTime(1000);
    expect(told.at(-1)).toEqual({ type: 'service.flooded', service: 'x', address: CLIENT, count: 5 });
    await server.close();
  });
});

describe('The name server', () => {
  const question = (name: string, id = 7): Buffer =>
    packet.encode({ type: 'query', id, flags: packet.RECURSION_DESIRED, questions: [{ type: 'A', name }] });
  const HOSTS = [{ key: { mac: DESK }, name: 'desk-101', address: CLIENT }] as never;
  const listen = async (_server: unknown, _options: ListenOptions) => undefined;

  async function nameServer(forwarder: DnsForwarder, directory = new DeviceDirectory()): Promise<DeviceNames> {
    const dns = { domains: ['bench.lan'], names: [], forward: 'off' } as const;
    const names = new DeviceNames(directory, dns, { networks: [], hosts: HOSTS });
    names.serve([cidr('192.168.77.1/24')]);
    const server = new DnsServer({ sockets: network, listen, clock, names, forwarder, onFlood, onFault });
    await server.kind.open(PLACE);
    return names;
  }

  const off = () => new DnsForwarder('off', { isOwn: () => false, onUnanswered: () => undefined });
  const ask = async (port: DatagramPort, octets: Uint8Array): Promise<packet.DecodedPacket | undefined> => {
    const heard = replies(port);
    port.send(octets, { address: SERVER, port: 53 });
    await vi.waitFor(() => expect(heard.length).toBeGreaterThan(0));
    return heard[0] && packet.decode(Buffer.from(heard[0]));
  };

  test('knows reserved hosts, and leases as they come and go', async () => {
    const directory = new DeviceDirectory();
    await nameServer(off(), directory);
    const port = await client();
    expect(await ask(port, question('desk-101.bench.lan'))).toMatchObject({ rcode: 'NOERROR', answers: [{ data: '192.168.77.21' }] });
    expect(await ask(port, question('printer.bench.lan'))).toMatchObject({ rcode: 'NXDOMAIN' });
    const lease = { address: ip('192.168.77.101'), mac: mac('00:00:5e:00:53:01'), hostName: 'Printer', network: 'bench' };
    directory.listener({ type: 'lease.bound', ...lease, leaseSeconds: 60, how: 'new' });
    elapsed += 1000;
    expect(await ask(port, question('printer.bench.lan'))).toMatchObject({ rcode: 'NOERROR', answers: [{ data: '192.168.77.101' }] });
    directory.listener({ type: 'lease.expired', ...lease });
    elapsed += 1000;
    expect(await ask(port, question('printer.bench.lan'))).toMatchObject({ rcode: 'NXDOMAIN' });
  });

  test('refuses other names, and answers neither answers nor other servers', async () => {
    await nameServer(off());
    const port = await client();
    expect(await ask(port, question('example.org'))).toMatchObject({ rcode: 'REFUSED', flag_ra: false });
    const heard = replies(port);
    port.send(packet.encode({ type: 'response', questions: [] }), { address: SERVER, port: 53 });
    port.send(Uint8Array.of(1, 2, 3), { address: SERVER, port: 53 });
    const server = await network.openUdp({ interface: 'eth1', address: ip('192.168.77.30'), port: 53 });
    const heardByServer = replies(server);
    server.send(question('desk-101.bench.lan'), { address: SERVER, port: 53 });
    await arrived();
    expect([heard, heardByServer]).toEqual([[], []]);
  });

  test('takes only so many questions of one client', async () => {
    await nameServer(off());
    const port = await client();
    const heard = replies(port);
    for (let count = 0; count < 520; count += 1) port.send(question('desk-101.bench.lan'), { address: SERVER, port: 53 });
    await vi.waitFor(() => expect(heard).toHaveLength(500));
  });

  test('RFC 5452 §9: asks elsewhere with another id and port, and waits for the true answer', async () => {
    const upstream = createSocket('udp4');
    const asked: { id: number | undefined; port: number }[] = [];
    upstream.on('message', (message, from) => {
      const { id, questions = [] } = packet.decode(message);
      asked.push({ id, port: from.port });
      const reply = (with_: number, data: string) =>
        upstream.send(
          packet.encode({ type: 'response', id: with_, questions, answers: [{ type: 'A', name: 'example.org', ttl: 1, data }] }),
          from.port,
          from.address,
        );
      // Somebody who guesses is quicker.
      reply(((id ?? 0) + 1) & 0xffff, '6.6.6.6');
      reply(id ?? 0, '192.0.2.7');
    });
    await new Promise<void>((resolve) => upstream.bind(0, '127.0.0.1', resolve));
    const forwarder = new DnsForwarder([ip('127.0.0.1')], {
      isOwn: () => false,
      onUnanswered: () => undefined,
      port: upstream.address().port,
    });
    await nameServer(forwarder);
    const port = await client();
    for (let count = 0; count < 4; count += 1)
      expect(await ask(port, question('example.org', 99))).toMatchObject({ id: 99, answers: [{ data: '192.0.2.7' }] });
    expect(new Set(asked.map(({ id }) => id)).size).toBeGreaterThan(1);
    expect(new Set(asked.map((one) => one.port)).size).toBeGreaterThan(1);
    const stranger = await client(ip('10.0.0.1'));
    expect(await ask(stranger, question('example.org'))).toMatchObject({ rcode: 'REFUSED' });
    expect(asked).toHaveLength(4);
    upstream.close();
  });

  test('says that it failed when nobody answers, by UDP and by TCP', async () => {
    const closed = createServer();
    await new Promise<void>((resolve) => closed.listen(0, '127.0.0.1', resolve));
    const address = closed.address();
    const free = typeof address === 'object' && address !== null ? address.port : 0;
    await new Promise((resolve) => closed.close(resolve));
    const why: string[] = [];
    const parts = {
      isOwn: () => false,
      onUnanswered: (_asked: readonly string[], _count: number, reason: string) => why.push(reason),
      port: free,
      timeoutMs: 500,
    };
    const forwarder = new DnsForwarder([ip('127.0.0.1')], parts);
    expect(await forwarder.ask(question('example.org'), 'udp')).toBeUndefined();
    expect(await forwarder.ask(question('example.org'), 'tcp')).toBeUndefined();
    forwarder.close();
    expect(why.join()).toContain('ECONNREFUSED');
    await nameServer(forwarder);
    expect(await ask(await client(), question('example.org'))).toMatchObject({ rcode: 'SERVFAIL', flag_ra: true });
  });
});
