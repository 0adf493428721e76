/** The files that devices get: folder by folder, with what each is, and putting in new ones. */
import './files.css';
import type { JSX } from 'preact';
import { useRef, useState } from 'preact/hooks';
import type { FileEntryShape, FileListShape } from '../../../../api/file-shapes.ts';
import { Badge } from '../../parts/badge.tsx';
import { Button } from '../../parts/button.tsx';
import { type Column, DataTable } from '../../parts/data-table.tsx';
import { EmptyState, Loading, ProblemPanel } from '../../parts/empty-state.tsx';
import { Icon } from '../../parts/icons.tsx';
import { SearchBox } from '../../parts/search-box.tsx';
import { Bytes, Time } from '../../parts/time.tsx';
import { ViewHead } from '../../parts/view-head.tsx';
import { go, hrefOf } from '../../router.ts';
import { useAnswer } from '../../use-answer.ts';
import { filterOf, holds, setFilters } from '../filters.ts';
import type { ViewProps } from '../index.ts';
import { DeleteDialog, FileDialog } from './file-dialogs.tsx';
import { UploadList } from './upload-list.tsx';
import { addUploads, arrivals } from './upload-queue.ts';

export function FilesView({ route }: ViewProps): JSX.Element {
  const folder = route.id ?? '';
  const { value, problem, reload } = useAnswer<FileListShape>(`/files?path=${encodeURIComponent(folder)}`, arrivals.value);
  const [opened, setOpened] = useState<FileEntryShape>();
  const [doomed, setDoomed] = useState<FileEntryShape>();
  const [isDropping, setDropping] = useState(false);
  const picker = useRef<HTMLInputElement>(null);
  const text = filterOf('text');
  const entries = (value?.entries ?? []).filter(({ name, about }) => holds(text, name, about));
  const drop = (event: DragEvent): void => {
    if (event.dataTransfer === null || !event.dataTransfer.types.includes('Files')) return;
    event.preventDefault();
    setDropping(false);
    addUploads(folder, event.dataTransfer.files);
  };
  return (
    // biome-ignore lint/a11y/noStaticElementInteractions: dropping is a second way; the button does the same for keyboards.
    <div
      class={isDropping ? 'files files-dropping' : 'files'}
      onDragOver={(event) => {
        if (event.dataTransfer?.types.includes('Files') !== true) return;
        event.preventDefault();
        setDropping(true);
      }}
      onDragLeave={(event) => {
        if (!(event.relatedTarget instanceof Node) || !event.currentTarget.contains(event.relatedTarget)) setDropping(false);
      }}
      onDrop={drop}
    >
      <ViewHead
        title="Files"
        about={<Breadcrumb folder={folder} />}
        actions={
          <>
            <input
              ref={picker}
              class="unseen"
              type="file"
              multiple
              tabIndex={-1}
              aria-label="Files to upload"
              onChange={({ currentTarget }) => {
                addUploads(folder, currentTarget.files ?? []);
                currentTarget.value = '';
              }}
            />
            <Button kind="primary" icon="upload" onClick={() => picker.current?.click()}>
              Upload
            </Button>
          </>
        }
      >
        <SearchBox label="Search this folder" value={text} onInput={(typed) => setFilters({ text: typed })} />
      </ViewHead>
      <UploadList />
      {problem !== undefined && <ProblemPanel problem={problem} onRetry={reload} />}
      {value === undefined ? (
        problem === undefined && <Loading what="the folder" />
      ) : (
        <DataTable
          label={folder === '' ? 'Files' : `Files in ${folder}`}
          items={entries}
          columns={COLUMNS}
          idOf={({ path }) => path}
          card={(entry) => <FileCard entry={entry} />}
          onOpen={(entry) => (entry.kind === 'folder' ? go('files', entry.path) : setOpened(entry))}
          empty={
            text === '' ? (
              <EmptyState icon="files" title="Nothing here yet">
                Drop boot loaders, images or firmware on this page, or press Upload. <code>bootlace images fetch</code> brings boot loaders
                by itself.
              </EmptyState>
            ) : (
              <EmptyState icon="search" title="No file fits">
                Only this folder is searched.
              </EmptyState>
            )
          }
        />
      )}
      {isDropping && (
        <div class="drop-hint" aria-hidden="true">
          <Icon name="upload" size={32} />
          Drop to put it into {folder === '' ? 'the root' : folder}
        </div>
      )}
      {opened !== undefined && (
        <FileDialog
          entry={opened}
          onClose={() => setOpened(undefined)}
          onDelete={() => {
            setDoomed(opened);
            setOpened(undefined);
          }}
        />
      )}
      {doomed !== undefined && (
        <DeleteDialog
          entry={doomed}
          onClose={() => setDoomed(undefined)}
          onDone={() => {
            setDoomed(undefined);
            reload();
          }}
        />
      )}
    </div>
  );
}

function Breadcrumb({ folder }: { folder: string }): JSX.Element {
  const parts = folder === '' ? [] : folder.split('/');
  return (
    <span class="breadcrumb">
      {parts.length === 0 ? <span>root</span> : <a href={hrefOf('files')}>root</a>}
      {parts.map((part, index) => {
        const path = parts.slice(0, index + 1).join('/');
        return (
          <span key={path}>
            <span aria-hidden="true"> / </span>
            {index === parts.length - 1 ? <span aria-current="page">{part}</span> : <a href={hrefOf('files', path)}>{part}</a>}
          </span>
        );
      })}
    </span>
  );
}

/** Folders first, whatever the names are. */
const byKind = (kind: FileEntryShape['kind']): string => (kind === 'folder' ? '0' : '1');

const COLUMNS: readonly Column<FileEntryShape>[] = [
  {
    key: 'name',
    title: 'Name',
    track: 'minmax(12rem, 1.3fr)',
    cell: (entry) => <FileName entry={entry} />,
    sortBy: ({ kind, name }) => byKind(kind) + name,
  },
  {
    key: 'about',
    title: 'What it is',
    track: 'minmax(10rem, 1.6fr)',
    cell: ({ about }) => <span class="faint">{about}</span>,
    sortBy: ({ about }) => about,
  },
  {
    key: 'size',
    title: 'Size',
    track: '7rem',
    cell: ({ size }) => size !== undefined && <Bytes octets={size} />,
    sortBy: ({ size }) => size,
    isNumeric: true,
  },
  {
    key: 'changed',
    title: 'Changed',
    track: '8rem',
    cell: ({ changedAt }) => changedAt !== undefined && <Time at={changedAt} />,
    sortBy: ({ changedAt }) => changedAt,
  },
];

const ICONS = { folder: 'files', file: 'log', made: 'play' } as const;

function FileName({ entry: { kind, name, path } }: { entry: FileEntryShape }): JSX.Element {
  return (
    <span class={`file-name file-${kind}`}>
      <Icon name={ICONS[kind]} size={18} />
      {kind === 'folder' ? <a href={hrefOf('files', path)}>{name}</a> : <span>{name}</span>}
      {kind === 'made' && <Badge tone="calm">Made</Badge>}
    </span>
  );
}

function FileCard({ entry }: { entry: FileEntryShape }): JSX.Element {
  return (
    <div class="card-lines">
      <FileName entry={entry} />
      {entry.about !== undefined && <p class="faint">{entry.about}</p>}
      {entry.kind === 'file' && (
        <div class="card-facts">
          {entry.size !== undefined && <Bytes octets={entry.size} />}
          {entry.changedAt !== undefined && <Time at={entry.changedAt} />}
        </div>
      )}
    </div>
  );
}
