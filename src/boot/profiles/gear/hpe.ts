/**
 * Switches of HPE.
 *
 * | system | reads | source |
 * | --- | --- | --- |
 * | AOS-CX | 43.144, the configuration, before 67; 66 as an address | AOS-CX fundamentals guide, zero touch provisioning |
 * | ProVision, ArubaOS-Switch | 66 and 67; a configuration that was not made on such a switch makes it reboot without end | HPE management and configuration guides |
 * | Comware | 67; else `netdesc.cfg` or `network.cfg` for its host name, `<host>.cfg`, `device.cfg` | H3C and 3Com configuration guides |
 */
import { showIpv4 } from '../../../base/addresses.ts';
import { latin1Bytes } from '../../../base/bytes.ts';
import { OPTION } from '../../../dhcp/codes.ts';
import { vendorClassOf } from '../../client-facts.ts';
import { mayMiss, mustBe, PUT_FILE } from '../asked.ts';
import type { DeviceProfile } from '../device-profile.ts';
import { text, vendorOptions } from '../dialect.ts';
import { isUrl, namedFile, options, tftpServer } from './dialect.ts';
import { clientIdTextOf, modelWord } from './said.ts';

const CX_CONFIGURATION = 144;
const CX_FILE = 'aruba-cx.cfg';

/** A part number and the name of the series: `Aruba JL678A 6100 24G`. */
const PART = /^(?:HPE? |Aruba |HPE Aruba )(?:Networking )?([JRS]\w+\b.*)$/;
const CX_SERIES = /\b(?:4100i|6[0-4]\d\d[a-z]?|8[134]\d\d[a-z]?|9300|10000)\b/i;

function partOf(said: string): string | undefined {
  return PART.exec(said)?.[1];
}

export const ARUBA_CX: DeviceProfile = {
  name: 'aruba-cx',
  title: 'Aruba AOS-CX',
  kind: 'switch',
  evidence: 'AOS-CX fundamentals guide: zero touch provisioning',
  signs: { classes: ['hp', 'aruba'] },
  recognise(packet) {
    const part = partOf(vendorClassOf(packet));
    return part !== undefined && CX_SERIES.test(part) ? { model: modelWord(part), serial: undefined } : undefined;
  },
  provision(server) {
    const file = server.file ?? CX_FILE;
    const host = server.address === undefined ? [] : [text(OPTION.tftpServerName, showIpv4(server.address))];
    return options(...host, vendorOptions([[CX_CONFIGURATION, latin1Bytes(file)]]));
  },
  unasked: [43],
  files: [mustBe('aruba-cx\\.cfg', 'configuration', PUT_FILE)],
};

export const PROCURVE: DeviceProfile = {
  name: 'procurve',
  title: 'HPE ProVision',
  kind: 'switch',
  evidence: 'HPE management and configuration guides',
  signs: { classes: ['hp', 'aruba'] },
  recognise(packet) {
    const part = partOf(vendorClassOf(packet));
    return part?.startsWith('J') && !CX_SERIES.test(part) ? { model: modelWord(part), serial: undefined } : undefined;
  },
  provision: (server) => options(...tftpServer(server), ...namedFile(server)),
  files: [],
};

/** Its MAC with dashes and the interface: `000f-e249-8050-VLAN0001`. */
const COMWARE_CLIENT_ID = /^[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-\w+/i;

export const COMWARE: DeviceProfile = {
  name: 'comware',
  title: 'HPE and H3C Comware',
  kind: 'switch',
  evidence: 'H3C and 3Com configuration guides: automatic configuration',
  signs: { classes: ['h3c'], clientIds: [''] },
  recognise(packet) {
    const said = vendorClassOf(packet);
    const isComware = /^H3C\b/i.test(said) || COMWARE_CLIENT_ID.test(clientIdTextOf(packet) ?? '');
    return isComware ? { model: modelWord(said.replace(/^H3C[.\s]*(?=\S)/i, '')), serial: undefined } : undefined;
  },
  provision: (server) => options(...(server.file !== undefined && isUrl(server.file) ? [] : tftpServer(server)), ...namedFile(server)),
  files: [mayMiss('(?:netdesc|network|device)\\.cfg', 'list of host names, or a default', 'it looks for its host name, and for a default')],
  search: { advise: () => 'put network.cfg with its host name, or device.cfg for all, into the root, or name its file with boot.file' },
};
