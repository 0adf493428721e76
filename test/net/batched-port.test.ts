/** Many datagrams a system call, on the loopback. */
import { readdirSync } from 'node:fs';
import { afterEach, describe, expect, test } from 'vitest';
import { type Ipv4, parseIpv4 } from '../../src/base/addresses.ts';
import { invariant } from '../../src/base/result.ts';
import { isAvailable } from '../../src/net/linux/libc.ts';
import { linuxSockets } from '../../src/net/linux/sockets.ts';
import type { DatagramPort, UdpOptions } from '../../src/net/ports.ts';

const open: DatagramPort[] = [];

afterEach(async () => {
  await Promise.all(open.splice(0).map((port) => port.close()));
});

function localhost(): Ipv4 {
  const address = parseIpv4('127.0.0.1');
  invariant(address !== undefined, 'an address');
  return address;
}

async function port(options: Partial<UdpOptions> = {}): Promise<DatagramPort> {
  const made = await linuxSockets().openUdp({
    interface: 'lo',
    port: 0,
    address: localhost(),
    batched: true,
    receiveBuffer: 4 << 20,
    ...options,
  });
  open.push(made);
  return made;
}

interface Heard {
  readonly bytes: Uint8Array;
  readonly fromPort: number;
  readonly waitedMs: number;
}

/** Resolves with the first `count` datagrams. */
function hear(at: DatagramPort, count: number): Promise<Heard[]> {
  const heard: Heard[] = [];
  return new Promise((resolve) => {
    at.onDatagram((bytes, from, waitedMs) => {
      heard.push({ bytes, fromPort: from.port, waitedMs });
      if (heard.length === count) resolve(heard);
    });
  });
}

const numbered = (n: number, octets = 300): Uint8Array =>
  new Uint8Array(octets).fill(n & 255, 4).map((octet, at) => (at < 4 ? (n >> (8 * at)) & 255 : octet));

describe.runIf(isAvailable())('a batched port', () => {
  test('takes a burst of a thousand in order, each with its own octets, and knows who sent them', async () => {
    const [server, client] = [await port(), await port()];
    const heard = hear(server, 1000);
    for (let n = 0; n < 1000; n += 1) client.send(numbered(n, 300 + (n % 7)), server.local);
    const all = await heard;
    expect(all.map(({ bytes }) => bytes)).toEqual(Array.from({ length: 1000 }, (_, n) => numbered(n, 300 + (n % 7))));
    expect(new Set(all.map(({ fromPort }) => fromPort))).toEqual(new Set([client.local.port]));
  });

  test('gives octets that nobody else writes into, also after many more datagrams', async () => {
    const [server, client] = [await port(), await port()];
    const kept: Uint8Array[] = [];
    for (let round = 0; round < 20; round += 1) {
      const heard = hear(server, 64);
      for (let n = 0; n < 64; n += 1) client.send(numbered(round * 64 + n), server.local);
      kept.push(...(await heard).map(({ bytes }) => bytes));
    }
    expect(kept).toEqual(Array.from({ length: 20 * 64 }, (_, n) => numbered(n)));
  });

  test('copies what is sent: the sender may write over it at once', async () => {
    const [server, client] = [await port(), await port()];
    const heard = hear(server, 2);
    const bytes = Uint8Array.of(1, 1, 1);
    client.send(bytes, server.local);
    bytes.fill(2);
    client.send(bytes, server.local);
    expect((await heard).map((one) => [...one.bytes])).toEqual([
      [1, 1, 1],
      [2, 2, 2],
    ]);
  });

  test('says how long the kernel had a datagram', async () => {
    const [server, client] = [await port(), await port()];
    const heard = hear(server, 2);
    client.send(numbered(0), server.local);
    // What was sent leaves with the microtasks of this turn; then this thread is busy, as in a long commit.
    await Promise.resolve();
    Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0, 120);
    client.send(numbered(1), server.local);
    const [first, second] = await heard;
    expect(first?.waitedMs).toBeGreaterThanOrEqual(110);
    expect(second?.waitedMs).toBeLessThan(100);
  });

  test('answers between batches, empty datagrams and all', async () => {
    const [server, client] = [await port(), await port()];
    server.onDatagram((bytes, from) => server.send(bytes, from));
    const heard = hear(client, 200);
    for (let n = 0; n < 200; n += 1) client.send(new Uint8Array(n), server.local);
    expect((await heard).map(({ bytes }) => bytes.length)).toEqual(Array.from({ length: 200 }, (_, n) => n));
  });

  test('a datagram that cannot be sent is a fault, and the ones around it are sent', async () => {
    const [server, client] = [await port(), await port()];
    const faults: string[] = [];
    client.onFault((fault) => faults.push(fault.message));
    const heard = hear(server, 4);
    client.send(numbered(1), server.local);
    client.send(numbered(2), { address: localhost(), port: 0 });
    client.send(numbered(3), server.local);
    client.send(numbered(4), { address: localhost(), port: 0 });
    client.send(numbered(5), server.local);
    client.send(numbered(6), server.local);
    expect((await heard).map(({ bytes }) => bytes[0])).toEqual([1, 3, 5, 6]);
    expect(faults).toEqual(Array(2).fill('EINVAL: invalid argument (sending on lo)'));
  });

  test('sends a long datagram whole and receives the first 2048 octets of one', async () => {
    const [server, client] = [await port(), await port()];
    const heard = hear(server, 2);
    client.send(numbered(7, 5000), server.local);
    client.send(numbered(8, 2048), server.local);
    expect((await heard).map(({ bytes }) => [bytes[0], bytes.length]).toSorted()).toEqual([
      [7, 2048],
      [8, 2048],
    ]);
    const plain = await port({ batched: false });
    const whole = hear(plain, 1);
    client.send(numbered(9, 5000), plain.local);
    expect((await whole)[0]?.bytes).toEqual(numbered(9, 5000));
  });

  test('closing sends what was still to be sent, twice is allowed, and nothing comes afterwards', async () => {
    const [server, client] = [await port(), await port()];
    const heard = hear(server, 1);
    client.send(numbered(1), server.local);
    await Promise.all([client.close(), client.close()]);
    client.send(numbered(2), server.local);
    expect(await heard).toHaveLength(1);
    server.onDatagram(() => expect.unreachable('the port is closed'));
    const third = await port();
    third.send(numbered(3), server.local);
    await server.close();
    await new Promise((resolve) => setTimeout(resolve, 20));
  });

  test('no file descriptor is left behind', async () => {
    await (await port()).close();
    const before = readdirSync('/proc/self/fd').length;
    for (let round = 0; round < 5; round += 1) await (await port()).close();
    expect(readdirSync('/proc/self/fd').length).toBe(before);
  });

  test('a port for all and one for an address share a number, batched too', async () => {
    const sockets = linuxSockets();
    const all = await sockets.openUdp({ interface: 'lo', port: 0, batched: true });
    const own = await sockets.openUdp({ interface: 'lo', port: all.local.port, address: localhost(), batched: true });
    open.push(all, own);
    const client = await port();
    const [atOwn, back] = [hear(own, 1), hear(client, 1)];
    client.send(numbered(1), own.local);
    await atOwn;
    own.send(numbered(2), client.local);
    expect((await back)[0]?.fromPort).toBe(all.local.port);
  });
});
