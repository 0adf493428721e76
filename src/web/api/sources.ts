/** What the API needs of the server, area by area: `src/server/` implements these, so that routes can be tested without one. */
import type { BackupSource } from './backup-routes.ts';
import type { BootControl } from './boot-routes.ts';
import type { ConfigControl } from './config-routes.ts';
import type { DeviceSource } from './device-routes.ts';
import type { FileSource } from './file-routes.ts';
import type { InventorySource } from './inventory-routes.ts';

export interface ApiSources {
  readonly devices: DeviceSource;
  readonly files: FileSource;
  readonly inventory: InventorySource;
  readonly backups: BackupSource;
  readonly boot: BootControl;
  readonly config: ConfigControl;
}
