/** Who has which address, how full the networks are, and taking an address back or keeping it. */
import './leases.css';
import type { JSX } from 'preact';
import { useMemo, useState } from 'preact/hooks';
import type { LeaseShape } from '../../../../api/lease-shapes.ts';
import { leasesChanged, server } from '../../live.ts';
import { Badge } from '../../parts/badge.tsx';
import { Button } from '../../parts/button.tsx';
import { type Column, DataTable } from '../../parts/data-table.tsx';
import { DeviceLink } from '../../parts/device-link.tsx';
import { EmptyState, Loading, ProblemPanel } from '../../parts/empty-state.tsx';
import { countText } from '../../parts/quantities.ts';
import { SearchBox } from '../../parts/search-box.tsx';
import { Segments } from '../../parts/segments.tsx';
import { fittingColumns } from '../../parts/spare-columns.ts';
import { Time } from '../../parts/time.tsx';
import { ViewHead } from '../../parts/view-head.tsx';
import { go } from '../../router.ts';
import { useAnswer } from '../../use-answer.ts';
import { filterOf, holds, setFilters } from '../filters.ts';
import { ReleaseDialog, ReserveDialog } from './lease-dialogs.tsx';
import { addressNumber, isHeld, leaseMeaning, leaseTone, leaseWord } from './lease-words.ts';
import { NetworkMeters } from './network-meters.tsx';

type Shown = 'held' | 'reserved' | 'quarantined' | 'past';
type Question = { readonly ask: 'release' | 'reserve'; readonly lease: LeaseShape };

const SHOWN: Readonly<Record<Shown, readonly [title: string, fits: (lease: LeaseShape) => boolean]>> = {
  held: ['In force', isHeld],
  reserved: ['Reserved', (lease) => lease.isReserved],
  quarantined: ['Quarantined', ({ state }) => state === 'quarantined'],
  past: ['Past', (lease) => !isHeld(lease)],
};
const NAMES = ['held', 'reserved', 'quarantined', 'past'] as const;

export function LeasesView(): JSX.Element {
  const { value, problem, reload } = useAnswer<{ leases: LeaseShape[] }>('/leases?all=true', leasesChanged.value);
  const [question, setQuestion] = useState<Question>();
  const shown = NAMES.find((name) => name === filterOf('state')) ?? 'held';
  const network = filterOf('network');
  const text = filterOf('text');
  const leases = value?.leases ?? [];
  const fitting = leases.filter(
    (lease) =>
      (network === '' || lease.network === network) &&
      holds(text, lease.address, lease.mac, lease.name, lease.vendor, lease.clientId, leaseWord(lease.state)),
  );
  const items = fitting.filter(SHOWN[shown][1]);
  const columns = useMemo(() => columnsOf(setQuestion), []);
  const done = (): void => {
    setQuestion(undefined);
    reload();
  };
  return (
    <>
      <ViewHead
        title="Leases"
        about={value === undefined ? 'Who has which address' : `${countText(leases.filter(isHeld).length, 'address', 'addresses')} held`}
      >
        <SearchBox label="Search leases" value={text} onInput={(typed) => setFilters({ text: typed })} />
        <Segments
          label="Which leases"
          value={shown}
          options={NAMES.map((name) => ({ value: name, title: SHOWN[name][0], count: fitting.filter(SHOWN[name][1]).length }))}
          onChange={(name) => setFilters({ state: name === 'held' ? '' : name })}
        />
      </ViewHead>
      {server.value !== undefined && (
        <NetworkMeters networks={server.value.networks} chosen={network} onChoose={(name) => setFilters({ network: name })} />
      )}
      {problem !== undefined && <ProblemPanel problem={problem} onRetry={reload} />}
      {value === undefined ? (
        problem === undefined && <Loading what="leases" />
      ) : (
        <DataTable
          label="Leases"
          items={items}
          columns={fittingColumns(columns, ['mac', 'network'])}
          idOf={({ address }) => address}
          card={(lease) => <LeaseCard lease={lease} onAsk={setQuestion} />}
          firstSorting={{ key: 'address', direction: 'ascending' }}
          onOpen={({ mac }) => mac !== undefined && go('devices', mac)}
          empty={<NoLeases hasAny={leases.length > 0} />}
        />
      )}
      {question?.ask === 'release' && <ReleaseDialog lease={question.lease} onClose={() => setQuestion(undefined)} onDone={done} />}
      {question?.ask === 'reserve' && <ReserveDialog lease={question.lease} onClose={() => setQuestion(undefined)} onDone={done} />}
    </>
  );
}

