/** One device: what is the matter with it and what to do, and everything that it did. */
import type { JSX } from 'preact';
import { useEffect, useState } from 'preact/hooks';
import type { TimelineEntryShape, TimelineShape } from '../../../../api/device-shapes.ts';
import { devices, onDeviceChanges } from '../../live.ts';
import { Loading, ProblemPanel } from '../../parts/empty-state.tsx';
import { Icon } from '../../parts/icons.tsx';
import { isTyping } from '../../parts/keyboard.ts';
import { go, hrefOf } from '../../router.ts';
import { useAnswer } from '../../use-answer.ts';
import { DeviceActions } from './device-actions.tsx';
import { DeviceFacts } from './device-facts.tsx';
import { deviceTitle } from './device-order.ts';
import { DeviceTimeline } from './device-timeline.tsx';
import { DeviceTransfers } from './device-transfers.tsx';
import { VerdictPanel } from './device-verdict.tsx';
import { withEntry } from './timeline-groups.ts';

export function DeviceView({ id }: { readonly id: string }): JSX.Element {
  const answer = useAnswer<TimelineShape>(`/devices/${encodeURIComponent(id)}`);
  const asked = answer.value;
  const entries = useLiveEntries(asked);
  useEffect(() => listenToEscape(), []);
  const device = devices.value.get(asked?.device.id ?? id) ?? asked?.device;
  return (
    <>
      <header class="view-head">
        <a class="back-link" href={hrefOf('devices')}>
          <Icon name="left" size={18} /> All devices
        </a>
        <div class="view-title">
          <div class="view-words">
            <h1 class={device?.name === undefined ? 'mono' : undefined}>
              <bdi>{device === undefined ? id : deviceTitle(device)}</bdi>
            </h1>
          </div>
          {device !== undefined && <DeviceActions device={device} />}
        </div>
      </header>
      {answer.problem !== undefined && <ProblemPanel problem={answer.problem} onRetry={answer.reload} />}
      {device === undefined && answer.problem === undefined && <Loading what="the device" />}
      {device !== undefined && (
        <div class="device-parts">
          <VerdictPanel device={device} />
          <DeviceTransfers id={device.id} />
          <DeviceFacts device={device} />
          {asked !== undefined && <DeviceTimeline id={device.id} entries={entries} />}
        </div>
      )}
    </>
  );
}

/** The entries that were asked for, and those that have come since. */
function useLiveEntries(asked: TimelineShape | undefined): readonly TimelineEntryShape[] {
  const [entries, setEntries] = useState<readonly TimelineEntryShape[]>([]);
  useEffect(() => {
    if (asked === undefined) return;
    // What has come while the answer was on its way stays.
    const lastId = asked.entries.at(-1)?.id ?? 0;
    setEntries((before) => before.filter((entry) => entry.id > lastId).reduce(withEntry, asked.entries));
    return onDeviceChanges((changes) => {
      const told = changes.flatMap(({ device, entry }) => (device.id === asked.device.id && entry !== undefined ? [entry] : []));
      if (told.length > 0) setEntries((before) => told.reduce(withEntry, before));
    });
  }, [asked]);
  return entries;
}

function listenToEscape(): () => void {
  const listen = (event: KeyboardEvent): void => {
    if (event.key === 'Escape' && !isTyping(event)) go('devices');
  };
  document.addEventListener('keydown', listen);
  return () => document.removeEventListener('keydown', listen);
}
