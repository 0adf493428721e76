import { afterEach, describe, expect, test, vi } from 'vitest';
import { LIMITED_BROADCAST } from '../../src/base/addresses.ts';
import { latin1Bytes } from '../../src/base/bytes.ts';
import type { TftpPacket } from '../../src/tftp/packet.ts';
import { type BenchClient, request, SECOND, SERVER, settle, TftpBench } from '../support/tftp-bench.ts';

const DOOR = { address: SERVER, port: 69 };
const GIVE_UP: TftpPacket = { type: 'error', code: 0, message: '' };
const ack = (block: number): TftpPacket => ({ type: 'ack', block });

let bench: TftpBench;

afterEach(() => bench.end());

/** A new client that has begun to fetch a file; the port that it is served from. */
async function begun(file = 'f5000'): Promise<{ client: BenchClient; port: number }> {
  const client = await bench.client();
  expect(await client.ask(file)).toEqual(['DATA 1 (512)']);
  return { client, port: client.transferPort().port };
}

describe('tftp.singlePort', () => {
  test('a read goes on from port 69 of the address that was asked, to its end', async () => {
    bench = await TftpBench.open({ singlePort: true });
    for (const asked of [SERVER, SECOND]) {
      const client = await bench.client();
      await client.ask('f1000', { blksize: 600, windowsize: 2 }, asked);
      expect(client.transferPort()).toEqual({ address: asked, port: 69 });
      expect(await client.say(ack(0))).toEqual(['DATA 1 (600)', 'DATA 2 (400)']);
      expect(await client.say(ack(2))).toEqual([]);
    }
    expect(bench.eventTypes()).toEqual(['transfer.done', 'transfer.done']);
    expect(bench.serverPorts()).not.toContain('transfer');
  });

  test('an upload goes on from port 69', async () => {
    bench = await TftpBench.open({ singlePort: true });
    const client = await bench.client();
    expect(await client.put('cfg')).toEqual(['ACK 0']);
    expect(await client.say({ type: 'data', block: 1, octets: new Uint8Array(3) })).toEqual(['ACK 1']);
    expect(client.transferPort()).toEqual(DOOR);
    expect(bench.events.at(-1)).toMatchObject({ type: 'transfer.done', octets: 3, direction: 'write' });
  });

  test('clients do not hear each other, and a stranger is told (RFC 1350 §4)', async () => {
    bench = await TftpBench.open({ singlePort: true });
    const [one, other] = [await begun(), await begun()];
    const stranger = await bench.client();
    expect(await stranger.say(ack(1), DOOR)).toEqual(['ERROR 5']);
    expect(await stranger.say(GIVE_UP, DOOR)).toEqual([]);
    expect(await stranger.say(latin1Bytes('\0\x09what\0'), DOOR)).toEqual(['ERROR 4']);
    expect(await one.client.say(ack(1))).toEqual(['DATA 2 (512)']);
    expect(await other.client.say(ack(1))).toEqual(['DATA 2 (512)']);
    expect([one.client.heard.length, other.client.heard.length]).toEqual([2, 2]);
  });

  test('all but requests belongs to the transfer of its peer, garbage too', async () => {
    bench = await TftpBench.open({ singlePort: true });
    const { client } = await begun();
    for (const octets of ['', '\0', '\0\x04', '\0\x63junk', '\x01\x01f1000\0octet\0'])
      expect(await client.say(latin1Bytes(octets))).toEqual([]);
    expect(bench.eventTypes()).not.toContain('tftp.dropped');
    expect(await client.say(ack(1))).toEqual(['DATA 2 (512)']);
    await client.say(GIVE_UP);
    expect(bench.events.at(-1)).toMatchObject({ type: 'transfer.failed' });
  });

  test('a request from a peer whose transfer runs is a request', async () => {
    bench = await TftpBench.open({ singlePort: true });
    const { client } = await begun();
    expect(await client.ask('f5000')).toEqual([]);
    expect(await client.say(ack(1))).toEqual(['DATA 2 (512)']);
    expect(await client.ask('f1000')).toEqual(['DATA 1 (512)']);
    expect(await client.say(ack(1))).toEqual(['DATA 2 (488)']);
    expect(bench.eventTypes()).toEqual(['transfer.failed']);
    await client.say(ack(2));
    expect(bench.route.opened).toBe(0);
  });

  test('the last words of a client are not held against it, those of ten seconds later are', async () => {
    bench = await TftpBench.open({ singlePort: true });
    const { client } = await begun('f1000');
    await client.say(ack(1));
    await client.say(ack(2));
    expect(await client.say(ack(2))).toEqual([]);
    await vi.advanceTimersByTimeAsync(11_000);
    expect(await client.say(ack(2))).toEqual(['ERROR 5']);
  });

  test('what is asked for by broadcast comes from port 69 of the first address', async () => {
    bench = await TftpBench.open({ singlePort: true });
    const client = await bench.client();
    expect(await client.say(request('rrq', 'f1000'), { address: LIMITED_BROADCAST, port: 69 })).toEqual(['DATA 1 (512)']);
    expect(client.transferPort()).toEqual(DOOR);
    expect(await client.say(ack(1))).toEqual(['DATA 2 (488)']);
    expect(await client.say(ack(2), { address: LIMITED_BROADCAST, port: 69 })).toEqual([]);
    expect(bench.events.at(-1)).toMatchObject({ type: 'tftp.dropped' });
    await client.say(ack(2), DOOR);
    expect(bench.events.at(-1)).toMatchObject({ type: 'transfer.done' });
  });

  test('switched on by a reload, then off: transfers that run go on where they are', async () => {
    bench = await TftpBench.open();
    const first = await begun();
    bench.configure({ singlePort: true });
    const second = await begun();
    bench.configure({});
    const third = await begun();
    expect([first.port === 69, second.port === 69, third.port === 69]).toEqual([false, true, false]);
    for (const { client } of [first, second, third]) expect(await client.say(ack(1))).toEqual(['DATA 2 (512)']);
    await second.client.say(GIVE_UP);
    expect(await (await bench.client()).say(ack(1), DOOR)).toEqual([]);
  });
});

