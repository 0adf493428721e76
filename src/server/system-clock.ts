/** The machine's own clocks. */
import { type Clock, monoMs, wallMs } from '../base/clock.ts';

export const systemClock: Clock = {
  wall: () => wallMs(Date.now()),
  mono: () => monoMs(performance.now()),
};
