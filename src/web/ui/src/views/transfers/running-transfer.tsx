/** A file that is on its way. */
import type { JSX } from 'preact';
import type { TransferShape } from '../../../../api/transfer-shapes.ts';
import { DeviceLink } from '../../parts/device-link.tsx';
import { Icon } from '../../parts/icons.tsx';
import { ProgressBar } from '../../parts/progress-bar.tsx';
import { bytesText, countText, rateText, spanText } from '../../parts/quantities.ts';

export function RunningTransfer({ transfer }: { readonly transfer: TransferShape }): JSX.Element {
  const { path, device, name, address, direction, size, octets, rate } = transfer;
  const percent = size === undefined || size === 0 ? undefined : (octets / size) * 100;
  const left = size === undefined || rate === 0 ? undefined : ((size - octets) / rate) * 1_000;
  return (
    <li class="running">
      <div class="running-head">
        <Icon name={direction === 'read' ? 'download' : 'upload'} size={18} />
        <span class="running-path mono">{path}</span>
        <span class="running-rate number">{rateText(rate)}</span>
      </div>
      <ProgressBar label={path} percent={percent} />
      <div class="running-foot">
        <span>
          {direction === 'read' ? 'to ' : 'from '}
          <DeviceLink id={device} name={name ?? address} />
        </span>
        <span class="number">
          {bytesText(octets)}
          {size !== undefined && ` of ${bytesText(size)}`}
        </span>
        {left !== undefined && left >= 1_000 && <span>{spanText(left)} left</span>}
        <span class="running-wire">{wireText(transfer)}</span>
      </div>
    </li>
  );
}

/** How it goes over the wire: `TFTP, blocks of 512, window 4, 14 resent`. */
export function wireText({ protocol, blockSize, window, resent }: TransferShape): string {
  const parts = [
    protocol.toUpperCase(),
    ...(blockSize === undefined ? [] : [`blocks of ${blockSize}`]),
    ...(window === undefined || window === 1 ? [] : [`window ${window}`]),
    ...(resent === undefined || resent === 0 ? [] : [`${countText(resent, 'block')} resent`]),
  ];
  return parts.join(', ');
}
