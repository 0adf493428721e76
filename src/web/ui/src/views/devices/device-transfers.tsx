/** What is on its way to or from a device at this moment, and how fast. */
import type { JSX } from 'preact';
import { useEffect, useRef } from 'preact/hooks';
import type { TransferShape } from '../../../../api/transfer-shapes.ts';
import { transfers } from '../../live.ts';
import { Icon } from '../../parts/icons.tsx';
import { ProgressBar } from '../../parts/progress-bar.tsx';
import { bytesText, rateText, spanText } from '../../parts/quantities.ts';

export function DeviceTransfers({ id }: { readonly id: string }): JSX.Element | null {
  const running = [...transfers.value.values()].filter((transfer) => transfer.device === id && transfer.outcome === 'running');
  if (running.length === 0) return null;
  return (
    <section class="panel" aria-label="On its way">
      {running.map((transfer) => (
        <Running key={transfer.id} transfer={transfer} />
      ))}
    </section>
  );
}

function Running({ transfer }: { readonly transfer: TransferShape }): JSX.Element {
  const { path, size, octets, rate, direction, protocol } = transfer;
  const left = size === undefined || rate <= 0 ? undefined : ((size - octets) / rate) * 1_000;
  const told = [
    size === undefined ? bytesText(octets) : `${bytesText(octets)} of ${bytesText(size)}`,
    ...(left === undefined ? [] : [`${spanText(left)} left`]),
    ...(transfer.resent === undefined || transfer.resent === 0 ? [] : [`${transfer.resent} blocks sent again`]),
  ];
  return (
    <div class="running">
      <Icon name={direction === 'read' ? 'download' : 'upload'} />
      <div class="running-words">
        <p class="running-path">
          <bdi>{path}</bdi>
        </p>
        <ProgressBar label={path} percent={size === undefined || size === 0 ? undefined : (octets / size) * 100} />
        <p class="running-about">
          {protocol.toUpperCase()} · {told.join(' · ')}
        </p>
      </div>
      <div class="running-speed">
        <strong class="number">{rateText(rate)}</strong>
        <SpeedCurve rate={rate} />
      </div>
    </div>
  );
}

/** Moments of the curve, and its field. */
const MOST_MOMENTS = 40;
const WIDTH = 120;
const HEIGHT = 28;

/** How fast it was since this page looks at it. */
function SpeedCurve({ rate }: { readonly rate: number }): JSX.Element {
  const moments = useRef<number[]>([]);
  const latest = moments.current.at(-1);
  useEffect(() => {
    moments.current = [...moments.current, rate].slice(-MOST_MOMENTS);
  });
  const shown = latest === undefined ? [rate, rate] : [...moments.current, rate];
  const most = Math.max(...shown, 1);
  const step = WIDTH / (MOST_MOMENTS - 1);
  const points = shown.map((moment, index) => {
    const x = WIDTH - (shown.length - 1 - index) * step;
    return `${x.toFixed(1)},${(HEIGHT - 2 - (moment / most) * (HEIGHT - 4)).toFixed(1)}`;
  });
  return (
    <svg class="speed-curve" viewBox={`0 0 ${WIDTH} ${HEIGHT}`} aria-hidden="true" focusable="false">
      <polyline points={points.join(' ')} />
    </svg>
  );
}
