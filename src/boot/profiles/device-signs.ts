/** One cheap look at a message: which families could it come from? */
import { hex } from '../../base/bytes.ts';
import type { DhcpPacket } from '../../dhcp/packet.ts';
import { vendorClassOf } from '../client-facts.ts';
import type { DeviceProfile } from './device-profile.ts';

/** Classes of which it is known who may have sent them; beyond, all are forgotten: whoever makes them up must not fill the memory. */
const MOST_CLASSES = 1024;

/** The first half of the MAC, `00:1b:54`. */
export function ouiOf({ hardwareAddress }: DhcpPacket): string {
  return hex(hardwareAddress.subarray(0, 3), ':');
}

/** Finds the families whose signs a message has. */
export class DeviceSigns {
  readonly #profiles: readonly DeviceProfile[];
  readonly #byOui: ReadonlyMap<number, readonly DeviceProfile[]>;
  readonly #byOption: ReadonlyMap<number, readonly DeviceProfile[]>;
  readonly #byClass = new Map<string, readonly DeviceProfile[]>();

  constructor(profiles: readonly DeviceProfile[]) {
    this.#profiles = profiles;
    this.#byOui = grouped(profiles, ({ signs }) => (signs.ouis ?? []).map((oui) => Number.parseInt(oui.replaceAll(':', ''), 16)));
    this.#byOption = grouped(profiles, ({ signs }) => signs.options ?? []);
  }

  /** In the order of their list; most messages have none. */
  worthALook(packet: DhcpPacket): readonly DeviceProfile[] {
    const { hardwareAddress: mac, options } = packet;
    const byClass = this.#ofClass(vendorClassOf(packet));
    const byOui = this.#byOui.get(((mac[0] ?? 0) << 16) | ((mac[1] ?? 0) << 8) | (mac[2] ?? 0)) ?? NONE;
    let byOption = NONE;
    for (const [code, profiles] of this.#byOption) if (options.has(code)) byOption = [...byOption, ...profiles];
    if (byOui.length === 0 && byOption.length === 0) return byClass;
    return this.#profiles.filter((profile) => [byClass, byOui, byOption].some((found) => found.includes(profile)));
  }

  #ofClass(vendorClass: string): readonly DeviceProfile[] {
    if (vendorClass === '') return NONE;
    const known = this.#byClass.get(vendorClass);
    if (known !== undefined) return known;
    const text = vendorClass.toLowerCase();
    const found = this.#profiles.filter(({ signs }) => signs.classes?.some((prefix) => text.startsWith(prefix)) === true);
    if (this.#byClass.size >= MOST_CLASSES) this.#byClass.clear();
    this.#byClass.set(vendorClass, found);
    return found;
  }
}

const NONE: readonly DeviceProfile[] = [];

function grouped(
  profiles: readonly DeviceProfile[],
  signsOf: (profile: DeviceProfile) => readonly number[],
): ReadonlyMap<number, readonly DeviceProfile[]> {
  const groups = new Map<number, DeviceProfile[]>();
  for (const profile of profiles) for (const sign of signsOf(profile)) groups.set(sign, [...(groups.get(sign) ?? []), profile]);
  return groups;
}
