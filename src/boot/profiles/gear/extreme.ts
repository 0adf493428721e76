/** Extreme EXOS: option 43 with the TFTP server’s address in 100 and the name of a configuration, `.cfg` or `.xsf`, in 101. */
import { latin1Bytes } from '../../../base/bytes.ts';
import { vendorClassOf } from '../../client-facts.ts';
import { mustBe, PUT_FILE } from '../asked.ts';
import type { DeviceProfile } from '../device-profile.ts';
import { vendorOptions } from '../dialect.ts';
import { addressIn, options } from './dialect.ts';
import { modelWord } from './said.ts';

const TFTP_SERVER = 100;
const CONFIGURATION = 101;
const FILE = 'extreme.xsf';

export const EXTREME: DeviceProfile = {
  name: 'extreme',
  title: 'Extreme EXOS',
  kind: 'switch',
  evidence: 'Extreme EXOS user guide: auto provision; its vendor class is generally known, not captured',
  signs: { classes: ['xsummit', 'summit', 'extreme'] },
  recognise(packet) {
    const said = vendorClassOf(packet);
    return /^(?:XSUMMIT|Summit|ExtremeXOS|Extreme Networks)/i.test(said) ? { model: modelWord(said), serial: undefined } : undefined;
  },
  provision: (server) => options(vendorOptions([...addressIn(TFTP_SERVER, server), [CONFIGURATION, latin1Bytes(server.file ?? FILE)]])),
  unasked: [43],
  files: [mustBe('extreme\\.(?:xsf|cfg)', 'configuration', PUT_FILE)],
};
