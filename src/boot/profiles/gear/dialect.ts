/** What several dialects of network gear have in common: the TFTP server, and the file as a name or a URL. */
import { ipv4Bytes } from '../../../base/addresses.ts';
import { OPTION } from '../../../dhcp/codes.ts';
import type { Options } from '../../../dhcp/packet.ts';
import type { ProvisioningServer } from '../device-profile.ts';
import { hostOf, serverAddresses, text } from '../dialect.ts';

type Entry = readonly [code: number, octets: Uint8Array];

/** The TFTP server for gear that reads 66, and 150 (RFC 5859) before it. */
export function tftpServer(server: ProvisioningServer): readonly Entry[] {
  return [text(OPTION.tftpServerName, hostOf(server)), ...serverAddresses(server)];
}

/** An option that holds the address, where there is one. */
export function addressIn(code: number, { address }: ProvisioningServer): readonly Entry[] {
  return address === undefined ? [] : [[code, ipv4Bytes(address)]];
}

/** Option 67 without a NUL, where the configuration names a file. */
export function namedFile({ file }: ProvisioningServer): readonly Entry[] {
  return file === undefined ? [] : [text(OPTION.bootFileName, file)];
}

/** A file as a URL. */
export function urlOf({ url }: ProvisioningServer, file: string): string {
  return isUrl(file) ? file : `${url}/${file.replace(/^\/+/, '')}`;
}

export function isUrl(file: string): boolean {
  return /^[a-z][a-z0-9+.-]*:\/\//i.test(file);
}

/** The options in their order; of two of one code the later one counts. */
export function options(...parts: readonly Entry[]): Options {
  return new Map(parts);
}
