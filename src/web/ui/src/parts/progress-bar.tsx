/** How far something is. */
import type { JSX } from 'preact';

export interface ProgressBarProps {
  readonly label: string;
  /** 0 to 100; undefined when nobody knows the end. */
  readonly percent: number | undefined;
}

export function ProgressBar({ label, percent }: ProgressBarProps): JSX.Element {
  const shown = percent === undefined ? undefined : Math.max(0, Math.min(100, percent));
  return (
    <div
      class={shown === undefined ? 'progress progress-open' : 'progress'}
      role="progressbar"
      aria-label={label}
      aria-valuemin={0}
      aria-valuemax={100}
      aria-valuenow={shown === undefined ? undefined : Math.round(shown)}
    >
      <div class="progress-fill" style={shown === undefined ? undefined : { transform: `scaleX(${shown / 100})` }} />
    </div>
  );
}
