/**
 * Cisco IOS-XR and Firepower. Both load the file of option 67; what it begins with says whether it is a configuration (`!! IOS XR`) or a
 * script (`#!`).
 */

import { vendorClassOf } from '../../client-facts.ts';
import type { DeviceProfile } from '../device-profile.ts';
import { text } from '../dialect.ts';
import { CISCO, serialAndModel } from './cisco-ios.ts';
import { isUrl, namedFile, options, tftpServer, urlOf } from './dialect.ts';
import { clientIdTextOf, enterpriseClassOf, serialWord, userClassTextsOf } from './said.ts';

const BOOT_FILE = 67;

export const CISCO_XR: DeviceProfile = {
  name: 'cisco-xr',
  title: 'Cisco IOS-XR',
  kind: 'router',
  evidence: 'xrdocs: ZTP deep dive; insomniacslk/dhcp vendor data',
  signs: { options: [77, 124] },
  recognise(packet) {
    const { model, serial } = serialAndModel(enterpriseClassOf(packet, CISCO));
    const isZtp = userClassTextsOf(packet).some((one) => /^(?:e?xr-config|iPXE,e?xr-config)$/i.test(one));
    if (!isZtp && (serial === undefined || vendorClassOf(packet) === 'ciscopnp')) return undefined;
    return { model, serial: serial ?? serialWord(clientIdTextOf(packet)) };
  },
  provision: (server) =>
    server.file === undefined ? options(...tftpServer(server)) : options(text(BOOT_FILE, urlOf(server, server.file))),
  unasked: [67],
  prefersHttp: true,
  files: [],
};

export const CISCO_FIREPOWER: DeviceProfile = {
  name: 'cisco-firepower',
  title: 'Cisco Firepower',
  kind: 'router',
  evidence: 'insomniacslk/dhcp vendor data',
  signs: { classes: ['fpr'] },
  recognise(packet) {
    const said = vendorClassOf(packet);
    if (!/^FPR(?:4100|9300)/.test(said)) return undefined;
    return { model: said, serial: serialWord(clientIdTextOf(packet)) };
  },
  provision: (server) => options(...(server.file !== undefined && isUrl(server.file) ? [] : tftpServer(server)), ...namedFile(server)),
  files: [],
};
