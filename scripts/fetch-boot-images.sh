#!/usr/bin/env bash
# Puts the boot programs (PXELINUX, iPXE, GRUB, shim) into a directory, taken from Debian's packages. Nothing is installed.
#
#   scripts/fetch-boot-images.sh [DIRECTORY]      default: boot-images/ of this checkout
set -euo pipefail
here=$(dirname "$(readlink -f "$0")")
# shellcheck source=scripts/debian-packages.sh
. "$here/debian-packages.sh"

fetch_from_debian "${1:-$here/../boot-images}" '
pxelinux.0     pxelinux               PXELINUX/pxelinux.0
lpxelinux.0    pxelinux               PXELINUX/lpxelinux.0
ldlinux.c32    syslinux-common        modules/bios/ldlinux.c32
libutil.c32    syslinux-common        modules/bios/libutil.c32
libcom32.c32   syslinux-common        modules/bios/libcom32.c32
menu.c32       syslinux-common        modules/bios/menu.c32
vesamenu.c32   syslinux-common        modules/bios/vesamenu.c32
pxechn.c32     syslinux-common        modules/bios/pxechn.c32
reboot.c32     syslinux-common        modules/bios/reboot.c32
poweroff.c32   syslinux-common        modules/bios/poweroff.c32
undionly.kpxe  ipxe                   ipxe/undionly.kpxe
ipxe.lkrn      ipxe                   ipxe.lkrn
ipxe.efi       ipxe                   ipxe.efi
snponly.efi    ipxe                   ipxe/snponly.efi
grubx64.efi    grub-efi-amd64-signed  x86_64-efi-signed/grubnetx64.efi.signed
shimx64.efi    shim-signed            shim/shimx64.efi.signed*
'
