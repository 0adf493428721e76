/** A file by itself: what it is, and who would get it; and deleting it. */
import type { JSX } from 'preact';
import type { FileEntryShape, FileReadersShape } from '../../../../api/file-shapes.ts';
import { ask } from '../../api.ts';
import { Button } from '../../parts/button.tsx';
import { DeviceLink } from '../../parts/device-link.tsx';
import { Dialog } from '../../parts/dialog.tsx';
import { Loading, ProblemPanel } from '../../parts/empty-state.tsx';
import { FormDialog } from '../../parts/form-dialog.tsx';
import { Bytes, Time } from '../../parts/time.tsx';
import { tellDone } from '../../parts/toast.tsx';
import { useAction } from '../../use-action.ts';
import { useAnswer } from '../../use-answer.ts';

export interface FileDialogProps {
  readonly entry: FileEntryShape;
  readonly onClose: () => void;
}

export function FileDialog({ entry, onClose, onDelete }: FileDialogProps & { readonly onDelete: () => void }): JSX.Element {
  const { value, problem, reload } = useAnswer<FileReadersShape>(`/file-readers?path=${encodeURIComponent(entry.path)}`);
  return (
    <Dialog
      title={entry.name}
      onClose={onClose}
      isWide
      actions={
        <>
          {entry.kind === 'file' && (
            <Button kind="danger" icon="trash" onClick={onDelete}>
              Delete
            </Button>
          )}
          <Button onClick={onClose}>Close</Button>
        </>
      }
    >
      <dl class="facts">
        <dt>Path</dt>
        <dd class="mono">{entry.path}</dd>
        {entry.about !== undefined && (
          <>
            <dt>What it is</dt>
            <dd>{entry.about}</dd>
          </>
        )}
        {entry.size !== undefined && (
          <>
            <dt>Size</dt>
            <dd>
              <Bytes octets={entry.size} />
            </dd>
          </>
        )}
        {entry.changedAt !== undefined && (
          <>
            <dt>Changed</dt>
            <dd>
              <Time at={entry.changedAt} />
            </dd>
          </>
        )}
      </dl>
      {problem !== undefined && <ProblemPanel problem={problem} onRetry={reload} />}
      {value === undefined ? problem === undefined && <Loading what="who would get it" /> : <Readers readers={value} />}
    </Dialog>
  );
}

function Readers({ readers: { readers, refused } }: { readers: FileReadersShape }): JSX.Element {
  return (
    <>
      <section class="readers">
        <h3>Who would get it</h3>
        {readers.length === 0 ? (
          <p class="faint">
            No device that is known boots it by itself. Any that asks for it by its name gets it, unless it is refused below.
          </p>
        ) : (
          <ReaderList rows={readers} />
        )}
      </section>
      {refused.length > 0 && (
        <section class="readers">
          <h3>Who would be refused</h3>
          <ReaderList rows={refused} />
        </section>
      )}
    </>
  );
}

function ReaderList({ rows }: { rows: FileReadersShape['readers'] }): JSX.Element {
  return (
    <ul>
      {rows.map(({ device, name, why }) => (
        <li key={device + why}>
          <DeviceLink id={device} name={name} />
          <span class="faint">{why}</span>
        </li>
      ))}
    </ul>
  );
}

export function DeleteDialog({ entry, onClose, onDone }: FileDialogProps & { readonly onDone: () => void }): JSX.Element {
  const action = useAction();
  const remove = (): void =>
    action.run(async () => {
      await ask('DELETE', `/files/${entry.path.split('/').map(encodeURIComponent).join('/')}`);
      tellDone(`${entry.path} is deleted`);
      onDone();
    });
  return (
    <FormDialog title={`Delete ${entry.name}?`} submit="Delete" isDanger action={action} onSubmit={remove} onClose={onClose}>
      <p>
        <span class="mono">{entry.path}</span> is taken off the disk and cannot be brought back. A device that asks for it hears that there
        is no such file, and most do not boot then.
      </p>
    </FormDialog>
  );
}
