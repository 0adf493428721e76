/** All that the inventory says of a device. */
import type { JSX } from 'preact';
import type { KnownDeviceShape } from '../../../../api/inventory-shapes.ts';
import { Button, ButtonLink } from '../../parts/button.tsx';
import { Dialog } from '../../parts/dialog.tsx';
import { hrefOf } from '../../router.ts';

export function KnownDialog({ device, onClose }: { readonly device: KnownDeviceShape; readonly onClose: () => void }): JSX.Element {
  const { mac, name, address, profile, model, serial, vars, place, files } = device;
  const facts = { Written: place, MAC: mac, Address: address, Profile: profile, Model: model, 'Serial number': serial };
  return (
    <Dialog
      title={name ?? mac ?? serial ?? place}
      onClose={onClose}
      isWide
      actions={
        <>
          {mac !== undefined && (
            <ButtonLink href={hrefOf('devices', mac)} icon="devices">
              What it did
            </ButtonLink>
          )}
          <Button onClick={onClose}>Close</Button>
        </>
      }
    >
      <dl class="facts">
        {Object.entries(facts).flatMap(([title, text]) =>
          text === undefined
            ? []
            : [
                <dt key={title}>{title}</dt>,
                <dd key={`${title}:`} class="mono">
                  {text}
                </dd>,
              ],
        )}
      </dl>
      <section class="readers">
        <h3>Variables</h3>
        {Object.keys(vars).length === 0 ? (
          <p class="faint">None of its own.</p>
        ) : (
          <dl class="facts">
            {Object.entries(vars).flatMap(([key, value]) => [
              <dt key={key} class="mono">
                {key}
              </dt>,
              <dd key={`${key}:`} class="mono">
                {value}
              </dd>,
            ])}
          </dl>
        )}
      </section>
      <section class="readers">
        <h3>Files that are made for it</h3>
        {files.length === 0 ? (
          <p class="faint">None: it has no profile, or there are no templates for it.</p>
        ) : (
          <ul>
            {files.map((file) => (
              <li key={file} class="mono">
                {file}
              </li>
            ))}
          </ul>
        )}
      </section>
    </Dialog>
  );
}
