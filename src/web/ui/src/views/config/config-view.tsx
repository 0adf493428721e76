/** The configuration in force, value by value with where each comes from, and reading its file again. */
import './config.css';
import type { JSX } from 'preact';
import { useState } from 'preact/hooks';
import type { ConfigStateShape, ConfigValueShape } from '../../../../api/config-shapes.ts';
import { ask } from '../../api.ts';
import { Badge } from '../../parts/badge.tsx';
import { Button } from '../../parts/button.tsx';
import { type Column, DataTable } from '../../parts/data-table.tsx';
import { EmptyState, Loading, ProblemPanel } from '../../parts/empty-state.tsx';
import { Icon } from '../../parts/icons.tsx';
import { countText } from '../../parts/quantities.ts';
import { SearchBox } from '../../parts/search-box.tsx';
import { Segments } from '../../parts/segments.tsx';
import { ViewHead } from '../../parts/view-head.tsx';
import { Words } from '../../parts/words.tsx';
import { useAction } from '../../use-action.ts';
import { useAnswer } from '../../use-answer.ts';
import { filterOf, holds, setFilters } from '../filters.ts';
import { ServerPanel } from './server-panel.tsx';

export function ConfigView(): JSX.Element {
  const { value, problem, reload } = useAnswer<ConfigStateShape>('/config');
  const reading = useAction();
  const [changes, setChanges] = useState<readonly string[]>();
  const text = filterOf('text');
  const isWritten = filterOf('show') === 'written';
  const fitting = (value?.values ?? []).filter((one) => holds(text, one.path, one.value, one.about));
  const written = fitting.filter(({ isDefault }) => !isDefault);
  const readAgain = (): void =>
    reading.run(async () => {
      setChanges(undefined);
      const answer = await ask<{ changes: string[] }>('POST', '/config/reload').finally(reload);
      setChanges(answer.changes);
    });
  return (
    <>
      <ViewHead
        title="Configuration"
        about={
          value === undefined ? undefined : value.file === undefined ? (
            'The built-in defaults are in force: there is no file.'
          ) : (
            <span class="mono">{value.file}</span>
          )
        }
        actions={
          value?.file !== undefined && (
            <Button kind="primary" icon="refresh" onClick={readAgain} isBusy={reading.isBusy}>
              Read the file again
            </Button>
          )
        }
      >
        <SearchBox label="Search keys, values, descriptions" value={text} onInput={(typed) => setFilters({ text: typed })} />
        <Segments
          label="Which values"
          value={isWritten ? 'written' : 'all'}
          options={[
            { value: 'all', title: 'All', count: fitting.length },
            { value: 'written', title: 'Written', count: written.length },
          ]}
          onChange={(show) => setFilters({ show: show === 'written' ? show : '' })}
        />
      </ViewHead>
      <ServerPanel />
      {reading.problem !== undefined && <ProblemPanel problem={reading.problem} />}
      {changes !== undefined && <Changes changes={changes} onClose={() => setChanges(undefined)} />}
      {reading.problem === undefined && value !== undefined && value.problems.length > 0 && <Problems problems={value.problems} />}
      {problem !== undefined && <ProblemPanel problem={problem} onRetry={reload} />}
      {value === undefined ? (
        problem === undefined && <Loading what="the configuration" />
      ) : (
        <DataTable
          label="Values of the configuration"
          items={isWritten ? written : fitting}
          columns={columnsOf(value.file)}
          idOf={({ path }) => path}
          card={(one) => <ValueCard value={one} file={value.file} />}
          rowHeight={56}
          empty={
            <EmptyState icon="search" title="No value fits">
              Change the text, or look at all values. Every key there is stands in docs/configuration.md.
            </EmptyState>
          }
        />
      )}
    </>
  );
}

function columnsOf(file: string | undefined): readonly Column<ConfigValueShape>[] {
  return [
    { key: 'path', title: 'Key', track: 'minmax(11rem, 1.1fr)', cell: ({ path }) => <Key path={path} />, sortBy: ({ path }) => path },
    { key: 'value', title: 'Value', track: 'minmax(9rem, 1fr)', cell: (one) => <Value value={one} />, sortBy: ({ value }) => value },
    { key: 'from', title: 'From', track: '8.5rem', cell: (one) => <From value={one} file={file} />, sortBy: ({ line }) => line },
    {
      key: 'about',
      title: 'What it is',
      track: 'minmax(10rem, 1.6fr)',
      cell: ({ about }) => <span class="config-about">{about !== undefined && <Words text={about} />}</span>,
    },
  ];
}

/** What leads to the key is paler than the key, so that a long list of paths reads as one of names. */
function Key({ path }: { path: string }): JSX.Element {
  const at = path.lastIndexOf('.') + 1;
  return (
    <span class="mono config-key">
      <span class="faint">{path.slice(0, at)}</span>
      {path.slice(at)}
    </span>
  );
}

function Value({ value: { value, isDefault } }: { value: ConfigValueShape }): JSX.Element {
  return <span class={isDefault ? 'mono config-value faint' : 'mono config-value'}>{value}</span>;
}

function From({ value: { line, isDefault }, file }: { value: ConfigValueShape; file: string | undefined }): JSX.Element {
  if (line !== undefined) return <span class="number">{`${file?.split(/[/\\]/).at(-1) ?? 'line'}:${line}`}</span>;
  return isDefault ? <Badge>Default</Badge> : <span class="faint">environment or command line</span>;
}

function ValueCard({ value, file }: { value: ConfigValueShape; file: string | undefined }): JSX.Element {
  return (
    <div class="card-lines">
      <div class="card-top">
        <Key path={value.path} />
        <From value={value} file={file} />
      </div>
      <Value value={value} />
      {value.about !== undefined && (
        <p class="config-about">
          <Words text={value.about} />
        </p>
      )}
    </div>
  );
}

function Problems({ problems }: { problems: readonly string[] }): JSX.Element {
  return (
    <div class="notice tone-warn" role="status">
      <Icon name="alert" />
      <div>
        <strong>{countText(problems.length, 'problem')} in the file as it is now</strong>
        <ul>
          {problems.map((problem) => (
            <li key={problem} class="mono">
              {problem}
            </li>
          ))}
        </ul>
      </div>
    </div>
  );
}

function Changes({ changes, onClose }: { changes: readonly string[]; onClose: () => void }): JSX.Element {
  return (
    <div class="notice tone-good" role="status">
      <Icon name="check" />
      <div>
        <strong>
          {changes.length === 0 ? 'Read again: nothing is different' : `In force now: ${countText(changes.length, 'change')}`}
        </strong>
        <ul>
          {changes.map((change) => (
            <li key={change} class="mono">
              {change}
            </li>
          ))}
        </ul>
        <Button kind="quiet" onClick={onClose}>
          Dismiss
        </Button>
      </div>
    </div>
  );
}
