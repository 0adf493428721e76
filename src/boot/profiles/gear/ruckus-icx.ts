/**
 * Ruckus ICX, once Brocade and Foundry FastIron: the file of 67; else names with its host name and MAC, and at last one for all of its model.
 */

import { mayMiss } from '../asked.ts';
import type { DeviceProfile } from '../device-profile.ts';
import { namedFile, options, tftpServer } from './dialect.ts';

export const RUCKUS_ICX: DeviceProfile = {
  name: 'ruckus-icx',
  title: 'Ruckus ICX, FastIron',
  kind: 'switch',
  evidence: 'FastIron FCS624S guide: DHCP auto-provisioning',
  signs: {},
  // It says nothing of itself.
  recognise: () => undefined,
  provision: (server) => options(...tftpServer(server), ...namedFile(server)),
  files: [
    mayMiss(
      '[\\w.-]*[0-9a-f]{4}\\.[0-9a-f]{4}\\.[0-9a-f]{4}-config\\.cfg',
      'configuration',
      'it tries several names for its configuration',
    ),
    mayMiss('[\\w.-]+-(?:switch|router)\\.cfg', 'configuration for all of its model', 'it is the last name that it tries'),
  ],
  search: { advise: (asked) => `put ${asked[0]?.split('/').at(-1) ?? 'its configuration'} into the root, or name its file with boot.file` },
};
