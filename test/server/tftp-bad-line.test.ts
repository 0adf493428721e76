/** Crowds on lines that lose and double datagrams, in virtual time. */
import { afterEach, describe, expect, test, vi } from 'vitest';
import { ReadingClient } from '../../src/probe/tftp-client.ts';
import { MemoryNetwork } from '../support/memory-network.ts';
import { playClient } from '../support/play-client.ts';
import { TftpBench } from '../support/tftp-bench.ts';
import { pattern } from '../support/tftp-script.ts';

const SIZE = 100_000;
const BLOCK_SIZE = 512;
const BLOCKS = Math.floor(SIZE / BLOCK_SIZE) + 1;
const CLIENTS = 20;
const LIMIT_MS = 10 * 60_000;

let bench: TftpBench;

afterEach(() => bench.end());

interface Line {
  readonly lost: number;
  readonly doubled: number;
}

/** Blocks that were sent again, of those that were to be sent; everybody has to have the whole file by then. */
async function shareSentAgain(line: Line, window: number, seed = 7): Promise<number> {
  bench = await TftpBench.open({}, new MemoryNetwork({ seed, ...line }));
  const file = pattern(SIZE);
  bench.route.files.set('f', file);
  const players: ReadingClient[] = [];
  for (let n = 0; n < CLIENTS; n += 1) {
    const player = new ReadingClient(BLOCK_SIZE, window);
    players.push(player);
    const options = window === 1 ? { blksize: BLOCK_SIZE } : { blksize: BLOCK_SIZE, windowsize: window };
    void playClient(await bench.client(), player, { type: 'rrq', fileName: 'f', options });
  }
  await vi.advanceTimersByTimeAsync(LIMIT_MS);
  expect(players.map((player) => Buffer.concat(player.pieces).equals(file))).toEqual(Array(CLIENTS).fill(true));
  const ends = bench.eventTypes().filter((type) => !['transfer.started', 'transfer.progressed', 'tftp.learned'].includes(type));
  expect(ends).toEqual(Array(CLIENTS).fill('transfer.done'));
  const resent = bench.events.reduce((sum, event) => sum + (event.type === 'transfer.done' ? (event.resent ?? 0) : 0), 0);
  return resent / (CLIENTS * BLOCKS);
}

describe.each([1, 16, 64])('windows of %i (RFC 7440)', (window) => {
  test('nothing is lost: nothing is sent again', async () => {
    expect(await shareSentAgain({ lost: 0, doubled: 0 }, window)).toBe(0);
  });

  test.each([1, 2, 3])('two of a hundred are lost (%i): all whole, and not much more is sent again than has to be', async (seed) => {
    const share = await shareSentAgain({ lost: 0.02, doubled: 0 }, window, seed);
    expect(share).toBeGreaterThan(0.01);
    // Each of them costs what was under way behind it, a window at most.
    expect(share).toBeLessThan(0.05 + 0.03 * window);
  });

  test.each([1, 2, 4])('a twentieth is lost and a twentieth doubled (%i): all whole', async (seed) => {
    expect(await shareSentAgain({ lost: 0.05, doubled: 0.05 }, window, seed)).toBeGreaterThan(0.03);
  });
});

test('everything comes twice: in lock-step nothing is sent again for that (RFC 1123 §4.2.3.1)', async () => {
  expect(await shareSentAgain({ lost: 0, doubled: 1 }, 1)).toBe(0);
});
