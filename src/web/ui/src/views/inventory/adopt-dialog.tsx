/** A device that was seen becomes one that is known: a line of the inventory, tried before it is written. */
import type { JSX } from 'preact';
import { useState } from 'preact/hooks';
import type { AdoptionShape, InventoryShape, UnknownDeviceShape } from '../../../../api/inventory-shapes.ts';
import { ask } from '../../api.ts';
import { Button, IconButton } from '../../parts/button.tsx';
import { Field, Select } from '../../parts/field.tsx';
import { FormDialog } from '../../parts/form-dialog.tsx';
import { tellDone } from '../../parts/toast.tsx';
import { useAction } from '../../use-action.ts';

export interface AdoptDialogProps {
  readonly device: UnknownDeviceShape;
  readonly inventory: InventoryShape;
  readonly onClose: () => void;
  readonly onDone: () => void;
}

interface Variable {
  readonly id: number;
  readonly key: string;
  readonly value: string;
}

export function AdoptDialog({ device, inventory, onClose, onDone }: AdoptDialogProps): JSX.Element {
  const action = useAction();
  const [form, setForm] = useState({
    name: device.name ?? '',
    profile: device.profile ?? '',
    model: device.model ?? '',
    serial: device.serial ?? '',
    address: '',
  });
  const [vars, setVars] = useState<readonly Variable[]>([]);
  const set = (key: keyof typeof form) => (value: string) => setForm((before) => ({ ...before, [key]: value }));
  const adopt = (): void =>
    action.run(async () => {
      const told = Object.fromEntries(Object.entries(form).flatMap(([key, value]) => (value.trim() === '' ? [] : [[key, value.trim()]])));
      const named = vars.filter(({ key }) => key.trim() !== '').map(({ key, value }) => [key.trim(), value] as const);
      const wanted: AdoptionShape = { mac: device.mac, ...told, ...(named.length === 0 ? {} : { vars: Object.fromEntries(named) }) };
      const { place, files } = await ask<{ place: string; files: string[] }>('POST', '/inventory', wanted);
      tellDone(`${wanted.name ?? device.mac} is adopted, written to ${place}${files.length === 0 ? '' : `; it gets ${files.join(', ')}`}`);
      onDone();
    });
  const profiles = [...new Set([...(device.profile === undefined ? [] : [device.profile]), ...inventory.profiles])];
  return (
    <FormDialog title={`Adopt ${device.mac}`} submit="Adopt" action={action} onSubmit={adopt} onClose={onClose} isWide>
      <p>
        {[device.vendor, device.model, device.address].filter(Boolean).join(', ') || 'Nothing more is known about it'}. It becomes a line of{' '}
        <span class="mono">{inventory.file}</span>, and its files are made from the templates of its profile.
      </p>
      <div class="form-grid">
        <Field label="Name" value={form.name} onInput={set('name')} isFirst maxLength={255} hint="What the log calls it." />
        <Select
          label="Profile"
          value={form.profile}
          onChange={set('profile')}
          options={[{ value: '', title: 'None: no files are made' }, ...profiles.map((name) => ({ value: name, title: name }))]}
        />
        <Field label="Model" value={form.model} onInput={set('model')} maxLength={64} />
        <Field label="Serial number" value={form.serial} onInput={set('serial')} maxLength={64} />
        <Field label="Address" value={form.address} onInput={set('address')} maxLength={64} hint="Empty: any from the pool." />
      </div>
      <fieldset class="vars">
        <legend>Variables of its templates</legend>
        {vars.map(({ id, key, value }, index) => (
          <div key={id} class="var-row">
            <Field
              label="Variable"
              value={key}
              maxLength={64}
              placeholder="extension"
              onInput={(typed) => setVars(changed(vars, id, { key: typed }))}
            />
            <Field
              label="Value"
              value={value}
              maxLength={1_024}
              placeholder="101"
              onInput={(typed) => setVars(changed(vars, id, { value: typed }))}
            />
            <IconButton label={`Remove variable ${index + 1}`} icon="trash" onClick={() => setVars(vars.filter((one) => one.id !== id))} />
          </div>
        ))}
        <Button icon="plus" onClick={() => setVars([...vars, { id: (vars.at(-1)?.id ?? 0) + 1, key: '', value: '' }])}>
          Add a variable
        </Button>
        <p class="field-hint">
          Write <code>file:./secrets/101</code> or <code>$&#123;SIP_101&#125;</code> instead of a password: the inventory then holds none.
        </p>
      </fieldset>
    </FormDialog>
  );
}

function changed(vars: readonly Variable[], id: number, changes: Partial<Variable>): readonly Variable[] {
  return vars.map((one) => (one.id === id ? { ...one, ...changes } : one));
}
