/** The verdict on a device: where it stands and why, and below that what to do. */
import type { JSX } from 'preact';
import type { DeviceSummaryShape } from '../../../../api/device-shapes.ts';
import { clock } from '../../clock.ts';
import { StateChip } from '../../parts/badge.tsx';
import { exactText, spanText } from '../../parts/quantities.ts';
import { Words } from '../../parts/words.tsx';
import { DeviceProgress } from './device-progress.tsx';

export function VerdictPanel({ device }: { readonly device: DeviceSummaryShape }): JSX.Element {
  const [cause, remedy] = partsOf(device.sentence);
  return (
    <section class={`verdict state-${device.state}`} aria-label="Verdict">
      <div class="verdict-head">
        <StateChip state={device.state} />
        <span class="verdict-since">
          for{' '}
          <time dateTime={new Date(device.since).toISOString()} title={exactText(device.since)}>
            {spanText(clock.value - device.since)}
          </time>
        </span>
        <code class="verdict-name" title="The name of the verdict, as in docs/devices.md">
          {device.verdict}
        </code>
      </div>
      <p class="verdict-cause">
        <bdi>
          <Words text={cause} />
        </bdi>
      </p>
      {remedy !== undefined && (
        <p class="verdict-remedy">
          <bdi>
            <Words text={remedy} />
          </bdi>
        </p>
      )}
      <DeviceProgress device={device} />
    </section>
  );
}

/** A sentence is `cause: remedy`; where it has no remedy it is whole. Nothing of it is left out, however it is written. */
function partsOf(sentence: string): readonly [cause: string, remedy?: string] {
  const at = sentence.indexOf(': ');
  if (at < 0) return [sentence];
  const remedy = sentence.slice(at + 2);
  return [`${sentence.slice(0, at)}.`, remedy.charAt(0).toUpperCase() + remedy.slice(1)];
}
