/**
 * One row for every DHCP option code that has a meaning. Codec, configuration, `bootlace options` and the printing of packets
 * all read these rows. Configuration names are those of node-dhcp's registry where it has one.
 */
import { OPTION_SHAPES, type OptionShape, type ShapeName } from './option-types.ts';

/** What is known of one option. */
export interface OptionRow {
  readonly code: number;
  /** Its name in the RFC. */
  readonly name: string;
  /** What `options:` in the configuration calls it. */
  readonly configName: string;
  readonly shape: ShapeName;
  /** Where it is defined, `RFC 2132 §3.3`; or who uses it, where no RFC does. */
  readonly source: string;
}

type Row = readonly [code: number, name: string, configName: string, shape: ShapeName, source: string];

const ROWS: readonly Row[] = [
  [1, 'Subnet Mask', 'netmask', 'ip', 'RFC 2132 §3.3'],
  [2, 'Time Offset', 'timeOffset', 'i32', 'RFC 2132 §3.4'],
  [3, 'Router', 'router', 'ips', 'RFC 2132 §3.5'],
  [4, 'Time Server', 'timeServer', 'ips', 'RFC 2132 §3.6'],
  [5, 'Name Server', 'nameServer', 'ips', 'RFC 2132 §3.7'],
  [6, 'Domain Name Server', 'dns', 'ips', 'RFC 2132 §3.8'],
  [7, 'Log Server', 'logServer', 'ips', 'RFC 2132 §3.9'],
  [8, 'Cookie Server', 'cookieServer', 'ips', 'RFC 2132 §3.10'],
  [9, 'LPR Server', 'lprServer', 'ips', 'RFC 2132 §3.11'],
  [10, 'Impress Server', 'impressServer', 'ips', 'RFC 2132 §3.12'],
  [11, 'Resource Location Server', 'rscServer', 'ips', 'RFC 2132 §3.13'],
  [12, 'Host Name', 'hostname', 'text', 'RFC 2132 §3.14'],
  [13, 'Boot File Size', 'bootFileSize', 'u16', 'RFC 2132 §3.15'],
  [14, 'Merit Dump File', 'dumpFile', 'text', 'RFC 2132 §3.16'],
  [15, 'Domain Name', 'domainName', 'text', 'RFC 2132 §3.17'],
  [16, 'Swap Server', 'swapServer', 'ip', 'RFC 2132 §3.18'],
  [17, 'Root Path', 'rootPath', 'text', 'RFC 2132 §3.19'],
  [18, 'Extensions Path', 'extensionPath', 'text', 'RFC 2132 §3.20'],
  [19, 'IP Forwarding', 'ipForwarding', 'flag', 'RFC 2132 §4.1'],
  [20, 'Non-Local Source Routing', 'nonLocalSourceRouting', 'flag', 'RFC 2132 §4.2'],
  [21, 'Policy Filter', 'policyFilter', 'ipPairs', 'RFC 2132 §4.3'],
  [22, 'Maximum Datagram Reassembly Size', 'maxDatagramSize', 'u16', 'RFC 2132 §4.4'],
  [23, 'Default IP Time-to-live', 'datagramTTL', 'u8', 'RFC 2132 §4.5'],
  [24, 'Path MTU Aging Timeout', 'mtuTimeout', 'u32', 'RFC 2132 §4.6'],
  [25, 'Path MTU Plateau Table', 'mtuSizes', 'u16s', 'RFC 2132 §4.7'],
  [26, 'Interface MTU', 'mtuInterface', 'u16', 'RFC 2132 §5.1'],
  [27, 'All Subnets are Local', 'subnetsAreLocal', 'flag', 'RFC 2132 §5.2'],
  [28, 'Broadcast Address', 'broadcast', 'ip', 'RFC 2132 §5.3'],
  [29, 'Perform Mask Discovery', 'maskDiscovery', 'flag', 'RFC 2132 §5.4'],
  [30, 'Mask Supplier', 'maskSupplier', 'flag', 'RFC 2132 §5.5'],
  [31, 'Perform Router Discovery', 'routerDiscovery', 'flag', 'RFC 2132 §5.6'],
  [32, 'Router Solicitation Address', 'routerSolicitation', 'ip', 'RFC 2132 §5.7'],
  [33, 'Static Route', 'staticRoutes', 'ipPairs', 'RFC 2132 §5.8'],
  [34, 'Trailer Encapsulation', 'trailerEncapsulation', 'flag', 'RFC 2132 §6.1'],
  [35, 'ARP Cache Timeout', 'arpCacheTimeout', 'u32', 'RFC 2132 §6.2'],
  [36, 'Ethernet Encapsulation', 'ethernetEncapsulation', 'flag', 'RFC 2132 §6.3'],
  [37, 'TCP Default TTL', 'tcpTTL', 'u8', 'RFC 2132 §7.1'],
  [38, 'TCP Keepalive Interval', 'tcpKeepalive', 'u32', 'RFC 2132 §7.2'],
  [39, 'TCP Keepalive Garbage', 'tcpKeepaliveGarbage', 'flag', 'RFC 2132 §7.3'],
  [40, 'Network Information Service Domain', 'nisDomain', 'text', 'RFC 2132 §8.1'],
  [41, 'Network Information Servers', 'nisServer', 'ips', 'RFC 2132 §8.2'],
  [42, 'Network Time Protocol Servers', 'ntpServer', 'ips', 'RFC 2132 §8.3'],
  [43, 'Vendor Specific Information', 'vendor', 'bytes', 'RFC 2132 §8.4'],
  [44, 'NetBIOS over TCP/IP Name Server', 'nbnsServer', 'ips', 'RFC 2132 §8.5'],
  [45, 'NetBIOS over TCP/IP Datagram Distribution Server', 'nbddServer', 'ips', 'RFC 2132 §8.6'],
  [46, 'NetBIOS over TCP/IP Node Type', 'nbNodeType', 'u8', 'RFC 2132 §8.7'],
  [47, 'NetBIOS over TCP/IP Scope', 'nbScope', 'text', 'RFC 2132 §8.8'],
  [48, 'X Window System Font Server', 'xFontServer', 'ips', 'RFC 2132 §8.9'],
  [49, 'X Window System Display Manager', 'xDisplayManager', 'ips', 'RFC 2132 §8.10'],
  [50, 'Requested IP Address', 'requestedIpAddress', 'ip', 'RFC 2132 §9.1'],
  [51, 'IP Address Lease Time', 'leaseTime', 'u32', 'RFC 2132 §9.2'],
  [52, 'Option Overload', 'optionOverload', 'u8', 'RFC 2132 §9.3'],
  [53, 'DHCP Message Type', 'messageType', 'u8', 'RFC 2132 §9.6'],
  [54, 'Server Identifier', 'server', 'ip', 'RFC 2132 §9.7'],
  [55, 'Parameter Request List', 'requestParameter', 'u8s', 'RFC 2132 §9.8'],
  [56, 'Message', 'message', 'text', 'RFC 2132 §9.9'],
  [57, 'Maximum DHCP Message Size', 'maxMessageSize', 'u16', 'RFC 2132 §9.10'],
  [58, 'Renewal (T1) Time Value', 'renewalTime', 'u32', 'RFC 2132 §9.11'],
  [59, 'Rebinding (T2) Time Value', 'rebindingTime', 'u32', 'RFC 2132 §9.12'],
  [60, 'Vendor Class Identifier', 'vendorClassId', 'bytes', 'RFC 2132 §9.13'],
  [61, 'Client-identifier', 'clientId', 'bytes', 'RFC 2132 §9.14'],
  [64, 'Network Information Service+ Domain', 'nisPlusDomain', 'text', 'RFC 2132 §8.11'],
  [65, 'Network Information Service+ Servers', 'nisPlusServer', 'ips', 'RFC 2132 §8.12'],
  [66, 'TFTP Server Name', 'tftpServer', 'text', 'RFC 2132 §9.4'],
  [67, 'Bootfile Name', 'bootFile', 'text', 'RFC 2132 §9.5'],
  [68, 'Mobile IP Home Agent', 'homeAgentAddresses', 'ips', 'RFC 2132 §8.13'],
  [69, 'Simple Mail Transport Protocol (SMTP) Server', 'smtpServer', 'ips', 'RFC 2132 §8.14'],
  [70, 'Post Office Protocol (POP3) Server', 'pop3Server', 'ips', 'RFC 2132 §8.15'],
  [71, 'Network News Transport Protocol (NNTP) Server', 'nntpServer', 'ips', 'RFC 2132 §8.16'],
  [72, 'Default World Wide Web (WWW) Server', 'wwwServer', 'ips', 'RFC 2132 §8.17'],
  [73, 'Default Finger Server', 'fingerServer', 'ips', 'RFC 2132 §8.18'],
  [74, 'Default Internet Relay Chat (IRC) Server', 'ircServer', 'ips', 'RFC 2132 §8.19'],
  [75, 'StreetTalk Server', 'streetTalkServer', 'ips', 'RFC 2132 §8.20'],
  [76, 'StreetTalk Directory Assistance (STDA) Server', 'streetTalkDAServer', 'ips', 'RFC 2132 §8.21'],
  [77, 'User Class', 'userClass', 'bytes', 'RFC 3004'],
  [80, 'Rapid Commit', 'rapidCommit', 'bytes', 'RFC 4039'],
  [81, 'Client FQDN', 'clientFqdn', 'bytes', 'RFC 4702'],
  [82, 'Relay Agent Information', 'relayAgentInformation', 'bytes', 'RFC 3046'],
  [90, 'Authentication', 'authentication', 'bytes', 'RFC 3118'],
  [91, 'Client Last Transaction Time', 'clientLastTransactionTime', 'u32', 'RFC 4388 §6.1'],
  [92, 'Associated IP', 'associatedIps', 'ips', 'RFC 4388 §6.1'],
  [93, 'Client System Architecture', 'clientArchitecture', 'u16s', 'RFC 4578 §2.1'],
  [94, 'Client Network Interface Identifier', 'clientNetworkInterface', 'bytes', 'RFC 4578 §2.2'],
  [95, 'LDAP Servers', 'ldapServer', 'ips', 'RFC 3679'],
  [97, 'Client Machine Identifier', 'clientUuid', 'bytes', 'RFC 4578 §2.3'],
  [100, 'IEEE 1003.1 Timezone', 'posixTimezone', 'text', 'RFC 4833 §2'],
  [101, 'TZ Database Timezone', 'tzName', 'text', 'RFC 4833 §2'],
  [108, 'IPv6-Only Preferred', 'ipv6OnlyPreferred', 'u32', 'RFC 8925 §3.1'],
  [114, 'Captive Portal', 'captivePortal', 'text', 'RFC 8910 §2.1'],
  [116, 'Auto-Configure', 'autoConfigure', 'u8', 'RFC 2563 §2'],
  [117, 'Name Service Search', 'nameServiceSearch', 'u16s', 'RFC 2937'],
  [118, 'Subnet Selection', 'subnetSelection', 'ip', 'RFC 3011 §2'],
  [119, 'Domain Search', 'domainSearchList', 'domains', 'RFC 3397 §2'],
  [120, 'SIP Servers', 'sipServer', 'sipServers', 'RFC 3361 §3'],
  [121, 'Classless Static Route', 'classlessRoute', 'routes', 'RFC 3442'],
  [124, 'Vendor-Identifying Vendor Class', 'vendorIdentifyingClass', 'bytes', 'RFC 3925 §3'],
  [125, 'Vendor-Identifying Vendor-Specific Information', 'vendorIdentifyingInformation', 'bytes', 'RFC 3925 §4'],
  [128, 'PXE vendor option 128', 'pxeVendor128', 'bytes', 'RFC 4578 §2.4'],
  [129, 'PXE vendor option 129', 'pxeVendor129', 'bytes', 'RFC 4578 §2.4'],
  [130, 'PXE vendor option 130', 'pxeVendor130', 'bytes', 'RFC 4578 §2.4'],
  [131, 'PXE vendor option 131', 'pxeVendor131', 'bytes', 'RFC 4578 §2.4'],
  [132, 'VLAN of an IP phone', 'phoneVlan', 'bytes', 'IP phones; RFC 4578 §2.4'],
  [133, 'Priority (802.1p) of an IP phone', 'phonePriority', 'bytes', 'IP phones; RFC 4578 §2.4'],
  [134, 'PXE vendor option 134', 'pxeVendor134', 'bytes', 'RFC 4578 §2.4'],
  [135, 'PXE vendor option 135', 'pxeVendor135', 'bytes', 'RFC 4578 §2.4'],
  [138, 'CAPWAP Access Controllers', 'capwapController', 'ips', 'RFC 5417 §3'],
  [145, 'Forcerenew Nonce Capable', 'renewNonce', 'u8s', 'RFC 6704 §3.1.1'],
  [150, 'TFTP Server Addresses', 'tftpServerAddress', 'ips', 'RFC 5859 §3'],
  [175, 'iPXE Encapsulated Options', 'ipxe', 'bytes', 'iPXE'],
  [176, 'Avaya IP Telephone', 'avayaPhone', 'text', 'Avaya'],
  [208, 'PXELINUX Magic', 'pxeMagicOption', 'u32', 'RFC 5071 §3'],
  [209, 'PXELINUX Configuration File', 'pxeConfigFile', 'text', 'RFC 5071 §4'],
  [210, 'PXELINUX Path Prefix', 'pxePathPrefix', 'text', 'RFC 5071 §5'],
  [211, 'PXELINUX Reboot Time', 'pxeRebootTime', 'u32', 'RFC 5071 §6'],
  [239, 'Provisioning Script URL', 'ztpScript', 'text', 'Cumulus Linux, SONiC'],
  [242, 'Avaya IP Telephone', 'avayaSettings', 'text', 'Avaya'],
  [249, 'Classless Static Route (Microsoft)', 'classlessStaticRoute', 'routes', 'Microsoft'],
  [252, 'Web Proxy Auto-Discovery', 'wpad', 'text', 'Web Proxy Auto-Discovery'],
];

/** All rows, in the order of their codes. */
export const OPTION_TABLE: readonly OptionRow[] = ROWS.map(([code, name, configName, shape, source]) => ({
  code,
  name,
  configName,
  shape,
  source,
}));

const BY_CODE: ReadonlyMap<number, OptionRow> = new Map(OPTION_TABLE.map((row) => [row.code, row]));

/** The row of a code; undefined for one that no RFC and no vendor gave a meaning that we know. */
export function optionRow(code: number): OptionRow | undefined {
  return BY_CODE.get(code);
}

/** The shape of a code's value; octets for an unknown code. */
export function optionShape(code: number): OptionShape {
  return OPTION_SHAPES[optionRow(code)?.shape ?? 'bytes'];
}
