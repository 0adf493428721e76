/**
 * All families that provision themselves. A new one is a file in `phones/` or `gear/`, and its line here; where two fit, the first
 * counts, so that the narrower stands before the wider.
 */
import type { DhcpPacket } from '../../dhcp/packet.ts';
import type { DeviceProfile, RecognisedDevice } from './device-profile.ts';
import { GEAR_PROFILES } from './gear/index.ts';

export const DEVICES: readonly DeviceProfile[] = [...GEAR_PROFILES];

const byName: ReadonlyMap<string, DeviceProfile> = new Map(DEVICES.map((profile) => [profile.name, profile]));

/** The profile of that name; undefined when there is none. */
export function deviceProfile(name: string): DeviceProfile | undefined {
  return byName.get(name);
}

/** A device, and the family that it belongs to. */
export interface KnownDevice {
  readonly profile: DeviceProfile;
  readonly device: RecognisedDevice;
}

/** Which family a message comes from; undefined: from none of these. */
export function knownDevice(packet: DhcpPacket): KnownDevice | undefined {
  for (const profile of DEVICES) {
    const device = profile.recognise(packet);
    if (device !== undefined) return { profile, device };
  }
  return undefined;
}
