/** Devices that are written down, with where and with what is made for them; and those on the wire that are not. */
import './inventory.css';
import type { JSX } from 'preact';
import { useState } from 'preact/hooks';
import type { InventoryShape, KnownDeviceShape, UnknownDeviceShape } from '../../../../api/inventory-shapes.ts';
import { leasesChanged } from '../../live.ts';
import { Badge } from '../../parts/badge.tsx';
import { Button } from '../../parts/button.tsx';
import { type Column, DataTable } from '../../parts/data-table.tsx';
import { DeviceLink } from '../../parts/device-link.tsx';
import { EmptyState, Loading, ProblemPanel } from '../../parts/empty-state.tsx';
import { countText } from '../../parts/quantities.ts';
import { SearchBox } from '../../parts/search-box.tsx';
import { Segments } from '../../parts/segments.tsx';
import { fittingColumns } from '../../parts/spare-columns.ts';
import { ViewHead } from '../../parts/view-head.tsx';
import { useAnswer } from '../../use-answer.ts';
import { filterOf, holds, setFilters } from '../filters.ts';
import { AdoptDialog } from './adopt-dialog.tsx';
import { KnownDialog } from './known-dialog.tsx';

export function InventoryView(): JSX.Element {
  const { value, problem, reload } = useAnswer<InventoryShape>('/inventory', leasesChanged.value);
  const [adopted, setAdopted] = useState<UnknownDeviceShape>();
  const [opened, setOpened] = useState<KnownDeviceShape>();
  const text = filterOf('text');
  const isUnknown = filterOf('show') === 'unknown';
  // A link of a device opens its adoption.
  const linked = filterOf('adopt');
  const toAdopt = adopted ?? value?.unknown.find(({ mac }) => mac === linked);
  const close = (): void => {
    setAdopted(undefined);
    setFilters({ adopt: '' });
  };
  const known = (value?.known ?? []).filter((one) =>
    holds(text, one.mac, one.name, one.address, one.profile, one.model, one.serial, one.place, ...Object.values(one.vars), ...one.files),
  );
  const unknown = (value?.unknown ?? []).filter((one) =>
    holds(text, one.mac, one.name, one.address, one.vendor, one.profile, one.model, one.serial),
  );
  return (
    <>
      <ViewHead
        title="Inventory"
        about={
          value === undefined
            ? undefined
            : `${countText(value.known.length, 'device')} written down, ${value.unknown.length} on the wire that ${value.unknown.length === 1 ? 'is' : 'are'} not`
        }
      >
        <SearchBox label="Search the inventory" value={text} onInput={(typed) => setFilters({ text: typed })} />
        <Segments
          label="Which devices"
          value={isUnknown ? 'unknown' : 'known'}
          options={[
            { value: 'known', title: 'Known', count: known.length },
            { value: 'unknown', title: 'Unknown', count: unknown.length },
          ]}
          onChange={(show) => setFilters({ show: show === 'unknown' ? show : '' })}
        />
      </ViewHead>
      {problem !== undefined && <ProblemPanel problem={problem} onRetry={reload} />}
      {value === undefined && problem === undefined && <Loading what="the inventory" />}
      {value !== undefined && !isUnknown && (
        <DataTable
          key="known"
          label="Known devices"
          items={known}
          columns={fittingColumns(KNOWN_COLUMNS, ['files', 'place'])}
          idOf={({ place, mac }) => `${place} ${mac ?? ''}`}
          card={(device) => <KnownCard device={device} />}
          onOpen={setOpened}
          empty={<NoneKnown hasAny={value.known.length > 0} file={value.file} />}
        />
      )}
      {value !== undefined && isUnknown && (
        <DataTable
          key="unknown"
          label="Unknown devices"
          items={unknown}
          columns={fittingColumns(unknownColumns(setAdopted), ['mac'])}
          idOf={({ mac }) => mac}
          card={(device) => <UnknownCard device={device} onAdopt={setAdopted} />}
          onOpen={setAdopted}
          empty={
            <EmptyState icon="check" title={text === '' ? 'Everything on the wire is known' : 'No unknown device fits'}>
              {text === ''
                ? 'A device that gets an address and is written down nowhere shows up here, and can be adopted.'
                : 'Change the text.'}
            </EmptyState>
          }
        />
      )}
      {toAdopt !== undefined && value !== undefined && (
        <AdoptDialog
          device={toAdopt}
          inventory={value}
          onClose={close}
          onDone={() => {
            close();
            reload();
          }}
        />
      )}
      {opened !== undefined && <KnownDialog device={opened} onClose={() => setOpened(undefined)} />}
    </>
  );
}

/** Variables that fit into a row. */
const MOST_VARS = 3;

function Vars({ vars }: { vars: KnownDeviceShape['vars'] }): JSX.Element {
  const all = Object.entries(vars);
  return (
    <span class="var-list">
      {all.slice(0, MOST_VARS).map(([key, value]) => (
        <span key={key} class="var">
          <span class="faint">{key}</span> {value}
        </span>
      ))}
      {all.length > MOST_VARS && <span class="faint">+{all.length - MOST_VARS}</span>}
    </span>
  );
}

