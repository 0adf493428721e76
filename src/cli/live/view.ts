/** What the live area shows: devices, files on their way and networks, gathered when it is drawn anew and not before. */
import type { WallMs } from '../../base/clock.ts';
import type { DeviceSummary, Devices, Subscription } from '../../devices/api.ts';
import { DEVICE_STATES, type DeviceState } from '../../devices/verdict.ts';
import type { EventBus } from '../../events/bus.ts';
import type { AppEvent } from '../../events/events.ts';
import type { ServedNetworkShape, ServerStateShape } from '../../web/api/server-shapes.ts';
import type { TransferShape } from '../../web/api/transfer-shapes.ts';
import type { LiveDevice, LiveState, LiveTransfer } from './layout.ts';

/** Where it is asked. */
export interface ViewSources {
  readonly devices: Devices;
  readonly transfers: { list(): readonly TransferShape[] };
  readonly server: { state(): Promise<Pick<ServerStateShape, 'networks'>> };
}

export interface ViewParts extends ViewSources {
  readonly bus: EventBus;
  /** As they were a moment ago. */
  readonly networks: readonly ServedNetworkShape[];
  /** Devices that were not heard of since then are of an earlier day. */
  readonly since: WallMs;
  readonly page: () => string | undefined;
  /** Something is otherwise than what was shown last. */
  readonly onChange: () => void;
  readonly later: (millis: number, then: () => void) => void;
}

/** The verdict of a device takes some twenty microseconds, and hundreds of devices change at once when a room is switched on. */
const DEVICES_EVERY_MS = 500;
/** The DHCP thread is asked how many leases there are. */
const LEASES_EVERY_MS = 1_000;
/** States in which a device is of no interest beyond their number. */
const COUNTED: ReadonlySet<DeviceState> = new Set(['booted', 'provisioned', 'waiting']);

export class LiveView {
  readonly #parts: ViewParts;
  readonly #subscription: Subscription;
  readonly #stopListening: () => void;
  readonly #devices = new Map<string, DeviceSummary>();
  readonly #pending = new Set<'devices' | 'leases'>();
  #networks: readonly ServedNetworkShape[];
  #isClosed = false;

  constructor(parts: ViewParts) {
    this.#parts = parts;
    this.#networks = parts.networks;
    this.#takeAll();
    this.#subscription = parts.devices.subscribe(() => this.#soon('devices', DEVICES_EVERY_MS, () => this.#takeDevices()));
    this.#stopListening = parts.bus.listen((event) => this.#hear(event));
  }

  /** As of now. */
  state(): LiveState {
    const shown = this.#parts.transfers
      .list()
      .filter(({ outcome }) => outcome === 'running')
      .toSorted((a, b) => a.startedAt - b.startedAt);
    const loading = new Set(shown.map(({ device }) => device));
    const devices = [...this.#devices.values()].filter(({ id, state }) => !COUNTED.has(state) && !(state === 'loading' && loading.has(id)));
    const counts: Partial<Record<DeviceState, number>> = {};
    for (const { state } of this.#devices.values()) if (COUNTED.has(state)) counts[state] = (counts[state] ?? 0) + 1;
    return {
      transfers: shown.map(transferOf),
      devices: devices
        .toSorted((a, b) => DEVICE_STATES.indexOf(a.state) - DEVICE_STATES.indexOf(b.state) || a.since - b.since)
        .map(deviceOf),
      counts,
      networks: this.#networks.map(({ name, isServed, taken, size }) => ({
        name,
        isUp: isServed,
        leased: taken,
        addresses: size > 0 ? size : undefined,
      })),
      page: this.#parts.page(),
    };
  }

  close(): void {
    this.#isClosed = true;
    this.#subscription.close();
    this.#stopListening();
  }

  #hear({ type }: AppEvent): void {
    if (type.startsWith('transfer.')) this.#parts.onChange();
    else if (type.startsWith('lease.') || type.startsWith('network.')) this.#soon('leases', LEASES_EVERY_MS, () => this.#askForLeases());
  }

  #takeDevices(): void {
    const { changes, missed } = this.#subscription.take();
    if (missed > 0) this.#takeAll();
    for (const { device } of changes) this.#keep(device);
    this.#parts.onChange();
  }

  #takeAll(): void {
    this.#devices.clear();
    for (const device of this.#parts.devices.list()) this.#keep(device);
  }

  #keep(device: DeviceSummary): void {
    if (device.seenAt >= this.#parts.since) this.#devices.set(device.id, device);
  }

  #askForLeases(): void {
    this.#parts.server.state().then(
      ({ networks }) => {
        this.#networks = networks;
        if (!this.#isClosed) this.#parts.onChange();
      },
      // The thread that would know has ended, and the server with it.
      () => undefined,
    );
  }

  /** Once in so many milliseconds. */
  #soon(what: 'devices' | 'leases', millis: number, then: () => void): void {
    if (this.#pending.has(what)) return;
    this.#pending.add(what);
    this.#parts.later(millis, () => {
      this.#pending.delete(what);
      if (!this.#isClosed) then();
    });
  }
}

function transferOf({ name, address, device, path, direction, octets, size, rate }: TransferShape): LiveTransfer {
  return { who: name ?? address ?? device ?? '?', path, direction, octets, size, rate };
}

function deviceOf({ name, address, id, state, sentence }: DeviceSummary): LiveDevice {
  return { who: name ?? address ?? id, state, sentence };
}
