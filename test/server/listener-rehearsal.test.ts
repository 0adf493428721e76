import { setImmediate as nextTurn } from 'node:timers/promises';
import { beforeEach, expect, test } from 'vitest';
import type { Clock } from '../../src/base/clock.ts';
import type { AppEvent } from '../../src/events/events.ts';
import { ListenerRehearsal } from '../../src/server/listener-rehearsal.ts';
import { systemClock } from '../../src/server/system-clock.ts';
import { SAMPLES } from '../events/samples.ts';

const EVENTS: readonly AppEvent[] = Object.values(SAMPLES).flatMap((samples) => samples.map(([event]) => event as AppEvent));

/** The log asks it for each line. */
let asked: number;
const clock: Clock = {
  mono: () => systemClock.mono(),
  wall: () => {
    asked += 1;
    return systemClock.wall();
  },
};
let rehearsal: ListenerRehearsal;

beforeEach(() => {
  asked = 0;
  rehearsal = new ListenerRehearsal('debug', clock);
});

const pass = async (): Promise<void> => {
  for (let turn = 0; turn < 100; turn += 1) await nextTurn();
};

test('what comes before the begin waits for it', async () => {
  rehearsal.hear(EVENTS);
  await pass();
  expect(asked).toBe(0);
  rehearsal.begin();
  await pass();
  expect(asked).toBeGreaterThan(EVENTS.length);
  rehearsal.end();
});

test('after the end nothing is heard', async () => {
  rehearsal.begin();
  rehearsal.hear(Array.from({ length: 10 }, () => EVENTS).flat());
  rehearsal.end();
  const before = asked;
  rehearsal.hear(EVENTS);
  await pass();
  expect(asked).toBe(before);
});
