/** An old version becomes the newest one, so that the device reads it back. */
import type { JSX } from 'preact';
import { ask } from '../../api.ts';
import { FormDialog } from '../../parts/form-dialog.tsx';
import { tellDone } from '../../parts/toast.tsx';
import { useAction } from '../../use-action.ts';

export interface RestoreDialogProps {
  readonly device: string;
  readonly file: string;
  readonly number: number;
  readonly onClose: () => void;
  readonly onDone: () => void;
}

export function RestoreDialog({ device, file, number, onClose, onDone }: RestoreDialogProps): JSX.Element {
  const action = useAction();
  const restore = (): void =>
    action.run(async () => {
      await ask('POST', '/backups/restore', { device, file, number });
      tellDone(`${device} now reads version ${number} as ${file}`);
      onDone();
    });
  return (
    <FormDialog title={`Restore version ${number}?`} submit="Restore" action={action} onSubmit={restore} onClose={onClose}>
      <p>
        Version {number} of <span class="mono">{file}</span> is stored once more, as the newest version of {device}. No version is lost.
      </p>
      <p>
        The device itself stays as it is until it reads the file: on Cisco IOS by <code>configure replace tftp://…/{file}</code>. It reads
        it whole, with its secrets.
      </p>
    </FormDialog>
  );
}
