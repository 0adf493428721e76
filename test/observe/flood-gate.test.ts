import { expect, test } from 'vitest';
import { monoMs } from '../../src/base/clock.ts';
import type { AppEvent } from '../../src/events/events.ts';
import { FloodGate } from '../../src/observe/flood-gate.ts';
import { ip } from '../support/addresses.ts';

const LIMITS = { windowMs: 10_000, loud: 2, quiet: 5 };
const at = (seconds: number) => monoMs(seconds * 1000);
const dropped = (reason: string, on = 'lan0'): AppEvent => ({ type: 'dhcp.dropped', interface: on, reason });
const exhausted: AppEvent = { type: 'pool.exhausted', network: 'bench', size: 100 };

function admitted(gate: FloodGate, event: AppEvent, times: number, now = at(0)): number {
  let count = 0;
  for (let i = 0; i < times; i++) if (gate.admits(event, now)) count += 1;
  return count;
}

test('ordinary events have more room than warnings', () => {
  const gate = new FloodGate(LIMITS);
  expect(admitted(gate, dropped('too short'), 9)).toBe(5);
  expect(admitted(gate, exhausted, 9)).toBe(2);
});

test('another reason or another interface is another kind', () => {
  const gate = new FloodGate(LIMITS);
  for (const event of [dropped('too short'), dropped('no cookie'), dropped('too short', 'lan1')]) expect(admitted(gate, event, 9)).toBe(5);
});

test('what was held back is said once when the window is over, and then there is room again', () => {
  const gate = new FloodGate(LIMITS);
  admitted(gate, dropped('too short'), 9);
  admitted(gate, exhausted, 3);
  expect(gate.due(at(9.9))).toEqual([]);
  expect(gate.wait(at(9.9))).toBe(100);
  expect(gate.due(at(10))).toEqual([
    { type: 'log.suppressed', of: 'dhcp.dropped on lan0: too short', count: 4, seconds: 10 },
    { type: 'log.suppressed', of: 'pool.exhausted on bench', count: 1, seconds: 10 },
  ]);
  expect(gate.due(at(30))).toEqual([]);
  expect(gate.wait(at(30))).toBeUndefined();
  expect(admitted(gate, exhausted, 9, at(30))).toBe(2);
});

test('nothing held back, nothing said', () => {
  const gate = new FloodGate(LIMITS);
  admitted(gate, exhausted, 2);
  expect(gate.wait(at(1))).toBeUndefined();
  expect(gate.due(at(20))).toEqual([]);
});

test('events about the program itself are never held back', () => {
  const gate = new FloodGate(LIMITS);
  expect(admitted(gate, { type: 'config.warning', where: 'config.yaml', detail: 'no such file' }, 100)).toBe(100);
});

test('a client that invents reasons cannot fill the memory', () => {
  const gate = new FloodGate(LIMITS);
  let count = 0;
  for (let i = 0; i < 5_000; i++) {
    if (gate.admits({ type: 'dhcp.silent', network: 'bench', address: ip('10.0.0.1'), message: 'DISCOVER', reason: `reason ${i}` }, at(0)))
      count += 1;
  }
  expect(count).toBe(1_005);
  expect(gate.due(at(10))).toEqual([{ type: 'log.suppressed', of: 'many different events', count: 3_995, seconds: 10 }]);
});
