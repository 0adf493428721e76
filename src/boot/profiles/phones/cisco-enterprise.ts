/** Cisco's IP phones with the firmware of the enterprise, 79xx to 99xx, which a Call Manager would manage. */

import { OPTION } from '../../../dhcp/codes.ts';
import type { Options } from '../../../dhcp/packet.ts';
import { vendorClassOf } from '../../client-facts.ts';
import type { DeviceProfile, ProvisioningServer } from '../device-profile.ts';
import { hostOf, serverAddresses, text } from '../dialect.ts';
import { CISCO_FILES } from './cisco-files.ts';

const EVIDENCE =
  'classes: provisioning plug-ins of a telephone system and a public table of DHCP fingerprints; 150 before 66 and the order of the files: Cisco Unified IP Phone guides';

/** `Cisco Systems, Inc. IP Phone CP-7960G`, `… IP Phone 7905`, `Cisco Systems Inc. Wireless Phone 7921`. */
const MODEL = /^cisco systems,? inc\. (?:ip|wireless) phone ((?:cp-)?[0-9][\w-]*)/i;
/** The 6901 says no more; adaptors say a word of their own. */
const BARE = /^cisco systems, inc\.$/i;
const ADAPTOR = /^cisco (ata\d+)(?!-mpp)$/i;
/** Models that never had SIP firmware. */
const SCCP_ONLY = /^(?:cp-)?(?:7902|7910|7920|7921|7925|7926|7935|7936|7937)/i;

/** The voice VLAN comes by CDP or LLDP; no DHCP option of theirs holds it. */
function provision(server: ProvisioningServer): Options {
  return new Map([...serverAddresses(server), text(OPTION.tftpServerName, hostOf(server))]);
}

/** Told in the class; empty for one that keeps it to itself, undefined for another device. */
function modelIn(vendorClass: string): string | undefined {
  if (BARE.test(vendorClass)) return '';
  const model = (MODEL.exec(vendorClass) ?? ADAPTOR.exec(vendorClass))?.[1];
  return model === undefined || /3pcc/i.test(model) ? undefined : model;
}

function profile(name: string, protocol: string, isMeant: (model: string) => boolean): DeviceProfile {
  return {
    name,
    title: `Cisco IP phone (${protocol})`,
    kind: 'phone',
    evidence: EVIDENCE,
    signs: { classes: ['cisco systems', 'cisco ata'] },
    recognise(packet) {
      const model = modelIn(vendorClassOf(packet));
      if (model === undefined || !isMeant(model)) return undefined;
      return { model: model === '' ? undefined : model, serial: undefined };
    },
    provision,
    files: CISCO_FILES,
  };
}

/** Which of the two a phone runs its class does not say: SIP, where there is SIP firmware for it. The host's `profile` says otherwise. */
export const CISCO_SIP = profile('cisco-sip', 'SIP', (model) => !SCCP_ONLY.test(model));
export const CISCO_SCCP = profile('cisco-sccp', 'SCCP', (model) => SCCP_ONLY.test(model));
