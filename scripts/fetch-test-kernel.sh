#!/usr/bin/env bash
# Puts what the boot tests start on a virtual PC into a directory: a Linux kernel and a static busybox, taken from Debian's
# packages. Nothing is installed.
#
#   scripts/fetch-test-kernel.sh DIRECTORY
set -euo pipefail
here=$(dirname "$(readlink -f "$0")")
# shellcheck source=scripts/debian-packages.sh
. "$here/debian-packages.sh"

# The kernel's package carries its version in its name; a package without one depends on the newest.
kernel=
if command -v apt-cache >/dev/null; then
  for newest in linux-image-cloud-amd64 linux-image-virtual linux-image-amd64 linux-image-generic; do
    kernel=$(apt-cache depends "$newest" 2>/dev/null | awk '$1 == "Depends:" && $2 ~ /^linux-image-[0-9]/ { print $2; exit }')
    [ -z "$kernel" ] || break
  done
fi

fetch_from_debian "${1:?usage: fetch-test-kernel.sh DIRECTORY}" "
vmlinuz  ${kernel:-linux-image-cloud-amd64}  vmlinuz-*
busybox  busybox-static                      bin/busybox
"
