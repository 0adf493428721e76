import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest';
import { monoMs, wallMs } from '../../src/base/clock.ts';
import { TftpLessons } from '../../src/server/tftp-lessons.ts';
import type { TftpPacket } from '../../src/tftp/packet.ts';
import { ip, mac } from '../support/addresses.ts';
import { CLIENT, TftpBench } from '../support/tftp-bench.ts';

const ack = (block: number): TftpPacket => ({ type: 'ack', block });
const FAST = { blksize: 8192, windowsize: 4, tsize: 0 };

let bench: TftpBench;

beforeEach(async () => {
  bench = await TftpBench.open({ maxBlockSize: 65_464 });
  bench.route.files.set('f40000', new Uint8Array(40_000));
});

afterEach(() => bench.end());

/** Takes the OACK, hears nothing of what follows, and goes away. */
async function stall(options: Readonly<Record<string, number>>): Promise<string | undefined> {
  const client = await bench.client();
  const [answer] = await client.ask('f40000', options);
  await client.say(ack(0));
  await vi.advanceTimersByTimeAsync(8000);
  return answer;
}

describe('a client whose blocks do not arrive', () => {
  test('is offered smaller ones, whatever port it asks from, and the log says why (RFC 2348, RFC 7440)', async () => {
    const offers: (string | undefined)[] = [];
    for (let n = 0; n < 6; n++) offers.push(await stall(FAST));
    expect(offers).toEqual([
      'OACK blksize=8192 windowsize=4 tsize=40000',
      'OACK blksize=1468 windowsize=4 tsize=40000',
      'OACK blksize=512 windowsize=4 tsize=40000',
      'OACK blksize=512 windowsize=2 tsize=40000',
      'OACK blksize=512 windowsize=1 tsize=40000',
      'OACK blksize=512 windowsize=1 tsize=40000',
    ]);
    const learned = bench.events.filter(({ type }) => type === 'tftp.learned');
    const common = { address: CLIENT, hostName: 'desk-101', path: 'f40000' };
    expect(learned).toMatchObject([
      { ...common, size: 'block', tooLarge: 8192, next: 1468 },
      { ...common, size: 'block', tooLarge: 1468, next: 512 },
      { ...common, size: 'window', tooLarge: 4, next: 2 },
      { ...common, size: 'window', tooLarge: 2, next: 1 },
    ]);
  });

  test('gets no more than it asks for, and without options what it always got', async () => {
    await stall(FAST);
    const client = await bench.client();
    expect(await client.ask('f40000', { blksize: 600 })).toEqual(['OACK blksize=600']);
    expect(await (await bench.client()).ask('f40000')).toEqual(['DATA 1 (512)']);
  });

  test('teaches nothing about others', async () => {
    await stall(FAST);
    const other = await bench.client('wire', ip('192.168.77.101'));
    expect(await other.ask('f40000', { blksize: 8192 })).toEqual(['OACK blksize=8192']);
  });

  test('gets large ones again after a day', async () => {
    await stall(FAST);
    await vi.advanceTimersByTimeAsync(24 * 3_600_000);
    expect(await (await bench.client()).ask('f40000', { blksize: 8192 })).toEqual(['OACK blksize=8192']);
  });

  test('but that was only slow gets large ones again', async () => {
    const slow = await bench.client();
    await slow.ask('f40000', { blksize: 8192 });
    await slow.say(ack(0));
    await vi.advanceTimersByTimeAsync(8000);
    expect(await (await bench.client()).ask('f40000', { blksize: 8192 })).toEqual(['OACK blksize=1468']);
    for (let block = 1; block <= 5; block++) await slow.say(ack(block));
    expect(await (await bench.client()).ask('f40000', { blksize: 8192 })).toEqual(['OACK blksize=8192']);
  });

  test('is known by its MAC at any address, and by its address where no MAC is known', () => {
    const limits = { maxBlockSize: 1468, maxWindow: 64, maxUploadSize: 7 };
    const lessons = new TftpLessons({ wall: () => wallMs(0), mono: () => monoMs(0) }, () => {});
    const terms = { blockSize: 1468, window: 1, intervalMs: undefined, answer: [] };
    const [phone, desk] = [mac('00:1b:54:aa:bb:cc'), ip('192.168.77.101')];
    lessons.stalled({ label: { mac: phone, address: CLIENT, path: 'x' }, terms, size: 5000 });
    lessons.stalled({ label: { address: desk, path: 'x' }, terms, size: 5000 });
    expect(lessons.limitsFor({ mac: phone, address: ip('10.0.0.9') }, limits)).toEqual({ ...limits, maxBlockSize: 512 });
    expect(lessons.limitsFor({ address: desk }, limits)).toEqual({ ...limits, maxBlockSize: 512 });
    expect(lessons.limitsFor({ address: CLIENT }, limits)).toEqual(limits);
  });
});
