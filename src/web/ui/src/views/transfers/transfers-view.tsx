/** Files on their way with how far they are, and those that have ended, with how. */
import './transfers.css';
import type { JSX } from 'preact';
import type { TransferShape } from '../../../../api/transfer-shapes.ts';
import { isLoaded, transfers } from '../../live.ts';
import { Badge } from '../../parts/badge.tsx';
import { type Column, DataTable } from '../../parts/data-table.tsx';
import { DeviceLink } from '../../parts/device-link.tsx';
import { EmptyState, Loading } from '../../parts/empty-state.tsx';
import { Icon } from '../../parts/icons.tsx';
import { countText, rateText } from '../../parts/quantities.ts';
import { SearchBox } from '../../parts/search-box.tsx';
import { Segments } from '../../parts/segments.tsx';
import { fittingColumns } from '../../parts/spare-columns.ts';
import { Bytes, Time } from '../../parts/time.tsx';
import { ViewHead } from '../../parts/view-head.tsx';
import { filterOf, holds, setFilters } from '../filters.ts';
import { RunningTransfer, wireText } from './running-transfer.tsx';
import { ThroughputChart } from './throughput-chart.tsx';

const SHOWN = {
  all: ['All', () => true],
  read: ['To devices', ({ direction }: TransferShape) => direction === 'read'],
  write: ['From devices', ({ direction }: TransferShape) => direction === 'write'],
  failed: ['Failed', ({ outcome }: TransferShape) => outcome === 'failed'],
} as const satisfies Readonly<Record<string, readonly [string, (transfer: TransferShape) => boolean]>>;
const NAMES = ['all', 'read', 'write', 'failed'] as const satisfies readonly (keyof typeof SHOWN)[];

export function TransfersView(): JSX.Element {
  const shown = NAMES.find((name) => name === filterOf('show')) ?? 'all';
  const text = filterOf('text');
  const fitting = [...transfers.value.values()].filter(({ path, name, address, device, reason }) =>
    holds(text, path, name, address, device, reason),
  );
  const items = fitting.filter(SHOWN[shown][1]);
  const running = items.filter(({ outcome }) => outcome === 'running').toSorted((a, b) => b.startedAt - a.startedAt);
  const ended = items.filter(({ outcome }) => outcome !== 'running').toSorted((a, b) => (b.endedAt ?? 0) - (a.endedAt ?? 0));
  const hasAny = transfers.value.size > 0;
  return (
    <>
      <ViewHead
        title="Transfers"
        about={running.length === 0 ? 'No file is on its way' : `${countText(running.length, 'file')} on the way`}
        actions={<ThroughputChart />}
      >
        <SearchBox label="Search transfers" value={text} onInput={(typed) => setFilters({ text: typed })} />
        <Segments
          label="Which transfers"
          value={shown}
          options={NAMES.map((name) => ({ value: name, title: SHOWN[name][0], count: fitting.filter(SHOWN[name][1]).length }))}
          onChange={(name) => setFilters({ show: name === 'all' ? '' : name })}
        />
      </ViewHead>
      {running.length > 0 && (
        <ul class="running-list" aria-label="On the way">
          {running.map((transfer) => (
            <RunningTransfer key={transfer.id} transfer={transfer} />
          ))}
        </ul>
      )}
      {isLoaded.value ? (
        (ended.length > 0 || running.length === 0) && (
          <DataTable
            label="Ended transfers"
            items={ended}
            columns={fittingColumns(COLUMNS, ['size', 'rate', 'resent'])}
            idOf={({ id }) => id}
            card={(transfer) => <TransferCard transfer={transfer} />}
            rowClass={({ outcome }) => (outcome === 'failed' ? 'row-failed' : undefined)}
            empty={<NoTransfers hasAny={hasAny} />}
          />
        )
      ) : (
        <Loading what="transfers" />
      )}
    </>
  );
}

const COLUMNS: readonly Column<TransferShape>[] = [
  {
    key: 'file',
    title: 'File',
    track: 'minmax(11rem, 2fr)',
    cell: (transfer) => <TransferFile transfer={transfer} />,
    sortBy: ({ path }) => path,
  },
  {
    key: 'device',
    title: 'Device',
    track: 'minmax(8rem, 1fr)',
    cell: ({ device, name, address }) => <DeviceLink id={device} name={name} about={address} />,
    sortBy: ({ name, address }) => name ?? address,
  },
  { key: 'result', title: 'Result', track: '7rem', cell: (transfer) => <Result transfer={transfer} />, sortBy: ({ outcome }) => outcome },
  {
    key: 'size',
    title: 'Sent',
    track: '6rem',
    cell: ({ octets }) => <Bytes octets={octets} />,
    sortBy: ({ octets }) => octets,
    isNumeric: true,
  },
  {
    key: 'rate',
    title: 'Speed',
    track: '7rem',
    cell: ({ rate }) => <span class="number">{rate === 0 ? '–' : rateText(rate)}</span>,
    sortBy: ({ rate }) => rate,
    isNumeric: true,
  },
  {
    key: 'resent',
    title: 'Resent',
    track: '5.5rem',
    cell: ({ resent = 0 }) => <span class="number">{resent === 0 ? '–' : resent.toLocaleString()}</span>,
    sortBy: ({ resent }) => resent,
    isNumeric: true,
  },
  {
    key: 'ended',
    title: 'Ended',
    track: '7rem',
    cell: ({ endedAt }) => endedAt !== undefined && <Time at={endedAt} />,
    sortBy: ({ endedAt }) => endedAt,
  },
];

function TransferFile({ transfer }: { transfer: TransferShape }): JSX.Element {
  const { path, direction, reason } = transfer;
  return (
    <span class="transfer-file">
      <span class="transfer-name" title={wireText(transfer)}>
        <Icon name={direction === 'read' ? 'download' : 'upload'} size={16} />
        <span class="unseen">{direction === 'read' ? 'to the device: ' : 'from the device: '}</span>
        <span class="mono">{path}</span>
      </span>
      {reason !== undefined && <span class="transfer-reason">{reason}</span>}
    </span>
  );
}

function Result({ transfer: { outcome } }: { transfer: TransferShape }): JSX.Element {
  return outcome === 'failed' ? <Badge tone="bad">Failed</Badge> : <Badge tone="good">Complete</Badge>;
}

function TransferCard({ transfer }: { transfer: TransferShape }): JSX.Element {
  const { device, name, address, octets, rate, resent = 0, endedAt } = transfer;
  return (
    <div class="card-lines">
      <div class="card-top">
        <TransferFile transfer={transfer} />
        <Result transfer={transfer} />
      </div>
      <div class="card-facts">
        <DeviceLink id={device} name={name ?? address} />
        <Bytes octets={octets} />
        {rate > 0 && <span class="number">{rateText(rate)}</span>}
        {resent > 0 && <span>{countText(resent, 'block')} resent</span>}
        {endedAt !== undefined && <Time at={endedAt} />}
      </div>
    </div>
  );
}

function NoTransfers({ hasAny }: { hasAny: boolean }): JSX.Element {
  return hasAny ? (
    <EmptyState icon="search" title="No transfer fits">
      Change the text, or look under another heading.
    </EmptyState>
  ) : (
    <EmptyState icon="transfers" title="No files have been asked for">
      Files show up here as soon as a device asks for one, or sends one. What there is for them is under Files.
    </EmptyState>
  );
}
