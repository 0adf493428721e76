/** Fortinet: FortiGate asks for its FortiManager, access points and switches for the FortiGate that controls them. Generally known, not read in a guide. */

import { vendorClassOf } from '../../client-facts.ts';
import type { DeviceProfile } from '../device-profile.ts';
import { addressIn, options } from './dialect.ts';
import { modelWord } from './said.ts';

const FORTIMANAGER = 240;
/** RFC 5417: CAPWAP access controllers. */
const ACCESS_CONTROLLERS = 138;

const EVIDENCE = 'generally known; no guide and no capture was at hand';

export const FORTIGATE: DeviceProfile = {
  name: 'fortigate',
  title: 'FortiGate',
  kind: 'router',
  evidence: EVIDENCE,
  signs: { classes: ['fortigate'] },
  recognise(packet) {
    const said = vendorClassOf(packet);
    return /^FortiGate/.test(said) ? { model: modelWord(said), serial: undefined } : undefined;
  },
  provision: (server) => options(...addressIn(FORTIMANAGER, server)),
  unasked: [240],
  files: [],
};

export const FORTILINK: DeviceProfile = {
  name: 'fortilink',
  title: 'FortiAP, FortiSwitch',
  kind: 'access point',
  evidence: EVIDENCE,
  signs: { classes: ['fortiap', 'fortiswitch'] },
  recognise(packet) {
    const said = vendorClassOf(packet);
    return /^Forti(?:AP|Switch)\b/.test(said) ? { model: modelWord(said), serial: undefined } : undefined;
  },
  provision: (server) => options(...addressIn(ACCESS_CONTROLLERS, server)),
  unasked: [138],
  files: [],
};
