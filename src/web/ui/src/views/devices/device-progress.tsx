/** How much a device has of the file that is on its way; nothing where none is. */
import type { JSX } from 'preact';
import type { DeviceSummaryShape } from '../../../../api/device-shapes.ts';
import { ProgressBar } from '../../parts/progress-bar.tsx';
import { deviceTitle } from './device-order.ts';

export function DeviceProgress({ device }: { readonly device: DeviceSummaryShape }): JSX.Element | null {
  if (device.percent === undefined) return null;
  return (
    <div class="standing-progress">
      <ProgressBar label={`Loading of ${deviceTitle(device)}`} percent={device.percent} />
      <span class="number">{Math.round(device.percent)} %</span>
    </div>
  );
}
