/** Panasonic: KX-HDV, KX-UT, KX-TGP. */
import { latin1Text } from '../../../base/bytes.ts';
import { OPTION } from '../../../dhcp/codes.ts';
import type { Options } from '../../../dhcp/packet.ts';
import { vendorClassOf } from '../../client-facts.ts';
import { MAC, mustBe, PUT_CONFIGURATION } from '../asked.ts';
import type { DeviceProfile, ProvisioningServer } from '../device-profile.ts';
import { hostOf, text, texts, urlParts } from '../dialect.ts';

/** These go before 66, and hold the URL of a file: only one that the configuration writes by itself is that. */
const URL_OPTIONS = [160, 159];

function provision(server: ProvisioningServer): Options {
  const isUrl = urlParts(server.written).scheme !== '';
  return new Map([text(OPTION.tftpServerName, hostOf(server)), ...(isUrl ? texts(URL_OPTIONS, server.written) : [])]);
}

export const PANASONIC: DeviceProfile = {
  name: 'panasonic',
  title: 'Panasonic phone',
  kind: 'phone',
  evidence: 'options 160, 159 and 66 and `<MODEL>.cfg` by TFTP: KX-HDV guide; class: provisioning plug-ins of a telephone system',
  signs: { classes: ['panasonic'] },
  recognise(packet) {
    const vendorClass = vendorClassOf(packet);
    if (!/^panasonic/i.test(vendorClass)) return undefined;
    const name = latin1Text(packet.options.get(OPTION.hostName) ?? new Uint8Array());
    return { model: /kx-\w+/i.exec(`${vendorClass} ${name}`)?.[0], serial: undefined };
  },
  provision,
  files: [
    mustBe(
      'KX-\\w+\\.cfg',
      'configuration of its model',
      'put it into the TFTP root: its CFG_STANDARD_FILE_PATH leads to the configuration of each phone',
    ),
    mustBe(`Config${MAC}\\.cfg`, 'configuration', PUT_CONFIGURATION),
  ],
};
