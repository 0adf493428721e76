/** What devices have saved here: files with their versions, and what each version changed. */
import './backups.css';
import type { JSX } from 'preact';
import type { BackupFileShape } from '../../../../api/backup-shapes.ts';
import { ApiProblem } from '../../api.ts';
import { server } from '../../live.ts';
import { type Column, DataTable } from '../../parts/data-table.tsx';
import { EmptyState, Loading, ProblemPanel } from '../../parts/empty-state.tsx';
import { countText } from '../../parts/quantities.ts';
import { SearchBox } from '../../parts/search-box.tsx';
import { fittingColumns } from '../../parts/spare-columns.ts';
import { Bytes, Time } from '../../parts/time.tsx';
import { ViewHead } from '../../parts/view-head.tsx';
import { go, hrefOf } from '../../router.ts';
import { useAnswer } from '../../use-answer.ts';
import { filterOf, holds, setFilters } from '../filters.ts';
import { BackupVersions } from './backup-versions.tsx';

/** Where a switch reaches this server: the browser may have come by the loopback. */
function ownAddress(): string {
  const served = server.value?.networks.find(({ isServed, address }) => isServed && address !== undefined);
  return served?.address?.replace(/\/.*$/, '') ?? location.hostname;
}

export function BackupsView(): JSX.Element {
  const { value, problem, reload } = useAnswer<{ backups: BackupFileShape[] }>('/backups');
  const device = filterOf('device');
  const file = filterOf('file');
  const opened = value?.backups.find((backup) => backup.device === device && backup.file === file);
  if (opened !== undefined) return <BackupVersions backup={opened} onChange={reload} />;
  const text = filterOf('text');
  const backups = value?.backups ?? [];
  const items = backups.filter((backup) => holds(text, backup.device, backup.file, backup.versions.at(-1)?.summary));
  return (
    <>
      <ViewHead
        title="Backups"
        about={
          value === undefined
            ? undefined
            : `${countText(backups.length, 'file')} of ${countText(new Set(backups.map((one) => one.device)).size, 'device')}`
        }
      >
        <SearchBox label="Search backups" value={text} onInput={(typed) => setFilters({ text: typed })} />
      </ViewHead>
      {problem !== undefined && <ProblemPanel problem={problem} onRetry={reload} />}
      {value !== undefined && device !== '' && (
        <ProblemPanel problem={new ApiProblem(404, `There is no backup of ${file} by ${device}.`)} />
      )}
      {value === undefined ? (
        problem === undefined && <Loading what="backups" />
      ) : (
        <DataTable
          label="Backups"
          items={items}
          columns={fittingColumns(COLUMNS, ['versions', 'size'])}
          idOf={(one) => `${one.device}/${one.file}`}
          card={(backup) => <BackupCard backup={backup} />}
          onOpen={(one) => go('backups', undefined, { device: one.device, file: one.file })}
          firstSorting={{ key: 'device', direction: 'ascending' }}
          empty={
            backups.length > 0 ? (
              <EmptyState icon="search" title="No backup fits">
                Change the text.
              </EmptyState>
            ) : (
              <EmptyState icon="backups" title="No device has saved anything here yet">
                On Cisco IOS: <code>copy running-config tftp://{ownAddress()}/running-config</code>. There is nothing to prepare, and no
                version is overwritten.
              </EmptyState>
            )
          }
        />
      )}
    </>
  );
}

const newestOf = ({ versions }: BackupFileShape) => versions.at(-1);

const COLUMNS: readonly Column<BackupFileShape>[] = [
  {
    key: 'device',
    title: 'Device',
    track: 'minmax(9rem, 0.8fr)',
    cell: ({ device }) => <strong>{device}</strong>,
    sortBy: ({ device }) => device,
  },
  {
    key: 'file',
    title: 'File',
    track: 'minmax(10rem, 1fr)',
    cell: ({ device, file }) => (
      <a class="mono" href={hrefOf('backups', undefined, { device, file })}>
        {file}
      </a>
    ),
    sortBy: ({ file }) => file,
  },
  { key: 'summary', title: 'Last change', track: 'minmax(14rem, 2fr)', cell: (backup) => <Summary backup={backup} /> },
  {
    key: 'versions',
    title: 'Versions',
    track: '6rem',
    cell: ({ versions }) => versions.length,
    sortBy: ({ versions }) => versions.length,
    isNumeric: true,
  },
  {
    key: 'size',
    title: 'Size',
    track: '6rem',
    cell: (backup) => <Bytes octets={newestOf(backup)?.size ?? 0} />,
    sortBy: (backup) => newestOf(backup)?.size,
    isNumeric: true,
  },
  {
    key: 'at',
    title: 'Saved',
    track: '7.5rem',
    cell: (backup) => <Time at={newestOf(backup)?.at ?? 0} />,
    sortBy: (backup) => newestOf(backup)?.at,
  },
];

function Summary({ backup }: { backup: BackupFileShape }): JSX.Element {
  const summary = newestOf(backup)?.summary;
  return summary === undefined ? <span class="faint">first version</span> : <span>{summary}</span>;
}

function BackupCard({ backup }: { backup: BackupFileShape }): JSX.Element {
  return (
    <div class="card-lines">
      <div class="card-top">
        <span class="device-link">
          <strong>{backup.device}</strong>
          <span class="mono">{backup.file}</span>
        </span>
        <Time at={newestOf(backup)?.at ?? 0} />
      </div>
      <Summary backup={backup} />
      <div class="card-facts">
        <span>{countText(backup.versions.length, 'version')}</span>
        <Bytes octets={newestOf(backup)?.size ?? 0} />
      </div>
    </div>
  );
}
