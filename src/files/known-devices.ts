/** The devices that files are made for: those of the configuration and of its inventories, found by what a name or an address says. */
import type { Ipv4, Mac } from '../base/addresses.ts';
import type { NamedDevice } from '../boot/answered-name.ts';
import type { DeviceVars } from '../boot/template-source.ts';
import type { HostKey } from '../dhcp/subnet.ts';
import type { Subject } from '../events/events.ts';

/** What is known of one beforehand. */
export interface KnownDevice {
  readonly key: HostKey;
  readonly name: string | undefined;
  readonly address: Ipv4 | undefined;
  readonly profile: string | undefined;
  readonly model: string | undefined;
  readonly serial: string | undefined;
  readonly vars: DeviceVars;
  /** Where it is written, for the operator. */
  readonly place: string;
}

/** Whom a file is for. */
export interface Recipient {
  /** Undefined for one that nobody wrote down. */
  readonly known: KnownDevice | undefined;
  readonly mac: Mac | undefined;
  readonly serial: string | undefined;
  readonly model: string | undefined;
}

export class KnownDevices {
  readonly #byMac = new Map<Mac, KnownDevice>();
  readonly #byAddress = new Map<Ipv4, KnownDevice>();
  readonly #byName = new Map<string, KnownDevice>();
  readonly #bySerial = new Map<string, KnownDevice>();

  constructor(devices: readonly KnownDevice[]) {
    for (const device of devices) {
      const { key, address, name, serial } = device;
      if (key.mac !== undefined) this.#byMac.set(key.mac, device);
      if (address !== undefined) this.#byAddress.set(address, device);
      if (name !== undefined) this.#byName.set(name.toLowerCase(), device);
      if (serial !== undefined) this.#bySerial.set(serial.toLowerCase(), device);
    }
  }

  /** Who asks, by what this server vouches for: the lease of its address, or the reservation of it. */
  asking({ mac, address, isLeased }: Subject): Recipient {
    const own = isLeased === true ? mac : undefined;
    const byMac = own && this.#byMac.get(own);
    const known = byMac ?? (own === undefined && address !== undefined ? this.#byAddress.get(address) : undefined);
    return { known, mac: known?.key.mac ?? own, serial: known?.serial, model: known?.model };
  }

  /**
   * Whom a name is for. One that says nothing of a device is for who asks.
   * @returns undefined when it is for a device that is not that of the model, or of a name, that is known.
   */
  named({ mac, serial, name, model }: NamedDevice, from: Subject): Recipient | undefined {
    const recipient = mac === undefined ? this.#byWord(serial, name, from) : this.#ofMac(mac);
    if (recipient === undefined) return undefined;
    if (model === undefined) return recipient;
    if (recipient.model !== undefined && recipient.model.toLowerCase() !== model.toLowerCase()) return undefined;
    return { ...recipient, model: recipient.model ?? model };
  }

  #ofMac(mac: Mac): Recipient {
    const known = this.#byMac.get(mac);
    return { known, mac, serial: known?.serial, model: known?.model };
  }

  #byWord(serial: string | undefined, name: string | undefined, from: Subject): Recipient | undefined {
    if (serial === undefined && name === undefined) return this.asking(from);
    const known = serial === undefined ? this.#byName.get(name?.toLowerCase() ?? '') : this.#bySerial.get(serial.toLowerCase());
    if (known !== undefined) return { known, mac: known.key.mac, serial: known.serial, model: known.model };
    // Only the device itself knows its serial number: one that is written down nowhere is the asker's, if that one is written down nowhere.
    const asking = this.asking(from);
    return serial === undefined || asking.known !== undefined ? undefined : { ...asking, serial };
  }
}
