/** Taking an address back, and keeping one for a device. */
import type { JSX } from 'preact';
import { useState } from 'preact/hooks';
import type { LeaseShape, ReservationShape } from '../../../../api/lease-shapes.ts';
import { ask } from '../../api.ts';
import { Field } from '../../parts/field.tsx';
import { FormDialog } from '../../parts/form-dialog.tsx';
import { tellDone } from '../../parts/toast.tsx';
import { useAction } from '../../use-action.ts';

interface LeaseDialogProps {
  readonly lease: LeaseShape;
  readonly onClose: () => void;
  /** It was done. */
  readonly onDone: () => void;
}

export function ReleaseDialog({ lease, onClose, onDone }: LeaseDialogProps): JSX.Element {
  const action = useAction();
  const { address, state } = lease;
  const who = lease.name ?? lease.mac ?? 'the device';
  const release = (): void =>
    action.run(async () => {
      await ask('POST', `/leases/${encodeURIComponent(address)}/release`);
      tellDone(`${address} is free again`);
      onDone();
    });
  return (
    <FormDialog title={`Release ${address}?`} submit="Release" isDanger action={action} onSubmit={release} onClose={onClose}>
      {state === 'quarantined' ? (
        <p>The address is handed out again. If somebody uses it still without a lease, it is tried, found in use and quarantined again.</p>
      ) : (
        <>
          <p>
            Another device can get {address} at once. <strong>{who}</strong> is not told: DHCP has no word for it, so that it goes on using
            the address until it renews its lease.
          </p>
          <p class="faint">Release what has left the network. For a device that is still plugged in, unplug it first.</p>
        </>
      )}
    </FormDialog>
  );
}

export function ReserveDialog({ lease, onClose, onDone }: LeaseDialogProps): JSX.Element {
  const action = useAction();
  const [mac, setMac] = useState(lease.mac ?? '');
  const [address, setAddress] = useState(lease.address);
  const [name, setName] = useState(lease.name ?? '');
  const reserve = (): void =>
    action.run(async () => {
      const wanted: ReservationShape = { mac: mac.trim(), address: address.trim(), ...(name.trim() === '' ? {} : { name: name.trim() }) };
      const { place } = await ask<{ place: string }>('POST', '/reservations', wanted);
      tellDone(`${wanted.address} is kept for ${wanted.name ?? wanted.mac}, written to ${place}`);
      onDone();
    });
  return (
    <FormDialog title="Reserve an address" submit="Reserve" action={action} onSubmit={reserve} onClose={onClose}>
      <p>The device always gets this address, and nobody else does. It is written to the inventory as a line of its own.</p>
      <Field label="MAC address" value={mac} onInput={setMac} isRequired maxLength={64} />
      <Field
        label="Address"
        value={address}
        onInput={setAddress}
        isRequired
        isFirst
        maxLength={64}
        hint="If it is not the one that it has now, it moves there when it renews its lease."
      />
      <Field label="Name" value={name} onInput={setName} maxLength={255} hint="What the log calls it; it is told it as its host name." />
    </FormDialog>
  );
}