describe('tftp.portRange', () => {
  const range = (first: number, last: number) => ({ portRange: { first, last } });

  async function portsOf(count: number): Promise<number[]> {
    const ports: number[] = [];
    for (let n = 0; n < count; n++) ports.push((await begun()).port);
    return ports;
  }

  test('transfers take its ports in turn, and there are no others', async () => {
    bench = await TftpBench.open(range(50_000, 50_002));
    expect(await portsOf(7)).toEqual([50_000, 50_001, 50_002, 50_000, 50_001, 50_002, 50_000]);
    expect(bench.serverPorts().filter((port) => port === 'transfer')).toHaveLength(3);
  });

  test('no more sockets than the pool has, however large it is', async () => {
    bench = await TftpBench.open(range(50_000, 50_063));
    const ports = await portsOf(20);
    expect(new Set(ports).size).toBe(16);
    expect(Math.max(...ports)).toBeLessThan(50_064);
  });

  test('a port that somebody else has is skipped', async () => {
    bench = await TftpBench.open(range(50_000, 50_003));
    for (const port of [50_000, 50_002]) await bench.client('lan0', SERVER, port);
    expect(await portsOf(3)).toEqual([50_001, 50_003, 50_001]);
  });

  test('many at once share what is free', async () => {
    bench = await TftpBench.open(range(50_000, 50_003));
    await bench.client('lan0', SERVER, 50_001);
    const clients = await Promise.all(Array.from({ length: 8 }, () => bench.client()));
    for (const client of clients) client.send(request('rrq', 'f5000'), DOOR);
    await settle();
    expect(new Set(clients.map((client) => client.transferPort().port))).toEqual(new Set([50_000, 50_002, 50_003]));
  });

  test('with all ports taken the client is told to come back, and the log says why; a port that becomes free is used', async () => {
    bench = await TftpBench.open(range(50_000, 50_001));
    const others = [await bench.client('lan0', SERVER, 50_000), await bench.client('lan0', SERVER, 50_001)];
    const client = await bench.client();
    expect(await client.ask('f1000')).toEqual(['ERROR 0']);
    expect(bench.events.at(-1)).toMatchObject({
      type: 'transfer.refused',
      reason: 'no socket: Error: no port of 50000-50001 is free (tftp.portRange)',
    });
    expect(bench.route.opened).toBe(0);
    await others[1]?.port.close();
    expect((await begun()).port).toBe(50_001);
  });

  test('a fault of the system is not the port’s: it is tried again', async () => {
    bench = await TftpBench.open(range(50_000, 50_001));
    const beforeOpen = ({ port }: { readonly port: number }) => {
      if (port >= 50_000) throw new Error('EMFILE');
    };
    bench.network.beforeOpen = beforeOpen;
    expect(await (await bench.client()).ask('f1000')).toEqual(['ERROR 0']);
    bench.network.beforeOpen = () => {};
    expect((await begun()).port).toBe(50_000);
    bench.network.beforeOpen = beforeOpen;
    expect((await begun()).port).toBe(50_000);
    bench.network.beforeOpen = () => {};
    expect((await begun()).port).toBe(50_001);
  });

  test('one port serves requests by broadcast as well', async () => {
    bench = await TftpBench.open(range(50_000, 50_000));
    await begun();
    const client = await bench.client();
    expect(await client.say(request('rrq', 'f1000'), { address: LIMITED_BROADCAST, port: 69 })).toEqual(['DATA 1 (512)']);
    expect(client.transferPort()).toEqual({ address: SERVER, port: 50_000 });
  });

  test('after a reload new transfers have the new ports; those that run go on, and their sockets go with them', async () => {
    bench = await TftpBench.open(range(50_000, 50_001));
    const [running, ended] = [await begun(), await begun()];
    await ended.client.say(GIVE_UP);
    bench.configure(range(50_001, 50_002));
    expect(await portsOf(3)).toEqual([50_002, 50_001, 50_002]);
    expect(openPorts()).toEqual([50_000, 50_001, 50_002]);
    expect(await running.client.say(ack(1))).toEqual(['DATA 2 (512)']);
    await running.client.say(GIVE_UP);
    expect(openPorts()).toEqual([50_001, 50_002]);
  });

  test('without it after a reload the system chooses again', async () => {
    bench = await TftpBench.open(range(50_000, 50_000));
    await begun();
    bench.configure({});
    expect(Math.max(...(await portsOf(2)))).toBeLessThan(50_000);
  });

  function openPorts(): number[] {
    const own = bench.network.openPorts.filter((port) => port.isAt('lan0', SERVER) && port.local.port !== 69);
    return own.map((port) => port.local.port).toSorted((a, b) => a - b);
  }
});
