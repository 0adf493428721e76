/** Devices for the console: what their book says, with who made them and which family they belong to. */
import { type Mac, parseIpv4 } from '../../base/addresses.ts';
import type { Config } from '../../config/config.ts';
import type { DeviceSummary, Devices } from '../../devices/api.ts';
import type { DeviceDirectory } from '../../observe/directory.ts';
import type { VendorOf } from '../../observe/vendors.ts';
import type { DeviceSource } from '../../web/api/device-routes.ts';
import type { DeviceSummaryShape } from '../../web/api/device-shapes.ts';

export interface ToldDevicesParts {
  readonly book: Devices;
  readonly directory: Pick<DeviceDirectory, 'whoHas'>;
  readonly vendorOf: VendorOf;
  readonly hosts: () => Config['hosts'];
}

export class ToldDevices implements DeviceSource {
  readonly #parts: ToldDevicesParts;
  /** Families that the configuration gives, of the hosts that are in force. */
  #given: { readonly hosts: Config['hosts']; readonly profiles: ReadonlyMap<Mac, string> } | undefined;

  constructor(parts: ToldDevicesParts) {
    this.#parts = parts;
  }

  list(): DeviceSummaryShape[] {
    return this.#parts.book.list().map((device) => this.#show(device));
  }

  readonly timeline: DeviceSource['timeline'] = (called) => {
    const found = this.#parts.book.timeline(called);
    return found && { device: this.#show(found.device), entries: [...found.entries] };
  };

  readonly subscribe: DeviceSource['subscribe'] = (onWaiting) => {
    const subscription = this.#parts.book.subscribe(onWaiting);
    return {
      take: () => {
        const { changes, missed } = subscription.take();
        const shown = changes.map(({ device, entry }) => ({ device: this.#show(device), ...(entry !== undefined && { entry }) }));
        return shown.length === 0 && missed === 0 ? undefined : { changes: shown, missed };
      },
      close: () => subscription.close(),
    };
  };

  #show(device: DeviceSummary): DeviceSummaryShape {
    const { mac } = device;
    return { ...device, vendor: mac === undefined ? undefined : this.#parts.vendorOf(mac), profile: this.#profileOf(device) };
  }

  /** What the configuration says goes before what was recognised. */
  #profileOf({ mac, address }: DeviceSummary): string | undefined {
    const given = mac === undefined ? undefined : this.#profiles().get(mac);
    if (given !== undefined) return given;
    const parsed = address === undefined ? undefined : parseIpv4(address);
    const holder = parsed === undefined ? undefined : this.#parts.directory.whoHas(parsed);
    return holder?.mac === mac ? holder?.profile : undefined;
  }

  #profiles(): ReadonlyMap<Mac, string> {
    const hosts = this.#parts.hosts();
    if (this.#given?.hosts !== hosts) {
      const profiles = hosts.flatMap(({ key: { mac }, profile }) =>
        mac === undefined || profile === undefined ? [] : [[mac, profile] as const],
      );
      this.#given = { hosts, profiles: new Map(profiles) };
    }
    return this.#given.profiles;
  }
}
