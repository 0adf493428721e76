/** What the control socket is asked about devices: lists and timelines, and changes as they come. */
import type { DecodedPacket, DeviceChange, DeviceSummary, Devices, Timeline } from '../devices/api.ts';

export type DeviceOrder =
  | { readonly do: 'devices' }
  /** All of one: by its MAC, its address or its name. */
  | { readonly do: 'timeline'; readonly device: string }
  /** Its last packets; called as above. */
  | { readonly do: 'packets'; readonly device: string }
  /** Lines without end: a `DeviceNews` each. */
  | { readonly do: 'follow'; readonly device?: string | undefined };

export interface DeviceAnswer {
  readonly devices?: readonly DeviceSummary[];
  /** Absent where nobody is called so. */
  readonly timeline?: Timeline | undefined;
  readonly packets?: readonly DecodedPacket[] | undefined;
}

/** One line of what is followed. */
export interface DeviceNews extends DeviceChange {
  /** Changes that were given up before this one, as they were not taken in time. */
  readonly missed: number;
}

/** Changes are shown to people: those of a moment go together. */
const GATHERED_MS = 100;

export function readDeviceOrder(order: object): DeviceOrder | undefined {
  const { do: what, device } = order as { readonly do?: unknown; readonly device?: unknown };
  if (what === 'devices') return { do: what };
  if ((what === 'timeline' || what === 'packets') && typeof device === 'string') return { do: what, device };
  if (what === 'follow') return { do: what, ...(typeof device === 'string' && { device }) };
  return undefined;
}

export function answerAboutDevices(order: Extract<DeviceOrder, { do: 'devices' | 'timeline' }>, devices: Devices): DeviceAnswer {
  return order.do === 'devices' ? { devices: devices.list() } : { timeline: devices.timeline(order.device) };
}

/** Where lines go. `isFull`: who reads is slow, and what comes meanwhile waits in the subscription. */
export interface NewsSink {
  write(news: DeviceNews): void;
  readonly isFull: boolean;
}

/** Sends changes until what is returned is called. */
export function followDevices(devices: Devices, called: string | undefined, sink: NewsSink): () => void {
  // Followed by what it is, so that another address or name does not end it.
  const id = called === undefined ? undefined : devices.timeline(called)?.device.id;
  let isWaiting = false;
  const send = (): void => {
    isWaiting = false;
    if (sink.isFull) {
      later();
      return;
    }
    const { changes, missed } = subscription.take();
    let given = missed;
    for (const change of changes) {
      if (called !== undefined && change.device.id !== (id ?? called)) continue;
      sink.write({ ...change, missed: given });
      given = 0;
    }
  };
  const later = (): void => {
    if (isWaiting) return;
    isWaiting = true;
    timer = setTimeout(send, GATHERED_MS);
  };
  let timer: NodeJS.Timeout | undefined;
  const subscription = devices.subscribe(later);
  return () => {
    clearTimeout(timer);
    subscription.close();
  };
}
