/** Which devices are shown, and in which order. */
import type { DeviceSummaryShape } from '../../../../api/device-shapes.ts';
import { DEVICE_STATES, type DeviceState } from '../../parts/badge.tsx';

const URGENCY = new Map(DEVICE_STATES.map((state, index) => [state, index]));

/**
 * The most urgent first; within a state those that came into it last. What was heard of last would be another order with each packet, and no row
 * would stay below the finger.
 */
export function byUrgency(devices: Iterable<DeviceSummaryShape>): DeviceSummaryShape[] {
  return [...devices].sort(
    (a, b) => (URGENCY.get(a.state) ?? 0) - (URGENCY.get(b.state) ?? 0) || b.since - a.since || (a.id < b.id ? -1 : 1),
  );
}

export function countsOf(devices: Iterable<DeviceSummaryShape>): ReadonlyMap<DeviceState, number> {
  const counts = new Map<DeviceState, number>();
  for (const { state } of devices) counts.set(state, (counts.get(state) ?? 0) + 1);
  return counts;
}

/** Every word has to be in it somewhere; a MAC is found however it is written. */
export function isFound(device: DeviceSummaryShape, words: string): boolean {
  const { mac = '', address = '', name = '', vendor = '', profile = '', id, sentence, verdict } = device;
  const text = [name, address, vendor, profile, id, sentence, verdict].join('\n').toLowerCase();
  const digits = mac.replaceAll(':', '').toLowerCase();
  return words
    .toLowerCase()
    .split(/\s+/)
    .every((word) => text.includes(word) || (/^[0-9a-f.:-]{3,}$/.test(word) && digits.includes(word.replaceAll(/[.:-]/g, ''))));
}

/** What it is called: its name, or else its MAC or address. */
export function deviceTitle({ name, id }: Pick<DeviceSummaryShape, 'name' | 'id'>): string {
  return name ?? id;
}
