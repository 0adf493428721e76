/**
 * Cisco NX-OS, PowerOn Auto Provisioning.
 *
 * | it | needs | source |
 * | --- | --- | --- |
 * | takes an offer | with a lease of an hour at least, a router, 66 or 150, and 67 | Cisco Nexus fundamentals guides, POAP |
 * | runs the script of 67 | whose line `#md5sum="…"` is right | Cisco Nexus fundamentals guides, POAP |
 * | the script | loads what is written in it: `conf.<serial>` in those that Cisco publishes | datacenter/nexus9000 poap.py |
 */
import { OPTION } from '../../../dhcp/codes.ts';
import { vendorClassOf } from '../../client-facts.ts';
import { mustBe, PUT_FILE } from '../asked.ts';
import type { DeviceProfile } from '../device-profile.ts';
import { text } from '../dialect.ts';
import { CISCO } from './cisco-ios.ts';
import { options, tftpServer } from './dialect.ts';
import { clientIdTextOf, enterpriseClassOf, modelWord, serialWord, userClassTextsOf } from './said.ts';

/** Site, year, week and number: `FDO21030Q6Y`. */
const CISCO_SERIAL = /^[A-Z]{3}\d{4}[0-9A-Z]{4}$/;
const MODEL = /\bN\d{1,2}K-[\w-]+/i;

export const NEXUS: DeviceProfile = {
  name: 'nexus',
  title: 'Cisco Nexus (POAP)',
  kind: 'switch',
  evidence: 'Cisco Nexus fundamentals guides: PowerOn Auto Provisioning',
  signs: { clientIds: [''], classes: ['n', 'cisco'] },
  recognise(packet) {
    const said = vendorClassOf(packet);
    const model = MODEL.exec(said)?.[0];
    const serial = clientIdTextOf(packet);
    const hasSerial = serial !== undefined && CISCO_SERIAL.test(serial);
    // IOS-XR has a serial number there, too, and says the rest in options 77 and 124.
    const isXr = enterpriseClassOf(packet, CISCO) !== undefined || userClassTextsOf(packet).length > 0;
    const isNexus = model !== undefined || (hasSerial && said === '' && !isXr);
    return isNexus ? { model: modelWord(model), serial: serialWord(serial) } : undefined;
  },
  provision: (server) => options(...tftpServer(server), text(OPTION.bootFileName, server.file ?? 'poap.py')),
  unasked: [66, 67, 150],
  files: [mustBe('poap[\\w.-]*\\.(?:py|tcl)', 'POAP script', PUT_FILE), mustBe('conf[._][\\w.-]+', 'configuration', PUT_FILE)],
  leastLeaseSeconds: 3600,
};
