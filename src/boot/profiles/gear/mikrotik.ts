/** MikroTik’s RouterBOOT, which loads one file by TFTP from siaddr (Netinstall). RouterOS itself fetches no configuration. */

import { vendorClassOf } from '../../client-facts.ts';
import type { DeviceProfile } from '../device-profile.ts';
import { namedFile, options } from './dialect.ts';
import { modelWord } from './said.ts';

/** `Mips_boot`, `ARM64__boot`: what its processor is called. */
const CLASS = /^((?:m?mips|arm|ppc|powerpc|e500|tile|x86)[a-z0-9]*)_{1,2}boot$/i;

export const MIKROTIK: DeviceProfile = {
  name: 'mikrotik',
  title: 'MikroTik RouterBOOT',
  kind: 'router',
  evidence: 'vendor class and parameter list as captured',
  signs: { classes: ['mips', 'mmips', 'arm', 'ppc', 'powerpc', 'e500', 'tile', 'x86'] },
  recognise(packet) {
    const found = CLASS.exec(vendorClassOf(packet));
    return found === null ? undefined : { model: modelWord(found[1]), serial: undefined };
  },
  provision: (server) => options(...namedFile(server)),
  files: [],
};
