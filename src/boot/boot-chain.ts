/** Ready chains of boot programs: one word in the configuration for the files that belong together. */
import type { Architecture } from './architecture.ts';

export interface BootChain {
  /** The first program, by architecture; UEFI that boots by HTTP gets the same one as a URL. */
  readonly files: { readonly [Name in Architecture]?: string };
  /** What its iPXE goes on with. */
  readonly ipxe?: string;
  /** For people. */
  readonly what: string;
}

/**
 * File names are those under which `boot-images/` keeps the programs. UEFI has no PXELINUX that is worth having (its TFTP is a
 * block at a time), so that GRUB takes its place.
 */
export const BOOT_CHAINS = {
  pxelinux: {
    files: { bios: 'pxelinux.0', 'uefi-x64': 'grubx64.efi', 'uefi-arm64': 'grubaa64.efi' },
    what: 'PXELINUX for BIOS and GRUB for UEFI, with the menus of `pxelinux.cfg/` and `grub/`',
  },
  ipxe: {
    files: { bios: 'undionly.kpxe', 'uefi-x64': 'ipxe.efi', 'uefi-arm64': 'ipxe-arm64.efi' },
    ipxe: 'boot.ipxe',
    what: 'iPXE for everybody, and then its script `boot.ipxe`',
  },
  grub: {
    files: { bios: 'grub/i386-pc/core.0', 'uefi-x64': 'grubx64.efi', 'uefi-arm64': 'grubaa64.efi' },
    what: 'GRUB for everybody; the one for BIOS is made by `grub-mknetdir`',
  },
  'grub-secureboot': {
    files: { bios: 'pxelinux.0', 'uefi-x64': 'shimx64.efi', 'uefi-arm64': 'shimaa64.efi' },
    what: 'shim, signed by Microsoft, which loads the signed GRUB from beside it; PXELINUX for BIOS',
  },
  wds: {
    // Windows Deployment Services: the folder `boot` of its RemoteInstall share.
    files: {
      bios: 'boot\\x64\\wdsnbp.com',
      'uefi-ia32': 'boot\\x86\\wdsmgfw.efi',
      'uefi-x64': 'boot\\x64\\wdsmgfw.efi',
      'uefi-arm64': 'boot\\arm64\\wdsmgfw.efi',
    },
    what: 'the loaders of Windows Deployment Services, from the folder `boot` of its share',
  },
} as const satisfies Readonly<Record<string, BootChain>>;

export type ChainName = keyof typeof BOOT_CHAINS;

export const CHAIN_NAMES = Object.keys(BOOT_CHAINS) as [ChainName, ...ChainName[]];

/** The files of a chain that nearly every site needs; those of rarer firmware are missed when it asks. */
export function usualFiles(chain: ChainName): readonly string[] {
  const { files, ipxe } = bootChain(chain);
  return [files.bios, files['uefi-x64'], ipxe].filter((file) => file !== undefined);
}

/** By its name. */
export function bootChain(name: ChainName): BootChain {
  return BOOT_CHAINS[name];
}
