/**
 * The boot programs that can be fetched: what each is for, the packages of Debian that have it, and the name that each file gets below
 * the root. The names are part of people's configurations and menus: they stay as they are.
 */

/** What a package is built for; `all` is the same file for every machine. */
export type PackageArchitecture = 'all' | 'amd64' | 'arm64';

/** One file of a package. */
export interface ImageFile {
  /** Its path below the root. */
  readonly place: string;
  /** The end of its path inside the package, `*` standing for any characters of a name; the first that is there is taken. */
  readonly inside: readonly string[];
  /** Only newer versions of the package have it. */
  readonly isOptional?: true;
}

/** What one package brings. */
export interface ImagePart {
  /** The package; where Debian gives every release a package of its own, the newest first. */
  readonly packages: readonly string[];
  readonly architecture: PackageArchitecture;
  readonly files: readonly ImageFile[];
}

/** Something to boot. */
export interface BootImage {
  readonly name: string;
  readonly what: string;
  /** About how much it takes below the root, and about how much is downloaded for it. */
  readonly octets: number;
  readonly downloadOctets: number;
  readonly parts: readonly ImagePart[];
}

const PXELINUX_MODULES = ['ldlinux', 'libutil', 'libcom32', 'menu', 'vesamenu', 'pxechn', 'reboot', 'poweroff'];

const GRUB_X64: ImagePart = {
  packages: ['grub-efi-amd64-signed'],
  architecture: 'amd64',
  files: [{ place: 'grubx64.efi', inside: ['x86_64-efi-signed/grubnetx64.efi.signed'] }],
};

const GRUB_ARM64: ImagePart = {
  packages: ['grub-efi-arm64-signed'],
  architecture: 'arm64',
  files: [{ place: 'grubaa64.efi', inside: ['arm64-efi-signed/grubnetaa64.efi.signed'] }],
};

/** All of them, in the order in which they are listed. Where two have the same file, the first is what that file stands for. */
export const BOOT_IMAGES: readonly BootImage[] = [
  {
    name: 'pxelinux',
    what: 'PXELINUX and its menu, for PCs with BIOS firmware',
    octets: 540_000,
    downloadOctets: 1_400_000,
    parts: [
      {
        packages: ['pxelinux'],
        architecture: 'all',
        files: ['pxelinux.0', 'lpxelinux.0'].map((name) => ({ place: name, inside: [`PXELINUX/${name}`] })),
      },
      {
        packages: ['syslinux-common'],
        architecture: 'all',
        files: PXELINUX_MODULES.map((name) => ({ place: `${name}.c32`, inside: [`modules/bios/${name}.c32`] })),
      },
    ],
  },
  {
    name: 'ipxe',
    what: 'iPXE, for PCs with BIOS or UEFI firmware: boots by HTTP and runs scripts',
    octets: 1_700_000,
    downloadOctets: 1_200_000,
    parts: [
      {
        packages: ['ipxe'],
        architecture: 'all',
        files: [
          { place: 'undionly.kpxe', inside: ['ipxe/undionly.kpxe'] },
          { place: 'ipxe.lkrn', inside: ['ipxe.lkrn'] },
          { place: 'ipxe.efi', inside: ['boot/ipxe.efi', 'ipxe/ipxe-amd64.efi', 'ipxe/ipxe.efi'] },
          { place: 'snponly.efi', inside: ['ipxe/snponly.efi'] },
          { place: 'ipxe-arm64.efi', inside: ['ipxe/ipxe-arm64.efi'], isOptional: true },
        ],
      },
    ],
  },
  {
    name: 'grub',
    what: 'GRUB, signed by Debian, for PCs with UEFI firmware',
    octets: 3_850_000,
    downloadOctets: 1_300_000,
    parts: [GRUB_X64],
  },
  {
    name: 'grub-arm64',
    what: 'GRUB, signed by Debian, for 64-bit ARM with UEFI firmware',
    octets: 3_500_000,
    downloadOctets: 1_200_000,
    parts: [GRUB_ARM64],
  },
  {
    name: 'secureboot',
    what: 'shim and GRUB, for PCs with UEFI firmware and Secure Boot',
    octets: 4_900_000,
    downloadOctets: 1_600_000,
    parts: [
      {
        packages: ['shim-signed'],
        architecture: 'amd64',
        files: [{ place: 'shimx64.efi', inside: ['shim/shimx64.efi.signed', 'shim/shimx64.efi.signed.*'] }],
      },
      GRUB_X64,
    ],
  },
  {
    name: 'secureboot-arm64',
    what: 'shim and GRUB, for 64-bit ARM with UEFI firmware and Secure Boot',
    octets: 4_500_000,
    downloadOctets: 1_500_000,
    parts: [
      {
        packages: ['shim-signed'],
        architecture: 'arm64',
        files: [{ place: 'shimaa64.efi', inside: ['shim/shimaa64.efi.signed', 'shim/shimaa64.efi.signed.*'] }],
      },
      GRUB_ARM64,
    ],
  },
  {
    name: 'memtest',
    what: 'Memtest86+, which tests the memory of PCs with BIOS or UEFI firmware',
    octets: 570_000,
    downloadOctets: 130_000,
    parts: [
      {
        packages: ['memtest86+'],
        architecture: 'amd64',
        // Without an ending in the names for BIOS: by `.bin` PXELINUX would take them for something else than a Linux kernel.
        files: [
          { place: 'memtest/memtest-x64', inside: ['boot/memtest86+x64.bin'] },
          { place: 'memtest/memtest-x64.efi', inside: ['boot/memtest86+x64.efi'] },
          { place: 'memtest/memtest-ia32', inside: ['boot/memtest86+ia32.bin'] },
          { place: 'memtest/memtest-ia32.efi', inside: ['boot/memtest86+ia32.efi'] },
        ],
      },
    ],
  },
  installer('debian-installer', 'amd64', "Debian's installer (kernel and initial RAM disk), for PCs", 49_000_000, 133_000_000),
  installer('debian-installer-arm64', 'arm64', "Debian's installer, for 64-bit ARM", 73_000_000, 128_000_000),
];

/** What is fetched where nobody says what is wanted. */
export const USUAL_IMAGES: readonly string[] = ['pxelinux', 'ipxe', 'grub'];

function installer(name: string, architecture: 'amd64' | 'arm64', what: string, octets: number, downloadOctets: number): BootImage {
  const files = ['linux', 'initrd.gz'].map((file) => ({
    place: `debian-installer/${architecture}/${file}`,
    // The graphical one lies beside it; this one is smaller and speaks on a serial line, too.
    inside: [`${architecture}/text/debian-installer/${architecture}/${file}`],
  }));
  const packages = ['13', '12'].map((release) => `debian-installer-${release}-netboot-${architecture}`);
  return { name, what, octets, downloadOctets, parts: [{ packages, architecture: 'all', files }] };
}

/** The image of that name. */
export function imageOf(name: string): BootImage | undefined {
  return BOOT_IMAGES.find((image) => image.name === name);
}

/** The image that a path below the root belongs to. */
export function imageWith(place: string): BootImage | undefined {
  return BOOT_IMAGES.find((image) => image.parts.some(({ files }) => files.some((file) => file.place === place)));
}
