/** What has to be there before the appliance serves: its folders, its threads, its control socket. */
import { availableParallelism } from 'node:os';
import path from 'node:path';
import type { Config } from '../config/config.ts';
import type { Environment } from '../config/environment.ts';
import type { Devices } from '../devices/api.ts';
import type { EventBus } from '../events/bus.ts';
import type { NetworkHost } from '../net/choose-host.ts';
import { shareHeapArenas } from '../net/linux/heap-arenas.ts';
import { type Caller, userToBecome } from '../net/privileges.ts';
import type { DeviceDirectory } from '../observe/directory.ts';
import type { EventCounts } from '../observe/event-counts.ts';
import type { RecentEvents } from '../observe/recent-events.ts';
import { askServer, type ControlAnswer, type ControlOrder, ControlServer, controlPath } from './control.ts';
import { prepareFolder } from './data-dir.ts';
import { DhcpLink } from './dhcp-link.ts';
import type { FilesConfig } from './live-files.ts';
import type { Reread } from './reload.ts';
import { siteConfigOf } from './site.ts';
import { TftpLink, type TftpLinkParts } from './tftp-link.ts';

export interface ApplianceParts {
  readonly config: Config;
  readonly bus: EventBus;
  readonly directory: DeviceDirectory;
  /** Listens to the bus already. */
  readonly counts: EventCounts;
  /** The program's own. */
  readonly version: string;
  /** Who called `sudo`, for `server.user: auto`. */
  readonly caller: Caller | undefined;
  /** The server cannot go on; it is to be stopped. */
  readonly onFatal: (why: string) => void;
  /** Reads the configuration again, from where it came. */
  readonly reread: () => Promise<Reread>;
  /** Another configuration is in force. */
  readonly onReloaded: (config: Config) => void;
  /** Where `${NAME}` in files of the configuration comes from. */
  readonly env: Environment;
  /** Listens to the bus already. */
  readonly recent: RecentEvents;
}

/** Where the leases of a data directory are. */
export function leaseFile(dataDir: string): string {
  return path.join(dataDir, 'leases.db');
}

/** Two servers on one lease store would both give the same addresses. */
export async function refuseSecondStart(dataDir: string): Promise<void> {
  const answer = await askServer(dataDir, { do: 'hello' });
  if (answer?.ok === true)
    throw new Error(`a Bootlace is running already with ${dataDir} (process ${answer.pid}); stop it first, or set server.dataDir`);
}

export async function prepareFolders({ config, caller }: ApplianceParts): Promise<void> {
  const owner = process.getuid?.() === 0 ? userToBecome(config.server.user, caller) : undefined;
  await prepareFolder(config.server.dataDir, owner);
  const { uploads } = config.tftp;
  const isOurs = uploads.dir.startsWith(config.server.dataDir + path.sep);
  if (uploads.policy !== 'deny' && isOurs) await prepareFolder(uploads.dir, owner);
}

/** The threads that serve: `dhcp` is ready, while `tftp` may be loading its files still, or wait to be started. */
export interface Threads {
  readonly dhcp: DhcpLink;
  readonly tftp: TftpLink;
}

/**
 * Waits for the one that is asked first: from its address to its first file a client needs longer than the other one has left to do. On a single core
 * the other one is not started, as its load would only come on top. Rejects with the reason why DHCP cannot be served.
 */
export async function openThreads(
  parts: ApplianceParts,
  host: NetworkHost,
  { files, onRehearsed }: { files: FilesConfig } & Pick<TftpLinkParts, 'onRehearsed'>,
): Promise<Threads> {
  shareHeapArenas();
  const { config, bus, directory } = parts;
  const died = (name: string) => (why: string) => parts.onFatal(`the ${name} thread has ended: ${why}`);
  const opening = DhcpLink.open(
    { config: siteConfigOf(config), storeFile: leaseFile(config.server.dataDir), host: host.kind },
    { tell: bus.tell, onHolders: (holders) => directory.learn(holders), onDeath: died('DHCP') },
  );
  const tftp = new TftpLink(
    { config: files, host: host.kind },
    {
      bus,
      whoHas: (address) => directory.whoHas(address),
      settled: async () => (await opening).told(),
      onRehearsed,
      onDeath: died('TFTP'),
    },
  );
  if (availableParallelism() > 1) void tftp.start();
  return { dhcp: await opening, tftp };
}

/** Without its control socket the server serves all the same; `bootlace leases release` then has to wait for its end. */
export async function openControl(
  { config, bus }: ApplianceParts,
  obey: (order: ControlOrder) => Promise<ControlAnswer>,
  devices: Devices,
): Promise<ControlServer | undefined> {
  const socketPath = controlPath(config.server.dataDir);
  try {
    return await ControlServer.open(socketPath, obey, devices);
  } catch (fault) {
    bus.tell({
      type: 'server.fault',
      where: `control socket ${socketPath}`,
      detail: fault instanceof Error ? fault.message : String(fault),
    });
    return undefined;
  }
}
