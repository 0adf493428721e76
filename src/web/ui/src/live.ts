/** What the server tells by itself: one stream of events, and the signals that it keeps up to date. */
import { batch, computed, signal } from '@preact/signals';
import type { DeviceChangeShape, DeviceSummaryShape } from '../../api/device-shapes.ts';
import type { LogLineShape } from '../../api/log-shapes.ts';
import type { ServerStateShape } from '../../api/server-shapes.ts';
import type { StreamMessage } from '../../api/stream-shapes.ts';
import type { TransferShape } from '../../api/transfer-shapes.ts';
import { ask } from './api.ts';
import { setServerTime } from './clock.ts';

/** Lines of the log that are kept here; the oldest go first. */
const MOST_LINES = 2_000;
/** Transfers that have ended and are kept here. */
const MOST_ENDED = 100;

export const devices = signal<ReadonlyMap<string, DeviceSummaryShape>>(new Map());
/** By id: those on their way, and the last that have ended. */
export const transfers = signal<ReadonlyMap<string, TransferShape>>(new Map());
/** The last lines of the log, oldest first. */
export const logLines = signal<readonly LogLineShape[]>([]);
export const server = signal<ServerStateShape | undefined>(undefined);
/** Grows when leases have changed. */
export const leasesChanged = signal(0);
/** Grows when everything has to be asked anew: after each connection that came about. */
export const freshness = signal(0);
/** All that is shown has come once. */
export const isLoaded = signal(false);

export const stuckCount = computed(() => [...devices.value.values()].filter((device) => device.state === 'stuck').length);

const changeListeners = new Set<(changes: readonly DeviceChangeShape[]) => void>();

/** @param listener is told every change of devices with its entry of the timeline. Returns how to stop. */
export function onDeviceChanges(listener: (changes: readonly DeviceChangeShape[]) => void): () => void {
  changeListeners.add(listener);
  return () => changeListeners.delete(listener);
}

/** Asks for everything that the stream only tells changes of. */
export async function askAnew(): Promise<void> {
  const [list, moving, log, state] = await Promise.all([
    ask<{ devices: DeviceSummaryShape[] }>('GET', '/devices'),
    ask<{ transfers: TransferShape[] }>('GET', '/transfers'),
    ask<{ lines: LogLineShape[] }>('GET', '/log?limit=500'),
    ask<ServerStateShape>('GET', '/server'),
  ]);
  batch(() => {
    devices.value = new Map(list.devices.map((device) => [device.id, device]));
    transfers.value = new Map(moving.transfers.map((transfer) => [transfer.id, transfer]));
    logLines.value = log.lines;
    takeServer(state);
    isLoaded.value = true;
    freshness.value += 1;
  });
}

export function takeDevices({ changes, missed }: StreamMessage<'devices'>): void {
  if (missed > 0) void askAnew().catch(() => {});
  const next = new Map(devices.peek());
  for (const { device } of changes) next.set(device.id, device);
  batch(() => {
    devices.value = next;
    for (const listener of changeListeners) listener(changes);
  });
}

export function takeTransfers({ transfers: told }: StreamMessage<'transfers'>): void {
  const next = new Map(transfers.peek());
  for (const transfer of told) next.set(transfer.id, transfer);
  const ended = [...next.values()].filter((transfer) => transfer.outcome !== 'running');
  const surplus = ended.toSorted((a, b) => (a.endedAt ?? 0) - (b.endedAt ?? 0)).slice(0, Math.max(0, ended.length - MOST_ENDED));
  for (const { id } of surplus) next.delete(id);
  transfers.value = next;
}

export function takeLog({ lines }: StreamMessage<'log'>): void {
  const known = logLines.peek();
  const last = known.at(-1)?.id ?? -1;
  logLines.value = [...known, ...lines.filter((line) => line.id > last)].slice(-MOST_LINES);
}

export function takeServer(state: ServerStateShape): void {
  setServerTime(state.now);
  server.value = state;
}

export function takeLeases(): void {
  leasesChanged.value += 1;
}
