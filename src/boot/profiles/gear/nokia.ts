/** Nokia SR OS, zero touch provisioning: 67 is the URL of its provisioning file. It asks for a lease without an end. */
import { OPTION } from '../../../dhcp/codes.ts';
import { vendorClassOf } from '../../client-facts.ts';
import { mustBe, PUT_FILE } from '../asked.ts';
import type { DeviceProfile } from '../device-profile.ts';
import { text } from '../dialect.ts';
import { options, urlOf } from './dialect.ts';
import { clientIdTextOf, modelWord, serialWord, userClassTextsOf } from './said.ts';

const FILE = 'nokia-provisioning.cfg';

export const NOKIA: DeviceProfile = {
  name: 'nokia',
  title: 'Nokia SR OS',
  kind: 'router',
  evidence: 'Nokia SR OS system management guide: zero touch provisioning',
  signs: { classes: ['nokia:'], options: [77] },
  recognise(packet) {
    const found = /^NOKIA:(.*)$/.exec(vendorClassOf(packet));
    // `platform;release;ztp`
    const user = userClassTextsOf(packet).find((one) => /^[^;]+;[^;]*;ztp$/i.test(one));
    if (found === null && user === undefined) return undefined;
    return { model: modelWord(user?.split(';')[0] ?? found?.[1]), serial: serialWord(clientIdTextOf(packet)) };
  },
  provision: (server) => options(text(OPTION.bootFileName, urlOf(server, server.file ?? FILE))),
  unasked: [67],
  prefersHttp: true,
  files: [mustBe('nokia-provisioning\\.cfg', 'provisioning file', PUT_FILE)],
};
