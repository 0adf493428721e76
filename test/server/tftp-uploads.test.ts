import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest';
import { latin1Bytes } from '../../src/base/bytes.ts';
import { ReadingClient, WritingClient } from '../../src/probe/tftp-client.ts';
import type { TftpPacket } from '../../src/tftp/packet.ts';
import { MemoryNetwork } from '../support/memory-network.ts';
import { playClient } from '../support/play-client.ts';
import { type BenchClient, request, SERVER, settle, TftpBench } from '../support/tftp-bench.ts';
import { pattern } from '../support/tftp-script.ts';

const DOOR = { address: SERVER, port: 69 };
const ack = (block: number): TftpPacket => ({ type: 'ack', block });
const data = (block: number, octets: Uint8Array): TftpPacket => ({ type: 'data', block, octets });
const GIVE_UP: TftpPacket = { type: 'error', code: 0, message: '' };

let bench: TftpBench;
let client: BenchClient;

beforeEach(async () => {
  bench = await TftpBench.open();
  client = await bench.client();
});

afterEach(() => bench.end());

describe('a write request', () => {
  test('the last ACK comes when the file is in its place, which is told', async () => {
    expect(await client.put('cfg', { tsize: 515 })).toEqual(['OACK tsize=515']);
    expect(await client.say(data(1, pattern(512)))).toEqual(['ACK 1']);
    const committing = Promise.withResolvers<void>();
    bench.route.gate = committing.promise;
    expect(await client.say(data(2, pattern(3)))).toEqual([]);
    committing.resolve();
    await settle();
    expect(client.heard.at(-1)).toMatchObject({ packet: ack(2) });
    expect(bench.route.files.get('cfg')).toHaveLength(515);
    expect(bench.events).toMatchObject([{ type: 'transfer.done', direction: 'write', path: 'cfg', octets: 515, storedAs: 'memory/cfg' }]);
    // The ACK may have been lost (RFC 1350 §6).
    expect(await client.say(data(2, pattern(3)))).toEqual(['ACK 2']);
  });

  test('in netascii is stored as a file of this machine (RFC 1350 §1)', async () => {
    await client.say(request('wrq', 'text', {}, 'netascii'), DOOR);
    await client.say(data(1, latin1Bytes('one\r\ntwo\r\0')));
    expect(Buffer.from(bench.route.files.get('text') ?? []).toString()).toBe('one\ntwo\r');
  });

  test.each([
    ['of an existing file', 'f1000', {}, 'ERROR 6'],
    ['of more than is allowed, as announced (RFC 2349 §4)', 'cfg', { tsize: 10_001 }, 'ERROR 3'],
    ['for which the files have no room, as announced', 'cfg', { tsize: 9001 }, 'ERROR 3'],
    ['outside the folder', '../cfg', {}, 'ERROR 2'],
    ['of a folder', 'cfg/', {}, 'ERROR 2'],
  ])('%s is refused', async (_name, fileName, options, answer) => {
    expect(await client.put(fileName, options)).toEqual([answer]);
    expect(bench.events).toMatchObject([{ type: 'transfer.refused', direction: 'write' }]);
  });

  test('that grows past the limit gets ERROR 3 and leaves nothing', async () => {
    await client.put('cfg', { blksize: 1468 });
    const answers: string[] = [];
    for (let block = 1; block <= 7; block++) answers.push(...(await client.say(data(block, pattern(1468)))));
    expect(answers.at(-1)).toBe('ERROR 3');
    expect(bench.route.aborted).toBe(1);
    expect(bench.route.files.has('cfg')).toBe(false);
  });

  test('to a full disk gets ERROR 3', async () => {
    await client.put('cfg');
    bench.route.refusal = { refused: 'full', detail: 'ENOSPC' };
    expect(await client.say(data(1, pattern(3)))).toEqual(['ERROR 3']);
    expect(bench.events.at(-1)).toMatchObject({ type: 'transfer.failed', reason: 'ENOSPC' });
    expect(bench.route.aborted).toBe(1);
  });

  test('tells the files what the client announced, and nothing when it did not', async () => {
    await client.put('cfg', { tsize: 515 });
    await (await bench.client()).put('other', { blksize: 1468 });
    expect(bench.route.announced).toEqual([515, undefined]);
  });

  test('that fails is told with the place of what came of it', async () => {
    await client.put('cfg');
    await client.say(data(1, pattern(512)));
    await vi.advanceTimersByTimeAsync(120_000);
    expect(bench.eventTypes()).toEqual(['transfer.started', 'transfer.progressed', 'transfer.failed']);
    expect(bench.events.at(-1)).toMatchObject({ path: 'cfg', octets: 512, keptAs: 'memory/cfg.partial' });
  });

  test('that its client gives up leaves nothing and is not answered (RFC 1350 §7)', async () => {
    await client.put('cfg');
    expect(await client.say(GIVE_UP)).toEqual([]);
    expect(bench.route.aborted).toBe(1);
  });

  test('after an upload the same port may ask for something else at once', async () => {
    await client.put('cfg');
    await client.say(data(1, pattern(3)));
    expect(await client.ask('f1000')).toEqual(['DATA 1 (512)']);
    expect(bench.eventTypes()).toEqual(['transfer.done']);
  });
});

describe('a bad line', () => {
  test('twenty clients at once get and put their files whole', async () => {
    await bench.end();
    bench = await TftpBench.open({}, new MemoryNetwork({ seed: 7, lost: 0.1, doubled: 0.1 }));
    const file = pattern(9000);
    bench.route.files.set('f9000', file);
    const readers: ReadingClient[] = [];
    for (let n = 0; n < 20; n++) {
      const each = await bench.client();
      const reads = n % 2 === 0;
      const player = reads ? new ReadingClient(512, 4) : new WritingClient(file, 512, 4);
      if (player instanceof ReadingClient) readers.push(player);
      void playClient(each, player, {
        type: reads ? 'rrq' : 'wrq',
        fileName: reads ? 'f9000' : `up${n}`,
        options: { windowsize: 4, timeout: 1 },
      });
    }
    await vi.advanceTimersByTimeAsync(120_000);
    expect(readers.map((reader) => Buffer.concat(reader.pieces).equals(file))).toEqual(Array(10).fill(true));
    for (let n = 1; n < 20; n += 2) expect(Buffer.from(bench.route.files.get(`up${n}`) ?? []).equals(file)).toBe(true);
    expect(bench.eventTypes().filter((type) => type === 'transfer.failed')).toEqual([]);
  });
});
