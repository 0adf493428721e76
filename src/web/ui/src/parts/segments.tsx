/** One of a few, side by side. */
import type { JSX } from 'preact';
import { useId } from 'preact/hooks';

export interface SegmentsProps<V extends string> {
  /** What is chosen, for who does not see it. */
  readonly label: string;
  readonly value: V;
  readonly options: readonly { readonly value: V; readonly title: string; readonly count?: number }[];
  readonly onChange: (value: V) => void;
}

export function Segments<V extends string>({ label, value, options, onChange }: SegmentsProps<V>): JSX.Element {
  const name = useId();
  return (
    <fieldset class="segments">
      <legend class="unseen">{label}</legend>
      {options.map((option) => (
        <label key={option.value} class="segment">
          <input type="radio" name={name} value={option.value} checked={option.value === value} onChange={() => onChange(option.value)} />
          <span>
            {option.title} {option.count !== undefined && <span class="segment-count">{option.count.toLocaleString()}</span>}
          </span>
        </label>
      ))}
    </fieldset>
  );
}
