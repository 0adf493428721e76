/** Mitel SIP phones 67xx to 69xx, which were Aastra's. */
import { OPTION } from '../../../dhcp/codes.ts';
import { vendorClassOf } from '../../client-facts.ts';
import { MAC, mayMiss, mustBe, PUT_CONFIGURATION, PUT_FIRMWARE } from '../asked.ts';
import type { DeviceProfile } from '../device-profile.ts';
import { text, texts, vendorOptions, vlanText } from '../dialect.ts';

/** Within 43: the server. */
const CONFIGURATION_SERVER = 2;
const TRIES = 'it takes aastra.cfg or startup.cfg, the one of its model and its own, as far as they are there';

export const MITEL: DeviceProfile = {
  name: 'mitel',
  title: 'Mitel or Aastra phone',
  kind: 'phone',
  evidence:
    'classes, option 43 and `<MAC>.cfg` in upper case: provisioning plug-ins of a telephone system and Mitel’s help; the other options and names are common knowledge, not seen on the wire',
  signs: { classes: ['aastraipphone', 'mitelipphone'] },
  recognise(packet) {
    const [, model] = /^(?:aastra|mitel)ipphone(\w*)/i.exec(vendorClassOf(packet)) ?? [];
    return model === undefined ? undefined : { model: model === '' ? undefined : model, serial: undefined };
  },
  provision(server) {
    return new Map([
      vendorOptions([text(CONFIGURATION_SERVER, server.url)]),
      ...texts([OPTION.tftpServerName, 159, 160], server.url),
      ...vlanText(server),
    ]);
  },
  files: [
    mayMiss('security\\.tuz', 'key of encrypted files', 'without it the files are taken as they are'),
    mayMiss('(?:aastra|startup)\\.(?:cfg|tuz)', 'configuration of all', TRIES),
    mayMiss('\\d{4}i?\\.(?:cfg|tuz)', 'configuration of its model', TRIES),
    mustBe(`${MAC}\\.cfg`, 'configuration', PUT_CONFIGURATION),
    mayMiss(`${MAC}\\.tuz`, 'encrypted configuration', 'it tries the encrypted one before the plain one'),
    mayMiss('\\d{4}i?\\.st', 'firmware', `it keeps the firmware that it has; for another: ${PUT_FIRMWARE}`),
    mayMiss('lang_[\\w-]+\\.txt', 'language', 'it uses what it has built in'),
  ],
};
