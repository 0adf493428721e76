/**
 * iPXE, as a boot file of ours or in a card's ROM.
 *
 * | it | takes | source |
 * | --- | --- | --- |
 * | as DHCP client | the file of the offer, at once when 175.176 says that no proxyDHCP server is to be waited for | net/udp/dhcp.c |
 * | beside another server | an offer of the class PXEClient with a server and a file: then it does not ask on port 4011 | net/udp/dhcp.c |
 */
import { OPTION } from '../../dhcp/codes.ts';
import type { FirmwareProfile, ReplyShape } from './profile.ts';
import { IN_OFFER } from './pxe.ts';

/** Sub-option 0xb0, no-pxedhcp: do not wait two seconds for a proxyDHCP server. */
const NO_PROXY_WAIT = Uint8Array.of(0xb0, 1, 1);

const AT_ONCE: ReplyShape = {
  what: 'with option 175',
  namesFile: true,
  options: () => new Map([[OPTION.ipxe, NO_PROXY_WAIT]]),
};

export const IPXE: FirmwareProfile = {
  loader: 'ipxe',
  evidence: 'iPXE src/net/udp/dhcp.c',
  needsNoFile: false,
  shapes: ({ role }) => (role === 'dhcp' ? [AT_ONCE] : [IN_OFFER]),
};
