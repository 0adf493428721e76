/**
 * All families that provision themselves. A new one is a file in `phones/` or `gear/`, and its line here; where two fit, the first
 * counts, so that the narrower stands before the wider.
 */
import type { DhcpPacket } from '../../dhcp/packet.ts';
import type { DeviceProfile, RecognisedDevice } from './device-profile.ts';
import { DeviceSigns } from './device-signs.ts';
import { AVAYA } from './phones/avaya.ts';
import { CISCO_SCCP, CISCO_SIP } from './phones/cisco-enterprise.ts';
import { CISCO_MPP, CISCO_SPA } from './phones/cisco-small-business.ts';
import { FANVIL } from './phones/fanvil.ts';
import { GIGASET } from './phones/gigaset.ts';
import { GRANDSTREAM } from './phones/grandstream.ts';
import { MITEL } from './phones/mitel.ts';
import { PANASONIC } from './phones/panasonic.ts';
import { POLYCOM } from './phones/polycom.ts';
import { SNOM } from './phones/snom.ts';
import { YEALINK } from './phones/yealink.ts';

export const DEVICES: readonly DeviceProfile[] = [
  CISCO_SPA,
  CISCO_MPP,
  CISCO_SCCP,
  CISCO_SIP,
  POLYCOM,
  YEALINK,
  GRANDSTREAM,
  SNOM,
  AVAYA,
  MITEL,
  FANVIL,
  GIGASET,
  PANASONIC,
];

const byName: ReadonlyMap<string, DeviceProfile> = new Map(DEVICES.map((profile) => [profile.name, profile]));

/** The profile of that name; undefined when there is none. */
export function deviceProfile(name: string): DeviceProfile | undefined {
  return byName.get(name);
}

const signs = new DeviceSigns(DEVICES);

/** A device, and the family that it belongs to. */
export interface KnownDevice {
  readonly profile: DeviceProfile;
  readonly device: RecognisedDevice;
}

/** Which family a message comes from; undefined: from none of these. */
export function knownDevice(packet: DhcpPacket): KnownDevice | undefined {
  for (const profile of signs.worthALook(packet)) {
    const device = profile.recognise(packet);
    if (device !== undefined) return { profile, device };
  }
  return undefined;
}
