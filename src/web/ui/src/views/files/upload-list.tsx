/** The files that this page sends to the server. */
import type { JSX } from 'preact';
import { Button, IconButton } from '../../parts/button.tsx';
import { Confirm } from '../../parts/dialog.tsx';
import { Icon } from '../../parts/icons.tsx';
import { ProgressBar } from '../../parts/progress-bar.tsx';
import { bytesText } from '../../parts/quantities.ts';
import { answerOverwrite, dismissUpload, dismissUploads, type UploadState, uploads } from './upload-queue.ts';

export function UploadList(): JSX.Element | null {
  const all = uploads.value;
  const asking = all.find(({ stage }) => stage === 'asking');
  if (all.length === 0) return null;
  const ended = all.filter(({ stage }) => stage === 'done' || stage === 'failed');
  return (
    <section class="uploads panel" aria-label="Uploads">
      <div class="panel-head">
        <h2>Uploads</h2>
        {ended.length > 1 && (
          <Button kind="quiet" onClick={() => dismissUploads(ended)}>
            Clear the list
          </Button>
        )}
      </div>
      <ul aria-live="polite">
        {all.map((one) => (
          <UploadRow key={one.id} upload={one} />
        ))}
      </ul>
      {asking !== undefined && (
        <Confirm
          title={`Replace ${asking.file.name}?`}
          action="Replace"
          isDanger
          onConfirm={() => answerOverwrite(asking, true)}
          onClose={() => answerOverwrite(asking, false)}
        >
          <p>
            <span class="mono">{asking.path}</span> is there already. Devices get the new file from then on, those that read it now the old
            one to its end. The old one is not kept.
          </p>
        </Confirm>
      )}
    </section>
  );
}

function UploadRow({ upload: { id, path, file, sent, stage, problem } }: { upload: UploadState }): JSX.Element {
  const percent = file.size === 0 ? 100 : (sent / file.size) * 100;
  return (
    <li class={`upload upload-${stage}`}>
      <div class="upload-head">
        {stage === 'done' && <Icon name="check" size={18} />}
        {stage === 'failed' && <Icon name="alert" size={18} />}
        <span class="mono upload-path">{path}</span>
        <span class="faint number">
          {stage === 'sending' ? `${bytesText(sent)} of ${bytesText(file.size)}` : WORDS[stage] || bytesText(file.size)}
        </span>
        <IconButton
          label={stage === 'sending' || stage === 'waiting' ? `Stop ${path}` : `Dismiss ${path}`}
          icon="close"
          onClick={() => dismissUpload(id)}
        />
      </div>
      {stage === 'sending' && <ProgressBar label={path} percent={percent} />}
      {problem !== undefined && <p class="upload-problem">{problem}</p>}
    </li>
  );
}

const WORDS: Readonly<Record<Exclude<UploadState['stage'], 'sending'>, string>> = {
  waiting: 'waits',
  asking: 'is there already',
  done: '',
  failed: 'not stored',
};
