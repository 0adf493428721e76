/**
 * Juniper Junos.
 *
 * | it | reads | source |
 * | --- | --- | --- |
 * | zero touch provisioning | 43 with text: 0 image, 1 configuration, 3 way of transfer, 4 another name for the image; the server of 150 or 66 | Junos ZTP guide |
 * | autoinstallation | `<host>.conf`, `network.conf`, `router.conf` by TFTP | Junos autoinstallation guide |
 */
import { vendorClassOf } from '../../client-facts.ts';
import { mayMiss } from '../asked.ts';
import type { DeviceProfile, ProvisioningServer, RecognisedDevice } from '../device-profile.ts';
import { text, vendorOptions } from '../dialect.ts';
import { isUrl, options, tftpServer } from './dialect.ts';
import { hostNameOf, modelWord, serialWord } from './said.ts';

const CONFIGURATION = 1;
const TRANSFER_MODE = 3;

/** Where the configuration names no other. */
const FILE = 'juniper.conf';

/** `DN817`, `TA3714070123`. Models are written in small letters: `qfx10002-36q`. */
const SERIAL = /^[A-Z][0-9A-Z]{3,}$/;

function recognised(said: string, hostName: string): RecognisedDevice | undefined {
  const [, mark = '', rest = ''] = /^Juniper([-:])(.+)$/.exec(said) ?? [];
  if (rest === '') return undefined;
  const at = rest.lastIndexOf(mark);
  const last = rest.slice(at + 1);
  if (at > 0 && (mark === ':' || SERIAL.test(last))) return { model: modelWord(rest.slice(0, at)), serial: serialWord(last) };
  return { model: modelWord(rest), serial: SERIAL.test(hostName) ? hostName : undefined };
}

/** Junos takes a name and a way, and knows no port: other ports than HTTP's own are passed over. */
function placeOf({ url, file = FILE }: ProvisioningServer): { readonly name: string; readonly mode: string } {
  const [, scheme = '', rest = ''] = /^(http|tftp|ftp):\/\/[^/:]+\/(.*)$/i.exec(file) ?? [];
  if (scheme !== '') return { name: rest, mode: scheme.toLowerCase() };
  return { name: file.replace(/^\/+/, ''), mode: /^http:\/\/[^/:]+(?::80)?$/i.test(url) && !isUrl(file) ? 'http' : 'tftp' };
}

export const JUNIPER: DeviceProfile = {
  name: 'juniper',
  title: 'Juniper',
  kind: 'switch',
  evidence: 'Junos guides: zero touch provisioning, autoinstallation; vendor class and parameter list as captured',
  signs: { classes: ['juniper'] },
  recognise: (packet) => recognised(vendorClassOf(packet), hostNameOf(packet)),
  provision(server) {
    const { name, mode } = placeOf(server);
    const named = vendorOptions([text(CONFIGURATION, name), text(TRANSFER_MODE, mode)]);
    return options(named, ...tftpServer(server));
  },
  unasked: [43],
  prefersHttp: true,
  files: [mayMiss('(?:network\\.conf|router\\.conf)', 'configuration for all', 'it tries general names where it has none of its own')],
};
