/** What several dialects have in common: the server by address and by name, the file as a name or a URL, sub-options of 43. */
import { ipv4Bytes } from '../../../base/addresses.ts';
import { ByteWriter, latin1Bytes } from '../../../base/bytes.ts';
import { OPTION } from '../../../dhcp/codes.ts';
import type { Options } from '../../../dhcp/packet.ts';
import type { ProvisioningServer } from '../device-profile.ts';

/** One option of a dialect. */
export type DialectOption = readonly [code: number, value: Uint8Array];

/** An option that is text. */
export function text(code: number, value: string): DialectOption {
  return [code, latin1Bytes(value)];
}

/** The TFTP server for gear that reads 66, and 150 (RFC 5859) before it. */
export function tftpServer(server: ProvisioningServer): readonly DialectOption[] {
  return [text(OPTION.tftpServerName, hostOf(server)), ...addressIn(OPTION.tftpServerAddresses, server)];
}

/** An option that holds the address, where there is one. */
export function addressIn(code: number, { address }: ProvisioningServer): readonly DialectOption[] {
  return address === undefined ? [] : [[code, ipv4Bytes(address)]];
}

/** Option 67 without a NUL, where the configuration names a file. */
export function namedFile({ file }: ProvisioningServer): readonly DialectOption[] {
  return file === undefined ? [] : [text(OPTION.bootFileName, file)];
}

/** The server alone, as an address or a host name. */
export function hostOf({ written }: ProvisioningServer): string {
  return /^[a-z][a-z0-9+.-]*:\/\/([^/:]+)/i.exec(written)?.[1] ?? written;
}

/** A file as a URL. */
export function urlOf({ url }: ProvisioningServer, file: string): string {
  return isUrl(file) ? file : `${url}/${file.replace(/^\/+/, '')}`;
}

export function isUrl(file: string): boolean {
  return /^[a-z][a-z0-9+.-]*:\/\//i.test(file);
}

/** The value of option 43: code, length and value, one after another (RFC 2132 §8.4). */
export function subOptions(parts: readonly DialectOption[]): Uint8Array {
  const writer = new ByteWriter();
  for (const [code, value] of parts) writer.u8(code).u8(value.length).bytes(value);
  return writer.done();
}

/** The options in their order; of two of one code the later one counts. */
export function options(...parts: readonly DialectOption[]): Options {
  return new Map(parts);
}
