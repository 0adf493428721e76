/** What can be done with a device from here. */
import type { JSX } from 'preact';
import { useState } from 'preact/hooks';
import type { DeviceSummaryShape } from '../../../../api/device-shapes.ts';
import type { InventoryShape } from '../../../../api/inventory-shapes.ts';
import { apiUrl, ask } from '../../api.ts';
import { Button, ButtonLink } from '../../parts/button.tsx';
import { tellDone, tellFault } from '../../parts/toast.tsx';
import { hrefOf } from '../../router.ts';
import { useAnswer } from '../../use-answer.ts';
import { deviceTitle } from './device-order.ts';

export function DeviceActions({ device }: { readonly device: DeviceSummaryShape }): JSX.Element {
  const { mac } = device;
  const inventory = useAnswer<InventoryShape>(mac === undefined ? undefined : '/inventory').value;
  const isUnknown = inventory?.unknown.some((unknown) => unknown.mac === mac) ?? false;
  return (
    <div class="view-actions">
      {mac !== undefined && (
        <>
          {isUnknown && (
            <ButtonLink icon="plus" href={hrefOf('inventory', undefined, { adopt: mac })}>
              Adopt
            </ButtonLink>
          )}
          <WakeButton device={device} mac={mac} />
          <ButtonLink icon="boot" href={hrefOf('boot', undefined, { mac })}>
            Boot choice
          </ButtonLink>
        </>
      )}
      <ButtonLink icon="download" href={apiUrl(`/devices/${encodeURIComponent(device.id)}/export`)} download={`${fileName(device)}.json`}>
        Export
      </ButtonLink>
    </div>
  );
}

function WakeButton({ device, mac }: { readonly device: DeviceSummaryShape; readonly mac: string }): JSX.Element {
  const [isBusy, setBusy] = useState(false);
  const wake = (): void => {
    setBusy(true);
    ask('POST', `/wake/${encodeURIComponent(mac)}`)
      .then(() => tellDone(`The magic packet for ${deviceTitle(device)} was sent.`))
      .catch(tellFault)
      .finally(() => setBusy(false));
  };
  return (
    <Button icon="wake" onClick={wake} isBusy={isBusy}>
      Wake
    </Button>
  );
}

/** A name that every disk takes. */
function fileName({ id }: DeviceSummaryShape): string {
  return `bootlace-${id.replaceAll(/[^\w.-]/g, '-')}`;
}
