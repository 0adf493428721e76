#!/bin/sh
# Adapter for a black-box conformance suite of DHCP and TFTP servers: `bootlace.sh caps SUITE | start PROFILE | stop`.
# The suite sets CONF_HERE (its own folder), CONF_SUITE, CONF_IF (which has its address already), CONF_DIR (kept over a
# restart) and CONF_TFTP_ROOT, and expects the reference site that is written down here.
# shellcheck disable=SC1091,SC2154
. "$CONF_HERE/servers/common.sh"

checkout=$(cd "$(dirname "$0")/../.." && pwd)
node=$checkout/node_modules/.bin/node

rep() { awk -v c="$1" -v n="$2" 'BEGIN { for (i = 0; i < n; i++) printf "%s", c }'; }

# Common head of every configuration.
head_of() {
	cat <<-X
	server: { dataDir: $CONF_DIR/data, user: root }
	log: { level: debug, format: json }
	X
}

# network NAME WHERE ROUTER BROADCAST POOL, where WHERE is its interface and address, or its subnet
# behind a relay
network() {
	cat <<-X
	  - { name: $1, $2, pools: [$5], leaseTime: $lease_time, authoritative: $authoritative,
	      identity: client-id, guard: off, conflictCheck: $conflict_check, options: {
	      router: $3, 28: $4, dns: [10.77.0.53, 10.77.0.54], domainName: conf.test,
	      119: [conf.test, lab.conf.test], 42: 10.77.0.123,
	      224: { text: "$(rep 0123456789 40)" }, 225: { text: "$(rep A 200)" },
	      226: { text: "$(rep B 200)" }, 227: { text: "$(rep C 200)" } } }
	X
}

# dhcp_config POOL LEASE-TIME AUTHORITATIVE CONFLICT-CHECK
dhcp_config() {
	lease_time=$2 authoritative=$3 conflict_check=$4
	head_of
	echo networks:
	network local "interface: $CONF_IF, address: 10.77.0.1/22" 10.77.0.1 10.77.3.255 "$1"
	network relayed-88 "subnet: 10.88.0.0/24" 10.88.0.1 10.88.0.255 10.88.0.100-10.88.0.150
	network relayed-89 "subnet: 10.89.0.0/24" 10.89.0.1 10.89.0.255 10.89.0.100-10.89.0.150
	cat <<-X
	hosts:
	  - { mac: "02:fe:00:00:00:01", name: fixed1, address: 10.77.3.5 }
	  - { mac: "02:fe:00:00:00:02", name: bootp1, address: 10.77.3.6 }
	boot:
	  files:
	    bios: bios.0
	    uefi-x64: efi.efi
	    uefi-arm64: arm64.efi
	    uefi-x64-http: http://10.77.0.1/efi.efi
	  ipxe: http://10.77.0.1/boot.ipxe
	tftp: { root: $CONF_DIR/tftp }
	X
}

# Another server gives the addresses; this one says what to boot.
proxy_config() {
	head_of
	cat <<-X
	networks:
	  - { name: local, interface: $CONF_IF, address: 10.77.0.1/22, mode: proxy }
	boot:
	  files:
	    bios: bios.0
	    uefi-x64: efi.efi
	tftp: { root: $CONF_DIR/tftp }
	X
}

# tftp_config UPLOADS
tftp_config() {
	head_of
	cat <<-X
	networks:
	  - { name: local, interface: $CONF_IF, address: 10.77.0.1/22, mode: off }
	tftp:
	  root: $CONF_TFTP_ROOT
	  uploads: $1
	X
}

case $1 in
caps)
	[ -x "$node" ] || { echo "no $node: run npm ci in $checkout"; exit 1; }
	echo "version bootlace $("$node" "$checkout/bin/bootlace.js" --version)"
	if [ "$2" = tftp ]; then
		echo cap wrq
		echo cap overwrite
	else
		echo cap ping
		echo cap proxy
	fi ;;
start)
	mkdir -p "$CONF_DIR/tftp"
	case $CONF_SUITE-$2 in
	dhcp-base) dhcp_config 10.77.1.10-10.77.2.250 "{ default: 1h, min: 60s, max: 2h }" true off ;;
	dhcp-ping) dhcp_config 10.77.1.10-10.77.2.250 "{ default: 1h, min: 60s, max: 2h }" true arp ;;
	dhcp-small) dhcp_config 10.77.1.10-10.77.1.13 "{ default: 1h, min: 60s, max: 2h }" true off ;;
	dhcp-short) dhcp_config 10.77.1.10-10.77.1.13 "{ default: 5s, min: 5s, max: 5s }" true off ;;
	dhcp-proxy) proxy_config ;;
	dhcp-nonauth) dhcp_config 10.77.1.10-10.77.2.250 "{ default: 1h, min: 60s, max: 2h }" false off ;;
	tftp-ro) tftp_config "{ policy: deny }" ;;
	tftp-rw) tftp_config "{ policy: overwrite, dir: $CONF_TFTP_ROOT, maxSize: 8MiB }" ;;
	*) exit 3 ;;
	esac >"$CONF_DIR/config.yaml"
	launch "$node" "$checkout/bin/bootlace.js" up --config "$CONF_DIR/config.yaml" ;;
stop) stop_pids ;;
esac
