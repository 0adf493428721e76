/** What the console tells of the running server, area by area; each has its file in `console/`. Made at the start, so nothing here may cost anything. */
import type { Clock } from '../base/clock.ts';
import type { Config } from '../config/config.ts';
import type { Environment } from '../config/environment.ts';
import type { Devices } from '../devices/api.ts';
import type { EventBus } from '../events/bus.ts';
import type { Subject } from '../events/events.ts';
import type { NetworkHost } from '../net/choose-host.ts';
import type { DeviceDirectory } from '../observe/directory.ts';
import type { RecentEvents } from '../observe/recent-events.ts';
import { vendorLookup } from '../observe/vendors.ts';
import type { ApiSources } from '../web/api/sources.ts';
import type { BootChoices } from './boot-choices.ts';
import { ServerStanding } from './console/server-standing.ts';
import { ToldDevices } from './console/told-devices.ts';
import { ToldLeases } from './console/told-leases.ts';
import { ToldLog } from './console/told-log.ts';
import { TransferBoard } from './console/transfer-board.ts';
import type { DhcpLink } from './dhcp-link.ts';
import type { ReloadOutcome } from './reload.ts';
import type { ServedNetwork } from './site.ts';

/** The parts of the running server that the console asks. */
export interface ConsoleSourceParts {
  readonly version: string;
  readonly bus: EventBus;
  readonly clock: Clock;
  readonly directory: DeviceDirectory;
  readonly recent: RecentEvents;
  readonly env: Environment;
  readonly host: NetworkHost;
  /** The one in force. */
  readonly config: () => Config;
  readonly reload: () => Promise<ReloadOutcome>;
  /** Networks that are up. */
  readonly served: () => readonly ServedNetwork[];
  readonly dhcp: DhcpLink;
  readonly choices: BootChoices;
  readonly book: Devices;
}

export function consoleSources(parts: ConsoleSourceParts): ApiSources {
  const { bus, recent, clock, directory, config, env, served, dhcp, book, version } = parts;
  const identify = (subject: Subject): Subject => directory.identify(subject);
  const vendorOf = vendorLookup();
  const occupancy = (): ReturnType<DhcpLink['occupancy']> => dhcp.occupancy();
  const told = [...recent.newestFirst()].toReversed().map(({ event }) => event);
  const server = new ServerStanding({ version, clock, config, served, occupancy }, told);
  const transfers = new TransferBoard(clock, identify);
  const leases = new ToldLeases({ clock, config, env, identify, vendorOf, release: (address) => dhcp.release(address) });
  for (const { listener } of [server, transfers, leases]) bus.listen(listener);
  return {
    server,
    devices: new ToldDevices({ book, directory, vendorOf, hosts: () => config().hosts }),
    leases,
    transfers,
    log: new ToldLog(recent, identify),
  };
}
