/** Every device that can be simulated; the only list of them. */
import type { Device } from '../device.ts';
import { DEBIAN_PC, PI4, UBOOT } from './boards.ts';
import { ARUBA_CX, COMWARE, DELL, EXTREME, MIKROTIK, RUCKUS_AP, UNIFI } from './campus.ts';
import { CATALYST, IOSXE_PNP, NEXUS } from './cisco-gear.ts';
import { CISCO_7962, CISCO_8851, CISCO_SPA504G } from './cisco-phones.ts';
import { ARISTA, CUMULUS, JUNIPER, SONIC } from './data-center.ts';
import { GRANDSTREAM, POLYCOM_VVX, YEALINK_T48 } from './desk-phones.ts';
import { HTTPBOOT, PXE_BIOS, UEFI_ARM64, UEFI_X64 } from './firmware.ts';
import { ipxeFor } from './loaders.ts';
import { AVAYA_J179, FANVIL, GIGASET, MITEL, PANASONIC, SNOM } from './office-phones.ts';
import { ONIE } from './onie.ts';

export const DEVICES: readonly Device[] = [
  CISCO_7962,
  CISCO_8851,
  CISCO_SPA504G,
  POLYCOM_VVX,
  YEALINK_T48,
  GRANDSTREAM,
  SNOM,
  AVAYA_J179,
  MITEL,
  FANVIL,
  GIGASET,
  PANASONIC,
  CATALYST,
  IOSXE_PNP,
  NEXUS,
  ARISTA,
  JUNIPER,
  ONIE,
  SONIC,
  CUMULUS,
  ARUBA_CX,
  COMWARE,
  DELL,
  EXTREME,
  MIKROTIK,
  UNIFI,
  RUCKUS_AP,
  PI4,
  PXE_BIOS,
  UEFI_X64,
  UEFI_ARM64,
  HTTPBOOT,
  ipxeFor('bios'),
  UBOOT,
  DEBIAN_PC,
];
