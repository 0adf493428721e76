/** All devices, those that are stuck first: what is looked at before anything else. One of them when the address names it. */
import './devices.css';
import './device.css';
import './packets.css';
import type { JSX } from 'preact';
import { useMemo } from 'preact/hooks';
import { devices, isLoaded } from '../../live.ts';
import { DEVICE_STATES, type DeviceState } from '../../parts/badge.tsx';
import { Button } from '../../parts/button.tsx';
import { DataTable } from '../../parts/data-table.tsx';
import { EmptyState, Loading } from '../../parts/empty-state.tsx';
import { isWide } from '../../parts/narrow.ts';
import { countText } from '../../parts/quantities.ts';
import { SearchBox } from '../../parts/search-box.tsx';
import { ViewHead } from '../../parts/view-head.tsx';
import { go, refine } from '../../router.ts';
import type { ViewProps } from '../index.ts';
import { byUrgency, countsOf, isFound } from './device-order.ts';
import { DeviceCard, deviceColumns } from './device-row.tsx';
import { DeviceView } from './device-view.tsx';
import { StateFilter } from './state-filter.tsx';

export function DevicesView({ route }: ViewProps): JSX.Element {
  return route.id === undefined ? <DeviceList query={route.query} /> : <DeviceView key={route.id} id={route.id} />;
}

function DeviceList({ query }: { readonly query: URLSearchParams }): JSX.Element {
  const known = devices.value;
  const state = DEVICE_STATES.find((name) => name === query.get('state'));
  const words = query.get('q') ?? '';
  const all = useMemo(() => byUrgency(known.values()), [known]);
  const counts = useMemo(() => countsOf(all), [all]);
  const shown = useMemo(
    () => all.filter((device) => (state === undefined || device.state === state) && (words.trim() === '' || isFound(device, words.trim()))),
    [all, state, words],
  );
  const columns = useMemo(() => deviceColumns(isWide()), [isWide()]);
  const look = (next: { state?: DeviceState | undefined; words?: string }): void => {
    const merged = { state, words, ...next };
    refine({ ...(merged.state !== undefined && { state: merged.state }), ...(merged.words !== '' && { q: merged.words }) });
  };
  if (!isLoaded.value) return <Loading what="devices" />;
  return (
    <>
      <ViewHead title="Devices" about={aboutOf(all.length, counts.get('stuck') ?? 0)}>
        <StateFilter counts={counts} chosen={state} onChoose={(chosen) => look({ state: chosen })} />
        <SearchBox label="Search devices" value={words} onInput={(typed) => look({ words: typed })} onLeave={focusList} />
      </ViewHead>
      <DataTable
        label="Devices"
        items={shown}
        columns={columns}
        idOf={(device) => device.id}
        card={(device) => <DeviceCard device={device} />}
        onOpen={(device) => go('devices', device.id)}
        rowClass={(device) => (device.state === 'stuck' ? 'row-stuck' : undefined)}
        rowHeight={62}
        empty={all.length === 0 ? <NobodyYet /> : <NothingFound onClear={() => look({ state: undefined, words: '' })} />}
      />
    </>
  );
}

function aboutOf(count: number, stuck: number): string {
  if (count === 0) return 'None was heard of yet';
  const heard = `${countText(count, 'device')} heard of`;
  return stuck === 0 ? `${heard}, none is stuck` : `${heard}, ${stuck.toLocaleString()} of them stuck`;
}

function focusList(): void {
  document.querySelector<HTMLElement>('.table')?.focus();
}

function NobodyYet(): JSX.Element {
  return (
    <EmptyState icon="devices" title="No device was heard of yet">
      Plug one into the network that is served here and switch it on: it shows up with its first packet.
    </EmptyState>
  );
}

function NothingFound({ onClear }: { readonly onClear: () => void }): JSX.Element {
  return (
    <EmptyState icon="search" title="No device is like that" action={<Button onClick={onClear}>Show all devices</Button>}>
      Names, addresses, MACs, vendors and sentences were searched.
    </EmptyState>
  );
}
