/** A device in the list: the cells of its row, or its card. Names come from packets: they are text, cut where they are too long, and keep their direction to themselves. */
import type { JSX } from 'preact';
import type { DeviceSummaryShape } from '../../../../api/device-shapes.ts';
import { StateChip } from '../../parts/badge.tsx';
import type { Column } from '../../parts/data-table.tsx';
import { Time } from '../../parts/time.tsx';
import { Words } from '../../parts/words.tsx';
import { hrefOf } from '../../router.ts';
import { deviceTitle } from './device-order.ts';
import { DeviceProgress } from './device-progress.tsx';

const STATE: Column<DeviceSummaryShape> = {
  key: 'state',
  title: 'State',
  track: '8.25rem',
  cell: (device) => <StateChip state={device.state} />,
};

const ADDRESS: Column<DeviceSummaryShape> = {
  key: 'address',
  title: 'Address',
  track: '8.75rem',
  sortBy: (device) => device.address,
  cell: (device) => <span class="number">{device.address ?? '–'}</span>,
};

const SENTENCE: Column<DeviceSummaryShape> = {
  key: 'sentence',
  title: 'Where it stands',
  track: 'minmax(14rem, 4fr)',
  cell: (device) => <Standing device={device} />,
};

const SEEN: Column<DeviceSummaryShape> = {
  key: 'seen',
  title: 'Last heard',
  track: '6.5rem',
  isNumeric: true,
  sortBy: (device) => -device.seenAt,
  cell: (device) => (
    <span class="faint-time">
      <Time at={device.seenAt} />
    </span>
  ),
};

/** @param hasRoom for the address in a column of its own. */
export function deviceColumns(hasRoom: boolean): readonly Column<DeviceSummaryShape>[] {
  const name: Column<DeviceSummaryShape> = {
    key: 'name',
    title: 'Device',
    track: 'minmax(10.5rem, 1.5fr)',
    sortBy: deviceTitle,
    cell: (device) => <Name device={device} about={hasRoom ? device.vendor : (device.address ?? device.vendor)} />,
  };
  return hasRoom ? [STATE, name, ADDRESS, SENTENCE, SEEN] : [STATE, name, SENTENCE, SEEN];
}

export function DeviceCard({ device }: { readonly device: DeviceSummaryShape }): JSX.Element {
  const about = [device.address, device.vendor].filter((part) => part !== undefined).join(' · ');
  return (
    <div class="device-card">
      <div class="device-card-head">
        <Name device={device} about={about} />
        <StateChip state={device.state} />
      </div>
      <Standing device={device} />
      <span class="faint-time">
        <Time at={device.seenAt} />
      </span>
    </div>
  );
}

function Name({ device, about }: { readonly device: DeviceSummaryShape; readonly about: string | undefined }): JSX.Element {
  return (
    <span class="device-name">
      <a href={hrefOf('devices', device.id)} tabIndex={-1} class={device.name === undefined ? 'mono' : undefined} title={device.id}>
        <bdi>{deviceTitle(device)}</bdi>
      </a>
      {about !== undefined && about !== '' && (
        <span class="device-about">
          <bdi>{about}</bdi>
        </span>
      )}
    </span>
  );
}

function Standing({ device }: { readonly device: DeviceSummaryShape }): JSX.Element {
  return (
    <div class="standing">
      <p class="sentence">
        <bdi>
          <Words text={device.sentence} />
        </bdi>
      </p>
      <DeviceProgress device={device} />
    </div>
  );
}
