/** Grandstream: GXP, GRP, HT, DP. */
import { OPTION } from '../../../dhcp/codes.ts';
import { vendorClassOf } from '../../client-facts.ts';
import { MAC, mayMiss, mustBe, PUT_CONFIGURATION, PUT_FIRMWARE } from '../asked.ts';
import type { DeviceProfile } from '../device-profile.ts';
import { texts, vlanText } from '../dialect.ts';

const TRIES = 'it tries binary, own, model and common files one after another';

export const GRANDSTREAM: DeviceProfile = {
  name: 'grandstream',
  title: 'Grandstream phone',
  kind: 'phone',
  evidence: 'names of files and their content: Grandstream provisioning guide; class and options: common knowledge, not seen on the wire',
  signs: { classes: ['grandstream'] },
  recognise(packet) {
    const vendorClass = vendorClassOf(packet);
    if (!/^grandstream/i.test(vendorClass)) return undefined;
    return { model: /^grandstream (?!dslforum)([\w-]+)/i.exec(vendorClass)?.[1], serial: undefined };
  },
  provision(server) {
    return new Map([...texts([OPTION.tftpServerName, 160], server.url), ...vlanText(server)]);
  },
  prefersHttp: true,
  files: [
    mayMiss(`cfg${MAC}(?:\\.bin)?`, 'binary configuration', TRIES),
    mustBe(`cfg${MAC}\\.xml`, 'configuration', PUT_CONFIGURATION),
    mayMiss('cfg[a-z]{2,4}\\d{3,4}\\w*\\.xml', 'configuration of its model', TRIES),
    mayMiss('cfg\\.xml', 'configuration of all', TRIES),
    mayMiss('[a-z]{2,4}\\d{3,4}\\w*fw\\.bin', 'firmware', `it keeps the firmware that it has; for another: ${PUT_FIRMWARE}`),
  ],
};
