/** The last minute and a half of all transfers as a hill. */
import type { JSX } from 'preact';
import { transfers } from '../../live.ts';
import { rateText } from '../../parts/quantities.ts';
import { MOMENTS, throughput, totalRate } from './throughput.ts';

const HEIGHT = 40;
/** Below this the hill does not fill its field: a trickle shall look like one. In octets a second. */
const LEAST_SCALE = 100 * 1_024;

export function ThroughputChart(): JSX.Element {
  const moments = throughput.value;
  const most = Math.max(...moments);
  const scale = Math.max(most, LEAST_SCALE);
  const points = moments.map((rate, index) => `${index},${(HEIGHT - (rate / scale) * (HEIGHT - 3)).toFixed(1)}`);
  const now = rateText(totalRate(transfers.value.values()));
  return (
    <figure class="throughput" aria-label={`All transfers together: ${now} now, ${rateText(most)} at most in the last ${MOMENTS} seconds`}>
      <figcaption>
        <strong class="number">{now}</strong>
        <span class="faint">peak {rateText(most)}</span>
      </figcaption>
      <svg viewBox={`0 0 ${MOMENTS - 1} ${HEIGHT}`} preserveAspectRatio="none" aria-hidden="true">
        <polygon class="throughput-hill" points={`0,${HEIGHT} ${points.join(' ')} ${MOMENTS - 1},${HEIGHT}`} />
        <polyline class="throughput-edge" points={points.join(' ')} />
      </svg>
    </figure>
  );
}
