import { beforeEach, describe, expect, it } from 'vitest';
import { monoMs, wallMs } from '../../../src/base/clock.ts';
import type { AppEvent } from '../../../src/events/events.ts';
import { TransferBoard } from '../../../src/server/console/transfer-board.ts';
import { ip, mac } from '../../support/addresses.ts';

const PHONE = mac('00:1b:54:aa:bb:cc');
const LABEL = { protocol: 'tftp', direction: 'read', path: 'kernel', address: ip('192.168.77.100'), mac: PHONE } as const;
const START = 1_000_000;

let now: number;
let board: TransferBoard;
beforeEach(() => {
  now = 0;
  const clock = { wall: () => wallMs(START + now), mono: () => monoMs(now) };
  board = new TransferBoard(clock, (subject) => ({ ...subject, hostName: 'desk-101' }));
});

const at = (millis: number, event: AppEvent): void => {
  now = millis;
  board.listener(event);
};
const started = (transfer = 1): AppEvent => ({ ...LABEL, type: 'transfer.started', transfer, size: 4_000, blockSize: 1_468, window: 8 });
const progressed = (octets: number, transfer = 1): AppEvent => ({ ...LABEL, type: 'transfer.progressed', transfer, octets, size: 4_000 });
const done = (transfer = 1): AppEvent => ({ ...LABEL, type: 'transfer.done', transfer, octets: 4_000, millis: 2_000, resent: 3 });

describe('files on their way', () => {
  it('have the rate of the last second while they go, and of the whole when they have ended', () => {
    at(0, started());
    expect(board.list()).toEqual([
      {
        id: 'tftp-1',
        protocol: 'tftp',
        direction: 'read',
        path: 'kernel',
        address: '192.168.77.100',
        device: PHONE,
        name: 'desk-101',
        size: 4_000,
        octets: 0,
        rate: 0,
        blockSize: 1_468,
        window: 8,
        startedAt: START,
        outcome: 'running',
      },
    ]);
    at(500, progressed(100));
    at(1_000, progressed(200));
    at(1_500, progressed(1_200));
    expect(board.list()).toMatchObject([{ octets: 1_200, rate: 1_100 }]);
    now = 4_000;
    expect(board.list()).toMatchObject([{ rate: 0, outcome: 'running' }]);
    at(4_100, done());
    expect(board.list()).toMatchObject([
      { octets: 4_000, rate: 2_000, resent: 3, blockSize: 1_468, outcome: 'done', startedAt: START, endedAt: START + 4_100 },
    ]);
  });

  it('are known by their end alone, when they were quick', () => {
    at(5_000, { ...LABEL, type: 'transfer.failed', transfer: 9, octets: 10, millis: 500, reason: 'silent', size: 99 });
    expect(board.list()).toMatchObject([
      { id: 'tftp-9', size: 99, outcome: 'failed', reason: 'silent', startedAt: START + 4_500, endedAt: START + 5_000 },
    ]);
  });

  it('are no transfers when only the size was wanted', () => {
    at(0, started());
    at(1, { ...LABEL, type: 'transfer.declined', transfer: 1, reason: 'size only' });
    expect(board.list()).toEqual([]);
  });

  it('are bounded: a hundred that have ended, newest first', () => {
    for (let transfer = 1; transfer <= 150; transfer += 1) at(transfer, done(transfer));
    at(200, started(151));
    const ids = board.list().map(({ id }) => id);
    expect([ids.length, ids[0], ids[1], ids.at(-1)]).toEqual([101, 'tftp-151', 'tftp-150', 'tftp-51']);
    for (let transfer = 200; transfer < 5_000; transfer += 1) at(transfer, started(transfer));
    expect(board.list()).toHaveLength(2_100);
  });

  it('are told to a reader when they change, ten steps as one', () => {
    at(0, started(1));
    let calls = 0;
    const feed = board.subscribe(() => {
      calls += 1;
    });
    for (let step = 1; step <= 10; step += 1) at(step, progressed(step, 1));
    at(11, done(2));
    expect(calls).toBe(1);
    expect(feed.take()).toMatchObject({ transfers: [{ id: 'tftp-1', octets: 10 }, { id: 'tftp-2' }] });
    expect(feed.take()).toBeUndefined();
    at(12, progressed(20, 1));
    expect([calls, feed.take()]).toMatchObject([2, { transfers: [{ id: 'tftp-1' }] }]);
    feed.close();
    at(13, done(1));
    expect(calls).toBe(2);
  });
});
