/** All families of network gear. A new one is a file beside this and its line here. */
import type { DeviceProfile } from '../device-profile.ts';
import { ARUBA_AP, ARUBA_INSTANT, RUCKUS_AP, UNIFI } from './access-points.ts';
import { ARISTA } from './arista.ts';
import { CISCO_AP, MERAKI } from './cisco-ap.ts';
import { CISCO_IOS, CISCO_PNP } from './cisco-ios.ts';
import { CISCO_FIREPOWER, CISCO_XR } from './cisco-xr.ts';
import { DELL_FTOS, DELL_N, DELL_OS10 } from './dell.ts';
import { EXTREME } from './extreme.ts';
import { FORTIGATE, FORTILINK } from './fortinet.ts';
import { ARUBA_CX, COMWARE, PROCURVE } from './hpe.ts';
import { JUNIPER } from './juniper.ts';
import { MIKROTIK } from './mikrotik.ts';
import { NEXUS } from './nexus.ts';
import { NOKIA } from './nokia.ts';
import { ONIE } from './onie.ts';
import { CUMULUS, SONIC } from './open-networking.ts';
import { RUCKUS_ICX } from './ruckus-icx.ts';

export const GEAR_PROFILES: readonly DeviceProfile[] = [
  CISCO_IOS,
  CISCO_PNP,
  CISCO_XR,
  CISCO_FIREPOWER,
  NEXUS,
  CISCO_AP,
  MERAKI,
  ARISTA,
  JUNIPER,
  ONIE,
  SONIC,
  CUMULUS,
  ARUBA_CX,
  PROCURVE,
  COMWARE,
  ARUBA_AP,
  ARUBA_INSTANT,
  DELL_FTOS,
  DELL_OS10,
  DELL_N,
  EXTREME,
  RUCKUS_ICX,
  RUCKUS_AP,
  UNIFI,
  NOKIA,
  MIKROTIK,
  FORTIGATE,
  FORTILINK,
];
