/** Fanvil: X, V. */
import { OPTION } from '../../../dhcp/codes.ts';
import { vendorClassOf } from '../../client-facts.ts';
import { MAC, mayMiss, mustBe, PUT_CONFIGURATION } from '../asked.ts';
import type { DeviceProfile } from '../device-profile.ts';
import { ouiOf } from '../device-signs.ts';
import { text, texts, vlanText } from '../dialect.ts';

/** Most of them send no class. */
const OUIS = ['00:a8:59', '0c:38:3e'];

export const FANVIL: DeviceProfile = {
  name: 'fanvil',
  title: 'Fanvil phone',
  kind: 'phone',
  evidence:
    'the first halves of their MACs, the URL in option 43 and the names of files: provisioning plug-ins of a telephone system; that one of the options 66 and 43 is chosen at the phone: Fanvil guide',
  signs: { classes: ['fanvil'], ouis: OUIS },
  recognise(packet) {
    const vendorClass = vendorClassOf(packet);
    if (!/^fanvil/i.test(vendorClass) && (vendorClass !== '' || !OUIS.includes(ouiOf(packet)))) return undefined;
    return { model: /^fanvil[ _-]?(\w+)/i.exec(vendorClass)?.[1], serial: undefined };
  },
  /** 43 holds the bare URL. */
  provision(server) {
    return new Map([...texts([OPTION.tftpServerName, 160], server.url), text(OPTION.vendorSpecific, server.url), ...vlanText(server)]);
  },
  files: [
    mayMiss('f0\\w+(?:hw[\\d.]+)?\\.(?:cfg|txt)', 'configuration of its model', 'it goes on to its own'),
    mustBe(`${MAC}\\.(?:cfg|txt|xml)`, 'configuration', PUT_CONFIGURATION),
  ],
};
