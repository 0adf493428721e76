/**
 * ONIE, which installs the system of an open switch.
 *
 * | it tries | source |
 * | --- | --- |
 * | the URL of 125 (enterprise 42623) or 114 | onie discover-installer |
 * | by HTTP the default names at 72, siaddr, 54, 150, 66, port 80 alone | onie discover-installer |
 * | by TFTP the file of 67 | onie discover-installer |
 * | by TFTP a folder called by its MAC, one by its address in hexadecimal with one digit less each time, and the default names | onie discover-installer |
 * | all of this anew after 20 s | onie discover-installer |
 */

import { vendorClassOf } from '../../client-facts.ts';
import { mayMiss } from '../asked.ts';
import type { DeviceProfile } from '../device-profile.ts';
import { text } from '../dialect.ts';
import { addressIn, options, tftpServer, urlOf } from './dialect.ts';
import { clientIdTextOf, enterpriseOptionsOf, modelWord, serialWord, userClassTextsOf } from './said.ts';

const ENTERPRISE = 42623;
const MACHINE = 3;
/** RFC 2132 §8.13: where ONIE looks for an HTTP server. */
const WEB_SERVER = 72;
/** Once `default-url`. */
const URL = 114;

const HTTP_PORT_OF_ONIE = 80;

/** The name of its very platform, whatever folder it was looked for in; ONIE asks for it first. */
function mostSpecial(asked: readonly string[]): string {
  return asked[0]?.split('/').at(-1) ?? 'onie-installer';
}

export const ONIE: DeviceProfile = {
  name: 'onie',
  title: 'ONIE',
  kind: 'switch',
  evidence: 'opencomputeproject/onie: scripts of discovery',
  signs: { classes: ['onie_vendor:'], options: [77] },
  recognise(packet) {
    const [, platform] = /^onie_vendor:(.*)$/.exec(vendorClassOf(packet)) ?? [];
    if (platform === undefined && !userClassTextsOf(packet).includes('onie_dhcp_user_class')) return undefined;
    const machine = enterpriseOptionsOf(packet, ENTERPRISE).get(MACHINE);
    return { model: modelWord(platform ?? machine), serial: serialWord(clientIdTextOf(packet)) };
  },
  provision(server) {
    const exact = server.file === undefined ? [] : [text(URL, urlOf(server, server.file))];
    const web = server.httpPort === HTTP_PORT_OF_ONIE ? addressIn(WEB_SERVER, server) : [];
    return options(...exact, ...tftpServer(server), ...web);
  },
  unasked: [114],
  prefersHttp: true,
  files: [
    mayMiss('onie-(?:installer|updater)[\\w.-]*', 'installer or updater', 'it walks from the name of its very platform to the general one'),
  ],
  search: { advise: (asked) => `put ${mostSpecial(asked)} into the root, or name it with boot.file` },
};
