/** `bootlace devices unknown`: devices that have, or had, an address from this server and are written down nowhere. */
import { existsSync } from 'node:fs';
import { showIpv4 } from '../base/addresses.ts';
import { isInForce, type Lease } from '../dhcp/lease.ts';
import { plainText } from '../events/plain-text.ts';
import { readLeases } from '../leases/read-leases.ts';
import { vendorLookup } from '../observe/vendors.ts';
import { leaseFile } from '../server/appliance-start.ts';
import { systemClock } from '../server/system-clock.ts';
import { configOf } from './config-option.ts';
import { type Output, showTable } from './output.ts';

export interface UnknownFlags {
  readonly config?: string;
  readonly all?: true;
  readonly json?: true;
}

/** One device; times in ISO 8601. */
interface Row {
  readonly mac: string;
  readonly address: string;
  readonly vendor: string | undefined;
  /** What it calls itself. */
  readonly hostName: string | undefined;
  readonly network: string;
  readonly since: string;
}

export async function listUnknown(flags: UnknownFlags, output: Output): Promise<void> {
  const config = await configOf(flags.config, output, 'errors');
  if (config === undefined) return;
  const known = new Set(config.hosts.flatMap(({ key }) => key.mac ?? []));
  const file = leaseFile(config.server.dataDir);
  const now = systemClock.wall();
  const vendorOf = vendorLookup();
  const leases = (existsSync(file) ? readLeases(file) : []).filter((lease) => flags.all === true || isInForce(lease, now));
  const rows = newestOfEach(leases).flatMap(({ mac, address, hostName, network, since }): Row[] => {
    if (mac === undefined || known.has(mac)) return [];
    const called = hostName === undefined ? undefined : plainText(hostName);
    return [{ mac, address: showIpv4(address), vendor: vendorOf(mac), hostName: called, network, since: new Date(since).toISOString() }];
  });
  if (flags.json === true) output.line(JSON.stringify(rows, undefined, 2));
  else if (rows.length === 0) output.line('every device with a lease is written down');
  else {
    const cells = rows.map((row) => [row.mac, row.address, row.vendor, row.hostName, row.network, row.since].map((cell) => cell ?? '-'));
    output.line(showTable([['MAC', 'ADDRESS', 'VENDOR', 'CALLS ITSELF', 'NETWORK', 'SINCE'], ...cells]));
    output.line('\nbootlace devices adopt MAC --name NAME --profile PROFILE puts one into the inventory');
  }
}

/** A device that moved has a lease in each network. */
function newestOfEach(leases: readonly Lease[]): readonly Lease[] {
  const newest = new Map<string, Lease>();
  for (const lease of leases) {
    const earlier = lease.mac === undefined ? undefined : newest.get(lease.mac);
    if (lease.mac !== undefined && (earlier === undefined || earlier.since < lease.since)) newest.set(lease.mac, lease);
  }
  return [...newest.values()].toSorted((a, b) => a.address - b.address);
}
