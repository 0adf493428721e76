/** `bootlace leases`: who has which address, and taking one back. */
import { existsSync } from 'node:fs';
import { Command, InvalidArgumentError } from 'commander';
import { type Ipv4, parseIpv4, showIpv4 } from '../base/addresses.ts';
import { wallMs } from '../base/clock.ts';
import { namedHosts } from '../config/named-hosts.ts';
import { isInForce, type Lease, NEVER } from '../dhcp/lease.ts';
import { plainText } from '../events/plain-text.ts';
import { openLeaseStore } from '../leases/open-store.ts';
import { readLeases } from '../leases/read-leases.ts';
import { vendorLookup } from '../observe/vendors.ts';
import { leaseFile } from '../server/appliance-start.ts';
import { askServer } from '../server/control.ts';
import { systemClock } from '../server/system-clock.ts';
import { configOf } from './config-option.ts';
import { type Output, processOutput, showTable } from './output.ts';

interface ListFlags {
  readonly config?: string;
  readonly json?: true;
  readonly all?: true;
}

interface ReleaseFlags {
  readonly config?: string;
}

/** A lease as it is shown; times in ISO 8601. */
interface Row {
  readonly address: string;
  readonly mac: string | undefined;
  readonly name: string | undefined;
  readonly vendor: string | undefined;
  readonly network: string;
  readonly state: string;
  readonly since: string;
  /** Undefined for a lease without an end. */
  readonly until: string | undefined;
}

export function leasesCommand(output: Output = processOutput()): Command {
  const leases = new Command('leases').description('show who has which address, or take one back');
  leases
    .command('list', { isDefault: true })
    .description('list the leases in force')
    .option('-c, --config <file>', 'configuration file')
    .option('--all', 'the ended ones too')
    .option('--json', 'print JSON')
    .action((flags: ListFlags) => list(flags, output));
  leases
    .command('release')
    .description('take an address back, so that another device can get it')
    .argument('<address>', 'the address', readAddress)
    .option('-c, --config <file>', 'configuration file')
    .action((address: Ipv4, flags: ReleaseFlags) => release(address, flags, output));
  return leases;
}

async function list(flags: ListFlags, output: Output): Promise<void> {
  const config = await configOf(flags.config, output, 'errors');
  if (config === undefined) return;
  const now = systemClock.wall();
  const file = leaseFile(config.server.dataDir);
  const leases = (existsSync(file) ? readLeases(file) : [])
    .filter((lease) => flags.all === true || isInForce(lease, now))
    .sort((a, b) => a.address - b.address);
  const names = new Map(namedHosts(config.hosts).map(({ mac, name }) => [mac, name]));
  const vendorOf = vendorLookup();
  const rows = leases.map(
    (lease): Row => ({
      address: showIpv4(lease.address),
      mac: lease.mac,
      name:
        (lease.mac === undefined ? undefined : names.get(lease.mac)) ??
        (lease.hostName === undefined ? undefined : plainText(lease.hostName)),
      vendor: lease.mac === undefined ? undefined : vendorOf(lease.mac),
      network: lease.network,
      state: stateOf(lease, now),
      since: new Date(lease.since).toISOString(),
      until: lease.expiresAt === NEVER ? undefined : new Date(lease.expiresAt).toISOString(),
    }),
  );
  if (flags.json === true) output.line(JSON.stringify(rows, undefined, 2));
  else if (rows.length === 0) output.line(`no leases in ${file}`);
  else output.line(showTable([HEADING, ...rows.map(cellsOf)]));
}

const HEADING = ['ADDRESS', 'MAC', 'NAME', 'VENDOR', 'NETWORK', 'STATE', 'UNTIL'];

function cellsOf(row: Row): readonly string[] {
  return [row.address, row.mac, row.name, row.vendor, row.network, row.state, row.until].map((cell) => cell ?? '-');
}

/** A lease that ran out stays on record for its holder to come back to. */
function stateOf(lease: Lease, now: number): string {
  return lease.state === 'released' || isInForce(lease, wallMs(now)) ? lease.state : 'ended';
}

async function release(address: Ipv4, flags: ReleaseFlags, output: Output): Promise<void> {
  const config = await configOf(flags.config, output, 'errors');
  if (config === undefined) return;
  const { dataDir } = config.server;
  const answer = await askServer(dataDir, { do: 'release', address: showIpv4(address) });
  if (answer?.ok === false) throw new Error(answer.error);
  const found = answer?.found ?? (await releaseInStore(leaseFile(dataDir), address));
  if (found) output.line(`${showIpv4(address)} is free again`);
  else throw new Error(`nobody has ${showIpv4(address)}`);
}

/** Without a running server the store is all there is. */
async function releaseInStore(file: string, address: Ipv4): Promise<boolean> {
  if (!existsSync(file)) return false;
  const { store, leases, clock } = openLeaseStore(file, systemClock, () => undefined);
  try {
    const now = clock.wall();
    const lease = leases.find((one) => one.address === address && isInForce(one, now));
    if (lease === undefined) return false;
    await store.put([{ ...lease, state: 'released', expiresAt: now }]);
    return true;
  } finally {
    store.close();
  }
}

function readAddress(text: string): Ipv4 {
  const address = parseIpv4(text);
  if (address === undefined) throw new InvalidArgumentError('It has to be an IPv4 address.');
  return address;
}
