/**
 * Cisco IOS and IOS-XE: AutoInstall, and the agent of Plug and Play.
 *
 * | it | asks for | source |
 * | --- | --- | --- |
 * | AutoInstall with option 67 | that file | Cisco AutoInstall guide |
 * | AutoInstall without | `network-confg` or `cisconet.cfg`, whose `ip host` line with its address gives its host name; then `<host>-confg`, `<host>.cfg`; at last `router-confg`, `ciscortr.cfg`, `switch-confg` | Cisco AutoInstall guide |
 * | Plug and Play | the server of option 43 by HTTP, under `/pnp/` | Cisco Plug and Play guide |
 */
import { latin1Bytes } from '../../../base/bytes.ts';
import { OPTION } from '../../../dhcp/codes.ts';
import type { DhcpPacket } from '../../../dhcp/packet.ts';
import { vendorClassOf } from '../../client-facts.ts';
import { mayMiss } from '../asked.ts';
import type { AskedFile, DeviceProfile, ProvisioningServer } from '../device-profile.ts';
import { hostOf } from '../dialect.ts';
import { isUrl, namedFile, options, tftpServer } from './dialect.ts';
import { clientIdTextOf, enterpriseClassOf, modelWord, serialWord } from './said.ts';

/** Cisco's enterprise number. */
export const CISCO = 9;

/** Its MAC with dots, and the interface that it asks on: `cisco-c200.66bb.0000-Fa0/0`. */
const CLIENT_ID = /^cisco-[0-9a-f]{4}\.[0-9a-f]{4}\.[0-9a-f]{4}-\S+$/i;

const AUTO_INSTALL: readonly AskedFile[] = [
  mayMiss('(?:network-confg|cisconet\\.cfg)', 'list of host names', 'it looks for its host name before its own configuration'),
  mayMiss('(?!(?:network|router|switch)-confg)[\\w.-]+-confg', 'configuration', 'it tries several names for its configuration'),
  mayMiss(
    '(?:router-confg|ciscortr\\.cfg|switch-confg)',
    'configuration for all',
    'it is the last resort of a device that found no configuration',
  ),
];

function adviseOfIos(asked: readonly string[]): string {
  const own = asked.find((name) => /-confg$/i.test(name) && !/(?:^|\/)(?:network|router|switch)-confg$/i.test(name));
  return `put ${own ?? 'network-confg with its host name, or router-confg for all,'} into the root, or name its file with boot.file`;
}

export const CISCO_IOS: DeviceProfile = {
  name: 'cisco-ios',
  title: 'Cisco IOS',
  kind: 'router',
  evidence: 'Cisco AutoInstall guide; client identifier and parameter list as captured in a lab',
  signs: { clientIds: ['cisco-'] },
  recognise(packet) {
    if (isPnp(packet)) return undefined;
    return CLIENT_ID.test(clientIdTextOf(packet) ?? '') ? { model: undefined, serial: undefined } : undefined;
  },
  provision: (server) => options(...tftpServer(server), ...namedFile(server)),
  files: AUTO_INSTALL,
  search: { advise: adviseOfIos },
};

/**
 * Version 1 of the string, active, debugging off; the server by IPv4 address (B2) or host name (B1), by HTTP (K4) or HTTPS (K5), and its
 * port: `5A1N;B2;K4;I192.0.2.10;J80`.
 */
function pnpString(server: ProvisioningServer): string {
  const [, scheme = 'http', port] = /^([a-z]+):\/\/[^/:]+(?::(\d+))?/i.exec(server.written) ?? [];
  const isSecure = scheme.toLowerCase() === 'https';
  const host = hostOf(server);
  const kind = /^[\d.]+$/.test(host) ? 'B2' : 'B1';
  return `5A1N;${kind};${isSecure ? 'K5' : 'K4'};I${host};J${port ?? (isSecure ? 443 : 80)}`;
}

function isPnp(packet: DhcpPacket): boolean {
  return vendorClassOf(packet) === 'ciscopnp';
}

export const CISCO_PNP: DeviceProfile = {
  name: 'cisco-pnp',
  title: 'Cisco IOS-XE (Plug and Play)',
  kind: 'switch',
  evidence: 'Cisco Plug and Play guide; presence of options 60 and 124 in third parties’ captures',
  signs: { classes: ['ciscopnp'] },
  recognise(packet) {
    if (!isPnp(packet)) return undefined;
    const said = enterpriseClassOf(packet, CISCO);
    const { model, serial } = serialAndModel(said);
    return { model: model ?? modelWord(said), serial };
  },
  // A file of its own is what the device is to have: with option 43 it would ask a Plug and Play server first.
  provision: (server) =>
    server.file === undefined
      ? options([OPTION.vendorSpecific, latin1Bytes(pnpString(server))])
      : options(...(isUrl(server.file) ? [] : tftpServer(server)), ...namedFile(server)),
  unasked: [43],
  files: AUTO_INSTALL,
  search: { advise: adviseOfIos },
};

/** `SN:FOC1947R143;PID:NCS-5501-SE`, as IOS-XR and IOS-XE write into option 124. */
export function serialAndModel(said: string | undefined): { readonly serial: string | undefined; readonly model: string | undefined } {
  const part = (key: string): string | undefined => new RegExp(`(?:^|;)${key}:([^;]*)`).exec(said ?? '')?.[1];
  return { serial: serialWord(part('SN')), model: modelWord(part('PID')) };
}
