/** How many devices stand where; pressed, only those are shown. */
import type { JSX } from 'preact';
import { DEVICE_STATES, type DeviceState, stateWord } from '../../parts/badge.tsx';

export interface StateFilterProps {
  readonly counts: ReadonlyMap<DeviceState, number>;
  /** Undefined: all. */
  readonly chosen: DeviceState | undefined;
  readonly onChoose: (state: DeviceState | undefined) => void;
}

export function StateFilter({ counts, chosen, onChoose }: StateFilterProps): JSX.Element {
  return (
    <fieldset class="state-filter">
      <legend class="unseen">Show only devices that are</legend>
      {DEVICE_STATES.map((state) => {
        const count = counts.get(state) ?? 0;
        return (
          <button
            key={state}
            type="button"
            class={`state-count state-${state}${count === 0 ? ' state-none' : ''}`}
            aria-pressed={chosen === state}
            onClick={() => onChoose(chosen === state ? undefined : state)}
          >
            <span class="state-number">{count.toLocaleString()}</span>
            <span class="state-word">
              <span class="state-dot" aria-hidden="true" />
              {stateWord(state)}
            </span>
          </button>
        );
      })}
    </fieldset>
  );
}
