import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { type Clock, monoMs, type WallMs, wallMs } from '../../src/base/clock.ts';
import type { AppEvent } from '../../src/events/events.ts';
import { LeaseClock, type TimeMark } from '../../src/leases/lease-clock.ts';

const HOUR = 3_600_000;
const DAY = 24 * HOUR;
const YEAR = 365 * DAY;

/** A machine whose clock somebody sets, and that is switched off and on again. */
class Machine {
  readonly events: AppEvent[] = [];
  /** Real time that has passed. */
  real = 0;
  #wall: number;
  #mono = 0;
  #mark: TimeMark | undefined;
  clock: LeaseClock;

  constructor(wall: number) {
    this.#wall = wall;
    this.clock = this.#start();
  }

  pass(ms: number): WallMs {
    this.real += ms;
    this.#wall += ms;
    this.#mono += ms;
    return this.clock.wall();
  }

  set(byMs: number): WallMs {
    this.#wall += byMs;
    return this.clock.wall();
  }

  /** @param wall what the clock says when it is on again; absent: it went on while the machine was off. */
  restart(offMs: number, wall?: number): WallMs {
    this.#mark = this.clock.mark();
    this.real += offMs;
    this.#wall = wall ?? this.#wall + offMs;
    this.#mono = 5;
    this.clock = this.#start();
    return this.clock.wall();
  }

  get aheadMs(): number {
    const { leaseAt, wallAt } = this.clock.mark();
    return wallAt - leaseAt;
  }

  #start(): LeaseClock {
    const machine: Clock = { wall: () => wallMs(this.#wall), mono: () => monoMs(this.#mono) };
    return new LeaseClock(machine, this.#mark, (event) => void this.events.push(event));
  }
}

const NOW = Date.UTC(2026, 10, 20);

describe('The time of the leases', () => {
  it('is that of the machine as long as nobody touches it', () => {
    const machine = new Machine(NOW);
    expect(machine.pass(HOUR)).toBe(NOW + HOUR);
    expect(machine.restart(DAY)).toBe(NOW + HOUR + DAY);
    expect(machine.pass(HOUR)).toBe(NOW + 2 * HOUR + DAY);
    expect(machine.events).toEqual([]);
  });

  it.each([
    ['forward by years, as NTP does without a clock battery', 5 * YEAR],
    ['back by years', -5 * YEAR],
    ['forward by hours, as after a sleep', 8 * HOUR],
    ['back by hours', -8 * HOUR],
  ])('does not follow the clock %s, and says so once', (_how, jump) => {
    const machine = new Machine(NOW);
    machine.pass(HOUR);
    expect(machine.set(jump)).toBe(NOW + HOUR);
    expect(machine.pass(HOUR)).toBe(NOW + 2 * HOUR);
    expect(machine.events).toEqual([{ type: 'clock.jumped', byMs: jump, when: 'running' }]);
    expect(machine.restart(HOUR), 'and counts on from there at the next start').toBe(NOW + 3 * HOUR);
    expect(machine.aheadMs).toBe(jump);
    expect(machine.events).toHaveLength(1);
  });

  it('says nothing of the seconds that NTP moves', () => {
    const machine = new Machine(NOW);
    for (let step = 0; step < 10; step += 1) machine.set(step % 2 === 0 ? 2000 : -2000);
    expect(machine.events).toEqual([]);
  });

  it('does not go back when the clock is wrong at the start, and says so', () => {
    const machine = new Machine(NOW);
    machine.pass(HOUR);
    expect(machine.restart(DAY, Date.UTC(2021, 0, 1))).toBe(NOW + HOUR);
    expect(machine.events).toEqual([{ type: 'clock.jumped', byMs: Date.UTC(2021, 0, 1) - NOW - HOUR, when: 'stopped' }]);
    // NTP comes, and is right.
    expect(machine.set(NOW + 2 * HOUR + DAY - Date.UTC(2021, 0, 1))).toBe(NOW + HOUR);
    expect(machine.restart(HOUR)).toBe(NOW + 2 * HOUR);
  });

  it('takes the clock that was set back wrongly and is right again for what it is', () => {
    const machine = new Machine(NOW);
    machine.set(-5 * YEAR);
    machine.pass(HOUR);
    expect(machine.restart(HOUR, NOW + 2 * HOUR)).toBe(NOW + 2 * HOUR);
    expect(machine.aheadMs).toBe(0);
  });

  it('says how much time has passed when that is long, as the clock may be to blame', () => {
    const machine = new Machine(Date.UTC(2021, 0, 1));
    machine.restart(0, NOW);
    expect(machine.events).toEqual([{ type: 'clock.jumped', byMs: NOW - Date.UTC(2021, 0, 1), when: 'stopped' }]);
  });

  it('asks for its mark to be stored when the clock was set', () => {
    const machine = new Machine(NOW);
    let marks = 0;
    machine.clock.onJump = () => {
      marks += 1;
    };
    machine.set(DAY);
    machine.pass(1000);
    expect(marks).toBe(1);
  });
});

describe('Whatever is done to the clock while the server runs', () => {
  it('a lease ends after exactly its time, and over restarts never early and no later than by the time the server was off', () => {
    const step = fc.oneof(
      fc.record({ do: fc.constant('pass' as const), ms: fc.integer({ min: 0, max: DAY }) }),
      fc.record({ do: fc.constant('set' as const), ms: fc.integer({ min: -10 * YEAR, max: 10 * YEAR }) }),
      fc.record({ do: fc.constant('restart' as const), ms: fc.integer({ min: 0, max: DAY }) }),
    );
    fc.assert(
      fc.property(fc.array(step, { maxLength: 30 }), (steps) => {
        const machine = new Machine(NOW);
        const begin = machine.clock.wall();
        let off = 0;
        for (const { do: what, ms } of steps) {
          if (what === 'pass') machine.pass(ms);
          else if (what === 'set') machine.set(ms);
          else {
            machine.restart(ms);
            off += ms;
          }
          const counted = machine.clock.wall() - begin;
          expect(counted).toBeLessThanOrEqual(machine.real);
          expect(counted).toBeGreaterThanOrEqual(machine.real - off);
        }
      }),
    );
  });
});
