/** snom: D, 3xx, 7xx, M. */
import { OPTION } from '../../../dhcp/codes.ts';
import { vendorClassOf } from '../../client-facts.ts';
import { MAC, mayMiss, mustBe, PUT_CONFIGURATION } from '../asked.ts';
import type { DeviceProfile } from '../device-profile.ts';
import { text, vendorOptions, vlanText } from '../dialect.ts';

const ONE_OF_TWO = 'it asks for that of its model and for its own, and does with one of the two';
const VLAN_WITHIN = 132;

export const SNOM: DeviceProfile = {
  name: 'snom',
  title: 'snom phone',
  kind: 'phone',
  evidence:
    'options 66 and 132 within 43, with a NUL behind each: snom’s wiki; classes: provisioning plug-ins of a telephone system; the order of the files is common knowledge',
  signs: { classes: ['snom'] },
  recognise(packet) {
    const vendorClass = vendorClassOf(packet);
    return /^snom/i.test(vendorClass) ? { model: /^snom\w+/i.exec(vendorClass)?.[0], serial: undefined } : undefined;
  },
  /** What stands within 43 goes before the same option outside of it. */
  provision(server) {
    const within = [
      text(OPTION.tftpServerName, `${server.url}\0`),
      ...(server.vlan === undefined ? [] : [text(VLAN_WITHIN, `${server.vlan}\0`)]),
    ];
    return new Map([vendorOptions(within), text(OPTION.tftpServerName, server.url), ...vlanText(server)]);
  },
  unasked: [OPTION.vendorSpecific],
  prefersHttp: true,
  files: [
    mayMiss(`snom\\w+-${MAC}\\.(?:htm|xml)`, 'configuration', ONE_OF_TWO),
    mayMiss('snom\\w+-firmware\\.(?:htm|xml)', 'name of its firmware', 'it keeps the firmware that it has'),
    mayMiss('snom\\w+\\.(?:htm|xml)', 'configuration of its model', ONE_OF_TWO),
    mustBe(`${MAC}\\.xml`, 'configuration', `a file that it was given names it: ${PUT_CONFIGURATION}`),
  ],
};
