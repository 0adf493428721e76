/** A form above the view: Enter sends it, and what the server refuses is said inside it. */
import type { ComponentChildren, JSX } from 'preact';
import type { Action } from '../use-action.ts';
import { Button } from './button.tsx';
import { Dialog } from './dialog.tsx';
import { ProblemPanel } from './empty-state.tsx';

export interface FormDialogProps {
  readonly title: string;
  /** What the button says. */
  readonly submit: string;
  readonly action: Action;
  readonly onSubmit: () => void;
  readonly onClose: () => void;
  readonly children: ComponentChildren;
  readonly isWide?: boolean;
  readonly isDanger?: boolean;
}

export function FormDialog({
  title,
  submit,
  action,
  onSubmit,
  onClose,
  children,
  isWide = false,
  isDanger = false,
}: FormDialogProps): JSX.Element {
  return (
    <Dialog title={title} onClose={onClose} isWide={isWide}>
      <form
        class="form-dialog"
        onSubmit={(event) => {
          event.preventDefault();
          onSubmit();
        }}
      >
        {children}
        {action.problem !== undefined && <ProblemPanel problem={action.problem} />}
        <div class="form-actions">
          <Button kind="quiet" onClick={onClose}>
            Cancel
          </Button>
          <Button type="submit" kind={isDanger ? 'danger' : 'primary'} isBusy={action.isBusy}>
            {submit}
          </Button>
        </div>
      </form>
    </Dialog>
  );
}
