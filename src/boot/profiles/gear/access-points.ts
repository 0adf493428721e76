/** Access points that are told their controller in option 43: Aruba, Ruckus, UniFi. */
import { ipv4Bytes } from '../../../base/addresses.ts';
import { latin1Bytes } from '../../../base/bytes.ts';
import { OPTION } from '../../../dhcp/codes.ts';
import { vendorClassOf } from '../../client-facts.ts';
import type { DeviceProfile, RecognisedDevice } from '../device-profile.ts';
import { hostOf, text, vendorOptions } from '../dialect.ts';
import { options } from './dialect.ts';

const KNOWN: RecognisedDevice = { model: undefined, serial: undefined };

export const ARUBA_AP: DeviceProfile = {
  name: 'aruba-ap',
  title: 'Aruba access point',
  kind: 'access point',
  evidence: 'vendor class in a public table of DHCP fingerprints; ArubaOS user guide',
  signs: { classes: ['aruba'] },
  recognise: (packet) => (/^Aruba(?:AP|MC)$/.test(vendorClassOf(packet)) ? KNOWN : undefined),
  // It takes 43 only behind its own class.
  provision: (server) => options(text(OPTION.vendorClass, 'ArubaAP'), text(OPTION.vendorSpecific, hostOf(server))),
  unasked: [43, 60],
  files: [],
};

export const ARUBA_INSTANT: DeviceProfile = {
  name: 'aruba-instant',
  title: 'Aruba Instant access point',
  kind: 'access point',
  evidence: 'vendor class and parameter list in a public table of DHCP fingerprints; AOS-CX guide for option 43',
  signs: { classes: ['arubainstantap'] },
  recognise: (packet) => (vendorClassOf(packet) === 'ArubaInstantAP' ? KNOWN : undefined),
  // 43 is `group,server,secret`, and the secret is the operator's: he writes it as an option.
  provision: () => options(),
  files: [],
};

/** SmartZone's controllers; a ZoneDirector is told in 3. */
const SMART_ZONE = 6;

export const RUCKUS_AP: DeviceProfile = {
  name: 'ruckus-ap',
  title: 'Ruckus access point',
  kind: 'access point',
  evidence: 'Ruckus SmartZone guide: DHCP option 43',
  signs: { classes: ['ruckus cpe'] },
  recognise: (packet) => (/^Ruckus CPE/.test(vendorClassOf(packet)) ? KNOWN : undefined),
  provision: (server) => options(vendorOptions([[SMART_ZONE, latin1Bytes(hostOf(server))]])),
  unasked: [43],
  files: [],
};

/** Where a UniFi device informs: `http://<address>:8080/inform`. */
const UNIFI_CONTROLLER = 1;

export const UNIFI: DeviceProfile = {
  name: 'unifi',
  title: 'Ubiquiti UniFi',
  kind: 'access point',
  evidence: 'Ubiquiti: layer-3 adoption by DHCP option 43, as third parties describe it',
  signs: { classes: ['ubnt'] },
  recognise: (packet) => (/^ubnt/i.test(vendorClassOf(packet)) ? KNOWN : undefined),
  provision: ({ address }) => (address === undefined ? options() : options(vendorOptions([[UNIFI_CONTROLLER, ipv4Bytes(address)]]))),
  unasked: [43],
  files: [],
};
