import { stripVTControlCharacters } from 'node:util';
import { afterAll, beforeAll, expect, test, vi } from 'vitest';
import { monoMs, wallMs } from '../../src/base/clock.ts';
import type { AppEvent } from '../../src/events/events.ts';
import { DeviceDirectory } from '../../src/observe/directory.ts';
import { EventLog, type LogParts, type LogSettings } from '../../src/observe/logger.ts';
import { vendorLookup } from '../../src/observe/vendors.ts';
import { DESK, LAN, SAMPLES } from '../events/samples.ts';
import { ip, mac } from '../support/addresses.ts';

const PHONE = { mac: mac('d2:00:00:00:00:01'), address: ip('192.168.77.150') };

const offered: AppEvent = {
  type: 'dhcp.offered',
  ...DESK,
  hostName: 'SEP001B54AABBCC',
  network: 'bench',
  leaseSeconds: 3600,
  bootFile: 'pxelinux.0',
  why: 'new address from the pool',
};
const sent: AppEvent = {
  type: 'transfer.done',
  address: DESK.address,
  transfer: 7,
  protocol: 'tftp',
  direction: 'read',
  path: 'pxelinux.0',
  octets: 43_110,
  millis: 30,
  resent: 2,
};
const up: AppEvent = { type: 'network.up', network: 'bench', interface: 'eth1', address: LAN, serving: 'DHCP and TFTP' };
const ready: AppEvent = { type: 'server.ready', networks: 1 };
const exhausted: AppEvent = { type: 'pool.exhausted', mac: PHONE.mac, network: 'bench', size: 100 };
const failed: AppEvent = { type: 'store.failed', operation: 'write', detail: 'disk full', waiting: 2 };
const debugged: AppEvent = {
  type: 'dhcp.silent',
  network: 'bench',
  ...PHONE,
  hostName: 'a\x1b[2Jb',
  message: 'REQUEST',
  reason: 'not ours',
};

/** A log in virtual time whose lines end in an array. */
function recorder(settings: Partial<LogSettings> = {}, more: Partial<LogParts> = {}) {
  const lines: string[] = [];
  const reminders: { readonly at: number; readonly then: () => void }[] = [];
  const time = { now: 0 };
  const directory = new DeviceDirectory([{ mac: DESK.mac, name: 'desk-101' }]);
  const output = { write: (line: string) => void lines.push(line), takeLost: () => 0, flush: () => undefined };
  const log = new EventLog({
    settings: { level: 'info', format: 'json', ...settings },
    output,
    terminal: { isTerminal: false, colour: false },
    clock: { wall: () => wallMs(Date.UTC(2026, 10, 20, 6, 42, 10, 250) + time.now), mono: () => monoMs(time.now) },
    identify: (subject) => directory.identify(subject),
    vendorOf: vendorLookup(() => ({ '001B54': 'Cisco Systems, Inc\nSan Jose' })),
    limits: { windowMs: 10_000, loud: 2, quiet: 100 },
    later: (millis, then) => void reminders.push({ at: time.now + millis, then }),
    ...more,
  });
  const tell = (...events: AppEvent[]) => {
    for (const event of events) {
      directory.listener(event);
      log.listener(event);
    }
  };
  const pass = (millis: number) => {
    time.now += millis;
    for (const due of reminders.splice(0).filter((reminder) => reminder.at <= time.now || void reminders.push(reminder))) due.then();
  };
  return { lines, log, tell, pass, text: () => lines.join('') };
}

beforeAll(() => void vi.stubEnv('TZ', 'UTC'));
afterAll(() => void vi.unstubAllEnvs());

test('JSON: time, level, event, who, the own fields, text', () => {
  const { tell, text } = recorder({ level: 'debug' });
  tell(offered, sent, up, debugged);
  expect(text()).toBe(
    `{"level":"info","time":"2026-11-20T06:42:10.250Z","event":"dhcp.offered","address":"192.168.77.101","mac":"00:1b:54:aa:bb:cc","name":"desk-101","vendor":"Cisco","network":"bench","leaseSeconds":3600,"bootFile":"pxelinux.0","why":"new address from the pool","msg":"offered 192.168.77.101 for 1 h, boot file pxelinux.0 (new address from the pool)"}
{"level":"info","time":"2026-11-20T06:42:10.250Z","event":"transfer.done","address":"192.168.77.101","mac":"00:1b:54:aa:bb:cc","name":"desk-101","vendor":"Cisco","transfer":7,"protocol":"tftp","direction":"read","path":"pxelinux.0","octets":43110,"millis":30,"resent":2,"msg":"sent pxelinux.0, 42.1 KiB in 0.03 s (1.4 MiB/s), 2 blocks sent again"}
{"level":"info","time":"2026-11-20T06:42:10.250Z","event":"network.up","network":"bench","interface":"eth1","address":"192.168.77.1/24","serving":"DHCP and TFTP","msg":"network bench is up on eth1 as 192.168.77.1/24: DHCP and TFTP"}
{"level":"debug","time":"2026-11-20T06:42:10.250Z","event":"dhcp.silent","address":"192.168.77.150","mac":"d2:00:00:00:00:01","name":"a\\\\x1b[2Jb","vendor":"private MAC","network":"bench","message":"REQUEST","reason":"not ours","msg":"did not answer REQUEST: not ours"}
`,
  );
});

