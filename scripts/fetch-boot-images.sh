#!/usr/bin/env bash
# Puts PXELINUX, iPXE, GRUB and shim into a directory, as `bootlace images fetch` does. Does nothing when they are there already.
#
#   scripts/fetch-boot-images.sh [DIRECTORY]      default: boot-images/ of this checkout
set -euo pipefail
here=$(dirname "$(readlink -f "$0")")
exec node "$here/../bin/bootlace.js" images fetch pxelinux ipxe grub secureboot --root "${1:-$here/../boot-images}"
