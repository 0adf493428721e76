/**
 * Switches of Dell.
 *
 * | system | reads | source |
 * | --- | --- | --- |
 * | FTOS, OS9: bare metal provisioning | 209, its configuration, and 67, its image, as names or URLs; 150 or 66 | Dell configuration guides |
 * | OS10: zero touch deployment | 240, the URL of a script | generally known, not read in a guide |
 * | N-Series, and other FASTPATH such as Netgear’s | 67; else `fp-net.cfg` for its host name, `<its first eight letters>.cfg`, `host.cfg`; three times to the server and three times to all | Dell and Netgear guides |
 */

import { vendorClassOf } from '../../client-facts.ts';
import { mayMiss, mustBe, PUT_FILE } from '../asked.ts';
import type { DeviceProfile } from '../device-profile.ts';
import { text } from '../dialect.ts';
import { namedFile, options, tftpServer, urlOf } from './dialect.ts';
import { modelWord, serialWord } from './said.ts';

const FTOS_CONFIGURATION = 209;
const OS10_SCRIPT = 240;

export const DELL_FTOS: DeviceProfile = {
  name: 'dell-ftos',
  title: 'Dell FTOS',
  kind: 'switch',
  evidence: 'Dell configuration guides: bare metal provisioning',
  signs: { classes: ['ty=dellntw'] },
  recognise(packet) {
    const said = vendorClassOf(packet);
    if (!said.startsWith('TY=DELLNTW')) return undefined;
    const part = (key: string): string | undefined => new RegExp(`(?:^|;)\\s*${key}=([^;]*)`).exec(said)?.[1];
    return { model: modelWord(part('TY')?.replace(/^DELLNTW-/, '')), serial: serialWord(part('SN')) };
  },
  // 67 is the image: what is named here is the configuration.
  provision: (server) => options(...tftpServer(server), ...(server.file === undefined ? [] : [text(FTOS_CONFIGURATION, server.file)])),
  unasked: [209],
  files: [],
};

export const DELL_OS10: DeviceProfile = {
  name: 'dell-os10',
  title: 'Dell OS10',
  kind: 'switch',
  evidence: 'generally known; no guide and no capture was at hand',
  signs: { classes: ['dell networking'] },
  recognise(packet) {
    const found = /^Dell Networking\s*(.*)$/i.exec(vendorClassOf(packet));
    return found === null ? undefined : { model: modelWord(found[1]), serial: undefined };
  },
  provision: (server) => options(text(OS10_SCRIPT, urlOf(server, server.file ?? 'os10-ztd.sh'))),
  unasked: [240],
  prefersHttp: true,
  files: [mustBe('os10-ztd\\.sh', 'script', PUT_FILE)],
};

export const DELL_N: DeviceProfile = {
  name: 'dell-n',
  title: 'Dell N, Netgear',
  kind: 'switch',
  evidence: 'Dell and Netgear guides: auto configuration of FASTPATH',
  signs: {},
  // It says nothing of itself.
  recognise: () => undefined,
  provision: (server) => options(...tftpServer(server), ...namedFile(server)),
  files: [mayMiss('(?:fp-net|host)\\.cfg', 'list of host names, or a default', 'it looks for its host name, and for a default')],
  search: { advise: () => 'put fp-net.cfg with its host name, or host.cfg for all, into the root, or name its file with boot.file' },
};
