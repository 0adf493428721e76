/** Words in a coloured frame. Colour never says anything alone: the word is always there. */
import type { ComponentChildren, JSX } from 'preact';
import type { DeviceSummaryShape } from '../../../api/device-shapes.ts';

export type Tone = 'bad' | 'warn' | 'good' | 'busy' | 'calm' | 'plain';

export function Badge({ tone = 'plain', children }: { readonly tone?: Tone; readonly children: ComponentChildren }): JSX.Element {
  return <span class={`badge tone-${tone}`}>{children}</span>;
}

export type DeviceState = DeviceSummaryShape['state'];

/** Most urgent first: the order of lists and filters. */
export const DEVICE_STATES = [
  'stuck',
  'loading',
  'addressing',
  'waiting',
  'provisioned',
  'booted',
] as const satisfies readonly DeviceState[];

/** In the order of the words of `docs/devices.md`. */
const STATE_WORDS: Readonly<Record<DeviceState, string>> = {
  stuck: 'Stuck',
  loading: 'Loading',
  addressing: 'Addressing',
  waiting: 'Waiting',
  provisioned: 'Provisioned',
  booted: 'Booted',
};

export function stateWord(state: DeviceState): string {
  return STATE_WORDS[state];
}

/** Where a device stands, as a dot and a word. */
export function StateChip({ state }: { readonly state: DeviceState }): JSX.Element {
  return (
    <span class={`state-chip state-${state}`}>
      <span class="state-dot" aria-hidden="true" />
      {STATE_WORDS[state]}
    </span>
  );
}
