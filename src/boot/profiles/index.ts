/** All profiles of firmware, by how it loads its first file. A new family is a file beside this and its line here. */
import type { Loader } from '../client-facts.ts';
import { HTTP_BOOT } from './http-boot.ts';
import { IPXE } from './ipxe.ts';
import type { FirmwareProfile } from './profile.ts';
import { PXE } from './pxe.ts';
import { RASPBERRY_PI } from './raspberry-pi.ts';
import { OTHER, UBOOT } from './uboot.ts';

const PROFILES: readonly FirmwareProfile[] = [PXE, HTTP_BOOT, IPXE, RASPBERRY_PI, UBOOT, OTHER];

const byLoader: ReadonlyMap<Loader, FirmwareProfile> = new Map(PROFILES.map((profile) => [profile.loader, profile]));

export function profileOf(loader: Loader): FirmwareProfile {
  return byLoader.get(loader) ?? OTHER;
}
