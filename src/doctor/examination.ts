/** All checks of the machine for one configuration. Nothing is changed by them. */
import type { Config } from '../config/config.ts';
import { knownSubnets } from '../config/services-config.ts';
import { openNetworkHost } from '../net/choose-host.ts';
import { readKernelClock } from '../net/kernel-clock.ts';
import { missingCapabilities } from '../net/privileges.ts';
import type { Finding } from './finding.ts';
import { checkFirewall } from './firewall.ts';
import { checkDataDir, judgeClock, judgeHost, judgeRights } from './machine.ts';
import { neededPorts } from './needed-ports.ts';
import { judgeNetworks } from './networks.ts';
import { judgePorts } from './ports.ts';
import { holdersOf, listSockets } from './socket-table.ts';

/** @param ownPid the process of the server that runs with this configuration, if one does. */
export async function examine(config: Config, ownPid: number | undefined): Promise<readonly Finding[]> {
  const host = await openNetworkHost();
  const facts = host.interfaces.list();
  const needed = neededPorts(config);
  const wanted = (await listSockets()).filter(({ port }) => needed.some((one) => one.port === port));
  const holders = await holdersOf(new Set(wanted.map(({ inode }) => inode)));
  const addresses = [...knownSubnets(config.networks), ...facts.filter(({ isLoopback }) => !isLoopback).flatMap((one) => one.addresses)];
  const ports = judgePorts(needed, { sockets: wanted, holders, ownPid, addresses: addresses.map(({ address }) => address) });
  const missing = host.kind === 'linux' ? missingCapabilities() : [];
  const firewall = await checkFirewall(needed);
  return [
    ...judgeHost(host),
    judgeRights(missing, process.getuid?.() === 0),
    ...judgeNetworks(config.networks, facts),
    ...ports,
    ...(firewall === undefined ? [] : [firewall]),
    await checkDataDir(config.server.dataDir),
    judgeClock(readKernelClock(), Date.now(), config.services.ntp),
  ];
}
