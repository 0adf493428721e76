import { mkdirSync, readdirSync, readFileSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeEach, describe, expect, test } from 'vitest';
import { wallMs } from '../../src/base/clock.ts';
import type { SyslogConfig } from '../../src/config/services-config.ts';
import type { AppEvent, Subject } from '../../src/events/events.ts';
import { SyslogFiles } from '../../src/server/syslog-files.ts';
import { fileLine, fileNameOf } from '../../src/server/syslog-line.ts';
import { ip, mac } from '../support/addresses.ts';
import { removeScratch, scratch } from '../support/scratch.ts';

const DESK: Subject = { address: ip('192.168.77.21'), mac: mac('00:1b:54:aa:bb:cc'), hostName: 'desk-101' };
const DAY_MS = 86_400_000;

let folder: string;
let now: number;
let told: AppEvent[];

beforeEach(() => {
  folder = join(scratch('syslog'), 'syslog');
  now = Date.UTC(2026, 10, 28, 1, 2, 3);
  told = [];
});
afterAll(removeScratch);

function files(changes: Partial<SyslogConfig> = {}): SyslogFiles {
  const config: SyslogConfig = { files: 'device', maxSize: 100, keep: 2, perSender: 100, ...changes };
  return new SyslogFiles(config, { folder, clock: { wall: () => wallMs(now) }, tell: (event) => told.push(event) });
}

const content = (name: string) => readFileSync(join(folder, name), 'utf8');
const names = () => readdirSync(folder).toSorted();

describe('Files of messages', () => {
  test('have the lines of a device in their order', async () => {
    const log = files();
    log.add(DESK, 'one');
    log.add({ address: ip('10.0.0.1') }, 'other');
    log.add(DESK, 'two');
    await log.close();
    expect(names()).toEqual(['10.0.0.1.log', 'desk-101.log']);
    expect(content('desk-101.log')).toBe('one\ntwo\n');
  });

  test('are begun anew when they are full, and only so many are kept', async () => {
    const log = files();
    for (const letter of 'abcdef') {
      log.add(DESK, letter.repeat(60));
      await log.close();
    }
    expect(names()).toEqual(['desk-101.log', 'desk-101.log.1', 'desk-101.log.2']);
    expect(names().map((name) => content(name)[0])).toEqual(['f', 'e', 'd']);
  });

  test('are one a day, and only so many days are kept', async () => {
    const log = files({ files: 'day' });
    for (let day = 0; day < 4; day += 1) {
      log.add(DESK, `day ${day}`);
      await log.close();
      now += DAY_MS;
    }
    expect(names()).toEqual(['2026-11-30.log', '2026-12-01.log']);
    expect(content('2026-12-01.log')).toBe('day 3\n');
  });

  test('are not there when they are not wanted', async () => {
    const log = files({ files: 'off' });
    log.add(DESK, 'one');
    await log.close();
    expect(() => names()).toThrow('ENOENT');
  });

  test('are shared by those beyond a bound: made-up senders do not fill the folder', async () => {
    const log = files({ maxSize: 1e6 });
    for (let at = 0; at < 600; at += 1) log.add({ address: ip(`10.1.${at >> 8}.${at & 255}`) }, 'x');
    await log.close();
    expect(names().length).toBeLessThanOrEqual(503);
    expect(content('others.log').split('\n').length).toBeGreaterThan(90);
  });

  test('that cannot be written are told of once, and written when they can be', async () => {
    writeFileSync(folder, 'in the way');
    const log = files();
    log.add(DESK, 'one');
    await log.close();
    log.add(DESK, 'two');
    await log.close();
    expect(told.map(({ type }) => type)).toEqual(['syslog.unwritten']);
    rmSync(folder);
    log.add(DESK, 'three');
    await log.close();
    expect(content('desk-101.log')).toBe('one\ntwo\nthree\n');
    expect(told).toMatchObject([{ type: 'syslog.unwritten' }, { type: 'syslog.written-again', lost: 0 }]);
  });

  test('count what found no room while they could not be written', async () => {
    writeFileSync(folder, 'in the way');
    const log = files({ maxSize: 1e9 });
    const line = 'x'.repeat(1024 * 1024);
    for (let count = 0; count < 6; count += 1) log.add(DESK, line);
    await log.close();
    rmSync(folder);
    await log.close();
    expect(told).toMatchObject([{ lost: 3 }, { type: 'syslog.written-again', lost: 3 }]);
  });

  test('are no way out of their folder', async () => {
    mkdirSync(folder);
    const outside = join(folder, '..', 'outside');
    writeFileSync(outside, 'mine\n');
    symlinkSync(outside, join(folder, 'desk-101.log'));
    const log = files({ maxSize: 1e6 });
    log.add(DESK, 'one');
    log.add({ hostName: '../../outside' }, 'two');
    await log.close();
    expect(readFileSync(outside, 'utf8')).toBe('mine\n');
    expect(names()).toEqual(['desk-101.log', 'outside.log']);
    expect(told).toMatchObject([{ type: 'syslog.unwritten', detail: expect.stringContaining('ELOOP') as string }]);
  });
});

test.each<[Subject, string]>([
  [DESK, 'desk-101'],
  [{ ...DESK, hostName: 'Büro 2/../x' }, 'B_ro_2_.._x'],
  [{ ...DESK, hostName: '...' }, '00-1b-54-aa-bb-cc'],
  [{ address: ip('10.0.0.1') }, '10.0.0.1'],
])('the file of a device is called after it (%#)', (device, name) => {
  expect(fileNameOf(device)).toBe(name);
});

test('a line cannot steer a terminal, or become two', () => {
  const message = {
    facility: 'user',
    severity: 'notice',
    host: 'h\n',
    tag: 'a',
    processId: '1',
    text: '\u001b[2J\r\nroot: \u202e',
    clockMark: 'never set',
  } as const;
  expect(fileLine(message, ip('10.0.0.1'), wallMs(0))).toBe(
    '1970-01-01T00:00:00.000Z 10.0.0.1 user.notice h\\x0a (clock never set) a[1]: \\x1b[2J\\x0d\\x0aroot: \\u202e',
  );
});
