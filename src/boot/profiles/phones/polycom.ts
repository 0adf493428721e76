/** Poly, formerly Polycom: VVX, Edge, SoundPoint, Trio. */
import { latin1Text } from '../../../base/bytes.ts';
import { OPTION } from '../../../dhcp/codes.ts';
import { MAC, mayMiss, mustBe, PUT_CONFIGURATION, PUT_FIRMWARE } from '../asked.ts';
import type { DeviceProfile } from '../device-profile.ts';
import { texts } from '../dialect.ts';

/** Private enterprise 13885 before its own options (RFC 3925 §3), where the phone is not set to send text. */
const ENTERPRISE = '\0\0\x36\x3d';
const MODEL = /vvx[ _-]?\d+|edge[ _-]?[be]\d+|trio[ _-]?\w*|soundpoint\w*|3111-\d{5}-\d{3}/i;

const OF_ITSELF = 'it asks for what it may have stored itself';
const SOME_SITES = 'only some sites have a common one';

/** Of the four that hold a VLAN it takes the first that it is given. */
const VLAN_OPTIONS = [128, 144, 157, 191];

export const POLYCOM: DeviceProfile = {
  name: 'polycom',
  title: 'Poly phone',
  kind: 'phone',
  evidence:
    'framing of the class, options 160 and 66, and the form of the VLAN: Poly administrator’s guide; names: provisioning plug-ins of a telephone system; the numbers of the options of the VLAN are common knowledge',
  signs: { classes: ['polycom', 'poly-', ENTERPRISE] },
  recognise(packet) {
    const vendorClass = latin1Text(packet.options.get(OPTION.vendorClass) ?? new Uint8Array());
    if (!vendorClass.startsWith(ENTERPRISE) && !/^poly(?:com)?[- ]?/i.test(vendorClass)) return undefined;
    return { model: MODEL.exec(vendorClass)?.[0], serial: undefined };
  },
  provision(server) {
    return new Map([
      ...texts([160, OPTION.tftpServerName], server.url),
      ...(server.vlan === undefined ? [] : texts(VLAN_OPTIONS, `VLAN-A=${server.vlan};`)),
    ]);
  },
  prefersHttp: true,
  files: [
    mayMiss(`${MAC}-(?:boot|app)\\.log`, 'its log', OF_ITSELF),
    mustBe('000000000000\\.cfg', 'configuration for all', 'it found none of its own before: put one of the two into the TFTP root'),
    mayMiss(`${MAC}-(?:phone|web|license|directory|calls)\\.(?:cfg|xml)`, 'its own settings', OF_ITSELF),
    mayMiss('000000000000-(?:license\\.cfg|directory\\.xml)', 'common settings', SOME_SITES),
    mayMiss(`${MAC}\\.cfg`, 'configuration', 'it asks for 000000000000.cfg next'),
    mustBe(`[\\w-]+\\.cfg`, 'part of its configuration', `CONFIG_FILES of its configuration names it: ${PUT_CONFIGURATION}`),
    mayMiss('(?:[\\w-]+\\.)?sip\\.ver', 'version of the firmware', 'it keeps the firmware that it has'),
    mayMiss('(?:[\\w-]+\\.)?sip\\.ld', 'firmware', `it keeps the firmware that it has; for another: ${PUT_FIRMWARE}`),
  ],
};
