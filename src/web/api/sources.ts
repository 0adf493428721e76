/** What the API needs of the server, area by area: `src/server/` implements these, so that routes can be tested without one. */
import type { BackupSource } from './backup-routes.ts';
import type { BootControl } from './boot-routes.ts';
import type { ConfigControl } from './config-routes.ts';
import type { DeviceSource } from './device-routes.ts';
import type { FileSource } from './file-routes.ts';
import type { InventorySource } from './inventory-routes.ts';
import type { LeaseSource } from './lease-routes.ts';
import type { LogSource } from './log-routes.ts';
import type { PacketSource } from './packet-routes.ts';
import type { ServerSource } from './server-routes.ts';
import type { TransferSource } from './transfer-routes.ts';

export interface ApiSources {
  readonly server: ServerSource;
  readonly devices: DeviceSource;
  readonly files: FileSource;
  readonly inventory: InventorySource;
  readonly backups: BackupSource;
  readonly boot: BootControl;
  readonly config: ConfigControl;
  readonly leases: LeaseSource;
  readonly transfers: TransferSource;
  readonly log: LogSource;
  readonly packets: PacketSource;
}
