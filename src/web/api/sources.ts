/** What the API needs of the server, area by area: `src/server/` implements these, so that routes can be tested without one. */
import type { DeviceSource } from './device-routes.ts';
import type { PacketSource } from './packet-routes.ts';

export interface ApiSources {
  readonly devices: DeviceSource;
  readonly packets: PacketSource;
}
