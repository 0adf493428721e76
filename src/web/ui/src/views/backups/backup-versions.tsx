/** One file of one device: its versions, and any two of them compared. */
import type { JSX } from 'preact';
import { useState } from 'preact/hooks';
import type { BackupContentShape, BackupDiffShape, BackupFileShape } from '../../../../api/backup-shapes.ts';
import { Badge } from '../../parts/badge.tsx';
import { Button, ButtonLink } from '../../parts/button.tsx';
import { copyText } from '../../parts/clipboard.ts';
import { EmptyState, Loading, ProblemPanel } from '../../parts/empty-state.tsx';
import { Checkbox, Select } from '../../parts/field.tsx';
import { isWide } from '../../parts/narrow.ts';
import { countText } from '../../parts/quantities.ts';
import { Segments } from '../../parts/segments.tsx';
import { Bytes, Time } from '../../parts/time.tsx';
import { ViewHead } from '../../parts/view-head.tsx';
import { hrefOf } from '../../router.ts';
import { useAnswer } from '../../use-answer.ts';
import { filterOf, setFilters } from '../filters.ts';
import { ContentList } from './content-list.tsx';
import { DiffTable } from './diff-table.tsx';
import { RestoreDialog } from './restore-dialog.tsx';

export function BackupVersions({ backup, onChange }: { readonly backup: BackupFileShape; readonly onChange: () => void }): JSX.Element {
  const { device, file, versions } = backup;
  const [isRestoring, setRestoring] = useState(false);
  const newest = versions.at(-1)?.number ?? 0;
  const to = numberOf(versions, filterOf('to')) ?? newest;
  const before = versions[versions.findIndex(({ number }) => number === to) - 1]?.number;
  const from = numberOf(versions, filterOf('from')) ?? before;
  const isWhole = filterOf('show') === 'whole' || from === undefined;
  const options = versions.toReversed().map(({ number }) => ({ value: String(number), title: `Version ${number}` }));
  return (
    <>
      <ViewHead
        title={`${device}: ${file}`}
        about={
          <>
            <a href={hrefOf('backups')}>All backups</a>
            {' · '}
            {countText(versions.length, 'version')}
          </>
        }
        actions={
          <Button icon="backups" onClick={() => setRestoring(true)} isDisabled={to === newest}>
            Restore version {to}
          </Button>
        }
      />
      <div class="backup">
        <VersionList backup={backup} chosen={to} />
        <section class="panel backup-panel" aria-label={isWhole ? `Version ${to}` : `Version ${from} against version ${to}`}>
          <div class="panel-head">
            <Segments
              label="What is shown"
              value={isWhole ? 'whole' : 'changes'}
              options={
                from === undefined
                  ? [{ value: 'whole', title: 'Whole file' }]
                  : [
                      { value: 'changes', title: 'Changes' },
                      { value: 'whole', title: 'Whole file' },
                    ]
              }
              onChange={(show) => setFilters({ show: show === 'whole' ? show : '' })}
            />
            {!isWhole && (
              <div class="compare">
                <Select
                  label="Older version"
                  isLabelHidden
                  value={String(from)}
                  options={options}
                  onChange={(number) => setFilters({ from: number })}
                />
                <span class="faint">to</span>
                <Select
                  label="Newer version"
                  isLabelHidden
                  value={String(to)}
                  options={options}
                  onChange={(number) => setFilters({ to: number, from: String(from) })}
                />
              </div>
            )}
          </div>
          {isWhole ? <Whole device={device} file={file} number={to} /> : <Differences device={device} file={file} from={from} to={to} />}
        </section>
      </div>
      {isRestoring && (
        <RestoreDialog
          device={device}
          file={file}
          number={to}
          onClose={() => setRestoring(false)}
          onDone={() => {
            setRestoring(false);
            setFilters({ from: '', to: '' });
            onChange();
          }}
        />
      )}
    </>
  );
}

function numberOf(versions: BackupFileShape['versions'], text: string): number | undefined {
  return versions.find(({ number }) => String(number) === text)?.number;
}

/** Newest first; each leads to what it changed. */
function VersionList({ backup: { device, file, versions }, chosen }: { backup: BackupFileShape; chosen: number }): JSX.Element {
  return (
    <ol class="versions" reversed aria-label="Versions">
      {versions.toReversed().map(({ number, at, size, sha256, summary }, index) => (
        <li key={number}>
          <a
            class="version"
            aria-current={number === chosen ? 'true' : undefined}
            href={hrefOf('backups', undefined, { device, file, to: String(number) })}
          >
            <span class="version-head">
              <strong>Version {number}</strong>
              {index === 0 && <Badge tone="good">Newest</Badge>}
            </span>
            <span>{summary ?? (index === versions.length - 1 ? 'The first one that is kept' : 'Nothing to tell')}</span>
            <span class="faint version-foot">
              <Time at={at} />
              <Bytes octets={size} />
              <span class="mono">{sha256}</span>
            </span>
          </a>
        </li>
      ))}
    </ol>
  );
}

function Differences({ device, file, from, to }: { device: string; file: string; from: number; to: number }): JSX.Element {
  const isQuiet = filterOf('noise') !== 'shown';
  const isUnified = !isWide();
  const query = new URLSearchParams({ device, file, from: String(from), to: String(to), ...(isQuiet ? { ignoreNoise: 'true' } : {}) });
  const { value, problem, reload } = useAnswer<BackupDiffShape>(`/backups/diff?${query}`);
  return (
    <>
      <div class="diff-tools">
        <Checkbox
          label="Leave out what changes by itself"
          isChecked={isQuiet}
          onChange={(isChecked) => setFilters({ noise: isChecked ? '' : 'shown' })}
        />
        {value?.isText === true && (
          <span class="diff-counts">
            <span class="diff-count-added">+{value.added}</span> <span class="diff-count-removed">−{value.removed}</span>
            <span class="unseen"> lines added and removed</span>
          </span>
        )}
      </div>
      {problem !== undefined && <ProblemPanel problem={problem} onRetry={reload} />}
      {value === undefined ? (
        problem === undefined && <Loading what="the comparison" />
      ) : !value.isText ? (
        <NoText />
      ) : value.rows.every(({ kind }) => kind === 'same' || kind === 'gap') ? (
        <EmptyState icon="check" title="No differences">
          {isQuiet ? 'What changes by itself, such as times and counters, is left out.' : 'Both versions are the same.'}
        </EmptyState>
      ) : (
        <DiffTable diff={value} isUnified={isUnified} />
      )}
    </>
  );
}

function Whole({ device, file, number }: { device: string; file: string; number: number }): JSX.Element {
  const query = new URLSearchParams({ device, file, number: String(number) });
  const { value, problem, reload } = useAnswer<BackupContentShape>(`/backups/content?${query}`);
  if (problem !== undefined) return <ProblemPanel problem={problem} onRetry={reload} />;
  if (value === undefined) return <Loading what="the file" />;
  if (!value.isText) return <NoText />;
  return (
    <>
      <div class="diff-tools">
        <span class="faint">Secrets are masked here, and in what is copied.</span>
        <Button icon="copy" onClick={() => void copyText(value.text, `Version ${number} of ${file} is copied`)}>
          Copy
        </Button>
      </div>
      <ContentList label={`Version ${number} of ${file}`} text={value.text} />
    </>
  );
}

function NoText(): JSX.Element {
  return (
    <EmptyState icon="files" title="This file is no text">
      It is kept and given back as it is. <ButtonLink href={hrefOf('backups')}>All backups</ButtonLink>
    </EmptyState>
  );
}
