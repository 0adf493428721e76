/** Arista EOS, Zero Touch Provisioning: option 67 is a URL of a script (`#!`) or a startup configuration. */
import { OPTION } from '../../../dhcp/codes.ts';
import { vendorClassOf } from '../../client-facts.ts';
import { mustBe, PUT_FILE } from '../asked.ts';
import type { DeviceProfile } from '../device-profile.ts';
import { text } from '../dialect.ts';
import { options, urlOf } from './dialect.ts';
import { modelWord, serialWord } from './said.ts';

/** Where the configuration names no other. */
const FILE = 'arista-startup-config';

export const ARISTA: DeviceProfile = {
  name: 'arista',
  title: 'Arista EOS',
  kind: 'switch',
  evidence: 'Arista EOS manual: Zero Touch Provisioning; insomniacslk/dhcp vendor data',
  signs: { classes: ['arista;'] },
  recognise(packet) {
    const [vendor, model, , serial] = vendorClassOf(packet).split(';');
    return vendor === 'Arista' ? { model: modelWord(model), serial: serialWord(serial) } : undefined;
  },
  provision: (server) => options(text(OPTION.bootFileName, urlOf(server, server.file ?? FILE))),
  unasked: [67],
  prefersHttp: true,
  files: [mustBe(FILE, 'startup configuration or script', PUT_FILE)],
};
