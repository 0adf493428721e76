/** What the API needs of the server, area by area: `src/server/` implements these, so that routes can be tested without one. */
import type { DeviceSource } from './device-routes.ts';
import type { LeaseSource } from './lease-routes.ts';
import type { LogSource } from './log-routes.ts';
import type { ServerSource } from './server-routes.ts';
import type { TransferSource } from './transfer-routes.ts';

export interface ApiSources {
  readonly server: ServerSource;
  readonly devices: DeviceSource;
  readonly leases: LeaseSource;
  readonly transfers: TransferSource;
  readonly log: LogSource;
}
