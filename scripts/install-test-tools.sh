#!/usr/bin/env bash
# Installs what the interop tests need beyond npm: real DHCP and TFTP clients, a virtual PC with its firmware, capture tools.
# Does nothing, and is quick, when all of it is there. Needs root on Debian or Ubuntu; elsewhere it says what is missing.
set -euo pipefail

# Command (or file) to look for, and the Debian package that has it.
tools='
ip                                     iproute2
setsid                                 util-linux
dhclient                               isc-dhcp-client
dhcpcd                                 dhcpcd-base
dnsmasq                                dnsmasq-base
busybox                                busybox
tftp                                   tftp-hpa
atftp                                  atftp
curl                                   curl
wget                                   wget
dig                                    bind9-dnsutils
host                                   bind9-host
logger                                 bsdutils
chronyd                                chrony
ntpdate                                ntpsec-ntpdate
tcpdump                                tcpdump
tshark                                 tshark
gpg                                    gpg
gpgv                                   gpgv
qemu-system-x86_64                     qemu-system-x86
/usr/share/OVMF/OVMF_VARS_4M.fd        ovmf
qemu-system-aarch64                    qemu-system-arm
/usr/share/AAVMF/AAVMF_CODE.fd         qemu-efi-aarch64
/usr/lib/ipxe/qemu/pxe-virtio.rom      ipxe-qemu
chromium                               chromium
'

PATH=$PATH:/usr/local/sbin:/usr/sbin:/sbin

# Packages of the list whose command is not there, on one line.
missing() {
  local tool package
  while read -r tool package; do
    [ -n "$tool" ] || continue
    [ -e "$tool" ] || command -v "$tool" >/dev/null || echo "$package"
  done <<<"$tools" | sort -u | paste -sd ' '
}

packages=$(missing)
if [ -z "$packages" ]; then
  echo "test tools: all there"
  exit 0
fi

if ! command -v apt-get >/dev/null; then
  echo "install-test-tools: this machine has no apt-get, so install by hand what is missing." >&2
  echo "Debian's names of the packages: $packages" >&2
  exit 1
fi
if [ "$(id -u)" != 0 ]; then
  echo "install-test-tools: these packages are missing: $packages" >&2
  echo "Run as root: sudo $0" >&2
  exit 1
fi

export DEBIAN_FRONTEND=noninteractive
echo "test tools: installing $packages"
apt-get update -qq
# Debian's packages of DHCP servers and clients may start a service when they are installed; none may touch this machine's network.
if [ ! -e /usr/sbin/policy-rc.d ]; then
  printf '#!/bin/sh\nexit 101\n' >/usr/sbin/policy-rc.d
  chmod 755 /usr/sbin/policy-rc.d
  trap 'rm -f /usr/sbin/policy-rc.d' EXIT
fi
# shellcheck disable=SC2086 # a list of names
apt-get install -qq -y --no-install-recommends $packages >/dev/null

still=$(missing)
if [ -n "$still" ]; then
  echo "install-test-tools: installed, but still without what these should bring: $still" >&2
  exit 1
fi
echo "test tools: all there"
