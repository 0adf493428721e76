/** What is known of a device. */
import type { ComponentChildren, JSX } from 'preact';
import type { DeviceSummaryShape } from '../../../../api/device-shapes.ts';
import { Time } from '../../parts/time.tsx';

export function DeviceFacts({ device }: { readonly device: DeviceSummaryShape }): JSX.Element {
  return (
    <section class="panel facts-panel" aria-label="What is known of it">
      <dl class="facts">
        <Fact title="Address">{device.address ?? 'none'}</Fact>
        <Fact title="MAC">{device.mac === undefined ? 'unknown' : <span class="mono">{device.mac}</span>}</Fact>
        <Fact title="Made by">{device.vendor ?? 'unknown'}</Fact>
        <Fact title="Family">{device.profile ?? 'not recognised'}</Fact>
        <Fact title="Last heard">
          <Time at={device.seenAt} />
        </Fact>
      </dl>
    </section>
  );
}

function Fact({ title, children }: { readonly title: string; readonly children: ComponentChildren }): JSX.Element {
  return (
    <div>
      <dt>{title}</dt>
      <dd>
        <bdi>{children}</bdi>
      </dd>
    </div>
  );
}