test('pretty: one line an event in columns, TFTP named like DHCP', () => {
  const { tell, text } = recorder({ level: 'debug', format: 'pretty' });
  tell(ready, up, offered, sent, debugged, exhausted, failed);
  expect(text()).toBe(
    `06:42:10 info                                   ready, 1 network served
06:42:10 info  bench                            network bench is up on eth1 as 192.168.77.1/24: DHCP and TFTP
06:42:10 info  192.168.77.101 desk-101 (Cisco)  offered 192.168.77.101 for 1 h, boot file pxelinux.0 (new address from the pool)
06:42:10 info  192.168.77.101 desk-101 (Cisco)  sent pxelinux.0, 42.1 KiB in 0.03 s (1.4 MiB/s), 2 blocks sent again
06:42:10 debug 192.168.77.150 a\\x1b[2Jb (private MAC) did not answer REQUEST: not ours
06:42:10 warn  d2:00:00:00:00:01 (private MAC)        no address left for it: all 100 of network bench are taken
06:42:10 error                                        lease store failed to write: disk full; 2 clients wait
`,
  );
});

test.each([
  ['auto', true, false],
  ['auto', false, true],
  ['json', true, true],
  ['pretty', false, false],
] as const)('format %s, on a terminal %s: JSON %s', (format, isTerminal, isJson) => {
  const { tell, text } = recorder({ format }, { terminal: { isTerminal, colour: false } });
  tell(ready);
  expect(text().startsWith('{')).toBe(isJson);
});

test('colour marks level, device and trouble, and nothing when it is off', () => {
  const coloured = recorder({ format: 'pretty' }, { terminal: { isTerminal: true, colour: true } });
  const plain = recorder({ format: 'pretty' });
  for (const { tell } of [coloured, plain]) tell(offered, failed);
  expect(coloured.text()).toContain('\x1b[32minfo ');
  expect(coloured.text()).toContain('\x1b[31mlease store failed');
  expect(stripVTControlCharacters(coloured.text())).toBe(plain.text());
});

test.each([
  ['debug', 4],
  ['info', 3],
  ['warn', 2],
  ['error', 1],
] as const)('from level %s on, %d of four lines are written', (level, count) => {
  const { tell, lines } = recorder({ level });
  tell(debugged, offered, exhausted, failed);
  expect(lines).toHaveLength(count);
});

test('level and format change while it runs', () => {
  const { log, tell, lines } = recorder({ level: 'warn' });
  tell(ready);
  log.configure({ level: 'info', format: 'pretty' });
  tell(ready);
  expect(lines).toEqual([expect.stringMatching(/^\d\d:\d\d:\d\d info .*ready/)]);
});

test('every event is one line in both formats', () => {
  for (const format of ['json', 'pretty'] as const) {
    const limits = { windowMs: 10_000, loud: 100, quiet: 100 };
    const { tell, lines } = recorder({ level: 'debug', format }, { limits });
    const events = Object.values(SAMPLES).flatMap((samples) => samples.map(([event]) => event));
    tell(...events);
    expect(lines).toHaveLength(events.length);
    for (const line of lines) expect(line).toMatch(/^[^\n]+\n$/);
  }
});

test('a flood is cut off and summed up when it is over, even when nothing else happens', () => {
  const { tell, pass, lines } = recorder();
  for (let i = 0; i < 50; i++) tell(exhausted);
  expect(lines).toHaveLength(2);
  pass(9_999);
  expect(lines).toHaveLength(2);
  pass(1);
  expect(lines).toHaveLength(3);
  expect(JSON.parse(lines[2] ?? '')).toMatchObject({ event: 'log.suppressed', of: 'pool.exhausted on bench', count: 48, seconds: 10 });
  pass(60_000);
  expect(lines).toHaveLength(3);
});

test('what is below the level is not counted as suppressed', () => {
  const { tell, pass, lines } = recorder({ level: 'info' });
  for (let i = 0; i < 500; i++) tell(debugged);
  pass(20_000);
  tell(ready);
  expect(lines).toHaveLength(1);
});

test('the end of the program sums up what is still held back', () => {
  const { tell, log, lines } = recorder();
  for (let i = 0; i < 5; i++) tell(exhausted);
  log.flush();
  expect(JSON.parse(lines.at(-1) ?? '')).toMatchObject({ event: 'log.suppressed', count: 3 });
});

test('lines that nobody took are owned up to as soon as somebody reads again', () => {
  const lines: string[] = [];
  let lost = 7;
  const takeLost = () => {
    const count = lost;
    lost = 0;
    return count;
  };
  const { tell } = recorder({}, { output: { write: (line) => void lines.push(line), takeLost, flush: () => undefined } });
  tell(ready);
  expect(lines.map((line) => (JSON.parse(line) as { msg: string }).msg)).toEqual([
    '7 more lines not written: lines that the reader of the log did not take',
    'ready, 1 network served',
  ]);
});