/** The file without its folders, so that its line is always seen; the whole of it when pointed at. */
function Place({ place }: { place: string }): JSX.Element {
  return (
    <span class="mono faint" title={place}>
      {place.replace(/^.*[\\/]/, '')}
    </span>
  );
}

const KNOWN_COLUMNS: readonly Column<KnownDeviceShape>[] = [
  {
    key: 'name',
    title: 'Device',
    track: 'minmax(10rem, 1fr)',
    cell: ({ mac, name, serial }) => <DeviceLink id={mac} name={name} about={mac ?? serial} />,
    sortBy: ({ name, mac }) => name ?? mac,
  },
  {
    key: 'address',
    title: 'Address',
    track: '8.5rem',
    cell: ({ address }) => (address === undefined ? <span class="faint">from the pool</span> : <span class="mono">{address}</span>),
    sortBy: ({ address }) => address,
  },
  {
    key: 'profile',
    title: 'Profile',
    track: 'minmax(8rem, 0.8fr)',
    cell: ({ profile, model }) => <Profile profile={profile} model={model} />,
    sortBy: ({ profile }) => profile,
  },
  { key: 'vars', title: 'Variables', track: 'minmax(12rem, 1.6fr)', cell: ({ vars }) => <Vars vars={vars} /> },
  {
    key: 'files',
    title: 'Files',
    track: 'minmax(8rem, 1fr)',
    cell: ({ files }) => <span class="mono ellipsis">{files.join(', ')}</span>,
    sortBy: ({ files }) => files[0],
  },
  {
    key: 'place',
    title: 'Written',
    track: '9rem',
    cell: ({ place }) => <Place place={place} />,
    sortBy: ({ place }) => place,
  },
];

function unknownColumns(onAdopt: (device: UnknownDeviceShape) => void): readonly Column<UnknownDeviceShape>[] {
  return [
    {
      key: 'name',
      title: 'Device',
      track: 'minmax(11rem, 1.2fr)',
      cell: ({ mac, name, vendor }) => <DeviceLink id={mac} name={name} about={vendor} />,
      sortBy: ({ name, mac }) => name ?? mac,
    },
    { key: 'mac', title: 'MAC', track: '11rem', cell: ({ mac }) => <span class="mono">{mac}</span>, sortBy: ({ mac }) => mac },
    {
      key: 'address',
      title: 'Address',
      track: '9rem',
      cell: ({ address }) => <span class="mono">{address}</span>,
      sortBy: ({ address }) => address,
    },
    {
      key: 'profile',
      title: 'Looks like',
      track: 'minmax(9rem, 1fr)',
      cell: ({ profile, model }) => <Profile profile={profile} model={model} />,
      sortBy: ({ profile }) => profile,
    },
    {
      key: 'actions',
      title: 'Actions',
      track: '6rem',
      cell: (device) => <Button onClick={() => onAdopt(device)}>Adopt</Button>,
    },
  ];
}

function Profile({ profile, model }: { profile: string | undefined; model: string | undefined }): JSX.Element {
  if (profile === undefined) return <span class="faint">–</span>;
  return (
    <span class="badges">
      <Badge tone="calm">{profile}</Badge>
      <span class="faint">{model}</span>
    </span>
  );
}

function KnownCard({ device }: { device: KnownDeviceShape }): JSX.Element {
  return (
    <div class="card-lines">
      <div class="card-top">
        <DeviceLink id={device.mac} name={device.name} about={device.mac ?? device.serial} />
        <Profile profile={device.profile} model={undefined} />
      </div>
      <Vars vars={device.vars} />
      <div class="card-facts">
        {device.address !== undefined && <span class="mono">{device.address}</span>}
        <Place place={device.place} />
      </div>
    </div>
  );
}

function UnknownCard({ device, onAdopt }: { device: UnknownDeviceShape; onAdopt: (device: UnknownDeviceShape) => void }): JSX.Element {
  return (
    <div class="card-lines">
      <div class="card-top">
        <DeviceLink id={device.mac} name={device.name} about={device.vendor} />
        <Profile profile={device.profile} model={undefined} />
      </div>
      <div class="card-facts">
        <span class="mono">{device.mac}</span>
        <span class="mono">{device.address}</span>
        <span>{device.model}</span>
      </div>
      <Button onClick={() => onAdopt(device)}>Adopt</Button>
    </div>
  );
}

function NoneKnown({ hasAny, file }: { hasAny: boolean; file: string }): JSX.Element {
  return hasAny ? (
    <EmptyState icon="search" title="No known device fits">
      Change the text, or look at the unknown ones.
    </EmptyState>
  ) : (
    <EmptyState icon="inventory" title="No device is written down">
      Adopt one of the unknown devices: it becomes a line of <code>{file}</code>. Lists of phones can be written there by a spreadsheet,
      too.
    </EmptyState>
  );
}
