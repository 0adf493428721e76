/** iPXE as a DHCP client: how it is known, and what its build can do (option 175, iPXE's `dhcp.h`). */
import { latin1Text } from '../base/bytes.ts';
import { OPTION } from '../dhcp/codes.ts';
import type { DhcpPacket } from '../dhcp/packet.ts';

const USER_CLASS = 'iPXE';
/** Sub-option 0x13: it was built with HTTP. */
const FEATURE_HTTP = 0x13;

/**
 * Field note: some builds of iPXE change the user class, all send option 175, and nobody else does.
 * The user class comes raw or, as RFC 3004 wants it, with a length before it.
 */
export function runsIpxe(packet: DhcpPacket): boolean {
  if (packet.options.has(OPTION.ipxe)) return true;
  const userClass = packet.options.get(OPTION.userClass);
  return userClass !== undefined && latin1Text(userClass).includes(USER_CLASS);
}

/** True when option 175 lists HTTP. Without that option nothing is known, and so it cannot be relied on. */
export function speaksHttp(packet: DhcpPacket): boolean {
  const features = packet.options.get(OPTION.ipxe);
  for (let at = 0; features !== undefined && at + 1 < features.length; at += 2 + (features[at + 1] ?? 0))
    if (features[at] === FEATURE_HTTP) return true;
  return false;
}
