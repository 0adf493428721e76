import { describe, expect, test } from 'vitest';
import { monoMs, wallMs } from '../../src/base/clock.ts';
import type { AppEvent } from '../../src/events/events.ts';
import { FileCatalog, type FileRoute } from '../../src/files/catalog.ts';
import type { SafePath } from '../../src/files/safe-path.ts';
import { MissReport } from '../../src/server/miss-report.ts';
import { ip } from '../support/addresses.ts';

const FROM = { address: ip('192.168.77.101') };

function made() {
  const time = { now: 0 };
  const told: AppEvent[] = [];
  const sought: string[] = [];
  const route: FileRoute = {
    name: 'memory',
    open: () => 'not-mine',
    near: (path) => {
      sought.push(path);
      return 'pxelinux.0' as SafePath;
    },
    placeOf: ({ path }) => path,
  };
  const catalog = new FileCatalog([route]);
  const clock = { wall: () => wallMs(time.now), mono: () => monoMs(time.now) };
  const report = new MissReport(
    clock,
    (event) => told.push(event),
    () => catalog,
    'tftp',
  );
  const miss = (fileName: string) => report.add({ fileName, from: FROM, lookedFor: `root/${fileName}` });
  return { report, miss, told, sought, time };
}

const nextTurn = (): Promise<void> => new Promise((resolve) => setImmediate(resolve));

describe('a file that nobody has', () => {
  test('is told after the client has its answer: in the next turn', async () => {
    const { miss, told } = made();
    miss('pxelinux.1');
    expect(told).toEqual([]);
    await nextTurn();
    expect(told).toEqual([
      {
        ...FROM,
        type: 'transfer.missed',
        protocol: 'tftp',
        path: 'pxelinux.1',
        lookedFor: 'root/pxelinux.1',
        nearest: 'pxelinux.0',
        expected: undefined,
        advice: undefined,
      },
    ]);
  });

  test('with others of the same turn is told once, in order; closing tells what waits', async () => {
    const { report, miss, told } = made();
    for (const name of ['a', 'b', 'c']) miss(name);
    report.flush();
    report.flush();
    await nextTurn();
    expect(told).toMatchObject([{ path: 'a' }, { path: 'b' }, { path: 'c' }]);
  });

  test('that is asked for and done without: no other is sought', async () => {
    const { miss, told, sought } = made();
    miss('CTLSEP001B54AABBCC.tlv');
    await nextTurn();
    expect(told).toMatchObject([{ nearest: undefined, expected: expect.stringContaining('Cisco IP phone') as string }]);
    expect(sought).toEqual([]);
  });

  test('of a name in UTF-8 is told as people read it', async () => {
    const { miss, told } = made();
    miss('gr\xc3\xbc\xc3\x9fe.cfg');
    await nextTurn();
    expect(told).toMatchObject([{ path: 'grüße.cfg' }]);
  });
});

describe('a storm of them', () => {
  test('is told line by line, twenty of a second with what may have been meant', async () => {
    const { miss, told, sought, time } = made();
    for (let n = 0; n < 500; n += 1) {
      time.now += 1;
      miss(`missing-${n}`);
      await nextTurn();
    }
    expect(told).toHaveLength(500);
    expect(sought).toHaveLength(20);
    expect(told.slice(0, 20)).toMatchObject(Array(20).fill({ nearest: 'pxelinux.0' }));
    expect(told.slice(20)).toMatchObject(Array(480).fill({ nearest: undefined }));
  });

  test('that lasts has twenty more in the next second', async () => {
    const { miss, sought, time } = made();
    for (let second = 0; second < 3; second += 1) {
      for (let n = 0; n < 50; n += 1) {
        miss(`missing-${n}`);
        await nextTurn();
      }
      expect(sought).toHaveLength(20 * (second + 1));
      time.now += 1000;
    }
  });

  test('of which many come in one turn is told without what may have been meant: transfers do not wait for that', async () => {
    const { miss, told, sought } = made();
    for (let n = 0; n < 9; n += 1) miss(`missing-${n}`);
    await nextTurn();
    expect(told).toHaveLength(9);
    expect(sought).toEqual([]);
  });

  test('beyond a thousand in a second is counted, and the count is said with the next one or at the end', async () => {
    const { report, miss, told, time } = made();
    for (let n = 0; n < 1500; n += 1) miss(`missing-${n}`);
    await nextTurn();
    expect(told).toHaveLength(1000);
    time.now += 1000;
    for (let n = 0; n < 1001; n += 1) miss(`missing-${n}`);
    await nextTurn();
    expect(told[1000]).toEqual({ type: 'log.suppressed', of: 'transfer.missed', count: 500, seconds: 1 });
    expect(told).toHaveLength(2001);
    report.close();
    expect(told.at(-1)).toMatchObject({ count: 1 });
  });

  test('of expected ones takes nothing from the others', async () => {
    const { miss, sought } = made();
    for (let n = 0; n < 100; n += 1) {
      miss('CTLSEP001B54AABBCC.tlv');
      await nextTurn();
    }
    miss('pxelinux.1');
    await nextTurn();
    expect(sought).toEqual(['pxelinux.1']);
  });
});
