/** Gigaset: base stations N510, N720 and others, with handsets by DECT. */
import { vendorClassOf } from '../../client-facts.ts';
import { MAC, mayMiss, mustBe, PUT_CONFIGURATION } from '../asked.ts';
import type { DeviceProfile } from '../device-profile.ts';
import { text } from '../dialect.ts';

/** Once of a default URL, now of captive portals (RFC 8910). */
const URL_OPTION = 114;
const KEEPS = 'it keeps the firmware that it has';

export const GIGASET: DeviceProfile = {
  name: 'gigaset',
  title: 'Gigaset base station',
  kind: 'phone',
  evidence: 'classes, option 114 and names of files: provisioning plug-ins of a telephone system',
  signs: { classes: ['gigaset', 'n510_ip', 'n720', 'n670', 'n870', 'c470_ip', 's675_ip', 'c590_ip', 'c610'] },
  recognise(packet) {
    const [, model] = /^(?:gigaset_?)?((?:n510|n720|n670|n870|c470|s675|c590|c610)\w*|)/i.exec(vendorClassOf(packet)) ?? [];
    if (model === undefined || (model === '' && !/^gigaset/i.test(vendorClassOf(packet)))) return undefined;
    return { model: model === '' ? undefined : model, serial: undefined };
  },
  provision(server) {
    return new Map([text(URL_OPTION, server.url)]);
  },
  prefersHttp: true,
  files: [mayMiss('\\d+/\\d+/(?:master|baselines)\\.bin', 'firmware', KEEPS), mustBe(`${MAC}\\.xml`, 'configuration', PUT_CONFIGURATION)],
};
