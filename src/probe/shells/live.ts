/** Runs a simulated device in real time. */
import { createHash, randomBytes } from 'node:crypto';
import { type MonoMs, monoMs } from '../../base/clock.ts';
import type { Verdict } from '../device.ts';
import type { DeviceMachine } from '../device-machine.ts';
import type { Action, Line, ProbeEvent } from '../life.ts';

/** What a wire carries out: everything that does not end at the screen. */
export type WireAction = Exclude<Action, { do: 'line' } | { do: 'end' }>;

/** A way to servers. */
export interface Wire {
  /** The one listener for what comes. */
  onEvent(listener: (event: ProbeEvent) => void): void;
  carryOut(action: WireAction): void;
  close(): Promise<void>;
}

/** Draws a number of 32 bits. */
export function randomNumber(): number {
  return randomBytes(4).readUInt32BE();
}

export function md5(octets: Uint8Array): string {
  return createHash('md5').update(octets).digest('hex');
}

export function monoNow(): MonoMs {
  return monoMs(performance.now());
}

/** Resolves with the verdict; each line is told as it comes. The wire is the caller's. */
export function runLive(machine: DeviceMachine, wire: Wire, onLine: (line: Line) => void): Promise<Verdict> {
  const { promise, resolve, reject } = Promise.withResolvers<Verdict>();
  let timer: NodeJS.Timeout | undefined;
  const step = (event: ProbeEvent): void => {
    try {
      for (const action of machine.step(event, monoNow())) {
        if (action.do === 'line') onLine(action.line);
        else if (action.do === 'end') resolve(action.verdict);
        else wire.carryOut(action);
      }
    } catch (fault) {
      reject(fault instanceof Error ? fault : new Error(String(fault)));
    }
    clearTimeout(timer);
    const deadline = machine.nextDeadline();
    if (deadline !== undefined) timer = setTimeout(() => step({ on: 'timeout' }), Math.max(0, deadline - monoNow()));
  };
  wire.onEvent(step);
  step({ on: 'start' });
  return promise.finally(() => clearTimeout(timer));
}
