/** What was expected of the lab and what came of it. */
import type { DeviceSummary } from '../../src/devices/api.ts';
import type { DeviceState } from '../../src/devices/verdict.ts';
import type { Room } from './room.ts';
import type { Expected } from './scenario.ts';
import type { Cast } from './site.ts';

/** One device of the lab, with what is to be said of it and what is said. */
export interface Outcome {
  /** The scenario, or the device that is well. */
  readonly name: string;
  readonly mac: string;
  /** Its verdict and its state; `well` for devices that have what they came for, whatever that is. */
  readonly expected: string;
  readonly found: string;
  readonly sentence: string;
  readonly isAsExpected: boolean;
}

/** Where a device ends that has what it came for. */
const WELL: ReadonlySet<DeviceState> = new Set(['booted', 'provisioned']);

/** Some verdicts are the word for a silence of two minutes; before it comes the time of the longest course. */
export const LONGEST_MS = 210_000;
const LOOK_EVERY_MS = 3000;

/** Looks until all is as expected, or the time is over. */
export async function outcomesOf(room: Room, isOver: () => boolean): Promise<readonly Outcome[]> {
  for (;;) {
    const outcomes = compare(room.cast, await room.devices());
    if (isOver() || outcomes.every(({ isAsExpected }) => isAsExpected)) return outcomes;
    await new Promise((resolve) => setTimeout(resolve, LOOK_EVERY_MS));
  }
}

/** Those that go wrong first. */
function compare({ healthy, scenarios, real }: Cast, devices: readonly DeviceSummary[]): readonly Outcome[] {
  const found = (mac: string) => devices.find((device) => device.mac === mac);
  return [
    ...scenarios.flatMap(({ name, mac, expected, stranger }) => [
      outcome(name, mac, found(mac), expected),
      ...(stranger === undefined ? [] : [outcome(`${name}, the stranger`, stranger.mac, found(stranger.mac), stranger.expected)]),
    ]),
    ...healthy.map(({ device, mac }) => outcome(device, mac, found(mac), 'well')),
    ...real.map(({ name, mac }) => outcome(name, mac, found(mac), 'well')),
  ];
}

function outcome(name: string, mac: string, device: DeviceSummary | undefined, expected: Expected | 'well'): Outcome {
  const isAsExpected =
    device !== undefined &&
    (expected === 'well' ? WELL.has(device.state) : device.verdict === expected.verdict && device.state === expected.state);
  return {
    name,
    mac,
    expected: expected === 'well' ? 'well' : `${expected.state}: ${expected.verdict}`,
    found: device === undefined ? 'never seen' : `${device.state}: ${device.verdict}`,
    sentence: device?.sentence ?? '',
    isAsExpected,
  };
}
