/** Cisco's phones that no Call Manager manages: multiplatform (MPP, 3PCC), and SPA, which was Linksys once. */
import { OPTION } from '../../../dhcp/codes.ts';
import type { Options } from '../../../dhcp/packet.ts';
import { vendorClassOf } from '../../client-facts.ts';
import { MAC, mayMiss, mustBe, PUT_CONFIGURATION, PUT_FIRMWARE } from '../asked.ts';
import type { DeviceProfile, ProvisioningServer } from '../device-profile.ts';
import { hostOf, serverAddresses, text, texts, vlanText } from '../dialect.ts';

/** Options that hold a URL. Both kinds ask for 66 before them and take a host there, from which they fetch their profile by TFTP. */
const URL_OPTIONS = [159, 160];

/** `$MA` is the MAC in lower case, which the phone fills in. */
function provision(server: ProvisioningServer): Options {
  return new Map([
    text(OPTION.tftpServerName, hostOf(server)),
    ...texts(URL_OPTIONS, `${server.url}/$MA.xml`),
    ...serverAddresses(server),
    ...vlanText(server),
  ]);
}

const BEFORE_ITS_OWN = 'it goes on to its configuration';

/** Its profile, of all phones of a model, may name one for each. */
export const CISCO_MPP: DeviceProfile = {
  name: 'cisco-mpp',
  title: 'Cisco multiplatform phone',
  kind: 'phone',
  evidence:
    'classes: provisioning plug-ins of a telephone system; the order of the options and `$PSN.xml`: Cisco multiplatform guides, not seen on the wire',
  signs: { classes: ['cisco systems', 'cisco ata'] },
  recognise(packet) {
    const [, model] = /^cisco(?: systems, inc\. ip phone)? (?:cp-)?([\w-]+-(?:3pcc|mpp))/i.exec(vendorClassOf(packet)) ?? [];
    return model === undefined ? undefined : { model, serial: undefined };
  },
  provision,
  prefersHttp: true,
  files: [
    mayMiss('init\\.cfg', 'first profile', BEFORE_ITS_OWN),
    mustBe(`${MAC}\\.(?:xml|cfg)`, 'configuration', PUT_CONFIGURATION),
    mayMiss('[\\w]+-(?:3pcc|mpp)\\.(?:xml|cfg)', 'profile of its model', 'with the server in option 160 it goes on to its own'),
    mustBe('sip[\\w.-]+\\.loads', 'firmware', PUT_FIRMWARE),
  ],
};

export const CISCO_SPA: DeviceProfile = {
  name: 'cisco-spa',
  title: 'Cisco SPA phone or adaptor',
  kind: 'phone',
  evidence:
    'classes and `spa$PSN.cfg`: provisioning plug-ins of a telephone system; the order of the options: vendor’s guides, not seen on the wire',
  signs: { classes: ['cisco', 'linksys'] },
  recognise(packet) {
    const [, model] =
      /^(?:cisco systems, inc\. ip phone|cisco|linksys) (spa-?\d[\w-]*|pap2[\w-]*|wrp\d+|wip\d+)/i.exec(vendorClassOf(packet)) ?? [];
    return model === undefined ? undefined : { model, serial: undefined };
  },
  provision,
  prefersHttp: true,
  files: [
    mayMiss('init\\.cfg', 'first profile', BEFORE_ITS_OWN),
    mustBe(
      'spa[\\w-]{1,8}\\.cfg',
      'profile of its model',
      'put it into the TFTP root: its `Profile_Rule` leads to the configuration of each phone',
    ),
    mustBe(`(?:spa)?${MAC}\\.(?:xml|cfg)`, 'configuration', PUT_CONFIGURATION),
  ],
};
