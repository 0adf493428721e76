/** Access points of Cisco, which look for a controller, and of Meraki, which look for their cloud. */
import { ipv4Bytes } from '../../../base/addresses.ts';
import { vendorClassOf } from '../../client-facts.ts';
import type { DeviceProfile } from '../device-profile.ts';
import { vendorOptions } from '../dialect.ts';
import { options } from './dialect.ts';
import { modelWord } from './said.ts';

/** Sub-option 241 of 43: the controllers’ addresses, four octets each. */
const CONTROLLERS = 0xf1;

export const CISCO_AP: DeviceProfile = {
  name: 'cisco-ap',
  title: 'Cisco access point',
  kind: 'access point',
  evidence: 'Cisco: DHCP option 43 for lightweight access points',
  signs: { classes: ['cisco ap'] },
  recognise(packet) {
    const found = /^Cisco AP (\S+)/.exec(vendorClassOf(packet));
    return found === null ? undefined : { model: modelWord(found[1]), serial: undefined };
  },
  provision: ({ address }) => (address === undefined ? options() : options(vendorOptions([[CONTROLLERS, ipv4Bytes(address)]]))),
  unasked: [43],
  files: [],
};

export const MERAKI: DeviceProfile = {
  name: 'meraki',
  title: 'Cisco Meraki',
  kind: 'access point',
  evidence: 'vendor class in a public table of DHCP fingerprints',
  signs: { classes: ['meraki'] },
  recognise: (packet) => (/^MERAKI/i.test(vendorClassOf(packet)) ? { model: undefined, serial: undefined } : undefined),
  // It is configured by its cloud alone.
  provision: () => options(),
  files: [],
};
