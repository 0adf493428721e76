import { afterEach, describe, expect, test, vi } from 'vitest';
import { ipv4 } from '../../src/base/addresses.ts';
import type { TftpPacket } from '../../src/tftp/packet.ts';
import { type BenchClient, CLIENT, settle, TftpBench } from '../support/tftp-bench.ts';

const KIB = 1024;
const ack = (block: number): TftpPacket => ({ type: 'ack', block });

let bench: TftpBench;

afterEach(() => bench.end());

/** A client that acknowledges each whole window at once, and notes when it had all of its file. */
async function fetcher(n: number, file: string, options: Readonly<Record<string, number>>): Promise<{ doneAt: () => number | undefined }> {
  const client = await bench.client('wire', ipv4(CLIENT + n));
  const { blksize = 512, windowsize = 1 } = options;
  let doneAt: number | undefined;
  client.onPacket = (packet) => {
    if (packet.type === 'oack') client.send(ack(0));
    if (packet.type !== 'data') return;
    const isLast = packet.octets.length < blksize;
    if (isLast) doneAt = performance.now();
    if (isLast || packet.block % windowsize === 0) client.send(ack(packet.block));
  };
  await client.ask(file, options);
  return { doneAt: () => doneAt };
}

async function open(settings: Parameters<typeof TftpBench.open>[0]): Promise<number> {
  bench = await TftpBench.open({ maxBlockSize: 8192, ...settings });
  bench.route.files.set('f100k', new Uint8Array(100 * KIB));
  return performance.now();
}

function resentOf(): number[] {
  return bench.events.flatMap((event) => (event.type === 'transfer.done' ? [event.resent ?? 0] : []));
}

describe('tftp.bandwidthPerClient', () => {
  test.each([
    ['in lock-step', { blksize: 1468 }],
    ['with windows', { blksize: 1468, windowsize: 32 }],
    ['in blocks larger than a turn', { blksize: 8192, windowsize: 2 }],
    ['without options', {}],
  ])('%s: 100 KiB at 50 KiB/s take two seconds, for each of two clients, and nothing is sent twice', async (_name, options) => {
    const start = await open({ bandwidthPerClient: 50 * KIB });
    const clients = [await fetcher(0, 'f100k', options), await fetcher(1, 'f100k', options)];
    await vi.advanceTimersByTimeAsync(3000);
    for (const { doneAt } of clients) {
      expect((doneAt() ?? 0) - start).toBeGreaterThan(1700);
      expect((doneAt() ?? 0) - start).toBeLessThan(2100);
    }
    expect(resentOf()).toEqual([0, 0]);
  });
});

describe('tftp.bandwidth', () => {
  test('is shared: four clients have their 100 KiB after four times as long, and nothing is sent twice', async () => {
    const start = await open({ bandwidth: 100 * KIB });
    const clients = await Promise.all([0, 1, 2, 3].map((n) => fetcher(n, 'f100k', { blksize: 1468, windowsize: 16 })));
    await vi.advanceTimersByTimeAsync(5000);
    for (const { doneAt } of clients) {
      expect((doneAt() ?? 0) - start).toBeGreaterThan(3500);
      expect((doneAt() ?? 0) - start).toBeLessThan(4200);
    }
    expect(resentOf()).toEqual([0, 0, 0, 0]);
  });

  test('waits without asking again, however long it takes (RFC 2349 §3: the interval is for what was sent)', async () => {
    await open({ bandwidth: 50 });
    const client = await bench.client();
    await client.ask('f5000', { timeout: 1, blksize: 1000 });
    await client.say(ack(0));
    await client.say(ack(1));
    expect(data(client)).toEqual([1]);
    await vi.advanceTimersByTimeAsync(19_900);
    expect(data(client)).toEqual([1]);
    await vi.advanceTimersByTimeAsync(200);
    expect(data(client)).toEqual([1, 2]);
    // From here on the client is silent, and the interval runs; what goes out again waits, too.
    await vi.advanceTimersByTimeAsync(20_200);
    expect(data(client)).toEqual([1, 2, 2]);
    expect(bench.eventTypes()).toEqual(['transfer.started', 'transfer.progressed']);
  });

  test('a window that waits goes out in parts, and an ACK of a part counts (RFC 7440 §4)', async () => {
    await open({ bandwidth: 1000 });
    const client = await bench.client();
    await client.ask('f5000', { blksize: 1000, windowsize: 4 });
    await client.say(ack(0));
    await vi.advanceTimersByTimeAsync(1000);
    expect(data(client)).toEqual([1, 2]);
    await client.say(ack(2));
    await vi.advanceTimersByTimeAsync(3500);
    expect(data(client)).toEqual([1, 2, 3, 4, 5, 6]);
    await client.say(ack(6));
    expect(bench.events.at(-1)).toMatchObject({ type: 'transfer.done', resent: 0, octets: 5000 });
  });

  test('a client that goes away while its blocks wait leaves nothing behind', async () => {
    await open({ bandwidth: 1000 });
    const [gone, other] = [await bench.client(), await bench.client('wire', ipv4(CLIENT + 1))];
    await gone.ask('f5000');
    await other.ask('f5000');
    await gone.say(ack(1));
    await gone.say({ type: 'error', code: 0, message: '' });
    await vi.advanceTimersByTimeAsync(1200);
    await settle();
    expect(data(other)).toEqual([1]);
    expect(bench.route.opened).toBe(1);
  });

  test('bounds what is sent, not what is received', async () => {
    await open({ bandwidth: 1 });
    const client = await bench.client();
    expect(await client.put('upload')).toEqual(['ACK 0']);
    for (let block = 1; block <= 10; block++)
      expect(await client.say({ type: 'data', block, octets: new Uint8Array(512) })).toEqual([`ACK ${block}`]);
  });
});

function data(client: BenchClient): number[] {
  return client.heard.flatMap(({ packet }) => (packet.type === 'data' ? [packet.block] : []));
}
