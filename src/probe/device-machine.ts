/** A simulated device as a machine: events in, actions out. No I/O, no clock, no chance of its own. */
import type { MonoMs } from '../base/clock.ts';
import { type Device, failed, type Verdict } from './device.ts';
import { release, takeLease } from './dhcp-exchange.ts';
import { type Action, type Course, Life, type LifeParts, type ProbeEvent } from './life.ts';

/** A ROM, its loader, and a loader of that loader; more are a circle. */
const MOST_STAGES = 5;

export class DeviceMachine {
  readonly #life: Life;
  readonly #course: Course<Verdict>;
  #deadline: MonoMs | undefined;
  #hasEnded = false;

  constructor(device: Device, parts: LifeParts) {
    this.#life = new Life(parts, device);
    this.#course = live(this.#life);
  }

  /** Something happened; the first is `start`. After the end nothing comes of it. */
  step(event: ProbeEvent, now: MonoMs): Action[] {
    if (this.#hasEnded) return [];
    this.#life.now = now;
    const next = this.#course.next(event);
    if (next.done === true) {
      this.#hasEnded = true;
      this.#deadline = undefined;
      this.#life.act({ do: 'end', verdict: next.value });
    } else this.#deadline = next.value;
    return this.#life.takeActions();
  }

  /** When `timeout` is to be told; undefined before the start and after the end. */
  nextDeadline(): MonoMs | undefined {
    return this.#deadline;
  }
}

function* live(life: Life): Course<Verdict> {
  for (let stage = 0; stage < MOST_STAGES; stage += 1) {
    const lease = yield* takeLease(life);
    if ('ok' in lease) return lease;
    const outcome = yield* life.device.boot(life, lease);
    if ('ok' in outcome) {
      if (life.releases) release(life, lease);
      return outcome;
    }
    life.thinks(`${outcome.title} has started and asks anew`);
    life.device = outcome;
  }
  return failed(
    `it goes round in circles: each loader is given a loader again (${MOST_STAGES} times); the server does not see that it is a loader that asks: set boot.ipxe, or match its user class`,
  );
}