function columnsOf(onAsk: (question: Question) => void): readonly Column<LeaseShape>[] {
  return [
    {
      key: 'address',
      title: 'Address',
      track: 'minmax(8rem, 9.5rem)',
      cell: ({ address }) => <span class="mono">{address}</span>,
      sortBy: ({ address }) => addressNumber(address),
    },
    {
      key: 'device',
      title: 'Device',
      track: 'minmax(8rem, 1.4fr)',
      cell: ({ mac, name, vendor }) => <DeviceLink id={mac} name={name} about={vendor} />,
      sortBy: ({ name, mac }) => name ?? mac,
    },
    { key: 'mac', title: 'MAC', track: '10.5rem', cell: ({ mac }) => <span class="mono">{mac ?? '–'}</span>, sortBy: ({ mac }) => mac },
    { key: 'network', title: 'Network', track: 'minmax(6rem, 0.6fr)', cell: ({ network }) => network, sortBy: ({ network }) => network },
    {
      key: 'state',
      title: 'State',
      track: 'minmax(7rem, 12rem)',
      cell: (lease) => <LeaseState lease={lease} />,
      sortBy: ({ state }) => state,
    },
    { key: 'until', title: 'Ends', track: '6rem', cell: (lease) => <LeaseEnd lease={lease} />, sortBy: ({ until }) => until },
    { key: 'actions', title: 'Actions', track: '10.5rem', cell: (lease) => <LeaseActions lease={lease} onAsk={onAsk} /> },
  ];
}

function LeaseState({ lease: { state, isReserved } }: { lease: LeaseShape }): JSX.Element {
  return (
    <span class="badges" title={leaseMeaning(state)}>
      <Badge tone={leaseTone(state)}>{leaseWord(state)}</Badge>
      {isReserved && <Badge>Reserved</Badge>}
    </span>
  );
}

function LeaseEnd({ lease: { until } }: { lease: LeaseShape }): JSX.Element {
  return until === undefined ? <span class="faint">never</span> : <Time at={until} />;
}

function LeaseActions({ lease, onAsk }: { lease: LeaseShape; onAsk: (question: Question) => void }): JSX.Element {
  return (
    <span class="row-actions">
      {!lease.isReserved && lease.mac !== undefined && (
        <Button kind="quiet" onClick={() => onAsk({ ask: 'reserve', lease })}>
          Reserve
        </Button>
      )}
      {isHeld(lease) && (
        <Button kind="quiet" onClick={() => onAsk({ ask: 'release', lease })}>
          Release
        </Button>
      )}
    </span>
  );
}

function LeaseCard({ lease, onAsk }: { lease: LeaseShape; onAsk: (question: Question) => void }): JSX.Element {
  return (
    <div class="card-lines">
      <div class="card-top">
        <DeviceLink id={lease.mac} name={lease.name ?? lease.mac ?? lease.address} about={lease.vendor} />
        <LeaseState lease={lease} />
      </div>
      <div class="card-facts">
        <span class="mono">{lease.address}</span>
        <span>{lease.network}</span>
        <span>
          ends <LeaseEnd lease={lease} />
        </span>
      </div>
      <LeaseActions lease={lease} onAsk={onAsk} />
    </div>
  );
}

function NoLeases({ hasAny }: { hasAny: boolean }): JSX.Element {
  return hasAny ? (
    <EmptyState icon="search" title="No lease fits">
      Change the text or the network, or look under another heading.
    </EmptyState>
  ) : (
    <EmptyState icon="leases" title="No addresses handed out yet">
      Plug a device in, or restart one: it asks for an address when its link comes up.
    </EmptyState>
  );
}
