/** Which entry of its menu a machine starts without asking. */
import type { JSX } from 'preact';
import { useId, useState } from 'preact/hooks';
import type { BootStateShape } from '../../../../api/boot-shapes.ts';
import { ask } from '../../api.ts';
import { devices } from '../../live.ts';
import { Checkbox, Field, Select } from '../../parts/field.tsx';
import { FormDialog } from '../../parts/form-dialog.tsx';
import { tellDone } from '../../parts/toast.tsx';
import { useAction } from '../../use-action.ts';

export interface ChooseDialogProps {
  readonly entries: BootStateShape['entries'];
  /** Undefined: the dialog asks for which machine. */
  readonly machine: { readonly mac: string; readonly name?: string | undefined; readonly entry?: string | undefined } | undefined;
  readonly onClose: () => void;
  readonly onDone: () => void;
}

export function ChooseDialog({ entries, machine, onClose, onDone }: ChooseDialogProps): JSX.Element {
  const action = useAction();
  const list = useId();
  const [mac, setMac] = useState(machine?.mac ?? '');
  const [entry, setEntry] = useState(machine?.entry ?? entries.find(({ isDefault }) => !isDefault)?.name ?? entries[0]?.name ?? '');
  const [isOnce, setOnce] = useState(true);
  const who = machine?.name ?? mac.trim();
  const choose = (): void =>
    action.run(async () => {
      await ask('PUT', `/boot/${encodeURIComponent(mac.trim())}`, { entry, isOnce });
      const title = entries.find(({ name }) => name === entry)?.title ?? entry;
      tellDone(`${who} boots ${title} ${isOnce ? 'the next time, and then by the configuration again' : 'from now on'}`);
      onDone();
    });
  return (
    <FormDialog
      title={machine === undefined ? 'Choose for a machine' : `What ${who} boots`}
      submit="Choose"
      action={action}
      onSubmit={choose}
      onClose={onClose}
    >
      {machine === undefined && (
        <>
          <Field
            label="MAC address"
            value={mac}
            onInput={setMac}
            isRequired
            isFirst
            list={list}
            placeholder="52:54:00:12:34:56"
            hint="Of any machine, also of one that was never seen."
          />
          <datalist id={list}>
            {[...devices.value.values()].map(({ mac: known, name, vendor }) =>
              known === undefined ? null : (
                <option key={known} value={known}>
                  {[name, vendor].filter(Boolean).join(', ')}
                </option>
              ),
            )}
          </datalist>
        </>
      )}
      <Select
        label="Entry"
        value={entry}
        onChange={setEntry}
        options={entries.map(({ name, title }) => ({ value: name, title: `${title} (${name})` }))}
      />
      <Checkbox label="Only the next time" isChecked={isOnce} onChange={setOnce} />
      <p class="faint">
        The machine starts it without asking, and without its menu.{' '}
        {isOnce
          ? 'After that it boots by the configuration again.'
          : 'It does so at every start, until the choice is cleared: an installer would run again and again.'}
      </p>
    </FormDialog>
  );
}
