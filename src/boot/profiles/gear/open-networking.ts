/** Systems of open switches that fetch a script or a list of tasks: SONiC and Cumulus Linux. ONIE, which installs them, is `onie.ts`. */
import { OPTION } from '../../../dhcp/codes.ts';
import { vendorClassOf } from '../../client-facts.ts';
import { mustBe, PUT_FILE } from '../asked.ts';
import type { DeviceProfile } from '../device-profile.ts';
import { text } from '../dialect.ts';
import { options, urlOf } from './dialect.ts';
import { bareClientIdOf, modelWord, serialWord, userClassTextsOf } from './said.ts';

/** URL of a script, for Cumulus Linux and SONiC. */
const SCRIPT = 239;

const TASKS = 'ztp.json';

export const SONIC: DeviceProfile = {
  name: 'sonic',
  title: 'SONiC',
  kind: 'switch',
  evidence: 'sonic-net/SONiC: doc/ztp/ztp.md',
  signs: { clientIds: ['sonic##'], options: [77] },
  recognise(packet) {
    const found = /^SONiC##(.*)##([^#]*)$/.exec(bareClientIdOf(packet));
    if (found === null) return userClassTextsOf(packet).includes('SONiC-ZTP') ? { model: undefined, serial: undefined } : undefined;
    return { model: modelWord(found[1]), serial: serialWord(found[2]) };
  },
  // 67 goes before 239: of the two there is one.
  provision(server) {
    const file = server.file ?? TASKS;
    return options(text(/\.json$/i.test(file) ? OPTION.bootFileName : SCRIPT, urlOf(server, file)));
  },
  unasked: [67, 239],
  prefersHttp: true,
  files: [mustBe('ztp\\.json', 'list of its tasks', PUT_FILE)],
};

const CUMULUS_SCRIPT = 'cumulus-ztp';

export const CUMULUS: DeviceProfile = {
  name: 'cumulus',
  title: 'Cumulus Linux',
  kind: 'switch',
  evidence: 'Cumulus Linux user guide: Zero Touch Provisioning',
  signs: { classes: ['cumulus-linux'] },
  recognise: (packet) => (/^cumulus-linux\b/i.test(vendorClassOf(packet)) ? { model: undefined, serial: undefined } : undefined),
  provision: (server) => options(text(SCRIPT, urlOf(server, server.file ?? CUMULUS_SCRIPT))),
  unasked: [239],
  prefersHttp: true,
  files: [mustBe(CUMULUS_SCRIPT, 'script', PUT_FILE)],
};
